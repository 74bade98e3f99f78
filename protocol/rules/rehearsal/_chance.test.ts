/** Operations by chance: everything a school can be asked or told, with amounts near each other's limits so that rules meet. */
import fc from "fast-check";
import type { Directive } from "../../journal/directive.js";
import { kopecks, terminalId } from "../../wire/units.js";
import type { BusinessDate } from "../../wire/units.js";
import { decide, recordFact } from "../decide.js";
import { encodeSchool } from "../encode.js";
import type { Fact, Request } from "../request.js";
import { cardFor, cardUidOf, commit, contextOf, numberOf, PEOPLE, PLACES, tell } from "./school.js";
import type { Rehearsal } from "./school.js";

const NAMES = Object.keys(PEOPLE) as (keyof typeof PEOPLE)[];
const name = fc.constantFrom(...NAMES);
const id = fc.constantFrom(...Object.values(PEOPLE), 99);
const meal = fc.constantFrom(1, 2, 3);
const purse = fc.constantFrom("main" as const, "additional" as const);
const amount = fc.constantFrom(0, 1, 1500, 3450, 5000, 9852, 15000, 20000).map(kopecks);
const day = fc.constantFrom(0, 0, 0, 1, -1);
const quantity = fc.integer({ min: 0, max: 3 });
const note = fc.constantFrom(1000, 5000, 10000, 50000, 777).map(kopecks);
const ids = fc.array(id, { minLength: 0, maxLength: 5 });

type Turn = (rehearsal: Rehearsal) => void;

/** One thing that happens. */
export interface Command {
  readonly words: string;
  readonly turn: Turn;
}

function named(words: string, turn: Turn): Command {
  return { words, turn };
}

const PRICES: { readonly [dish: number]: number } = { 1: 3450, 2: 6000, 3: 1500, 9: 100 };

const sale = fc
  .record({ name, dish: fc.constantFrom(1, 2, 3, 9), quantity, card: fc.boolean(), override: fc.boolean(), wrong: fc.boolean() })
  .map((one) =>
    named("sale " + JSON.stringify(one), (rehearsal) => {
      const payer = one.card ? ({ by: "card", uid: cardUidOf(one.name) } as const) : ({ by: "list", account: PEOPLE[one.name] } as const);
      const total = kopecks(PRICES[one.dish] * one.quantity + (one.wrong && one.quantity === 3 ? 1 : 0));
      const lines = [{ dish: one.dish, quantity: one.quantity }];
      ask(rehearsal, "till", { kind: "Sale", payer, lines, total, menuVersion: 1, override: one.override ? "asked" : null });
    }),
  );

const cashSale = quantity.map((many) =>
  named("cash sale " + many, (rehearsal) =>
    ask(rehearsal, "till", { kind: "CashSale", lines: [{ dish: 3, quantity: many }], total: kopecks(1500 * many), menuVersion: 1 }),
  ),
);

const voided = fc.record({ back: fc.nat(5), quantity, whole: fc.boolean(), supervisor: fc.boolean() }).map((one) =>
  named("void " + JSON.stringify(one), (rehearsal) => {
    const receipt = Math.max(1, rehearsal.school.nextReceipt - 1 - one.back);
    const lines = one.whole ? [] : [{ line: 0, quantity: one.quantity }];
    ask(rehearsal, "till", { kind: "Void", receipt, lines, reason: "mistake", supervisor: one.supervisor ? cardUidOf("Sofia") : null });
  }),
);

const classMeal = fc
  .record({ kind: fc.constantFrom("serve", "serve", "serve", "undo", "order", "cancel", "paper"), meal, ids, day, admitted: id })
  .map((one) =>
    named("meal " + JSON.stringify(one), (rehearsal) => {
      const date = (rehearsal.date + one.day) as BusinessDate;
      const asked = { uid: cardUidOf("Tamara"), class: 51, meal: one.meal, date, ids: one.ids };
      if (one.kind === "paper") record(rehearsal, "wall", { kind: "MealEaten", ...asked, basis: "paper" });
      else if (one.kind === "undo") ask(rehearsal, "wall", { kind: "MealUndo", ...asked });
      else if (one.kind === "serve") ask(rehearsal, "wall", { kind: "MealConfirm", ...asked, admitted: [one.admitted] });
      else ask(rehearsal, "wall", { kind: "PreOrder", ...asked, cancel: one.kind === "cancel" });
    }),
  );

