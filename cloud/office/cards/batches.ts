/**
 * Batches: which cards a desk is to make, of which chip, and how far each has come. A page begins one, stops it, lets it go on, gives it up; the desk asks for
 * what is left. Both may die at any moment: all that is known stands here, and that a card is made its application says.
 */
import type { CardRefusal, CardUid } from "@trapeza/protocol";
import type { Office } from "../office.js";
import type { Who } from "../people/import-desk.js";
import type { OfficeTransaction } from "../store/open.js";
import { afterDeed, isExamined, isPaid } from "./application.js";
import type { Application } from "./application.js";
import { applications } from "./application-desk.js";
import type { BatchState, BatchStep, Chip } from "./batch.js";

export interface Batch {
  readonly id: number;
  readonly school: number;
  readonly desk: number;
  readonly chip: Chip;
  readonly state: BatchState;
  readonly begunMs: number;
  readonly begunBy: string;
}

/** How far one card is. out: its application went another way, back to the school say. */
export interface BatchCard {
  readonly application: Application;
  readonly step: BatchStep | "made" | "out";
  /** Of what lies or lay on the reader; of the card, when it is made. */
  readonly uid: string | null;
  /** Why the last blank would not do. */
  readonly refusal: CardRefusal | null;
  readonly refused: number;
}

export async function batches({ database }: Office, school: number): Promise<Batch[]> {
  return database.selectFrom("officeBatches").selectAll().where("school", "=", school).orderBy("id").execute();
}

/** In the order in which they were applied for. */
export async function batchCards(office: Office, { id, school }: Pick<Batch, "id" | "school">): Promise<BatchCard[]> {
  const rows = await office.database.selectFrom("officeBatchCards").selectAll().where("batch", "=", id).execute();
  const byId = new Map(rows.map((row) => [row.application, row]));
  return (await applications(office, school)).flatMap((application) => {
    const row = byId.get(application.id);
    if (row === undefined) return [];
    const { refused, refusal } = row;
    const isMade = application.uid !== null && !canMake(application);
    const step = isMade ? "made" : canMake(application) ? row.step : "out";
    return [{ application, step, uid: isMade ? application.uid : row.uid, refusal: refusal as CardRefusal | null, refused }];
  });
}

/** R4.4: what is registered, examined and paid for may be made now. */
export function canMake(one: Application): boolean {
  return afterDeed(one, "make") !== null && isExamined(one) && isPaid(one);
}

export const isLeft = ({ step }: BatchCard): boolean => step !== "made" && step !== "out";

/** What may be made and is in no batch that runs or rests. */
export async function freeCards(office: Office, school: number): Promise<Application[]> {
  const { database } = office;
  const query = database.selectFrom("officeBatchCards as card").innerJoin("officeBatches as batch", "batch.id", "card.batch");
  const taken = await query.select("card.application").where("batch.school", "=", school).where("batch.state", "!=", "ended").execute();
  const ids = new Set(taken.map(({ application }) => application));
  return (await applications(office, school)).filter((one) => canMake(one) && !ids.has(one.id));
}

const subject = (id: number) => "batch " + id;

/** Of the chosen those that are free. `null`: none of them is, or there is no such desk at work. */
export async function beginBatch(
  office: Office,
  { login, school }: Who,
  { desk, chip, chosen }: { readonly desk: number; readonly chip: Chip; readonly chosen: readonly number[] },
): Promise<number | null> {
  const { database, now } = office;
  const cards = (await freeCards(office, school)).filter(({ id }) => chosen.includes(id)).map(({ id }) => id);
  const place = await database
    .selectFrom("officeDesks")
    .select("name")
    .where("id", "=", desk)
    .where("active", "=", true)
    .executeTakeFirst();
  if (cards.length === 0 || !place) return null;
  const change = { login, school, what: "cards.batch", subject: "batch of " + cards.length };
  return office.change(change, async (transaction) => {
    const row = { school, desk, chip, begunMs: now(), begunBy: login };
    const { id } = await transaction.insertInto("officeBatches").values(row).returning("id").executeTakeFirstOrThrow();
    const rows = cards.map((application) => ({ batch: id, application, stepMs: null, uid: null, refusal: null }));
    await transaction.insertInto("officeBatchCards").values(rows).execute();
    return { before: null, after: { batch: id, desk: place.name, chip, applications: cards }, value: id };
  });
}

/** From which states a batch is turned into which. What was given up stays so. */
const TURNS: Record<BatchState, readonly BatchState[]> = { running: ["stopped"], stopped: ["running"], ended: ["running", "stopped"] };

/** `false`: there is no such batch, or it is so already. */
export async function turnBatch(office: Office, { login, school }: Who, id: number, state: BatchState): Promise<boolean> {
  const batch = (await batches(office, school)).find((one) => one.id === id);
  if (!batch || !TURNS[state].includes(batch.state)) return false;
  return office.change({ login, school, what: "cards.batch", subject: subject(id) }, async (transaction) => {
    await transaction.updateTable("officeBatches").set({ state }).where("id", "=", id).execute();
    return { before: { state: batch.state }, after: { state }, value: true };
  });
}

/** What a desk is to make now: the oldest of its batches in this school that runs and has something left. */
export async function batchAt(
  office: Office,
  school: number,
  desk: number,
): Promise<{ batch: Batch; left: BatchCard[]; of: number } | null> {
  for (const batch of await batches(office, school)) {
    if (batch.desk !== desk || batch.state !== "running") continue;
    const cards = await batchCards(office, batch);
    const left = cards.filter(isLeft);
    if (left.length > 0) return { batch, left, of: cards.length };
  }
  return null;
}

/** The newest batch that this desk had this card in; a card that was written is the desk's to report, even when its batch was stopped meanwhile. */
export async function batchWith({ database }: Office, desk: number, application: number): Promise<Batch | null> {
  const query = database.selectFrom("officeBatchCards as card").innerJoin("officeBatches as batch", "batch.id", "card.batch");
  const found = query.selectAll("batch").where("card.application", "=", application).where("batch.desk", "=", desk);
  return (await found.orderBy("batch.id", "desc").executeTakeFirst()) ?? null;
}

/** Not a change for the trail: what comes of it, made or refused, stands there. */
export async function noteStep(
  { database, now }: Office,
  { batch, application }: { readonly batch: number; readonly application: number },
  step: BatchStep,
  uid: CardUid | null,
): Promise<void> {
  const update = database.updateTable("officeBatchCards").set({ step, uid, stepMs: now() });
  await update.where("batch", "=", batch).where("application", "=", application).execute();
}

/** Within a change: the child waits for another blank. */
export async function noteRefusal(
  transaction: OfficeTransaction,
  { batch, application }: { readonly batch: number; readonly application: number },
  refusal: CardRefusal,
  atMs: number,
): Promise<void> {
  const waiting = { step: "waiting" as const, uid: null, stepMs: atMs, refusal };
  const update = transaction.updateTable("officeBatchCards").set((row) => ({ ...waiting, refused: row("refused", "+", 1) }));
  await update.where("batch", "=", batch).where("application", "=", application).execute();
}
