/** Applications written down, moved on, and turned into cards that the school's terminals know. */
import { isCardUid } from "@trapeza/protocol";
import type { BusinessDate, CardUid, Kopecks, Purse, School } from "@trapeza/protocol";
import { goneEmployees } from "../people/employees.js";
import type { Office } from "../office.js";
import type { Who } from "../people/import-desk.js";
import type { OfficeTransaction } from "../store/open.js";
import { afterDeed, dueOf, isExamined, isPaid, missingPapers } from "./application.js";
import type { Application, Deed, Finding } from "./application.js";
import { isOf, issuing, making, staffCardNumber } from "./card-orders.js";
import { holderIn, subjectOf, textOf } from "./holder.js";
import type { Holder, HolderText } from "./holder.js";
import { keyOf, photographs } from "./photographs.js";
import type { Photograph } from "./photographs.js";

export interface Bundle {
  readonly id: number;
  readonly school: number;
  readonly sentOn: BusinessDate;
  /** Sheets of all that is enclosed (Appendix 4). */
  readonly sheets: number;
  readonly registeredOn: BusinessDate | null;
  /** Its number in the operator's journal. */
  readonly journal: number | null;
  readonly registeredBy: string | null;
}

export interface Act {
  readonly id: number;
  readonly school: number;
  readonly madeOn: BusinessDate;
  readonly findings: string;
}

export type NewApplication = Pick<
  Application,
  "kind" | "cause" | "replaces" | "applicant" | "isParent" | "phone" | "mail" | "papers" | "paid"
>;

export const holderOf = ({ account, staff }: Pick<Application, "account" | "staff">): Holder =>
  account !== null ? { holder: "pupil", number: account } : { holder: "staff", number: staff ?? 0 };

/** The person of an application, with the number of the card that it is about. */
export function personOf(school: School, application: Application): HolderText {
  const found = textOf(school, holderOf(application)) ?? { name: "", card: "", class: "", classId: null };
  return { ...found, card: application.card ?? found.card };
}

/** What names the fee of an application that is paid from a purse. */
export const feeReference = (application: number) => "reissue/" + application;

/** A fee that a family pays from a purse counts as paid when the school has taken it, and not before. */
export async function applications(office: Office, school: number | null): Promise<Application[]> {
  const query = office.database.selectFrom("officeApplications").selectAll().orderBy("id");
  const rows = await query.$if(school !== null, (q) => q.where("school", "=", school as number)).execute();
  const all = rows as unknown as Application[];
  return Promise.all(
    all.map(async (one) => {
      if (one.paid !== null || one.kind !== "again") return one;
      const { applied } = await office.cloud.library.book(one.school);
      return applied.outcomeOf(feeReference(one.id)) === "applied" ? { ...one, paid: feeReference(one.id) } : one;
    }),
  );
}

/** Applications whose next step is late, by school; of all schools, because somebody has to see that one has forgotten. */
export async function lateApplications(office: Office): Promise<Map<number, number>> {
  const query = office.database.selectFrom("officeApplications").select(["school", "state", "stateOn", "kind"]);
  const rows = await query.where("state", "!=", "issued").execute();
  const today = new Map<number, BusinessDate>();
  for (const school of new Set(rows.map((row) => row.school))) today.set(school, await office.today(school));
  const late = new Map<number, number>();
  for (const row of rows) {
    const due = dueOf(row as unknown as Application, office.cardDays);
    if (due && due.by < (today.get(row.school) ?? 0)) late.set(row.school, (late.get(row.school) ?? 0) + 1);
  }
  return late;
}

export async function bundles(office: Office, school: number | null): Promise<Bundle[]> {
  const query = office.database.selectFrom("officeBundles").selectAll().orderBy("id");
  return (await query.$if(school !== null, (q) => q.where("school", "=", school as number)).execute()) as unknown as Bundle[];
}

export async function acts(office: Office, school: number): Promise<Act[]> {
  return (await office.database
    .selectFrom("officeActs")
    .selectAll()
    .where("school", "=", school)
    .orderBy("id")
    .execute()) as unknown as Act[];
}

/**
 * `"open"`: another one of this person is under way, which only duplicates may. `"card"`: an employee has no such card to be replaced. R4.3.1: an incomplete
 * one is taken all the same and says what is missing; it is not sent on. `fee`: the school is told to take it from a pupil's purse.
 */