const cash = fc
  .record({ name, purse, note, how: fc.constantFrom("card", "number", "none"), proven: fc.boolean(), ms: fc.nat(20000) })
  .map((one) =>
    named("note " + JSON.stringify(one), (rehearsal) => {
      const byNumber = { kind: "number", number: numberOf(PEOPLE[one.name]) } as const;
      const payee =
        one.how === "none"
          ? ({ kind: "none" } as const)
          : one.how === "card"
            ? ({ kind: "card", uid: cardUidOf(one.name) } as const)
            : byNumber;
      const kind = one.proven ? "NoteStacked" : "NoteUnresolved";
      const happenedMs = rehearsal.events.length * 3000 + one.ms;
      record(rehearsal, "kiosk", { kind, payee, purse: one.purse, note: one.note, visit: 1, happenedMs });
    }),
  );

const service = fc
  .record({ id, name, price: amount, paid: amount, what: fc.constantFrom("fees", "activate", "reissue", "code", "fresh") })
  .map((one) =>
    named("service " + JSON.stringify(one), (rehearsal) => {
      if (one.what === "fees") tell(rehearsal, { kind: "SetFees", activation: one.price, reissue: one.paid });
      else if (one.what === "fresh") tell(rehearsal, { ...cardFor(one.name, "pupil"), state: "issued" });
      else if (one.what === "activate") ask(rehearsal, "till", { kind: "ActivateCard", uid: cardUidOf(one.name), paid: one.paid });
      else if (one.what === "reissue") {
        ask(rehearsal, "till", { kind: "PaidService", account: one.id, service: "reissue", amount: rehearsal.school.reissueFee });
      } else ask(rehearsal, "till", { kind: "IssueCode", account: one.id, salt: new Uint8Array(16), digest: new Uint8Array(32) });
    }),
  );

const cashTaken = fc.record({ dish: fc.constantFrom(1, 3, 9, 77), quantity, total: amount, day }).map((one) =>
  named("cash taken " + JSON.stringify(one), (rehearsal) =>
    record(rehearsal, "till", {
      ...{ kind: "CashTaken", lines: [{ dish: one.dish, quantity: one.quantity }], total: one.total, menuVersion: 1 },
      soldOn: (rehearsal.date + one.day) as BusinessDate,
    }),
  ),
);

const oldSale = fc
  .record({ id, price: amount })
  .map((one) =>
    named("old sale " + JSON.stringify(one), (rehearsal) =>
      record(rehearsal, "till", { kind: "SaleApproved", account: one.id, uid: null, lines: [{ dish: 1, quantity: 1, price: one.price }] }),
    ),
  );

const surroundings = fc.constantFrom<Command>(
  named("next day", (rehearsal) => {
    const date = (rehearsal.date + 1) as BusinessDate;
    ask(rehearsal, "gateway", { kind: "OpenDay", date, uid: null, online: true });
    rehearsal.date = date;
  }),
  named("late", (rehearsal) => (rehearsal.minute = 850)),
  named("early", (rehearsal) => (rehearsal.minute = 500)),
  named("noon", (rehearsal) => (rehearsal.minute = 720)),
  named("collect", (rehearsal) => record(rehearsal, "kiosk", { kind: "Collection", uid: cardUidOf("Igor"), witness: null, seal: "S" })),
  named("close", (rehearsal) => ask(rehearsal, "till", { kind: "ShiftClose", uid: cardUidOf("Kira"), declared: kopecks(100) })),
  named("open", (rehearsal) => ask(rehearsal, "till", { kind: "ShiftOpen", uid: cardUidOf("Oleg"), declared: kopecks(100) })),
);

const reference = fc.constantFrom("P1", "P2");
const money = fc.oneof(
  fc
    .record({ account: id, main: amount, additional: amount, reference })
    .map((one): Directive => ({ kind: "TopUp", source: "payment", ...one })),
  fc.record({ account: id, purse, amount, reference }).map((one): Directive => ({ kind: "ForcedDebit", cause: "chargeback", ...one })),
  fc.record({ account: id, amount, reference }).map((one): Directive => ({ kind: "Transfer", ...one })),
  fc.record({ account: id, amount, reference }).map((one): Directive => ({ kind: "Admit", ...one })),
  fc.record({ account: id, reference }).map((one): Directive => ({ kind: "EndAdmit", ...one })),
  fc.record({ wrong: id, right: id, purse, amount, reference }).map((one): Directive => ({ kind: "Claim", ...one })),
  fc
    .record({ account: id, purse: fc.option(purse), amount, reference })
    .map((one): Directive => ({ kind: "Fee", service: "reissue", ...one })),
  fc
    .record({ account: id, main: fc.constantFrom(-9000, 0, 5000).map(kopecks), additional: amount })
    .map((one): Directive => ({ kind: "OpeningBalance", ...one })),
  fc.record({ account: id, costs: amount, reference }).map((one): Directive => ({ kind: "FinishClosing", ...one })),
);
const office = fc.oneof(
  fc.constantFrom(5, 6, 99).map((account): Directive => ({ kind: "Close", account })),
  fc.constantFrom(4, 6).map((account): Directive => ({ kind: "MoveOut", account, toSchool: 25, epoch: 2 })),
  fc
    .record({ account: id, dailyLimit: fc.option(amount), stopList: fc.boolean() })
    .map((one): Directive => ({ kind: "SetLimits", bannedDishes: [2], bannedAllergens: [], ...one })),
  fc
    .record({
      name,
      state: fc.constantFrom("active" as const, "blocked" as const, "returned" as const),
      by: fc.constantFrom("parent" as const, "school" as const),
    })
    .map((one): Directive => ({ ...cardFor(one.name, "pupil"), state: one.state, by: one.by })),
  fc
    .record({ collection: fc.integer({ min: 1, max: 3 }), counted: amount })
    .map((one): Directive => ({ kind: "CountCollection", terminal: terminalId(1), ...one })),
);

