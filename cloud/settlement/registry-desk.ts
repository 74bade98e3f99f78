/**
 * Daily reconciliation: a provider's registry is taken, put beside our orders, and what differs becomes a question. Each question is first put to the
 * provider itself; what it confirms mends itself, the rest waits for a person.
 *
 * A file is taken in one transaction and followed afterwards, row by row, each step idempotent: a crash between leaves a file that is not followed, and
 * whoever takes the next one, or presses again, carries on.
 */
import { createHash } from "node:crypto";
import type { BusinessDate, Kopecks } from "@trapeza/protocol";
import { sql } from "kysely";
import type { Office } from "../office/office.js";
import type { OfficeTransaction } from "../office/store/open.js";
import { isPaid } from "../payments/advance.js";
import type { Order, Way } from "../payments/order.js";
import { keptBackPostings } from "../payments/postings.js";
import { inSlices } from "../store/slices.js";
import { post } from "./books.js";
import { NOTHING_SAID, after, isAnother, isAnswered, keptBack, questionOf } from "./reconcile.js";
import type { Question, QuestionKind, SaidBefore } from "./reconcile.js";
import { readRegistry } from "./registry-file.js";
import type { RegistryRow } from "./registry-file.js";

/** Ways whose provider sends a registry of a day. */
export const REGISTRY_WAYS = ["card", "sbp", "network"] as const satisfies readonly Way[];
export type RegistryWay = (typeof REGISTRY_WAYS)[number];

export interface TakenFile {
  readonly id: number;
  readonly way: Way;
  readonly school: number | null;
  readonly day: BusinessDate;
  readonly name: string;
  readonly login: string;
  readonly atMs: number;
  readonly followed: boolean;
}

export interface OpenQuestion extends Question {
  readonly id: number;
  readonly file: number;
  readonly way: Way;
  readonly day: BusinessDate;
  /** The row as it stood in the file; null when no row is meant. */
  readonly text: string | null;
  readonly state: "open" | "mended" | "closed";
  readonly note: string;
  readonly login: string | null;
  readonly closedMs: number | null;
}

export type NotTaken = "no_registry" | "taken" | "too_long";

const MOST_ROWS = 50_000;
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Providers close their day by Moscow's clock. */
const PROVIDERS_ZONE = 180;

export interface NewFile {
  readonly login: string;
  readonly name: string;
  readonly bytes: Uint8Array;
}

export async function takeRegistry(
  office: Office,
  { login, name, bytes }: NewFile,
  way: RegistryWay,
  day: BusinessDate,
): Promise<number | NotTaken> {
  const read = readRegistry(bytes);
  if (read === null) return "no_registry";
  if (read.rows.length > MOST_ROWS) return "too_long";
  for (const left of await files(office, null)) if (!left.followed) await follow(office, left.id);
  const digest = digestOf(bytes);
  if (await isTaken(office, digest)) return "taken";
  const { said, told } = await saidBefore(office, way, read.rows);
  for (const row of read.rows) if (isReturn(row) && told.has(wordsOf(row))) await askAbout(office, way, row.name);
  const id = await office.change({ login, school: null, what: "money.registry", subject: way + " " + name }, async (transaction) => {
    const file = await putFile(transaction, { way, school: null, day, name, digest, login, atMs: office.now() }, read.rows);
    const questions: Question[] = read.isShort ? [{ line: null, kind: "short_file", order: null, here: null, there: null }] : [];
    for (const row of read.rows) {
      const order = await orderOf(office, way, row.name);
      const before = said.get(row.name) ?? NOTHING_SAID;
      if (order && isReturn(row) && told.has(wordsOf(row)) && !isAnother(row, order, before)) {
        questions.push({ line: row.line, kind: "again", order: order.number, here: null, there: row.sum });
        continue;
      }
      const question = questionOf(row, order, before);
      if (question) questions.push(question);
      if (order && isReturn(row)) await postKeptBack(office, transaction, file, order, before, row);
      said.set(row.name, after(before, row));
    }
    await putQuestions(transaction, file, questions);
    return { before: null, after: { file, rows: read.rows.length, questions: questions.length }, value: file };
  });
  await follow(office, id);
  return id;
}

export const digestOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export async function isTaken({ database }: Office, digest: string): Promise<boolean> {
  return (await database.selectFrom("registryFiles").select("id").where("digest", "=", digest).executeTakeFirst()) !== undefined;
}

type FileRow = Omit<TakenFile, "id" | "followed"> & { readonly digest: string };

export async function putFile(transaction: OfficeTransaction, row: FileRow, rows: readonly RegistryRow[]): Promise<number> {
  const { id } = await transaction.insertInto("registryFiles").values(row).returning("id").executeTakeFirstOrThrow();
  const all = rows.map((one) => ({ ...one, file: id }));
  await inSlices(all, (slice) => transaction.insertInto("registryRows").values(slice));
  return id;
}

