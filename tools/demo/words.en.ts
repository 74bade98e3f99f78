/** What the demonstration says in the terminal, English; `words.ru.ts` has the same keys. */
export const ENGLISH = {
  starting: "Trapeza: a school of 30 classes and 703 pupils on this machine.",
  cloud: "cloud",
  school: "school",
  gateway: "gateway",
  terminals: "terminals",
  bench: "bench",
  directives: (done: number, all: number) => `the school learns its pupils, cards and menu: ${done} of ${all}`,
  kept: (folder: string) => `yesterday's school is still there (${folder}); "npm start -- --fresh" begins anew`,
  ready: (addresses: { bench: string; parent: string; status: string; phone: string; password: string }) => `
  Technician's bench   ${addresses.bench}
  A parent's page      ${addresses.parent}   phone ${addresses.phone}   password ${addresses.password}
  The school's gateway ${addresses.status}

  Three things to try on the bench:
  1. Kiosk: tap a pupil's card, choose a purse, feed 100 roubles, press "Готово": a receipt comes out, a debt is repaid first.
  2. Till: tap the cashier's card to open the shift, choose dishes, tap the pupil's card, press "Подтвердить".
  3. Wall: tap the teacher's card, untick who is ill, press "Подтвердить"; then look at the parent's page.

  Ctrl-C stops everything; what happened is kept.`,
  gatewayGone: "the gateway has ended unexpectedly; it is started again and goes on from its journal",
  stopping: "stopping …",
  stopped: (folder: string) => `stopped; the school is kept in ${folder}`,
  alreadyRunning: (folder: string) =>
    `A school is already running on the data in ${folder}: look at its addresses there, or stop it first.`,
  badPort: (setting: string, value: string) => `${setting} is "${value}"; it must be a port from 0 to 65535, where 0 takes any free one`,
};

export type DemoWords = typeof ENGLISH;
