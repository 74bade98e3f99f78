/** For tests: what a school says, event by event, and what is posted of it. */
import type { AccountNumber, Change, Event, EventBody } from "@trapeza/protocol";
import { totalOf } from "./posting.js";
import type { Posting } from "./posting.js";
import { postingsFor } from "./postings-for.js";
import type { Books } from "./postings-for.js";

export const BOOKS: Books = {
  school: 24,
  homeOf: (number) => (number === "0000000018" ? 25 : null),
  tillCash: () => new Map([[1, 3000], [2, 7000]]), // prettier-ignore
};

export type Loose = { readonly [name: string]: unknown };

/** A change of account 7 by these deltas; what it leaves does not matter to the ledger. */
export function change(mainDelta: number, additionalDelta: number, repaid: Change["repaid"] = [], account = 7): Loose {
  return { account, accountSeq: 1, mainDelta, additionalDelta, main: 0, additional: 0, repaid };
}

const debts = (...list: [caterer: number | null, amount: number][]) =>
  list.map(([caterer, amount]) => ({ caterer, amount })) as unknown as Change["repaid"];
export const line = (price: number, quantity: number, caterer = 1) => ({
  dish: 11,
  line: 0,
  name: "Пицца 125 г",
  price,
  quantity,
  caterer,
});
const meal = { account: 7, class: 3, meal: 1, mealName: "Завтрак", date: 100, caterer: 1, program: 5, staff: null };
const parts = (main: number, additional: number, debt: number, subsidy: number, fund: number) => ({
  main,
  additional,
  debt,
  subsidy,
  fund,
});
const applied = (directive: Loose, changes: Loose[], outside = 0): Loose => ({
  ...{ kind: "DirectiveApplied", number: 1, outcome: "applied", reason: 0, flags: [] },
  ...{ directive, changes, outside },
});

export function postingsOf(body: Loose): Posting[] {
  const event = {
    seq: 0,
    atMs: 0,
    clock: "set",
    date: 100,
    operation: null,
    digest: null,
    body: body as unknown as EventBody,
  } as unknown as Event;
  const postings = postingsFor(event, BOOKS);
  if (totalOf(postings) !== 0) throw new Error("not balanced");
  return postings;
}

