/**
 * Leaving and getting back what is left (rule 11): the family applies, the school's gateway empties the purses, the bank pays within 20 working days. And the
 * other application of P3.2: money from the main purse to the additional one.
 */
import type { BusinessDate, Directive, Kopecks } from "@trapeza/protocol";
import { afterWorkingDays } from "../office/cards/working-days.js";
import type { Office } from "../office/office.js";
import type { Who } from "../office/people/import-desk.js";
import { sharesOf } from "../payments/order.js";
import { decodeEvent } from "../school-book.js";
import { COLLECTOR, parties } from "./party.js";
import { wrongFields } from "./requisites.js";
import type { Requisites } from "./requisites.js";
import { pay } from "./payout-desk.js";
import { refundPaid } from "./postings.js";
import { PURPOSES } from "./words-exchange.js";

/** P5.1. */
const TERM_DAYS = 20;
const FOR_EVER = 100_000 as BusinessDate;

export interface Refund {
  readonly id: number;
  readonly account: number;
  readonly applicant: string;
  readonly payee: Requisites;
  readonly costs: Kopecks;
  readonly askedOn: BusinessDate;
  /** The last day of the term. */
  readonly dueOn: BusinessDate;
  readonly payout: number | null;
  readonly ended: "nothing" | "refused" | null;
}

/** What the school made of it: it has not answered, would not, or this is what the family gets. */
export type Answered = { readonly kind: "waiting" } | { readonly kind: "refused" } | { readonly kind: "left"; readonly sum: Kopecks };

export interface Application {
  readonly account: number;
  readonly applicant: string;
  readonly payee: Requisites;
  readonly costs: Kopecks;
  readonly askedOn: BusinessDate;
}

export type NotAsked = "no_leaver" | "pending" | "open" | "wrong";

export async function askRefund(office: Office, { login, school }: Who, application: Application): Promise<number | NotAsked> {
  const { account: id, payee, askedOn } = application;
  const [today, told] = [await office.today(school), (await office.told(school)).school];
  if (told.accounts.get(id)?.status !== "closing") return "no_leaver";
  if (wrongFields(payee).length > 0 || application.applicant === "" || askedOn > today) return "wrong";
  const pending = await office.cloud.payments.pendingIn(school);
  if (pending.flatMap((order) => sharesOf(order)).some((share) => share.school === school && share.account === id)) return "pending";
  if ((await refunds(office, school)).some((one) => one.account === id && one.payout === null && one.ended === null)) return "open";
  const dueOn = afterWorkingDays(askedOn, TERM_DAYS);
  return office.change({ login, school, what: "money.refund", subject: "account " + id }, async (transaction) => {
    const row = { ...application, school, payee: JSON.stringify(payee), dueOn, payout: null, ended: null };
    const { id: refund } = await transaction.insertInto("refunds").values(row).returning("id").executeTakeFirstOrThrow();
    const directive = { kind: "FinishClosing", account: id, costs: application.costs, reference: referenceOf(refund) } as Directive;
    return { before: null, after: { refund, costs: application.costs, dueOn }, directives: [directive], value: refund };
  });
}

const referenceOf = (refund: number) => "refund/" + refund;

/** Newest first. */
export async function refunds({ database }: Office, school: number): Promise<Refund[]> {
  const rows = database.selectFrom("refunds").selectAll().where("school", "=", school).orderBy("id", "desc");
  return (await rows.execute()) as unknown as Refund[];
}

/** The school's own event says how much was left. */
export async function answerTo({ cloud }: Office, school: number, { id, account: holder }: Refund): Promise<Answered> {
  // From the beginning: a school without internet may still write an older date than the one on which the family applied.
  const entries = await cloud.store.entriesOf(school, holder, 0 as BusinessDate, FOR_EVER);
  for (const { bytes } of entries) {
    const body = decodeEvent(bytes)?.body;
    if (body?.kind !== "DirectiveApplied" || body.directive.kind !== "FinishClosing" || body.directive.reference !== referenceOf(id))
      continue;
    return body.outcome === "applied" ? { kind: "left", sum: body.outside as Kopecks } : { kind: "refused" };
  }
  return { kind: "waiting" };
}

/**
 * Pays what was left, or ends an application of which nothing came. `subagent`: of the costs that were kept back, what a payment subagent takes; `"costs"`:
 * that is more than all of them. `"no_party"`: the collector has no requisites. `null`: it was not its turn.
 */
export async function payRefund(
  office: Office,
  { login, school }: Who,
  id: number,
  subagent: Kopecks,
): Promise<"paid" | "nothing" | "refused" | "costs" | "no_party" | null> {
  const refund = (await refunds(office, school)).find((one) => one.id === id);
  if (!refund || refund.payout !== null || refund.ended !== null) return null;
  const answer = await answerTo(office, school, refund);
  if (answer.kind === "waiting") return null;
  const number = (await office.told(school)).school.accounts.get(refund.account)?.number ?? "";
  const today = await office.today(school);
  const isPaid = answer.kind === "left" && answer.sum > 0;
  if (isPaid && (subagent < 0 || subagent > refund.costs)) return "costs";
  if (isPaid && !(await parties(office, school)).has(COLLECTOR)) return "no_party";
  const tries = (
    await office.database
      .selectFrom("payouts")
      .select("id")
      .where("school", "=", school)
      .where("reference", "like", referenceOf(id) + "/%")
      .execute()
  ).length;
  return office.change({ login, school, what: "money.refund", subject: "account " + refund.account }, async (transaction) => {
    const mark = transaction.updateTable("refunds").where("school", "=", school).where("id", "=", id).where("payout", "is", null);
    if (!isPaid) {
      const ended = answer.kind === "refused" ? ("refused" as const) : ("nothing" as const);
      await mark.set({ ended }).execute();
      return { before: { refund: id }, after: { ended }, value: ended };
    }
    const reference = referenceOf(id) + "/" + tries;
    const paying = { reference, purpose: PURPOSES.refund(number), payee: refund.payee, today, posted: refundPaid(answer.sum, subagent) };
    const payout = await pay(office, transaction, school, paying);
    const { numUpdatedRows } = await mark.set({ payout }).executeTakeFirst();
    // Somebody else has paid it since it was read: what is done here is undone.
    if (numUpdatedRows !== 1n) throw new Error("refund " + id + " has been paid by somebody else");
    return { before: { refund: id }, after: { payout, sum: answer.sum, subagent }, value: "paid" as const };
  });
}

/** P3.2: only forward, only on application, only what is there; the gateway has the last word. `null`: there is no such account, or less in it. */
export async function transferBetween(
  office: Office,
  { login, school }: Who,
  holder: number,
  amount: Kopecks,
  application: string,
): Promise<true | null> {
  const found = (await office.told(school)).school.accounts.get(holder);
  if (found?.status !== "open" || amount <= 0 || amount > found.main || application === "") return null;
  return office.change({ login, school, what: "money.transfer", subject: "account " + holder }, async () => {
    const reference = "transfer/" + holder + "/" + office.now();
    const directives = [{ kind: "Transfer", account: holder, amount, reference } as Directive];
    return { before: { main: found.main }, after: { amount, application }, directives, value: true as const };
  });
}