export async function receive(
  office: Office,
  { login, school }: Who,
  holder: Holder,
  form: NewApplication,
  fee: { readonly purse: Purse; readonly amount: Kopecks } | null = null,
): Promise<"received" | "open" | "card" | null> {
  const told = (await office.told(school)).school;
  if (holderIn(told, holder) === null) return null;
  if (holder.holder === "staff" && (await goneEmployees(office, school)).has(holder.number)) return null;
  const others = await applications(office, school);
  const isUnderWay = (one: Application) => subjectOf(holderOf(one)) === subjectOf(holder) && one.state !== "issued";
  if (form.kind !== "duplicate" && others.some((one) => isUnderWay(one) && one.kind !== "duplicate")) return "open";
  const whose = holder.holder === "pupil" ? { account: holder.number, staff: null } : { account: null, staff: holder.number };
  const card = numberFor(told, holder, form, others);
  if (card === "none") return "card";
  const today = await office.today(school);
  return office.change({ login, school, what: "cards.receive", subject: subjectOf(holder) }, async (transaction) => {
    const row = {
      ...form,
      ...whose,
      card,
      papers: JSON.stringify(form.papers),
      school,
      state: "received",
      receivedOn: today,
      stateOn: today,
    };
    const { id } = await transaction.insertInto("officeApplications").values(row).returning("id").executeTakeFirstOrThrow();
    const asked = fee && whose.account !== null ? { ...fee, account: whose.account, service: "reissue" as const } : null;
    return {
      ...{ before: null, after: { ...form, ...fee }, value: "received" as const },
      directives: asked ? [{ kind: "Fee", ...asked, reference: feeReference(id) }] : [],
    };
  });
}

/** A card made again keeps its number; any other of an employee has a new one. `"none"`: there is nothing to replace. */
function numberFor(school: School, holder: Holder, { kind, replaces }: NewApplication, others: readonly Application[]): string | null {
  if (holder.holder === "pupil") return null;
  if (kind === "again") return [...school.cards.values()].find((one) => isOf(one, holder) && one.uid === replaces)?.number ?? "none";
  return staffCardNumber(
    school,
    others.map(({ card }) => card),
  );
}

/** R3.4, R3.5: a first card needs a photograph that somebody has found right. */
export function lacksPhoto(application: Application, known: ReadonlyMap<string, Photograph>): boolean {
  return application.kind === "first" && known.get(keyOf(holderOf(application)))?.state !== "right";
}

/** The school's consolidated application (Appendix 3) of all that are complete, photograph included (R3.4). `null` when there are none. */
export async function sendBundle(office: Office, { login, school }: Who, sheets: number): Promise<number | null> {
  const today = await office.today(school);
  const known = await photographs(office, school);
  const ready = (await applications(office, school)).filter(
    (one) => afterDeed(one, "send") !== null && missingPapers(one).length === 0 && !lacksPhoto(one, known),
  );
  if (ready.length === 0) return null;
  return office.change({ login, school, what: "cards.send", subject: "bundle of " + ready.length }, async (transaction) => {
    const { id } = await transaction
      .insertInto("officeBundles")
      .values({ school, sentOn: today, sheets })
      .returning("id")
      .executeTakeFirstOrThrow();
    for (const one of ready) await move(transaction, one, "send", today, { bundle: id });
    const enclosed = ready.map((one) => ({ bundle: id, application: one.id }));
    await transaction.insertInto("officeEnclosures").values(enclosed).execute();
    return { before: null, after: { bundle: id, applications: ready.map((one) => one.id) }, value: id };
  });
}

/** What a bundle enclosed when it was sent; what was returned out of it and sent again stands in both. */
export async function enclosedIn(office: Office, school: number, bundle: number): Promise<Application[]> {
  const rows = await office.database.selectFrom("officeEnclosures").select("application").where("bundle", "=", bundle).execute();
  const ids = new Set(rows.map(({ application }) => application));
  return (await applications(office, school)).filter(({ id }) => ids.has(id));
}

/** R3.11: the operator writes it into the journal on the day it comes. */
export async function registerBundle(office: Office, { login, school }: Who, id: number): Promise<number | null> {
  const today = await office.today(school);
  const bundle = (await bundles(office, school)).find((one) => one.id === id);
  if (!bundle || bundle.journal !== null) return null;
  const enclosed = (await applications(office, school)).filter((one) => one.bundle === id);
  const journal = Math.max(0, ...(await bundles(office, null)).map((one) => one.journal ?? 0)) + 1;
  return office.change({ login, school, what: "cards.register", subject: "bundle " + id }, async (transaction) => {
    const entry = { registeredOn: today, journal, registeredBy: login };
    await transaction.updateTable("officeBundles").set(entry).where("id", "=", id).execute();
    for (const one of enclosed) await move(transaction, one, "register", today, {});
    return { before: { journal: null }, after: entry, value: journal };
  });
}

/** What a deed on one application needs beside it. */
export interface Details {
  readonly uid?: string;
  readonly reason?: string;
  readonly papers?: Application["papers"];
  /** What proves the payment, when it came after the application. */
  readonly paid?: string;
}