const luggage = fc
  .record({ account: fc.constantFrom(4, 6), main: fc.constantFrom(-8000, 0, 2500), additional: amount, bare: fc.boolean() })
  .map((one) =>
    named("move in " + JSON.stringify(one), (rehearsal) => {
      const debts = one.main < 0 && !one.bare ? [{ caterer: 9, amount: kopecks(-one.main) }] : [];
      const additional = one.main < 0 ? kopecks(0) : one.additional;
      const today = { served: [{ meal: 2, date: rehearsal.date }], spentDate: rehearsal.date, spent: kopecks(500) };
      const packed = { main: kopecks(one.main), additional, debts, ...today };
      const account = rehearsal.school.accounts.get(one.account)!;
      const { id: number, holder, name: fullName, shortName, category, debtLimit } = account;
      const described = {
        id: number,
        number: account.number,
        holder,
        name: fullName,
        shortName,
        class: account.class,
        category,
        debtLimit,
      };
      tell(rehearsal, { kind: "SetAccount", ...described, status: "arriving" });
      tell(rehearsal, { kind: "MoveIn", account: one.account, fromSchool: 25, epoch: 2, luggage: packed });
    }),
  );

const today = fc.record({ account: id, meal, day, correct: fc.boolean(), cancel: fc.boolean() }).map((one) =>
  named("portal " + JSON.stringify(one), (rehearsal) => {
    const which = { account: one.account, meal: one.meal, date: (rehearsal.date + one.day) as BusinessDate };
    tell(
      rehearsal,
      one.correct ? { kind: "CorrectMeal", ...which, reason: "mistake" } : { kind: "OrderMeal", ...which, cancel: one.cancel },
    );
  }),
);

const directives = fc
  .oneof(money, money, office)
  .map((directive) => named(JSON.stringify(directive), (rehearsal) => tell(rehearsal, directive)));

export const command: fc.Arbitrary<Command> = fc
  .oneof(
    sale,
    sale,
    cashSale,
    voided,
    classMeal,
    classMeal,
    classMeal,
    cash,
    cash,
    oldSale,
    service,
    cashTaken,
    surroundings,
    directives,
    directives,
    luggage,
    today,
  )
  .map((one) => ({ ...one, [fc.toStringMethod]: () => one.words }));

/** Asks at a place. Deciding must not touch the state, whatever the answer: that is looked at here, once for all tests. */
function ask(rehearsal: Rehearsal, place: keyof typeof PLACES, request: Request): void {
  rehearsal.terminal = PLACES[place];
  const before = encodeSchool(rehearsal.school);
  const decision = decide(rehearsal.school, request, contextOf(rehearsal));
  const after = encodeSchool(rehearsal.school);
  if (before.length !== after.length || before.some((byte, at) => byte !== after[at]))
    rehearsal.complaints.push("deciding " + request.kind + " changed the state");
  const balances = JSON.stringify(
    [...rehearsal.school.accounts.values()].map((account) => [account.main, account.additional, account.seq]),
  );
  commit(rehearsal, decision.bodies);
  if (
    decision.kind === "refused" &&
    balances !== JSON.stringify([...rehearsal.school.accounts.values()].map((one) => [one.main, one.additional, one.seq]))
  ) {
    rehearsal.complaints.push("the refusal of " + request.kind + " moved money");
  }
}

function record(rehearsal: Rehearsal, place: keyof typeof PLACES, fact: Fact): void {
  rehearsal.terminal = PLACES[place];
  commit(rehearsal, recordFact(rehearsal.school, fact, contextOf(rehearsal)));
}
