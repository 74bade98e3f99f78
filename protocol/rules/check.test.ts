import test from "ava";
import fc from "fast-check";
import { REASON_ORDER, REASONS } from "../wire/reason.js";
import type { Reason } from "../wire/reason.js";
import { kopecks } from "../wire/units.js";
import { ENVELOPE, MATRIX, refusalOf } from "./check.js";
import type { CheckedOperation } from "./check.js";
import { decide } from "./decide.js";
import { servePupil } from "./operations/meal.js";
import { cardUidOf, contextOf, createRehearsal, DISHES, MEALS, PEOPLE, PLACES, tell } from "./rehearsal/school.js";
import type { Rehearsal } from "./rehearsal/school.js";
import type { Account, Card, Terminal } from "./school.js";

/** The number of a refusal, 0 for none. */
function codeOf(reason: Reason | null): number {
  return reason === null ? 0 : REASONS[reason];
}

/** The first in the list's order of what is wrong, 0 when nothing is. */
function firstOf(reasons: readonly Reason[]): number {
  return REASON_ORDER.find((code) => reasons.some((reason) => REASONS[reason] === code)) ?? 0;
}

const OPERATIONS = Object.keys(MATRIX) as CheckedOperation[];

test("every refusal number has its place in the order, once", (t) => {
  t.deepEqual(
    REASON_ORDER.slice().sort((a, b) => a - b),
    Object.values(REASONS),
  );
});

test("every refusal number is found by some row, or by the gateway", (t) => {
  const found = new Set<Reason>(ENVELOPE);
  for (const operation of OPERATIONS) for (const reason of MATRIX[operation]) found.add(reason);
  t.deepEqual([...found].sort(), Object.keys(REASONS).sort());
});

for (const operation of OPERATIONS) {
  test(operation + ": of several refusals the first in the list is told", (t) => {
    const row: readonly Reason[] = MATRIX[operation];
    fc.assert(
      fc.property(fc.subarray([...row]), fc.subarray([...ENVELOPE]), (broken, found) => {
        const checks = Object.fromEntries(row.map((reason) => [reason, () => broken.includes(reason)]));
        const told = refusalOf(operation, checks as never, found);
        t.is(codeOf(told), firstOf([...broken, ...found]));
      }),
    );
  });
}

interface Trouble {
  readonly reason: Reason;
  readonly cause: (rehearsal: Rehearsal) => void;
}

function anna(rehearsal: Rehearsal): Account {
  return rehearsal.school.accounts.get(PEOPLE.Anna)!;
}
function annasCard(rehearsal: Rehearsal): Card {
  return rehearsal.school.cards.get(cardUidOf("Anna"))!;
}
function till(rehearsal: Rehearsal): Terminal {
  return rehearsal.school.terminals.get(PLACES.till)!;
}

/** Each makes exactly one more thing wrong with Anna's purchase. Whatever cannot be wrong together with another is left to the scenarios. */
const TROUBLES: readonly Trouble[] = [
  { reason: "out_of_service", cause: (rehearsal) => (till(rehearsal).service = "closed") },
  { reason: "stale_session", cause: (rehearsal) => (rehearsal.found = ["stale_session"]) },
  { reason: "card_not_active", cause: (rehearsal) => (annasCard(rehearsal).state = "issued") },
  { reason: "card_blocked", cause: (rehearsal) => (annasCard(rehearsal).blockedBy = ["parent"]) },
  { reason: "card_expired", cause: (rehearsal) => (annasCard(rehearsal).validThrough = 0 as never) },
  { reason: "card_suspect", cause: (rehearsal) => (annasCard(rehearsal).suspect = true) },
  { reason: "shift_closed", cause: (rehearsal) => (till(rehearsal).shift = null) },
  { reason: "account_closed", cause: (rehearsal) => (anna(rehearsal).status = "closing") },
  { reason: "banned_dish", cause: (rehearsal) => (anna(rehearsal).bannedDishes = [DISHES.pie]) },
  { reason: "stop_list", cause: (rehearsal) => (anna(rehearsal).stopList = true) },
  { reason: "account_blocked", cause: (rehearsal) => (anna(rehearsal).main = kopecks(-15000)) },
  { reason: "insufficient_funds", cause: (rehearsal) => (anna(rehearsal).additional = kopecks(0)) },
  { reason: "daily_limit", cause: (rehearsal) => (anna(rehearsal).dailyLimit = kopecks(100)) },
];

test("a sale with several troubles is refused for the first in the list, a sale without any is sold", (t) => {
  fc.assert(
    fc.property(fc.subarray([...TROUBLES]), fc.boolean(), (troubles, wrongPrice) => {
      const rehearsal = createRehearsal();
      anna(rehearsal).additional = kopecks(10000);
      for (const trouble of troubles) trouble.cause(rehearsal);
      const reasons: Reason[] = troubles.map((trouble) => trouble.reason);
      if (wrongPrice) reasons.push("price_changed");
      const payer = { by: "card", uid: cardUidOf("Anna") } as const;
      const asked = {
        lines: [{ dish: DISHES.pie, quantity: 1 }],
        total: kopecks(wrongPrice ? 3400 : 3450),
        menuVersion: 1,
        override: null,
      };
      const decision = decide(rehearsal.school, { kind: "Sale", payer, ...asked }, contextOf(rehearsal));
      t.is(codeOf(decision.kind === "refused" ? decision.reason : null), firstOf(reasons));
    }),
    { numRuns: 300 },
  );
});

test("a meal with several troubles is refused for the first in the list", (t) => {
  const causes: readonly Trouble[] = [
    { reason: "account_closed", cause: (rehearsal) => (anna(rehearsal).status = "closed") },
    { reason: "not_in_class", cause: (rehearsal) => (anna(rehearsal).class = 52) },
    { reason: "meal_closed", cause: (rehearsal) => (rehearsal.minute = 900) },
    { reason: "unknown_dish", cause: (rehearsal) => (anna(rehearsal).category = 9) },
    { reason: "account_blocked", cause: (rehearsal) => (anna(rehearsal).main = kopecks(-15000)) },
  ];
  fc.assert(
    fc.property(fc.subarray([...causes]), fc.boolean(), (troubles, eaten) => {
      const rehearsal = createRehearsal();
      for (const trouble of troubles) trouble.cause(rehearsal);
      const reasons: Reason[] = troubles.map((trouble) => trouble.reason);
      if (eaten) {
        const today = { served: [{ meal: MEALS.lunch, date: rehearsal.date }], spentDate: rehearsal.date, spent: kopecks(0) };
        const luggage = { main: kopecks(0), additional: kopecks(0), debts: [], ...today };
        const before = anna(rehearsal).status;
        anna(rehearsal).status = "open";
        tell(rehearsal, { kind: "MoveIn", account: PEOPLE.Anna, fromSchool: 25, epoch: 1, luggage });
        anna(rehearsal).status = before;
        reasons.push("already_served");
      }
      const ask = { class: 51, meal: MEALS.lunch, date: rehearsal.date, staff: 1 };
      const { reason } = servePupil(rehearsal.school, ask, PEOPLE.Anna, "request", contextOf(rehearsal));
      t.is(codeOf(reason), firstOf(reasons));
    }),
    { numRuns: 200 },
  );
});
