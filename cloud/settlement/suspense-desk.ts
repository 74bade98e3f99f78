/**
 * Whose the money is that a bank has sent and nobody could credit. Above {@link TWO_PERSONS} one person's word waits for another one's, as with claims.
 */
import type { Directive } from "@trapeza/protocol";
import { TWO_PERSONS } from "../claims/claims-desk.js";
import type { Office } from "../office/office.js";
import type { Who } from "../office/people/import-desk.js";
import { payeeOf, referenceOf } from "./bank-desk.js";
import { post } from "./books.js";
import { bankPayeeElsewhere, bankPayeeReturned } from "./postings.js";
import type { Posted } from "./postings.js";
import { markClosed, openQuestions } from "./registry-desk.js";
import type { OpenQuestion } from "./registry-desk.js";

export type Verdict = { readonly kind: "is"; readonly number: string } | { readonly kind: "returned"; readonly note: string };

export interface Proposal {
  readonly question: number;
  readonly kind: Verdict["kind"];
  /** The account's number, or the note. */
  readonly text: string;
  /** Of the one whose word it is. */
  readonly login: string;
}

/** By question. */
export async function proposals({ database }: Office, school: number): Promise<Map<number, Proposal>> {
  const rows = await database.selectFrom("officeSuspenseProposals").selectAll().where("school", "=", school).execute();
  return new Map(rows.map(({ question, kind, text, login }) => [question, { question, kind, text, login }]));
}

/** Money that lies in suspense for this question; `null` when nothing of the kind does. */
type Suspended = OpenQuestion & { readonly line: number; readonly there: number };

export async function suspended(office: Office, school: number, id: number): Promise<Suspended | null> {
  const open = (await openQuestions(office, school)).find((question) => question.id === id);
  return open?.kind === "unknown_account" && open.line !== null && open.there !== null ? (open as Suspended) : null;
}

export const subjectOf = ({ file }: OpenQuestion, school: number) => "registry " + file + " of school " + school;

/**
 * Whose the money in suspense is, or that it went back to the payer. `"unknown"`: there is no such account. `"proposed"`: it waits for a second person.
 * `null`: nothing of the kind lies there, or somebody has proposed something already.
 */
export async function settleSuspense(
  office: Office,
  { login, school }: Who,
  id: number,
  verdict: Verdict,
): Promise<"done" | "unknown" | "proposed" | null> {
  const open = await suspended(office, school, id);
  if (!open || (await proposals(office, school)).has(id)) return null;
  if (verdict.kind === "is" && payeeOf(office, verdict.number.replace(/\s/g, "")) === null) return "unknown";
  if (open.there <= TWO_PERSONS) return carryOut(office, { login, school }, open, verdict);
  const text = verdict.kind === "is" ? verdict.number.replace(/\s/g, "") : verdict.note;
  const change = { login, school, what: "money.suspense.propose", subject: subjectOf(open, school) };
  return office.change(change, async (transaction) => {
    await transaction.insertInto("officeSuspenseProposals").values({ question: id, school, kind: verdict.kind, text, login }).execute();
    return { before: { suspense: open.there }, after: { proposed: verdict.kind, text }, value: "proposed" as const };
  });
}

/** The second person's word. `null`: nothing is proposed, or it is one's own word. */
export async function secondSuspense(
  office: Office,
  { login, school }: Who,
  id: number,
  agrees: boolean,
): Promise<"done" | "unknown" | "turned_down" | null> {
  const [open, proposal] = [await suspended(office, school, id), (await proposals(office, school)).get(id)];
  if (!open || !proposal || proposal.login === login) return null;
  const { kind, text } = proposal;
  if (agrees) return carryOut(office, { login, school }, open, kind === "is" ? { kind, number: text } : { kind, note: text });
  const change = { login, school, what: "money.suspense.refuse", subject: subjectOf(open, school) };
  return office.change(change, async (transaction) => {
    await transaction.deleteFrom("officeSuspenseProposals").where("question", "=", id).execute();
    return { before: { proposed: kind, text, by: proposal.login }, after: { proposed: null }, value: "turned_down" as const };
  });
}

async function carryOut(office: Office, { login, school }: Who, open: Suspended, verdict: Verdict): Promise<"done" | "unknown"> {
  const payee = verdict.kind === "is" ? payeeOf(office, verdict.number.replace(/\s/g, "")) : null;
  if (verdict.kind === "is" && payee === null) return "unknown";
  const [reference, sum, atMs, date] = [referenceOf(open.file, open.line), open.there, office.now(), await office.today(school)];
  const note = verdict.kind === "is" ? verdict.number : verdict.note;
  const change = { login, school: payee?.school ?? school, what: "money.suspense", subject: subjectOf(open, school) };
  return office.change(change, async (transaction) => {
    const release = (posted: Posted) => post(transaction, school, { reference: reference + "/released", date, atMs, ...posted });
    await markClosed(transaction, open.id, { note, login, closedMs: atMs });
    await transaction.deleteFrom("officeSuspenseProposals").where("question", "=", open.id).execute();
    const done = { before: { suspense: sum }, after: { [verdict.kind]: note }, value: "done" as const };
    if (payee === null) {
      await release(bankPayeeReturned(sum));
      return done;
    }
    // At home the school's own books take it out of suspense; elsewhere it goes by the clearing of the two schools.
    const isHere = payee.school === school;
    if (!isHere) await release(bankPayeeElsewhere(sum, payee.school));
    const topUp = { kind: "TopUp", account: payee.account, main: sum, additional: 0, source: isHere ? "claim" : "foreign", reference };
    return { ...done, directives: [topUp as Directive] };
  });
}
