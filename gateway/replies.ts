/**
 * From what was decided to what the terminal is told: windows-1251 for the screen and the paper, reasons as numbers, a place in the journal for the receipt.
 */
import { cashExpected, REASONS, toByteText } from "@trapeza/protocol";
import type {
  AccountNumber,
  ByteText,
  EventBody,
  EventOf,
  Kopecks,
  Operation,
  Payee,
  Proof,
  Reason,
  RefusedPupil,
  Result,
  School,
  Shift,
} from "@trapeza/protocol";

/** One decided operation: its events' bodies, where they were put, and for whom of a class it did not happen. */
export interface Outcome {
  readonly bodies: readonly EventBody[];
  readonly refused: readonly RefusedPupil[];
  readonly places: readonly Proof[];
  readonly atMs: number;
  /** Who asked. */
  readonly terminal: number;
}

/** Stands where a class's lunch left no event at all, because every one of its pupils was refused without a trace. */
const NOWHERE: Proof = { epoch: 0, index: 0, leaf: new Uint8Array(16) };

export function refusal(reason: Reason): Result {
  return { kind: "Refused", reason: REASONS[reason] };
}

/** Text for a terminal, cut to the field's width in bytes. */
export function shown(text: string, width: number): ByteText {
  return toByteText(text).slice(0, width) as ByteText;
}

/** The answer to an accepted operation. */
export function resultFor(school: School, message: Operation, outcome: Outcome): Result {
  switch (message.kind) {
    case "Sale":
    case "CashSale":
      return soldResult(outcome);
    case "Void":
      return voidedResult(outcome);
    case "NoteStacked":
    case "NoteUnresolved":
      return creditedResult(school, outcome);
    case "MealConfirm":
      return servedResult(school, outcome);
    case "MealUndo":
      return { kind: "Undone", ids: accountsOf(outcome, "MealUndone"), refused: refusedOf(outcome) };
    case "PreOrder":
      return {
        kind: "Ordered",
        ids: accountsOf(outcome, message.cancel ? "PreOrderCancelled" : "PreOrdered"),
        refused: refusedOf(outcome),
      };
    case "Shift":
      return shiftResult(school, outcome);
    case "Collection":
      return collectedResult(school, outcome);
    case "Activate":
      return activatedResult(school, message);
    case "Fee":
      return feeResult(school, outcome);
    case "AccessCode":
      return codeResult(school, outcome);
    case "Receipt":
      return { kind: "Recorded" };
  }
}

function first<K extends EventBody["kind"]>(outcome: Outcome, kind: K): { body: EventOf<K>; proof: Proof } | null {
  const at = outcome.bodies.findIndex((body) => body.kind === kind);
  return at < 0 ? null : { body: outcome.bodies[at] as EventOf<K>, proof: outcome.places[at] };
}

function soldResult(outcome: Outcome): Result {
  const sold = first(outcome, "BuffetSold");
  if (sold) {
    const { receipt, total, change } = sold.body;
    return { kind: "Sold", receipt, total, main: change.main, additional: change.additional, atMs: outcome.atMs, proof: sold.proof };
  }
  const cash = first(outcome, "CashSold");
  if (!cash) return { kind: "Recorded" };
  return { kind: "CashSold", receipt: cash.body.receipt, total: cash.body.total, atMs: outcome.atMs, proof: cash.proof };
}

function voidedResult(outcome: Outcome): Result {
  const found = first(outcome, "SaleVoided");
  if (!found) return { kind: "Recorded" };
  const { amount, cash, change } = found.body;
  const none = 0 as Kopecks;
  return { kind: "Voided", amount, cash: cash > 0, main: change?.main ?? none, additional: change?.additional ?? none, proof: found.proof };
}

function creditedResult(school: School, outcome: Outcome): Result {
  const atMs = outcome.atMs;
  const numberOf = (account: number | null, payee?: Payee): AccountNumber => {
    const known = account === null ? undefined : school.accounts.get(account)?.number;
    return known ?? (payee?.kind === "number" ? payee.number : ("" as AccountNumber));
  };
  const credited = first(outcome, "TopUpCredited");
  if (credited) {
    const { account, payee, change } = credited.body;
    const repaid = change.repaid.reduce((sum, debt) => sum + debt.amount, 0) as Kopecks;
    // Whoever only typed a number may be a stranger and learns no balance.
    const balances = payee.kind === "card" ? { main: change.main, additional: change.additional } : null;
    return { kind: "Credited", account: numberOf(account), repaid, balances, held: false, atMs, proof: credited.proof };
  }
  const nothing = { kind: "Credited", repaid: 0 as Kopecks, balances: null, held: true, atMs } as const;
  const foreign = first(outcome, "ForeignTopUp");
  if (foreign) return { ...nothing, account: foreign.body.number, proof: foreign.proof };
  const held = first(outcome, "TopUpHeld");
  return held ? { ...nothing, account: numberOf(held.body.account, held.body.payee), proof: held.proof } : { kind: "Recorded" };
}

