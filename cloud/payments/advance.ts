/**
 * What follows from what a provider, a bank or a school says of an order: its next progress, what is posted, what schools are told. Pure; the same thing
 * said again, late or in another order changes nothing twice.
 */
import type { BusinessDate, Directive, Kopecks } from "@trapeza/protocol";
import type { OfficeKind, OfficeTransaction, Posting } from "../ledger/posting.js";
import { dueShares, returnedOf, sharesOf, undoneBy } from "./order.js";
import type { Order, OrderState, PayAt, Progress } from "./order.js";
import type { OutgoingDirective } from "../outgoing.js";
import { authorisedPostings, returnedPostings, settledPostings } from "./postings.js";
import type { SchoolPostings } from "./postings.js";
import type { PaymentPolicy } from "./quote.js";

export type Report =
  | { readonly kind: "registered"; readonly providerId: string; readonly payAt: PayAt | null; readonly expiresMs: number }
  | { readonly kind: "authorised" }
  /** The provider, or the bank itself, has paid out; `commission` is what it kept. */
  | { readonly kind: "settled"; readonly commission: Kopecks }
  /** Refused, or an authorisation taken back. */
  | { readonly kind: "declined"; readonly why: string }
  | { readonly kind: "expired" }
  /** `amount` of the total has gone back to the payer, all returns of this cause together. */
  | { readonly kind: "returned"; readonly amount: Kopecks; readonly cause: "refund" | "chargeback" }
  /** Every school has put its share into the purses. */
  | { readonly kind: "carried_out" };

export interface Step {
  readonly progress: Progress;
  readonly transactions: readonly { readonly school: number; readonly transaction: OfficeTransaction }[];
  readonly directives: readonly OutgoingDirective[];
}

export interface Surroundings {
  readonly policy: PaymentPolicy;
  readonly nowMs: number;
  /** Today in that school. */
  readonly dateIn: (school: number) => BusinessDate;
}

const UNPAID: readonly OrderState[] = ["created", "registered", "failed", "expired"];

/** The next step, or null when the report brings nothing new. */
export function advance(order: Order, report: Report, around: Surroundings): Step | null {
  switch (report.kind) {
    case "registered": {
      if (order.state !== "created") return null;
      const { providerId, payAt, expiresMs } = report;
      return step(order, { state: "registered", providerId, payAt, expiresMs });
    }
    case "authorised":
      return isPaid(order) ? null : authorise(order, around);
    case "settled":
      return settle(order, report.commission, around);
    case "declined":
      if (!isPaid(order)) return order.state === "failed" ? null : step(order, { state: "failed", why: report.why });
      return takeBack(order, { refunded: order.total }, { state: "failed", why: report.why }, around);
    case "expired":
      return order.state === "created" || order.state === "registered" ? step(order, { state: "expired" }) : null;
    case "returned":
      return report.cause === "refund"
        ? takeBack(order, { refunded: report.amount }, { state: "refunded" }, around)
        : takeBack(order, { chargedBack: report.amount }, { state: "charged_back" }, around);
    case "carried_out":
      return order.state === "authorised" && order.sent ? step(order, { state: "credited" }) : null;
  }
}

/** Whether the provider has ever answered for the money. What failed after that has been returned. */
export function isPaid(order: Order): boolean {
  return returnedOf(order) > 0 || !UNPAID.includes(order.state);
}

/** An order given up as failed or expired is paid all the same if the payer was quicker than the news: the money is there. */
function authorise(order: Order, around: Surroundings): Step {
  const paid = step(order, { state: "authorised", why: "" }, posted(order, "PaymentAuthorised", authorisedPostings(order), around));
  return around.policy.creditOn === "authorisation" ? joined(paid, send({ ...order, ...paid.progress })) : paid;
}

