import { readFileSync } from "node:fs";
import test from "ava";
import { kopecks } from "@trapeza/protocol";
import type { DirectiveKind, EventKind } from "@trapeza/protocol";
import { workOf } from "../claims/dispute.js";
import type { Dispute } from "../claims/dispute.js";
import type { Order } from "../payments/order.js";
import { authorisedPostings, keptBackPostings, returnedPostings, settledPostings } from "../payments/postings.js";
import type { SchoolPostings } from "../payments/postings.js";
import * as office from "../settlement/postings.js";
import { TABLE, postingsOf } from "./_said.test.js";
import type { Loose } from "./_said.test.js";
import type { OfficeKind, Posting } from "./posting.js";

/** Sides of a row: accounts with letters for their numbers. */
interface Row {
  readonly debit: ReadonlySet<string>;
  readonly credit: ReadonlySet<string>;
}

const LETTERS: readonly [RegExp, string][] = [
  [/^(holder|pending|returned)\/\d+/, "$1/N"],
  [/^caterer\/\d+/, "caterer/C"],
  [/^(cash\/kiosk|cash\/till|variance\/till|variance)\/\d+/, "$1/T"],
  [/^budget\/\d+/, "budget/P"],
  [/^(clearing|school)\/\d+/, "$1/S"],
  [/^acquirer\/[a-z]+/, "acquirer/W"],
];

const lettered = (account: string) => LETTERS.reduce((name, [from, to]) => name.replace(from, to), account);