function servedResult(school: School, outcome: Outcome): Result {
  const meals = outcome.bodies.filter((body) => body.kind === "MealServed");
  const categories = new Map<string, { category: number; name: ByteText; share: Kopecks; subsidy: Kopecks; count: number }>();
  for (const { category, parts } of meals) {
    const share = (parts.main + parts.additional + parts.debt + parts.fund) as Kopecks;
    const key = category + ":" + share + ":" + parts.subsidy;
    const line = categories.get(key) ?? {
      category,
      name: shown(school.categories.get(category)?.name ?? "", 40),
      share,
      subsidy: parts.subsidy,
      count: 0,
    };
    line.count++;
    categories.set(key, line);
  }
  return {
    kind: "Served",
    served: meals.map((body) => ({ id: body.account, category: body.category })),
    refused: refusedOf(outcome),
    categories: [...categories.values()],
    atMs: outcome.atMs,
    proof: outcome.places.length > 0 ? outcome.places[0] : NOWHERE,
  };
}

function shiftResult(school: School, outcome: Outcome): Result {
  const closed = first(outcome, "ShiftClosed");
  if (closed) {
    const { shift, sales, salesTotal, cashTotal, voids, voidsTotal, fees } = closed.body;
    const { float, cashExpected, cashDeclared, firstReceipt, lastReceipt } = closed.body;
    const sums = { sales, salesTotal, cashTotal, voids, voidsTotal, fees, float, cashExpected, cashDeclared };
    return { kind: "ShiftDone", shift, open: false, ...sums, firstReceipt, lastReceipt, atMs: outcome.atMs };
  }
  // Just opened; or the till has been off in the middle of a shift, which goes on where it was.
  const shift = school.terminals.get(outcome.terminal)?.shift;
  return shift ? shiftSoFar(shift, shift.float, outcome.atMs) : { kind: "Recorded" };
}

/** The shift of a till as it stands; `declared` is what somebody said lay in the drawer. */
export function shiftSoFar(shift: Shift, declared: Kopecks, atMs: number): Result {
  const { number, sales, salesTotal, cashTotal, voids, voidsTotal, fees, float, firstReceipt, lastReceipt } = shift;
  const drawer = { float, cashExpected: cashExpected(shift), cashDeclared: declared };
  const sums = { sales, salesTotal, cashTotal, voids, voidsTotal, fees, firstReceipt, lastReceipt };
  return { kind: "ShiftDone", shift: number, open: true, ...sums, ...drawer, atMs };
}

function activatedResult(school: School, message: Extract<Operation, { kind: "Activate" }>): Result {
  const card = school.cards.get(message.uid);
  const account = card && card.account !== null ? school.accounts.get(card.account) : undefined;
  const name = account?.name ?? school.staff.get(card?.staff ?? -1)?.name ?? "";
  return { kind: "Activated", name: shown(name, 64), cardNumber: shown(card?.number ?? "", 24), paid: message.paid };
}

function feeResult(school: School, outcome: Outcome): Result {
  const paid = first(outcome, "FeePaid");
  const account = paid && school.accounts.get(paid.body.account);
  if (!account) return { kind: "Recorded" };
  return { kind: "FeeTaken", name: shown(account.name, 64), account: account.number, amount: paid.body.amount };
}

/** Without the digits: this is what is kept for a retry. They are put in when it is said. */
function codeResult(school: School, outcome: Outcome): Result {
  const issued = first(outcome, "AccessCodeIssued");
  const account = issued && school.accounts.get(issued.body.account);
  if (!account) return { kind: "Recorded" };
  return { kind: "AccessCode", account: account.number, code: "", validThrough: issued.body.validThrough };
}

function collectedResult(school: School, outcome: Outcome): Result {
  const found = first(outcome, "CashCollected");
  if (!found) return { kind: "Recorded" };
  const { collection, expected, notes, seal, collector, witness } = found.body;
  const nameOf = (staff: number | null) => shown(staff === null ? "" : (school.staff.get(staff)?.name ?? ""), 48);
  const people = { collector: nameOf(collector), witness: nameOf(witness), proven: outcome.bodies.length === 1 };
  const figures = { collection, expected, notes, seal: shown(seal, 20), atMs: outcome.atMs, proof: found.proof };
  return { kind: "Collected", ...figures, ...people };
}

function accountsOf(outcome: Outcome, kind: "MealUndone" | "PreOrdered" | "PreOrderCancelled"): number[] {
  return outcome.bodies.flatMap((body) => (body.kind === kind ? [body.account] : []));
}

function refusedOf(outcome: Outcome): { id: number; reason: number }[] {
  return outcome.refused.map(({ account, reason }) => ({ id: account, reason: REASONS[reason] }));
}
