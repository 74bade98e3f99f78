/**
 * Sales that a former gateway answered and the cloud never heard of. Its till says them again, and whether they were approved nobody can see in them; but a
 * till tells of a receipt only for a sale that was. So such a sale is refused at first, and recorded as a fact, under its own name, when its receipt comes.
 */
import { recordFact, versionOn } from "@trapeza/protocol";
import type { BusinessDate, Kopecks, Operation, Payer, Proof } from "@trapeza/protocol";
import { SILENCE, storedAnswer } from "./desk.js";
import type { Desk, Speech } from "./desk.js";
import { contextOf, draft } from "./drafting.js";
import { isKnown } from "./earlier.js";
import type { Decision } from "./journal/journal.js";
import type { OperationKey } from "./journal/store.js";
import { resultFor } from "./replies.js";
import { openHandle } from "./sealed-handle.js";
import type { Session } from "./sessions.js";

type SaleMessage = Extract<Operation, { kind: "Sale" }>;

/** Whose purse paid, for a sale that a former gateway has answered; `null` for any other. It then waits for its receipt. */
export function payerOfFormer(desk: Desk, session: Session, message: SaleMessage, key: OperationKey): Payer | null {
  if (!desk.inheritance || message.n > session.hello.answered) return null;
  const account = openHandle(desk.schoolSecret, session.terminal, message.handle);
  if (account === null) return null;
  desk.unproven.set(nameOf(key), { key, message, account });
  return { by: "list", account };
}

/** The sale whose receipt has just been told of; none when it is no former gateway's. */
export function provenBy(desk: Desk, session: Session, message: Operation): Decision<Speech>[] {
  if (message.kind !== "Receipt" || desk.unproven.size === 0) return [];
  const incarnation = session.drains?.incarnation ?? desk.rows.get(session.terminal)?.incarnation ?? 0;
  const name = nameOf({ terminal: session.terminal, incarnation, n: message.of });
  const sale = desk.unproven.get(name);
  if (!sale) return [];
  desk.unproven.delete(name);
  // Its gateway's tail has come in between.
  if (isKnown(desk, sale.key)) return [];
  const context = contextOf(desk, session.terminal);
  const bodies = recordFact(
    desk.school,
    { kind: "SaleApproved", account: sale.account, uid: null, lines: pricedAsSold(desk, sale.message) },
    context,
  );
  const events = draft(desk, bodies, context, sale.key);
  const conclude = (places: readonly Proof[]): Speech => {
    const done = { bodies, places, refused: [], atMs: context.atMs, terminal: session.terminal };
    return { ...SILENCE, stored: resultFor(desk.school, sale.message, done) };
  };
  return [{ events, conclude, operation: { key: sale.key, answerIn: storedAnswer } }];
}

/** Lines at the prices of that day; when these do not add up to what was paid, one line of that sum: what was paid is certain. */
function pricedAsSold({ school }: Desk, { lines, total, when }: SaleMessage) {
  const date = (when.date === 0 ? school.date : when.date) as BusinessDate;
  const priced = lines.map((line) => ({ ...line, price: versionOn(school.dishes.get(line.dish), date)?.price ?? (0 as Kopecks) }));
  const sum = priced.reduce((all, { price, quantity }) => all + price * quantity, 0);
  return sum === total ? priced : [{ dish: 0, quantity: 1, price: total }];
}

function nameOf({ terminal, incarnation, n }: Omit<OperationKey, "digest">): string {
  return [terminal, incarnation, n].join();
}
