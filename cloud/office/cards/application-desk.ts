/** Applications written down, moved on, and turned into cards that the school's terminals know. */
import { isCardUid } from "@trapeza/protocol";
import type { BusinessDate, CardUid, Directive, DirectiveOf, School } from "@trapeza/protocol";
import type { Office } from "../office.js";
import type { Who } from "../people/import-desk.js";
import type { OfficeTransaction } from "../store/open.js";
import { afterDeed, isPaid, missingPapers } from "./application.js";
import type { Application, Deed } from "./application.js";
import type { Holder } from "./holder.js";
import { keyOf, photographs } from "./photographs.js";

/** P2.6: the guaranteed life of a card. */
const VALID_YEARS = 3;
const DAYS_A_YEAR = 365;

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
  "account" | "kind" | "cause" | "applicant" | "isParent" | "phone" | "mail" | "papers" | "paid"
>;

export const holderOf = ({ account }: Pick<Application, "account">): Holder => ({ holder: "pupil", number: account });

export async function applications(office: Office, school: number | null): Promise<Application[]> {
  const query = office.database.selectFrom("officeApplications").selectAll().orderBy("id");
  return (await query.$if(school !== null, (q) => q.where("school", "=", school as number)).execute()) as unknown as Application[];
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

/** `"open"`: another one of this pupil is under way. R4.3.1: an incomplete one is taken all the same and says what is missing; it is not sent on. */
export async function receive(office: Office, { login, school }: Who, form: NewApplication): Promise<"received" | "open" | null> {
  const holder = (await office.told(school)).school.accounts.get(form.account);
  if (holder?.holder !== "pupil" || holder.status !== "open") return null;
  const others = await applications(office, school);
  if (others.some((one) => one.account === form.account && one.state !== "issued")) return "open";
  const today = await office.today(school);
  return office.change({ login, school, what: "cards.receive", subject: "account " + form.account }, async (transaction) => {
    const row = { ...form, papers: JSON.stringify(form.papers), school, state: "received", receivedOn: today, stateOn: today };
    await transaction.insertInto("officeApplications").values(row).execute();
    return { before: null, after: form, value: "received" as const };
  });
}

/** The school's consolidated application (Appendix 3) of all that are complete, photograph included (R3.4). `null` when there are none. */
export async function sendBundle(office: Office, { login, school }: Who, sheets: number): Promise<number | null> {
  const today = await office.today(school);
  const known = await photographs(office, school);
  const ready = (await applications(office, school)).filter(
    (one) => afterDeed(one, "send") !== null && missingPapers(one).length === 0 && known.get(keyOf(holderOf(one)))?.state === "right",
  );
  if (ready.length === 0) return null;
  return office.change({ login, school, what: "cards.send", subject: "bundle of " + ready.length }, async (transaction) => {
    const { id } = await transaction
      .insertInto("officeBundles")
      .values({ school, sentOn: today, sheets })
      .returning("id")
      .executeTakeFirstOrThrow();
    for (const one of ready) await move(transaction, one, "send", today, { bundle: id });
    return { before: null, after: { bundle: id, applications: ready.map((one) => one.id) }, value: id };
  });
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
  return office.change({ login, school, what: "cards." + deed, subject: "account " + application.account }, async (transaction) => {
    await move(transaction, application, deed, today, more);
    return {
      before: { application: id, state: application.state },
      after: { application: id, deed, ...more },
      directives,
      value: "done" as const,
    };
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

/** The new card, and an end to the old ones (P2.3): a card that is replaced is blocked by the operator, whose block nobody in the school lifts. */
function making(school: School, { account, cause }: Application, uid: CardUid, today: BusinessDate): Directive[] {
  const number = school.accounts.get(account)?.number ?? "";
  const replaced = [...school.cards.values()].filter((card) => card.account === account && card.state !== "returned");
  const validThrough = (today + VALID_YEARS * DAYS_A_YEAR) as BusinessDate;
  return [
    ...replaced.map((card): DirectiveOf<"SetCard"> => ({
      ...{
        kind: "SetCard",
        uid: card.uid,
        number: card.number,
        holder: card.holder,
        account,
        staff: card.staff,
        validThrough: card.validThrough,
      },
      ...{ state: cause === "loss" || cause === "theft" ? "lost" : "blocked", by: "operator" },
    })),
    { ...{ kind: "SetCard", uid, number, holder: "pupil", account, staff: null }, state: "issued", by: "operator", validThrough },
  ];
}

/** Handed out against signature: from now on it works. */
function issuing(school: School, { uid }: Application): Directive[] {
  const card = school.cards.get(uid as CardUid);
  if (!card) return [];
  const { number, holder, account, staff, validThrough } = card;
  return [{ kind: "SetCard", uid: card.uid, number, holder, account, staff, state: "active", by: "operator", validThrough }];
}