/** Each row: what happened, its event, and its postings in the order of the table of the money rules. */
export const TABLE: [title: string, body: Loose, postings: string[]][] = [
  [
    "a note into an empty purse",
    { kind: "TopUpCredited", terminal: 3, account: 7, note: 10000, purse: "main", change: change(10000, 0) },
    ["debit cash/kiosk/3 10000", "credit holder/7/main 10000"],
  ],
  [
    "a note repays a meal's debt first, and so funds the caterer",
    { kind: "TopUpCredited", terminal: 3, account: 7, note: 10000, purse: "additional", change: change(5000, 5000, debts([1, 5000])) },
    [
      "debit cash/kiosk/3 10000",
      "credit holder/7/main 5000",
      "credit holder/7/additional 5000",
      "debit caterer/1/unfunded 5000",
      "credit caterer/1/meals 5000",
    ],
  ],
  [
    "each caterer is repaid its own meal, a chargeback's debt is nobody's meal",
    {
      kind: "TopUpCredited",
      terminal: 3,
      account: 7,
      note: 5000,
      purse: "main",
      change: change(5000, 0, debts([1, 2000], [null, 500], [2, 1000])),
    },
    [
      "debit cash/kiosk/3 5000",
      "credit holder/7/main 5000",
      "debit caterer/1/unfunded 2000",
      "credit caterer/1/meals 2000",
      "debit caterer/2/unfunded 1000",
      "credit caterer/2/meals 1000",
    ],
  ],
  [
    "a note whose payee nobody can prove",
    { kind: "TopUpHeld", terminal: 3, note: 10000, why: "no_payee" },
    ["debit cash/kiosk/3 10000", "credit suspense/claims 10000"],
  ],
  ["a note that came faster than an acceptor takes them is one, too", { kind: "TopUpHeld", terminal: 3, note: 10000, why: "too_fast" }, []],
  ["a note that nobody saw reach the cassette is a memo", { kind: "TopUpHeld", terminal: 3, note: 10000, why: "not_proven" }, []],
  [
    "a note for another school's child",
    { kind: "ForeignTopUp", terminal: 3, note: 10000, number: "0000000018" as AccountNumber },
    ["debit cash/kiosk/3 10000", "credit clearing/25 10000"],
  ],
  [
    "a note for a number that no school knows",
    { kind: "ForeignTopUp", terminal: 3, note: 10000, number: "0000000026" as AccountNumber },
    ["debit cash/kiosk/3 10000", "credit suspense/claims 10000"],
  ],
  [
    "a cash box on its way",
    { kind: "CashCollected", terminal: 3, expected: 70000 },
    ["debit cash/in-transit 70000", "credit cash/kiosk/3 70000"],
  ],
  [
    "dishes of two caterers, paid from the additional purse",
    { kind: "BuffetSold", terminal: 4, account: 7, lines: [line(3450, 2), line(1320, 1, 2)], total: 8220, change: change(0, -8220) },
    ["debit holder/7/additional 8220", "credit caterer/1/buffet 6900", "credit caterer/2/buffet 1320"],
  ],
  [
    "a void repays debt first",
    {
      kind: "SaleVoided",
      terminal: 4,
      account: 7,
      lines: [line(3450, 1)],
      cash: 0,
      payable: 0,
      change: change(2000, 1450, debts([1, 2000])),
    },
    [
      "debit caterer/1/buffet 3450",
      "credit holder/7/main 2000",
      "credit holder/7/additional 1450",
      "debit caterer/1/unfunded 2000",
      "credit caterer/1/meals 2000",
    ],
  ],
  [
    "a void for somebody who has left is owed to them",
    { kind: "SaleVoided", terminal: 4, account: 7, lines: [line(3450, 1)], cash: 0, payable: 3450, change: null },
    ["debit caterer/1/buffet 3450", "credit refunds/payable 3450"],
  ],
  [
    "a cash sale",
    { kind: "CashSold", terminal: 4, lines: [line(3450, 1)], total: 3450 },
    ["debit cash/till/4 3450", "credit caterer/1/buffet 3450"],
  ],
  [
    "a cash sale's void is cash",
    { kind: "SaleVoided", terminal: 4, account: null, lines: [line(3450, 1)], cash: 3450, payable: 0, change: null },
    ["debit caterer/1/buffet 3450", "credit cash/till/4 3450"],
  ],
  [
    "a card's re-issue paid at the till",
    { kind: "FeePaid", terminal: 4, account: 7, service: "reissue", amount: 25000 },
    ["debit cash/till/4 25000", "credit income/cards 25000"],
  ],
  [
    "a shift's cash stays with the caterers, who miss 50 roubles",
    { kind: "ShiftClosed", terminal: 4, fees: 0, cashExpected: 20000, cashDeclared: 15000 },
    ["debit caterer/2/buffet 2000", "credit cash/till/4 10000", "debit caterer/1/buffet 3000", "debit variance/till/4 5000"],
  ],
  [
    "what was paid for services goes to the operator when the shift ends",
    { kind: "ShiftClosed", terminal: 4, fees: 3300, cashExpected: 23300, cashDeclared: 23300 },
    ["debit caterer/2/buffet 7000", "credit cash/till/4 13300", "debit caterer/1/buffet 3000", "debit cash/in-transit 3300"],
  ],
  [
    "a meal from both purses, the rest on debt, subsidised",
    { kind: "MealServed", ...meal, parts: parts(3000, 5000, 1852, 4961, 0), change: change(-4852, -5000) },
    [
      "debit holder/7/main 4852",
      "debit holder/7/additional 5000",
      "debit budget/5 4961",
      "credit caterer/1/meals 8000",
      "credit caterer/1/unfunded 1852",
      "credit caterer/1/subsidy 4961",
    ],
  ],
  [
    "a free meal moves the budget's money only",
    { kind: "MealServed", ...meal, parts: parts(0, 0, 0, 9852, 0), change: change(0, 0) },
    ["debit budget/5 9852", "credit caterer/1/subsidy 9852"],
  ],
  [
    "a mercy meal",
    { kind: "MealServed", ...meal, parts: parts(0, 0, 0, 4961, 4891), change: change(0, 0) },
    ["debit budget/5 4961", "debit school/24/fund 4891", "credit caterer/1/meals 4891", "credit caterer/1/subsidy 4961"],
  ],
  [
    "its undo mirrors",
    { kind: "MealUndone", ...meal, parts: parts(0, 0, 0, 4961, 4891), unfunded: 0, payable: 0, change: change(0, 0) },
    ["debit caterer/1/meals 4891", "debit caterer/1/subsidy 4961", "credit budget/5 4961", "credit school/24/fund 4891"],
  ],
  [
    "an undo strikes out what was never repaid",
    { kind: "MealUndone", ...meal, parts: parts(3000, 5000, 1852, 0, 0), unfunded: 1852, payable: 0, change: change(4852, 5000) },
    ["debit caterer/1/meals 8000", "debit caterer/1/unfunded 1852", "credit holder/7/main 4852", "credit holder/7/additional 5000"],
  ],
  [
    "an undo gives back as money what was repaid since",
    { kind: "MealUndone", ...meal, parts: parts(3000, 5000, 1852, 0, 0), unfunded: 0, payable: 0, change: change(4852, 5000) },
    ["debit caterer/1/meals 9852", "credit holder/7/main 4852", "credit holder/7/additional 5000"],
  ],
  ["a refused meal moves nothing", { kind: "MealRefused", ...meal, share: 9852, reason: 21 }, []],
  [
    "a remote payment credited",
    applied({ kind: "TopUp", account: 7, main: 5000, additional: 0, source: "payment" }, [change(5000, 0)]),
    ["debit pending/7 5000", "credit holder/7/main 5000"],
  ],
  [
    "a note fed elsewhere arrives at home",
    applied({ kind: "TopUp", account: 7, main: 5000, additional: 0, source: "foreign" }, [change(5000, 0)]),
    ["debit clearing/24 5000", "credit holder/7/main 5000"],
  ],
  [
    "a claim released from suspense",
    applied({ kind: "TopUp", account: 7, main: 5000, additional: 0, source: "claim" }, [change(5000, 0)]),
    ["debit suspense/claims 5000", "credit holder/7/main 5000"],
  ],
  [
    "a top-up that comes after leaving is owed",
    applied({ kind: "TopUp", account: 7, main: 5000, additional: 0, source: "payment" }, [], 5000),
    ["debit pending/7 5000", "credit refunds/payable 5000"],
  ],
  [
    "an opening balance with debt",
    applied({ kind: "OpeningBalance", account: 7, main: -2000, additional: 0 }, [change(-2000, 0)]),
    ["credit migration/opening 2000", "debit holder/7/main 2000"],
  ],
  [
    "a chargeback beyond what is there",
    applied({ kind: "ForcedDebit", account: 7, purse: "additional", amount: 50000, cause: "chargeback" }, [change(-20000, -30000)]),
    ["credit returned/7 50000", "debit holder/7/main 20000", "debit holder/7/additional 30000"],
  ],
  [
    "a chargeback after leaving is a receivable",
    applied({ kind: "ForcedDebit", account: 7, purse: "main", amount: 5000, cause: "chargeback" }, [], -5000),
    ["credit returned/7 5000", "debit receivable/mispaid 5000"],
  ],
  [
    "a transfer from main to additional",
    applied({ kind: "Transfer", account: 7, amount: 1000 }, [change(-1000, 1000)]),
    ["debit holder/7/main 1000", "credit holder/7/additional 1000"],
  ],
  [
    "a payment moved from the wrong account, which has only part of it left",
    applied({ kind: "Claim", wrong: 7, right: 8, purse: "main", amount: 5000 }, [change(-3000, 0), change(5000, 0, [], 8)], -2000),
    ["debit holder/7/main 3000", "credit holder/8/main 5000", "debit receivable/mispaid 2000"],
  ],
  [
    "what is left on leaving, less the costs of sending it",
    applied({ kind: "FinishClosing", account: 7, costs: 100 }, [change(-4000, -1000)], 4900),
    ["credit expense/bank 100", "debit holder/7/main 4000", "debit holder/7/additional 1000", "credit refunds/payable 4900"],
  ],
  [
    "a bag that holds 100 roubles less than its box counted",
    applied({ kind: "CountCollection", terminal: 3, collection: 1, counted: 60000 }, [], -10000),
    ["debit bank/operator 60000", "credit cash/in-transit 70000", "debit variance/3 10000"],
  ],
  [
    "a directive that was refused moves nothing",
    { ...applied({ kind: "Transfer", account: 7, amount: 1000 }, []), outcome: "refused" },
    [],
  ],
  [
    "a till that holds 5 roubles more than it should",
    { kind: "ShiftClosed", terminal: 4, fees: 0, cashExpected: 10000, cashDeclared: 10500 },
    ["debit caterer/2/buffet 7500", "credit cash/till/4 10000", "debit caterer/1/buffet 3000", "credit variance/till/4 500"],
  ],
  [
    "a subsidised meal undone gives the budget its part back",
    { kind: "MealUndone", ...meal, parts: parts(1000, 0, 0, 4961, 0), unfunded: 0, payable: 0, change: change(1000, 0) },
    ["debit caterer/1/meals 1000", "debit caterer/1/subsidy 4961", "credit budget/5 4961", "credit holder/7/main 1000"],
  ],
  [
    "a meal undone for somebody who has left is owed to them",
    { kind: "MealUndone", ...meal, parts: parts(1000, 0, 0, 0, 0), unfunded: 0, payable: 1000, change: null },
    ["debit caterer/1/meals 1000", "credit refunds/payable 1000"],
  ],
  [
    "a balance leaves with its child",
    { kind: "AccountMovedOut", account: 7, toSchool: 25, epoch: 1, change: change(-3000, -2000) },
    ["credit clearing/25 5000", "debit holder/7/main 3000", "debit holder/7/additional 2000"],
  ],
  [
    "a debt leaves with its child",
    { kind: "AccountMovedOut", account: 7, toSchool: 25, epoch: 1, change: change(3000, 0) },
    ["debit clearing/25 3000", "credit holder/7/main 3000"],
  ],
  [
    "a balance arrives",
    { kind: "AccountMovedIn", account: 7, fromSchool: 25, epoch: 1, change: change(3000, 2000) },
    ["debit clearing/24 5000", "credit holder/7/main 3000", "credit holder/7/additional 2000"],
  ],
  [
    "a debt arrives",
    { kind: "AccountMovedIn", account: 7, fromSchool: 25, epoch: 1, change: change(-3000, 0) },
    ["credit clearing/24 3000", "debit holder/7/main 3000"],
  ],
  [
    "a remote payment for both purses repays a meal",
    applied({ kind: "TopUp", account: 7, main: 5000, additional: 1000, source: "payment" }, [change(5000, 1000, debts([1, 2000]))]),
    [
      "debit pending/7 6000",
      "credit holder/7/main 5000",
      "credit holder/7/additional 1000",
      "debit caterer/1/unfunded 2000",
      "credit caterer/1/meals 2000",
    ],
  ],
  [
    "a correction upwards",
    applied({ kind: "TopUp", account: 7, main: 500, additional: 0, source: "correction" }, [change(500, 0)]),
    ["debit variance/correction 500", "credit holder/7/main 500"],
  ],
  [
    "a payment for an account that nobody knows any more",
    { ...applied({ kind: "TopUp", account: 7, main: 500, additional: 0, source: "payment" }, []), outcome: "held", reason: 11 },
    ["debit pending/7 500", "credit suspense/claims 500"],
  ],
  [
    "a note from elsewhere for an account that is closed",
    { ...applied({ kind: "TopUp", account: 7, main: 500, additional: 0, source: "foreign" }, []), outcome: "held", reason: 12 },
    ["debit clearing/24 500", "credit refunds/payable 500"],
  ],
  [
    "an opening balance",
    applied({ kind: "OpeningBalance", account: 7, main: 2000, additional: 1000 }, [change(2000, 1000)]),
    ["debit migration/opening 3000", "credit holder/7/main 2000", "credit holder/7/additional 1000"],
  ],
  [
    "an authorisation that came to nothing",
    applied({ kind: "ForcedDebit", account: 7, purse: "main", amount: 500, cause: "failed" }, [change(-500, 0)]),
    ["credit returned/7 500", "debit holder/7/main 500"],
  ],
  [
    "a correction downwards",
    applied({ kind: "ForcedDebit", account: 7, purse: "main", amount: 500, cause: "correction" }, [change(-500, 0)]),
    ["credit variance/correction 500", "debit holder/7/main 500"],
  ],
  [
    "a bag that holds 100 roubles more",
    applied({ kind: "CountCollection", terminal: 3, collection: 1, counted: 60000 }, [], 10000),
    ["debit bank/operator 60000", "credit cash/in-transit 50000", "credit variance/3 10000"],
  ],
  [
    "a card's activation paid from the main purse",
    applied({ kind: "Fee", account: 7, purse: "main", amount: 3300, service: "activation" }, [change(-3300, 0)]),
    ["debit holder/7/main 3300", "credit income/cards 3300"],
  ],
  [
    "a card's re-issue paid from a purse",
    applied({ kind: "Fee", account: 7, purse: "additional", amount: 25000, service: "reissue" }, [change(0, -25000)]),
    ["debit holder/7/additional 25000", "credit income/cards 25000"],
  ],
];