export function putQuestions(transaction: OfficeTransaction, file: number, questions: readonly Question[]): Promise<void> {
  const rows = questions.map((question) => ({ ...question, file, login: null, closedMs: null }));
  return inSlices(rows, (slice) => transaction.insertInto("registryQuestions").values(slice));
}

const isReturn = ({ operation, sum }: RegistryRow) => operation !== "payment" && sum !== null;
/** What makes a row of one file the same as a row of another. */
const wordsOf = ({ name, operation, sum, commission, text }: RegistryRow) => JSON.stringify([name, operation, sum, commission, text]);

/** So that it is known here how much of the order has gone back. */
async function askAbout(office: Office, way: Way, name: string): Promise<void> {
  const order = await orderOf(office, way, name);
  if (order) await office.cloud.payments.check(order.number);
}

interface Said {
  /** By the name of the row. */
  readonly said: Map<string, SaidBefore>;
  /** The rows themselves, as {@link wordsOf} has them. */
  readonly told: ReadonlySet<string>;
}

/** What earlier registries of this way have said of the same orders; a return that was told again is one. */
async function saidBefore(office: Office, way: Way, about: readonly RegistryRow[]): Promise<Said> {
  const names = [...new Set(about.map(({ name }) => name))];
  const found = await office.database
    .selectFrom("registryRows as r")
    .innerJoin("registryFiles as f", "f.id", "r.file")
    .selectAll("r")
    .where("f.way", "=", way)
    .where(sql<boolean>`r.name = any(${names})`)
    .orderBy("r.file")
    .orderBy("r.line")
    .execute();
  const said = new Map<string, SaidBefore>();
  const told = new Map<string, number>();
  for (const row of found as unknown as (RegistryRow & { readonly file: number })[]) {
    const [before, words] = [said.get(row.name) ?? NOTHING_SAID, wordsOf(row)];
    const isAgain = isReturn(row) && (told.get(words) ?? row.file) !== row.file;
    if (!told.has(words)) told.set(words, row.file);
    const order = isAgain ? await orderOf(office, way, row.name) : null;
    if (order === null || isAnother(row, order, before)) said.set(row.name, after(before, row));
  }
  return { said, told: new Set(told.keys()) };
}

/** An acquirer names our order, with the number of the try behind a hyphen; a network names its own operation. */
export async function orderOf({ cloud }: Office, way: Way, name: string): Promise<Order | null> {
  if (way === "network") return cloud.store.payments.orderByKey("network/" + name);
  const found = /^([1-9][0-9]{0,14})(-[0-9])?$/.exec(name);
  const order = found && (await cloud.store.payments.order(Number(found[1])));
  return order && order.way === way ? order : null;
}

/** The return has lessened what the bank gets: nothing else would ever close the provider's account of it. */
async function postKeptBack(
  office: Office,
  transaction: OfficeTransaction,
  file: number,
  order: Order,
  before: SaidBefore,
  row: RegistryRow,
): Promise<void> {
  const back = keptBack(order, before, row);
  for (const [school, postings] of keptBackPostings(order, back, row.commission)) {
    if (postings.length === 0) continue;
    const [reference, date] = ["registry/" + file + "/" + row.line, await office.today(school)];
    await post(transaction, school, { reference, kind: "PaymentKeptBack", date, atMs: office.now(), postings });
  }
}

/**
 * Does what a taken file says: settles what it pays out, asks the provider about what was not known here, and looks whose questions are answered by now:
 * those of earlier days, too, because an order paid at midnight stands in the next day's registry.
 */
export async function follow(office: Office, id: number): Promise<void> {
  const { database, cloud } = office;
  const file = await database.selectFrom("registryFiles").selectAll().where("id", "=", id).executeTakeFirst();
  if (!file || file.school !== null) return;
  const way = file.way as RegistryWay;
  const rows = await database.selectFrom("registryRows").selectAll().where("file", "=", id).orderBy("line").execute();
  const asked = await database.selectFrom("registryQuestions").select(["line", "order"]).where("file", "=", id).execute();
  for (const { order } of asked) if (order !== null) await cloud.payments.check(order);
  for (const row of rows) {
    if (row.operation !== "payment") continue;
    const order = await orderOf(office, way, row.name);
    if (order && isPaid(order) && order.total === row.sum)
      await cloud.payments.hear(order.number, { kind: "settled", commission: row.commission as Kopecks });
  }
  if (!file.followed) await askForMissing(office, id, way, file.day);
  await mendQuestions(office);
}

