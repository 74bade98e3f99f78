/** Card desks and what they report: which cards are to be made, which one was, which one could not be. A desk proves itself by a key that is shown once. */
import { createHash, randomBytes } from "node:crypto";
import { CARD_REFUSALS, cardRefusal } from "@trapeza/protocol";
import type { CardUid, School } from "@trapeza/protocol";
import type { Office } from "../office.js";
import type { Application } from "./application.js";
import { applications, carryOn, holderOf, personOf } from "./application-desk.js";
import type { BatchStep, Chip } from "./batch.js";
import { batchAt, batchWith, canMake, noteRefusal, noteStep } from "./batches.js";
import { subjectOf } from "./holder.js";

const KEY_BYTES = 24;

export interface CardDesk {
  readonly id: number;
  readonly name: string;
  readonly active: boolean;
  /** When it last asked for work; `null`: never. */
  readonly heardMs: number | null;
  readonly made: number;
  readonly refused: number;
}

/** One card to be made, as the person at the desk sees it. */
export interface DeskWork {
  readonly application: number;
  readonly name: string;
  readonly class: string;
  readonly number: string;
}

const hashOf = (key: string): string => createHash("sha256").update(key).digest("hex");

export async function desks({ database }: Office): Promise<CardDesk[]> {
  return database.selectFrom("officeDesks").select(["id", "name", "active", "heardMs", "made", "refused"]).orderBy("id").execute();
}

/** Returns the desk's key; nobody can read it again. */
export async function openDesk(office: Office, login: string, name: string): Promise<string> {
  const key = randomBytes(KEY_BYTES).toString("base64url");
  return office.change({ login, school: null, what: "cards.desk", subject: "card desk " + name }, async (transaction) => {
    await transaction
      .insertInto("officeDesks")
      .values({ name, keyHash: hashOf(key) })
      .execute();
    return { before: null, after: { name, active: true }, value: key };
  });
}

/** `false`: there is no such desk, or it is closed already. */
export async function closeDesk(office: Office, login: string, id: number): Promise<boolean> {
  const desk = (await desks(office)).find((one) => one.id === id);
  if (!desk?.active) return false;
  return office.change({ login, school: null, what: "cards.desk", subject: "card desk " + desk.name }, async (transaction) => {
    await transaction.updateTable("officeDesks").set({ active: false }).where("id", "=", id).execute();
    return { before: { name: desk.name, active: true }, after: { name: desk.name, active: false }, value: true };
  });
}

/** The desk with this key; `null` for a stranger's, or a closed one's. */
export async function deskOf({ database, now }: Office, key: string): Promise<{ readonly id: number; readonly login: string } | null> {
  const found = await database
    .updateTable("officeDesks")
    .set({ heardMs: now() })
    .where("keyHash", "=", hashOf(key))
    .where("active", "=", true)
    .returning(["id", "name"])
    .executeTakeFirst();
  return found ? { id: found.id, login: "desk " + found.name } : null;
}

/** What a desk is given to do: what is left of its batch. */
export interface DeskBatch {
  readonly id: number;
  readonly chip: Chip;
  /** Cards that it began with. */
  readonly of: number;
  readonly cards: readonly DeskWork[];
}

/** How many can be made now. What is not paid for stands on the office's page, not here. */
export async function readyCards(office: Office, school: number): Promise<number> {
  return (await applications(office, school)).filter(canMake).length;
}

/** `null`: no page has begun anything for this desk, or it is stopped or done. */
export async function workOf(office: Office, { id, school }: DeskWho): Promise<DeskBatch | null> {
  const found = await batchAt(office, school, id);
  if (!found) return null;
  const told = (await office.told(school)).school;
  const { batch, left, of } = found;
  return { id: batch.id, chip: batch.chip, of, cards: left.map(({ application }) => workLine(told, application)) };
}

/** `"stopped"`: nothing of it is to be written any more. */
export async function stepAt(
  office: Office,
  desk: DeskWho,
  where: { readonly batch: number; readonly application: number },
  { step, uid }: { readonly step: BatchStep; readonly uid: CardUid | null },
): Promise<"go" | "stopped"> {
  const work = await batchAt(office, desk.school, desk.id);
  if (work?.batch.id !== where.batch || !work.left.some(({ application }) => application.id === where.application)) return "stopped";
  await noteStep(office, where, step, uid);
  return "go";
}

function workLine(school: School, application: Application): DeskWork {
  const { name, class: className, card } = personOf(school, application);
  return { application: application.id, name, class: className, number: card };
}

export interface DeskWho {
  readonly id: number;
  readonly login: string;
  readonly school: number;
}

/**
 * A card lies ready; that its batch was stopped meanwhile does not undo it. Said twice, because an answer was lost, it is one card. `"known"`: the school has
 * a card of this UID. `"stopped"`: the desk had it to make, but no more; another desk has made one meanwhile, say. `null`: never this desk's.
 */
export async function madeAt(
  office: Office,
  desk: DeskWho,
  application: number,
  uid: string,
): Promise<"made" | "known" | "stopped" | null> {
  const found = (await applications(office, desk.school)).find(({ id }) => id === application);
  if (!found || !(await batchWith(office, desk.id, application))) return null;
  if (found.uid === uid && !canMake(found)) return "made";
  const done = await carryOn(office, desk, application, "make", { uid });
  if (done === "done") await count(office, desk.id, "made");
  return done === "done" ? "made" : done === "uid" ? "known" : "stopped";
}

/** A card was not made of what lay on the reader. `false`: no such application of this desk, or no such number. */
export async function refusedAt(
  office: Office,
  desk: DeskWho,
  application: number,
  what: { uid: string; refusal: number },
): Promise<boolean> {
  const found = (await applications(office, desk.school)).find(({ id }) => id === application);
  const refusal = cardRefusal(what.refusal);
  const batch = found && (await batchWith(office, desk.id, application));
  if (!batch || refusal === null) return false;
  const change = { login: desk.login, school: desk.school, what: "cards.refuse", subject: subjectOf(holderOf(found)) };
  await office.change(change, async (transaction) => {
    await noteRefusal(transaction, { batch: batch.id, application }, refusal, office.now());
    return { before: null, after: { batch: batch.id, application, uid: what.uid, refusal, number: CARD_REFUSALS[refusal] }, value: null };
  });
  await count(office, desk.id, "refused");
  return true;
}

async function count({ database }: Office, id: number, what: "made" | "refused"): Promise<void> {
  await database
    .updateTable("officeDesks")
    .set((update) => ({ [what]: update(what, "+", 1) }))
    .where("id", "=", id)
    .execute();
}