/** The page's rows, by their names. */
function page(): Map<string, Row> {
  const lines = readFileSync(new URL("../../ledger/README.md", import.meta.url), "utf8").split("\n");
  const accounts = (cell: string) => new Set([...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  const rows = lines.flatMap((line) => {
    const found = /^\| `([^`]+)`[^|]*\|([^|]*)\|([^|]*)\|$/.exec(line);
    return found ? [[found[1], { debit: accounts(found[2]), credit: accounts(found[3]) }] as const] : [];
  });
  if (new Set(rows.map(([name]) => name)).size !== rows.length) throw new Error("a row stands twice");
  return new Map(rows);
}

/** The row of the page that a journal's event belongs to. */
function rowOf(body: Loose): string {
  const { kind, fund, cash, directive, outcome, change } = { ...body, ...(body.parts as Loose | undefined) };
  const owes = ((change as Loose | null)?.mainDelta ?? 0) as number;
  if (kind === "SaleVoided" && cash !== 0) return "SaleVoided cash";
  if ((kind === "MealServed" || kind === "MealUndone") && fund !== 0) return kind + " mercy";
  if (kind === "ShiftClosed" && Number(body.cashDeclared) > Number(body.cashExpected)) return "ShiftClosed too much";
  if ((kind === "AccountMovedOut" && owes > 0) || (kind === "AccountMovedIn" && owes < 0)) return kind + " debt";
  if (kind !== "DirectiveApplied") return kind as string;
  const one = directive as Loose;
  const detail = one.kind === "TopUp" ? (outcome === "held" ? "held" : one.source) : one.kind === "ForcedDebit" ? one.cause : null;
  const isDebt = one.kind === "OpeningBalance" && Number(one.main) < 0;
  const isMore = one.kind === "CountCollection" && Number(body.outside) > 0;
  return [kind, one.kind, detail, isDebt ? "debt" : null, isMore ? "too much" : null].filter((word) => word !== null).join(" ");
}

const order: Order = {
  ...{ key: "k", way: "card", payer: null, fee: kopecks(20), total: kopecks(1020), returnUrl: null, email: null, remember: false },
  ...{ binding: null, createdMs: 0, number: 100001, version: 0, state: "authorised", providerId: null, payAt: null, expiresMs: 0 },
  ...{ sent: false, settled: false, refunded: kopecks(0), chargedBack: kopecks(0), why: "" },
  lines: [{ school: 24, account: 7, purse: "main", sum: kopecks(1000) }],
};
const undone = { lines: [1000], fee: 20 };
const dispute = { where: "suspense", account: null, terminal: 3, main: 1000, additional: 0 } as unknown as Dispute;

function claim(where: Dispute["where"], school: number): readonly Posting[] {
  const verdict = { kind: "credit", school, account: 7, purse: "main" } as const;
  return workOf({ ...dispute, where }, 24, verdict, "claim/1")?.postings ?? [];
}

const paid = (posted: SchoolPostings) => [...posted.values()].flat();
const named = ({ kind, postings }: office.Posted) => [kind, postings] as const;

/** What no school says: payments, and the office's own desks. */
const OURS: readonly (readonly [row: string, postings: readonly Posting[]])[] = [
  ["PaymentAuthorised", paid(authorisedPostings(order))],
  ["PaymentSettled", paid(settledPostings(order, 15))],
  ["PaymentReturned", paid(returnedPostings(order, undone))],
  ["PaymentReturned told", paid(returnedPostings({ ...order, sent: true }, undone))],
  ["PaymentKeptBack", paid(keptBackPostings(order, undone, 30))],
  ["ClaimFound elsewhere", claim("suspense", 25)],
  ["ClaimFound in the box", claim("unproven", 24)],
  ["ClaimFound in the box", claim("unproven", 25)],
  ...[office.bankPayeeUnknown(500), office.bankPayeeReturned(500), office.bankPayeeElsewhere(500, 25), office.cardFeePaid(33)].map(named),
  ...[office.decadeSettled(1, { meals: 300, buffet: 200 }), office.subsidyReceived(5, 70), office.subsidyPassedOn(1, 70)].map(named),
  ...[office.refundPaid(80, 5)].map(named),
  ...[office.decadeSettled(1, { meals: 300, buffet: 200 }), office.subsidyPassedOn(1, 70), office.refundPaid(80, 5)].map(({ postings }) =>
    named(office.payoutReturned(postings)),
  ),
];

/** Every row as the code posts it, all its cases together. */
function played(): Map<string, { readonly debit: Set<string>; readonly credit: Set<string> }> {
  const cases = [...TABLE.map(([, body]) => [rowOf(body), postingsOf(body)] as const), ...OURS];
  const rows = new Map<string, { debit: Set<string>; credit: Set<string> }>();
  for (const [name, postings] of cases) {
    if (postings.length === 0) continue;
    const row = rows.get(name) ?? { debit: new Set(), credit: new Set() };
    for (const { account, amount } of postings) (amount > 0 ? row.debit : row.credit).add(lettered(account));
    rows.set(name, row);
  }
  return rows;
}

const POSTED = played();
const PAGE = page();

for (const [name, row] of PAGE) {
  test("the page's row is what is posted: " + name, (t) => {
    const real = POSTED.get(name);
    t.deepEqual([...(real?.debit ?? [])].sort(), [...row.debit].sort(), "debit");
    t.deepEqual([...(real?.credit ?? [])].sort(), [...row.credit].sort(), "credit");
  });
}

test("what is posted has its row on the page", (t) => {
  t.deepEqual(
    [...POSTED.keys()].filter((name) => !PAGE.has(name)),
    [],
  );
  for (const [name, postings] of OURS) t.is(postings.reduce<number>((sum, { amount }) => sum + amount, 0), 0, name); // prettier-ignore
});

/** Whether a kind moves money; a new kind does not compile until somebody says it here. */
const EVENTS: Record<EventKind, boolean> = {
  ...{ TopUpCredited: true, TopUpHeld: true, ForeignTopUp: true, CashCollected: true, BuffetSold: true, CashSold: true, SaleVoided: true },
  ...{ ShiftClosed: true, FeePaid: true, MealServed: true, MealUndone: true, AccountMovedOut: true, AccountMovedIn: true },
  ...{ DirectiveApplied: true, SaleRefused: false, ShiftOpened: false, MealRefused: false, PreOrdered: false, PreOrderCancelled: false },
  ...{ CardActivated: false, AccessCodeIssued: false, CardSuspected: false, FactFlagged: false, GatewayStarted: false, DayOpened: false },
  ...{ ReceiptPrinted: false, ReceiptFailed: false, TerminalEnrolled: false, TerminalFault: false, ClockChanged: false },
};

/** Those that move money by what follows them (Salvaged, CorrectMeal, MoveOut, MoveIn) have events of their own. */
const DIRECTIVES: Record<DirectiveKind, boolean> = {
  ...{ TopUp: true, OpeningBalance: true, ForcedDebit: true, Transfer: true, FinishClosing: true, Claim: true, Fee: true },
  ...{ CountCollection: true, SetSchool: false, SetFees: false, SetCaterer: false, SetCategory: false, SetClass: false, SetStaff: false },
  ...{ SetAccount: false, SetCard: false, SetLimits: false, SetGroup: false, SetDish: false, SetMeal: false, SetMealMenu: false },
  ...{ SetTariff: false, OrderMeal: false, CorrectMeal: false, SetTerminal: false, Salvaged: false, Admit: false, EndAdmit: false },
  ...{ Close: false, MoveOut: false, MoveIn: false },
};

const OFFICE: Record<OfficeKind, true> = {
  ...{ PaymentAuthorised: true, PaymentSettled: true, PaymentReturned: true, PaymentKeptBack: true, BankPayeeUnknown: true },
  ...{ BankPayeeReturned: true, BankPayeeElsewhere: true, CardFeePaid: true, ClaimFound: true, DecadeSettled: true, SubsidyReceived: true },
  ...{ SubsidyPassedOn: true, RefundPaid: true, PayoutReturned: true },
};

test("every kind of event and of directive that moves money has its rows, and no other has", (t) => {
  const kinds = (all: Record<string, boolean>) => Object.entries(all).flatMap(([kind, moves]) => (moves ? [kind] : []));
  const first = new Set([...PAGE.keys()].map((name) => name.split(" ")[0]));
  t.deepEqual([...first].sort(), [...kinds(EVENTS), ...kinds(OFFICE)].sort());
  const directives = [...PAGE.keys()].filter((name) => name.startsWith("DirectiveApplied ")).map((name) => name.split(" ")[1]);
  t.deepEqual([...new Set(directives)].sort(), kinds(DIRECTIVES).sort());
});