/** Orders that were paid on the registry's day and do not stand in it; about each is asked once, and not beside a question about its sum. */
async function askForMissing({ database, cloud }: Office, file: number, way: RegistryWay, day: number): Promise<void> {
  const fromMs = day * DAY_MS - PROVIDERS_ZONE * MINUTE_MS;
  const unsettled = await cloud.store.payments.unsettled(way, fromMs, fromMs + DAY_MS);
  await database.transaction().execute(async (transaction) => {
    const about = transaction.selectFrom("registryQuestions").select("order").where("kind", "in", ["missing_there", "sum_differs"]);
    const asked = await about.execute();
    const known = new Set(asked.map(({ order }) => order));
    const questions = unsettled
      .filter(({ number, state }) => state !== "failed" && !known.has(number))
      .map(({ number, total }) => ({ line: null, kind: "missing_there" as const, order: number, here: total, there: 0 }));
    await putQuestions(transaction, file, questions);
    await transaction.updateTable("registryFiles").set({ followed: true }).where("id", "=", file).execute();
  });
}

async function mendQuestions(office: Office): Promise<void> {
  for (const question of await openQuestions(office, null)) {
    const order = question.order === null ? null : await office.cloud.store.payments.order(question.order);
    if (order === null || !isAnswered(question, order)) continue;
    await office.database.updateTable("registryQuestions").set({ state: "mended" }).where("id", "=", question.id).execute();
  }
}

/** Newest first; of one school's bank, or of all providers. */
export async function files({ database }: Office, school: number | null): Promise<TakenFile[]> {
  const query = database.selectFrom("registryFiles").selectAll().orderBy("id", "desc").limit(100);
  return (await (
    school === null ? query.where("school", "is", null) : query.where("school", "=", school)
  ).execute()) as unknown as TakenFile[];
}

/** Oldest first; of one school's bank, or of all providers. */
export async function openQuestions({ database }: Office, school: number | null): Promise<OpenQuestion[]> {
  const query = database
    .selectFrom("registryQuestions as q")
    .innerJoin("registryFiles as f", "f.id", "q.file")
    .leftJoin("registryRows as r", (join) => join.onRef("r.file", "=", "q.file").onRef("r.line", "=", "q.line"))
    .selectAll("q")
    .select(["f.way", "f.day", "r.text"])
    .where("q.state", "=", "open");
  const mine = school === null ? query.where("f.school", "is", null) : query.where("f.school", "=", school);
  return (await mine.orderBy("q.id").execute()) as unknown as OpenQuestion[];
}

/** Somebody has looked and says why nothing more is to be done. `null`: it is not open any more. */
export async function closeQuestion(office: Office, login: string, school: number | null, id: number, note: string): Promise<true | null> {
  const open = (await openQuestions(office, school)).find((question) => question.id === id);
  if (!open || note === "") return null;
  return office.change({ login, school, what: "money.question", subject: "registry " + open.file }, async (transaction) => {
    await markClosed(transaction, id, { note, login, closedMs: office.now() });
    return { before: { question: id, kind: open.kind }, after: { note }, value: true as const };
  });
}

/** Of two who close it at once, the second finds it closed and everything that he did with it is undone. */
export async function markClosed(
  transaction: OfficeTransaction,
  id: number,
  by: { readonly note: string; readonly login: string; readonly closedMs: number },
): Promise<void> {
  const closing = transaction.updateTable("registryQuestions").set({ ...by, state: "closed" });
  const { numUpdatedRows } = await closing.where("id", "=", id).where("state", "=", "open").executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new Error("question " + id + " has been closed by somebody else");
}

/** Questions that the registry itself answers, once somebody says that it is right. */
export const BELIEVABLE: readonly QuestionKind[] = ["not_paid_here", "refund_unheard", "chargeback_unheard"];

/** The registry is right and we are not: a person says so where the provider itself cannot be asked. `null`: nothing of the kind is open. */
export async function believe(office: Office, login: string, id: number): Promise<true | null> {
  const open = (await openQuestions(office, null)).find((question) => question.id === id);
  if (!open || open.order === null || open.line === null || !BELIEVABLE.includes(open.kind)) return null;
  const row = await office.database
    .selectFrom("registryRows")
    .selectAll()
    .where("file", "=", open.file)
    .where("line", "=", open.line)
    .executeTakeFirstOrThrow();
  await office.change({ login, school: null, what: "money.believe", subject: "order " + open.order }, async () => ({
    ...{ before: { here: open.here }, after: { there: open.there }, value: null },
  }));
  const { payments } = office.cloud;
  if (open.kind === "not_paid_here") await payments.hear(open.order, { kind: "settled", commission: row.commission as Kopecks });
  else
    await payments.hear(open.order, {
      kind: "returned",
      amount: open.there as Kopecks,
      cause: open.kind === "refund_unheard" ? "refund" : "chargeback",
    });
  await mendQuestions(office);
  return true;
}
