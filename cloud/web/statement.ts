/**
 * An account's statement for a period: opening balance, rows, closing balance, in kopecks. The page and the tests read the same rows.
 *
 * Names come from the journal's events, sums from their changes; the opening balance is the ledger's. So a statement adds up only when ledger and journal
 * agree, and {@link Statement.difference} says whether they do.
 */
import type { BusinessDate, Change, Event, EventOf } from "@trapeza/protocol";
import { holderAdditional, holderMain } from "../ledger/accounts.js";
import { decodeEvent } from "../school-book.js";
import type { Store } from "../store/store.js";
import { dateDigits } from "./date-text.js";
import { ru } from "./parent/words.ru.js";
import type { ParentWords } from "./parent/words.ru.js";

export interface StatementLine {
  readonly name: string;
  readonly amount: number;
}

/**
 * «Перечисление»: what of this account's money has gone to caterers for a decade. It left the purse when it was eaten or repaid, so it changes nothing here.
 */
export interface StatementMemo {
  readonly date: BusinessDate;
  readonly name: string;
  readonly amount: number;
}

/** What a sum is to a family: asked of it, taken back or put right, or paid by it. */
type Part = "charged" | "recalculated" | "paid";

export interface StatementRow {
  readonly date: BusinessDate;
  /** By the gateway's clock, Unix ms. */
  readonly atMs: number;
  readonly name: string;
  /** Dishes of a receipt with what each cost; empty unless details were asked for. */
  readonly lines: readonly StatementLine[];
  /** Kopecks taken from the purses, and put into them. At most one is above zero, save for a transfer between the purses. */
  readonly charged: number;
  readonly credited: number;
  readonly epoch: number;
  readonly index: number;
}

export interface Statement {
  readonly from: BusinessDate;
  readonly to: BusinessDate;
  /** Both purses together. */
  readonly opening: number;
  readonly rows: readonly StatementRow[];
  /** In the order of their days. */
  readonly memos: readonly StatementMemo[];
  readonly closing: number;
  /** What has been asked, put right and paid, in kopecks: opening − charged + recalculated + paid = closing. */
  readonly sums: { readonly [part in Part]: number };
  /** Ledger minus rows at the end of the period; 0 while they agree. */
  readonly difference: number;
}

export interface StatementOptions {
  readonly school: number;
  readonly account: number;
  readonly from: BusinessDate;
  /** Included. */
  readonly to: BusinessDate;
  /** Whether receipts list their dishes. */
  readonly details: boolean;
  /** The number that stands before receipt numbers, as 24 in 24-001983. */
  readonly schoolNumber: number;
  readonly words?: ParentWords;
}

/** Rows in the order of the journal. */
export async function statementFor(store: Store, options: StatementOptions): Promise<Statement> {
  const { school, account, from, to } = options;
  const [opening, end, entries, memos] = await Promise.all([
    balanceBefore(store, school, account, from),
    balanceBefore(store, school, account, (to + 1) as BusinessDate),
    store.entriesOf(school, account, from, to),
    memosOf(store, options),
  ]);
  const found = entries.flatMap(({ bytes, epoch, index }) => {
    const event = decodeEvent(bytes);
    const row = event && rowOf(event, options);
    return event && row ? [{ date: event.date, atMs: event.atMs, epoch, index, part: partOf(event.body), ...row }] : [];
  });
  const rows = found.map(({ part: _, ...row }) => row);
  const closing = rows.reduce((sum, row) => sum + row.credited - row.charged, opening);
  const sums = { charged: 0, recalculated: 0, paid: 0 };
  for (const { part, credited, charged } of found) sums[part] += part === "charged" ? charged - credited : credited - charged;
  return { from, to, opening, rows, memos, closing, sums, difference: end - closing };
}

/** One a decade, whichever caterers it went to. */
async function memosOf(store: Store, { school, account, from, to, words = ru }: StatementOptions): Promise<StatementMemo[]> {
  const memos = new Map<string, StatementMemo>();
  for (const transfer of await store.transfers(school)) {
    if (transfer.date < from || transfer.date > to) continue;
    const name = words.row.sentOn(dateDigits(transfer.first), dateDigits(transfer.last));
    const { date } = transfer;
    for (const { amount } of await store.fundedBy(school, transfer, account))
      memos.set(date + name, { date, name, amount: (memos.get(date + name)?.amount ?? 0) + amount });
  }
  return [...memos.values()].filter(({ amount }) => amount !== 0).sort((a, b) => a.date - b.date);
}

/** A statement's lines as they are read: memos close the day on which the money was sent. */
export function inOrder({ rows, memos }: Pick<Statement, "rows" | "memos">): (StatementRow | StatementMemo)[] {
  const lines: (StatementRow | StatementMemo)[] = [];
  const left = [...memos];
  for (const row of rows) {
    while (left.length > 0 && left[0].date < row.date) lines.push(left.shift() as StatementMemo);
    lines.push(row);
  }
  return [...lines, ...left];
}