/** `null`: not its turn, or no such application. Otherwise what was missing, or that it is done. */
export async function carryOn(office: Office, { login, school }: Who, id: number, deed: Exclude<Deed, "send" | "hand">, details: Details) {
  const application = (await applications(office, school)).find((one) => one.id === id);
  if (!application || afterDeed(application, deed) === null) return null;
  const [today, told] = [await office.today(school), (await office.told(school)).school];
  const uid = (details.uid ?? "").toLowerCase().replace(/[\s:]/g, "");
  if (deed === "return" && !details.reason) return "reason" as const;
  if (deed === "make" && !isExamined(application)) return "unexamined" as const;
  const paid = application.paid ?? (details.paid || null);
  if (deed === "make" && !isPaid({ ...application, paid })) return "unpaid" as const;
  if (deed === "make" && (!isCardUid(uid) || told.cards.has(uid))) return "uid" as const;
  const directives =
    deed === "make" ? making(told, application, uid as CardUid, today) : deed === "issue" ? issuing(told, application) : [];
  const more = {
    ...(deed === "make" ? { uid, paid } : {}),
    ...(deed === "return" ? { reason: details.reason } : {}),
    ...(deed === "mend" ? { papers: JSON.stringify(details.papers ?? application.papers), reason: null, bundle: null } : {}),
  };
  return office.change({ login, school, what: "cards." + deed, subject: subjectOf(holderOf(application)) }, async (transaction) => {
    await move(transaction, application, deed, today, more);
    return {
      before: { application: id, state: application.state },
      after: { application: id, deed, ...more },
      directives,
      value: "done" as const,
    };
  });
}

/** What an application lacked is brought after it was taken; its term runs on from the day it came (R3.7). `null`: it has gone, or nothing is new. */
export async function addPapers(
  office: Office,
  { login, school }: Who,
  id: number,
  brought: readonly Application["papers"][number][],
): Promise<"done" | null> {
  const application = (await applications(office, school)).find((one) => one.id === id);
  const papers = application ? [...application.papers, ...missingPapers(application).filter((paper) => brought.includes(paper))] : [];
  if (application?.state !== "received" || papers.length === application.papers.length) return null;
  return office.change({ login, school, what: "cards.papers", subject: subjectOf(holderOf(application)) }, async (transaction) => {
    const adding = transaction.updateTable("officeApplications").set({ papers: JSON.stringify(papers) });
    const added = await adding.where("id", "=", id).where("state", "=", "received").executeTakeFirst();
    if (added.numUpdatedRows !== 1n) throw new Error("application " + id + " has been moved on by somebody else");
    return { before: { application: id, papers: application.papers }, after: { application: id, papers }, value: "done" as const };
  });
}

export interface Examined {
  readonly finding: Finding;
  /** Who has done the damage, of a third person. */
  readonly payer: string;
}

/** R6.2: what the operator has found, once. `null`: there is nothing to examine, or it was. `"payer"`: a third person has a name. */
export async function examine(
  office: Office,
  { login, school }: Who,
  id: number,
  { finding, payer }: Examined,
): Promise<"done" | "payer" | null> {
  const application = (await applications(office, school)).find((one) => one.id === id);
  if (application?.state !== "registered" || isExamined(application)) return null;
  if (finding === "third" && payer === "") return "payer";
  const found = { finding, payer: finding === "third" ? payer : null };
  return office.change({ login, school, what: "cards.examine", subject: subjectOf(holderOf(application)) }, async (transaction) => {
    await transaction.updateTable("officeApplications").set(found).where("id", "=", id).execute();
    return { before: { finding: null }, after: { application: id, ...found }, value: "done" as const };
  });
}

/** Act of transfer (Appendix 5) over all cards that are made for this school. `null` when there are none. */
export async function handOver(office: Office, { login, school }: Who, findings: string): Promise<number | null> {
  const made = (await applications(office, school)).filter((one) => afterDeed(one, "hand") !== null);
  const today = await office.today(school);
  if (made.length === 0) return null;
  return office.change({ login, school, what: "cards.hand", subject: "act over " + made.length }, async (transaction) => {
    const { id } = await transaction
      .insertInto("officeActs")
      .values({ school, madeOn: today, findings })
      .returning("id")
      .executeTakeFirstOrThrow();
    for (const one of made) await move(transaction, one, "hand", today, { act: id });
    return { before: null, after: { act: id, applications: made.map((one) => one.id) }, value: id };
  });
}

/** Only from the state that was seen: of two that press at once one finds it moved and the whole change is undone. */
async function move(
  transaction: OfficeTransaction,
  application: Application,
  deed: Deed,
  today: BusinessDate,
  more: object,
): Promise<void> {
  const state = afterDeed(application, deed) as string;
  const moving = transaction.updateTable("officeApplications").set({ ...more, state, stateOn: today });
  const moved = await moving.where("id", "=", application.id).where("state", "=", application.state).executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) throw new Error("application " + application.id + " has been moved on by somebody else");
}
