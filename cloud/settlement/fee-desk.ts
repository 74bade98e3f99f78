/** A fee for a card made again that came through the bank: it lies in suspense like all that names no account, until a person says what it is. */
import { isPaid } from "../office/cards/application.js";
import { reissueOf } from "../office/cards/reissue.js";
import type { Office } from "../office/office.js";
import type { Who } from "../office/people/import-desk.js";
import { payeeOf, referenceOf } from "./bank-desk.js";
import { post } from "./books.js";
import { cardFeePaid } from "./postings.js";
import { markClosed } from "./registry-desk.js";
import { proposals, subjectOf, suspended } from "./suspense-desk.js";

/**
 * Money in suspense pays the application of this school's pupil. `"unknown"`: there is no such account here. `"not_due"`: no application of theirs waits for
 * money, or the school is taking it from a purse. `"price"`: the sum is not the fee. `null`: nothing of the kind lies there, or a first person has spoken.
 */
export async function takeFee(
  office: Office,
  { login, school }: Who,
  question: number,
  number: string,
): Promise<"done" | "unknown" | "not_due" | "price" | null> {
  const open = await suspended(office, school, question);
  if (!open || (await proposals(office, school)).has(question)) return null;
  const payee = payeeOf(office, number.replace(/\s/g, ""));
  if (payee?.school !== school) return "unknown";
  const due = await reissueOf(office, school, payee.account);
  if (due?.fee !== "due" || isPaid(due.application)) return "not_due";
  const [{ id }, { school: told }] = [due.application, await office.told(school)];
  if (open.there !== told.reissueFee) return "price";
  const [paid, atMs, date] = [referenceOf(open.file, open.line), office.now(), await office.today(school)];
  return office.change({ login, school, what: "money.suspense.fee", subject: subjectOf(open, school) }, async (transaction) => {
    await post(transaction, school, { reference: paid + "/released", date, atMs, ...cardFeePaid(open.there) });
    await markClosed(transaction, question, { note: "reissue/" + id, login, closedMs: atMs });
    const paying = transaction.updateTable("officeApplications").set({ paid }).where("id", "=", id).where("paid", "is", null);
    const { numUpdatedRows } = await paying.executeTakeFirst();
    // Of two payments for one application the second stays in suspense.
    if (numUpdatedRows !== 1n) throw new Error("application " + id + " has been paid by something else");
    return { before: { suspense: open.there }, after: { application: id, paid }, value: "done" as const };
  });
}