export function isMemo(line: StatementRow | StatementMemo): line is StatementMemo {
  return !("lines" in line);
}

async function balanceBefore(store: Store, school: number, account: number, date: BusinessDate): Promise<number> {
  const sums = await store.balances(school, [holderMain(account), holderAdditional(account)], date);
  return [...sums.values()].reduce((sum, amount) => sum - amount, 0);
}

/** A bank's return takes back what was paid. Everything that is neither eaten, bought nor paid puts something right. */
function partOf(body: Event["body"]): Part {
  if (body.kind === "MealServed" || body.kind === "BuffetSold") return "charged";
  if (body.kind === "TopUpCredited") return "paid";
  if (body.kind !== "DirectiveApplied") return "recalculated";
  const { directive } = body;
  if (directive.kind === "Fee") return "charged";
  if (directive.kind === "TopUp" && (directive.source === "payment" || directive.source === "foreign")) return "paid";
  return directive.kind === "ForcedDebit" && directive.cause !== "correction" ? "paid" : "recalculated";
}

type Row = Pick<StatementRow, "name" | "lines" | "charged" | "credited">;

/** One event as a row of this account; null for what neither costs nor serves it anything. */
function rowOf({ body, date }: Event, options: StatementOptions): Row | null {
  const words = (options.words ?? ru).row;
  const receipt = (number: number) => options.schoolNumber + "-" + String(number).padStart(6, "0");
  switch (body.kind) {
    case "MealServed":
      return moved(mealName(body, date, words), [body.change]);
    case "MealUndone":
      return moved(words.mealUndone(body.mealName), [body.change]);
    case "BuffetSold": {
      const lines = options.details ? body.lines.map((line) => dishLine(line, words)) : [];
      const number = receipt(body.receipt) + remarks(body, words);
      const name = options.details ? words.receiptLines(number) : words.receipt(number);
      return { ...moved(name, [body.change]), lines };
    }
    case "SaleVoided":
      return body.change && moved(words.voided(receipt(body.receipt)), [body.change]);
    case "TopUpCredited":
      return moved(words.cash[body.purse], [body.change]);
    case "AccountMovedOut":
      return moved(words.movedOut, [body.change]);
    case "AccountMovedIn":
      return moved(words.movedIn, [body.change]);
    case "DirectiveApplied":
      return directiveRow(body, options.account, words);
    default:
      return null;
  }
}

/** What a parent must hear of: the card was not there, or a banned dish was sold all the same. */
function remarks(body: EventOf<"BuffetSold">, words: ParentWords["row"]): string {
  const cardless = body.uid === null && body.basis === "request" ? ", " + words.withoutCard : "";
  return cardless + (body.override === null ? "" : ", " + words.override(body.override));
}

function moved(name: string, changes: readonly (Change | null)[]): Row {
  const delta = changes.reduce((sum, change) => sum + (change ? change.mainDelta + change.additionalDelta : 0), 0);
  return { name, lines: [], charged: Math.max(-delta, 0), credited: Math.max(delta, 0) };
}

/** A meal written down on another day than it was eaten names the day it was eaten. */
function mealName(body: EventOf<"MealServed">, recorded: BusinessDate, words: ParentWords["row"]): string {
  return body.date === recorded ? words.meal(body.mealName) : words.mealOn(body.mealName, dateDigits(body.date));
}

function dishLine(line: EventOf<"BuffetSold">["lines"][number], words: ParentWords["row"]): StatementLine {
  return { name: line.quantity > 1 ? words.times(line.name, line.quantity) : line.name, amount: line.price * line.quantity };
}

function directiveRow(body: EventOf<"DirectiveApplied">, account: number, words: ParentWords["row"]): Row | null {
  const changes = body.changes.filter((change) => change.account === account);
  if (changes.length === 0) return null;
  const { directive } = body;
  // Between two purses of one family nothing is lost or won, and yet something happened: both columns say how much.
  if (directive.kind === "Transfer") return { name: words.transfer, lines: [], charged: directive.amount, credited: directive.amount };
  return moved(directiveName(directive, account, words), changes);
}

function directiveName(directive: EventOf<"DirectiveApplied">["directive"], account: number, words: ParentWords["row"]): string {
  switch (directive.kind) {
    case "TopUp":
      return { payment: words.topUp, foreign: words.topUp, claim: words.topUpClaim, correction: words.topUpCorrection }[directive.source];
    case "OpeningBalance":
      return words.opening;
    case "ForcedDebit":
      return words.forced[directive.cause];
    case "FinishClosing":
      return words.closing;
    case "Claim":
      return directive.wrong === account ? words.claimGiven : words.claimTaken;
    case "Fee":
      return words.fee[directive.service];
    case "MoveOut":
      return words.movedOut;
    case "MoveIn":
      return words.movedIn;
    default:
      return directive.kind;
  }
}