function settle(order: Order, commission: number, around: Surroundings): Step | null {
  if (order.settled) return null;
  const before = isPaid(order) ? step(order, {}) : authorise(order, around);
  const settled = step(
    { ...order, ...before.progress },
    { settled: true },
    posted(order, "PaymentSettled", settledPostings(order, commission), around),
  );
  const both = joined(before, settled);
  const isOwed = !both.progress.sent && both.progress.state === "authorised";
  return isOwed ? joined(both, send({ ...order, ...both.progress })) : both;
}

/** Tells each school its share, less what has gone back already. */
function send(order: Order): Step {
  const directives = dueShares(order).map(({ school, reference, ...share }) => ({
    ...{ school, reference },
    directive: { kind: "TopUp", source: "payment", reference, ...share } as Directive,
  }));
  return { ...step(order, { sent: true }), directives };
}

/**
 * Money went back to the payer. What the schools were not told of simply is not told; what they were told is taken out of the purses by a forced debit
 * (rule 10). A return of the whole ends the order; a part of it only lessens it.
 */
function takeBack(
  order: Order,
  back: Partial<Pick<Progress, "refunded" | "chargedBack">>,
  whole: Pick<Progress, "state"> & { why?: string },
  around: Surroundings,
): Step | null {
  const returned = returnedOf({ ...order, ...back });
  if (!isPaid(order) || returned <= returnedOf(order)) return null;
  const [before, after] = [undoneBy(order, returnedOf(order)), undoneBy(order, returned)];
  const lines = after.lines.map((sum, i) => sum - before.lines[i]);
  const postings = returnedPostings(order, { lines, fee: after.fee - before.fee });
  const transactions = posted(order, "PaymentReturned", postings, around, "/" + returned);
  const progress = { ...back, ...(returned === order.total ? whole : {}) };
  const untold = returned === order.total ? endedAdmissions(order) : [];
  const directives = order.sent ? forcedDebits(order, lines, returned, whole.state) : untold;
  return { ...step(order, progress, transactions), directives };
}

/** Rule 5: a child may have been admitted on money that will never come now. Where nobody was, this changes nothing. */
function endedAdmissions(order: Order): OutgoingDirective[] {
  return sharesOf(order).map(({ school, account, reference }) => ({
    ...{ school, reference: reference + "/ended" },
    directive: { kind: "EndAdmit", account, reference } as Directive,
  }));
}

function forcedDebits(order: Order, lines: readonly number[], returned: number, state: OrderState): OutgoingDirective[] {
  const cause = state === "failed" ? "failed" : "chargeback";
  return order.lines.flatMap(({ school, account, purse }, i) => {
    if (lines[i] === 0) return [];
    const reference = "order/" + order.number + "/line/" + (i + 1) + "/returned/" + returned;
    const amount = lines[i];
    return [{ school, reference, directive: { kind: "ForcedDebit", account, purse, amount, cause, reference } as Directive }];
  });
}

function step(order: Order, change: Partial<Progress>, transactions: Step["transactions"] = []): Step {
  const { state, providerId, payAt, expiresMs, sent, settled, refunded, chargedBack, why } = order;
  return {
    progress: { state, providerId, payAt, expiresMs, sent, settled, refunded, chargedBack, why, ...change },
    transactions,
    directives: [],
  };
}

function joined(first: Step, then: Step): Step {
  return {
    progress: then.progress,
    transactions: [...first.transactions, ...then.transactions],
    directives: [...first.directives, ...then.directives],
  };
}

function posted(
  order: Order,
  kind: OfficeKind,
  bySchool: SchoolPostings,
  { nowMs, dateIn }: Surroundings,
  suffix = "",
): Step["transactions"] {
  return [...bySchool].flatMap(([school, postings]: [number, Posting[]]) =>
    postings.length === 0
      ? []
      : [
          {
            school,
            transaction: { reference: "order/" + order.number + "/" + kind + suffix, kind, date: dateIn(school), atMs: nowMs, postings },
          },
        ],
  );
}
