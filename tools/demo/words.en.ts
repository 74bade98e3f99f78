/** What the demonstration says in the terminal, English; `words.ru.ts` has the same keys. */
export interface Addresses {
  readonly bench: string;
  readonly parent: string;
  readonly status: string;
}

export interface Door {
  readonly phone: string;
  readonly password: string;
}

/** Whose cards the three things to try need, as they are written on the cards. */
export interface PeopleToTry {
  readonly young: string;
  readonly older: string;
  readonly teacher: string;
  readonly cashier: string;
}

export const ENGLISH = {
  starting: "Trapeza: a school of 30 classes and 703 pupils on this machine.",
  cloud: "cloud",
  school: "school",
  gateway: "gateway",
  bench: "bench",
  directives: (done: number, all: number) => `the school learns its pupils, cards and menu: ${done} of ${all}`,
  kept: (folder: string) => `the school is as you left it (${folder}); "npm start -- --fresh" begins anew`,
  ready: (addresses: Addresses, door: Door, people: PeopleToTry, folder: string) => `
  Technician's bench   ${addresses.bench}/?lang=en
  A parent's page      ${addresses.parent}   phone ${door.phone}   password ${door.password}
  Another parent       ${addresses.parent}/register   phone +7 900 000-00-25; codes and letters: ${addresses.parent}/messages/sent
  The office           ${addresses.parent}/office   login operator (or cards, teacher, dispatcher, caterer, accountant, auditor),
                       the same password; code of the second factor: npm run tool -- staff code --data ${folder}
  The school's gateway ${addresses.status}   the same password

  Three things to try. Open the bench; a click on a terminal chooses it, a click on a card holds the card to it for a second.

  1. Payment terminal: card "${people.older}", key "Дополнительный" (additional), the note of 500, key "Готово" (done).
     A receipt comes out; a debt is repaid first, the rest goes to the purse.
  2. Settlement terminal: card "${people.cashier}" opens the shift; key "Код" (code), 1 1 5 1, key "Готово";
     card "${people.young}", key "Подтвердить" (confirm). Pizza and juice are paid, the receipt comes out.
  3. Information terminal: card "${people.teacher}" shows the class; untick who is ill, key "Подтвердить".
     Then look at the parent's page: all three are there within seconds.

  A new program for the till, by waves:
     npm run tool -- release make --kind settlement --key ${folder}/release-key.json --to ${folder}/gateway/releases
     npm run tool -- wave start --program settlement --gateway ${folder}/gateway

  Switch off a terminal's power or network in the middle of it: nothing gets lost.
  Ctrl-C stops everything; what happened is kept.`,
  gatewayGone: "the gateway has ended unexpectedly; it is started again and goes on from its journal",
  stopping: "stopping …",
  staffNames: {
    cards: "Vera Orlova",
    teacher: "Anna Belova",
    dispatcher: "Olga Titova",
    cashier: "Nina Somova",
    caterer: "Pyotr Gusev",
    accountant: "Elena Lapteva",
    operator: "Oleg Krylov",
    technician: "Ilya Zhukov",
    auditor: "Irina Sedova",
  },
  mother: (surname: string) => `${surname} Irina Olegovna`,
  stopped: (folder: string) => `stopped; the school is kept in ${folder}`,
  alreadyRunning: (folder: string, at: Addresses | null) =>
    `A school is already running on the data in ${folder}` +
    (at ? `: its bench is at ${at.bench}, the parent's page at ${at.parent}.` : ".") +
    ` Stop it first, or choose another folder with "npm start -- --data <folder>".`,
  badPort: (setting: string, value: string) => `${setting} is "${value}"; it must be a port from 0 to 65535, where 0 takes any free one`,
  portTaken: (setting: string, value: string) => `${setting} is "${value}"; it must be a port that nobody has yet, or 0 for any free one`,
  databaseTaken: "DATABASE_URL names a database that knows a school already; it must be an empty one for a school that begins anew",
};

export type DemoWords = typeof ENGLISH;
