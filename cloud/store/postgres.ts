/**
 * The store in PostgreSQL. SQL is spoken here, in the files beside it, and in the rooms' own store-postgres.ts.
 *
 * Whole numbers come back as numbers: what is stored fits 53 bits by constraint. Bytes come back as plain Uint8Array.
 */
import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { announcementPart } from "../announcements/store-postgres.js";
import { partnerPart } from "../api/store-postgres.js";
import type { PartnerStore } from "../api/store.js";
import type { FiscalStore } from "../fiscal/receipt.js";
import { fiscalPart } from "../fiscal/store-postgres.js";
import { letterPart } from "../letters/store-postgres.js";
import { statementPart } from "../statements/store-postgres.js";
import { noticePart } from "../notices/store-postgres.js";
import { createPaymentStore } from "../payments/store-postgres.js";
import { peoplePart } from "../people/store-postgres.js";
import { applicationUrl } from "./application-role.js";
import { takeHold } from "./hold.js";
import { migrate } from "./migrate.js";
import { openPool } from "./place.js";
import { enrolmentPart } from "./postgres-enrolment.js";
import { tailPart } from "./postgres-tail.js";
import { transfersPart } from "./postgres-transfers.js";
import { ledgerPart, operationPart } from "./postgres-ledger.js";
import { movePart } from "./postgres-move.js";
import { emptyOutbox, outboxPart } from "./postgres-office.js";
import { append } from "./postgres-upload.js";
import type { RunNamed } from "./postgres-upload.js";
import { inSlices } from "./slices.js";
import type { Store } from "./store.js";
import type { Tables } from "./tables.js";

const INT8 = 20;
const NUMERIC = 1700;
const BYTEA = 17;

export interface PostgresOptions {
  readonly url: string;
  /** Told of connections that broke while nobody was using them; without a listener Node would end the process. */
  readonly onError: (error: Error) => void;
  /** Another cloud took the database over while we had lost it: this one must end. */
  readonly onLost?: (error: Error) => void;
}

export interface PostgresStore extends Store {
  /** Connection string of the application's own role, for rooms with connections of their own; as secret as the owner's. */
  readonly url: string;
  readonly partners: PartnerStore;
  readonly fiscal: FiscalStore;
}

/**
 * Opens, takes the lock of the only instance, migrates as the owner of the tables, and works as a role that cannot alter history. Throws
 * {@link AlreadyRunning} when another process holds the lock.
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresStore> {
  const { onError, onLost = onError } = options;
  const hold = await takeHold(options.url, onError, onLost);
  const owner = openPool(options.url, onError, { max: 2, types: { getTypeParser } });
  try {
    await migrate(opened(owner));
    const url = await applicationUrl(owner, options.url);
    const pool = openPool(url, onError, { max: 10, types: { getTypeParser } });
    const database = opened(pool);
    const close = async () => {
      await database.destroy();
      await hold.release();
      await owner.end();
    };
    return { ...createStore(database, pool, close), url, partners: partnerPart(database), fiscal: fiscalPart(database) };
  } catch (error) {
    await hold.release();
    await owner.end();
    throw error;
  }
}

/**
 * One moment of a database, to look at while a cloud works on it: takes no lock, migrates nothing, and every write is refused by the database. All reads
 * see the state of the first one.
 */
export async function openSnapshot(options: PostgresOptions): Promise<Store> {
  const pool = openPool(options.url, options.onError, { max: 1, idleTimeoutMillis: 0, types: { getTypeParser } });
  // One connection in one transaction that never commits; queries of a connection run in the order in which they were asked.
  pool.on("connect", (client) => void client.query("begin isolation level repeatable read read only").catch(options.onError));
  const database = opened(pool);
  return createStore(database, pool, () => database.destroy());
}

/**
 * For a hand beside a cloud that may be running: takes no lock and migrates nothing. Only for what no cloud keeps in memory, as codes for new gateways.
 */
export function openBeside(options: PostgresOptions): Store {
  const pool = openPool(options.url, options.onError, { max: 1, types: { getTypeParser } });
  const database = opened(pool);
  return createStore(database, pool, () => database.destroy());
}

function opened(pool: pg.Pool): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] });
}

const numberOf = (text: string) => Number(text);
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text.slice(2), "hex"));

/** Whole numbers as numbers, bytes as bytes: for every pool on this database. */
export const getTypeParser = ((oid: number, format?: "text" | "binary") => {
  if (oid === INT8 || oid === NUMERIC) return numberOf;
  if (oid === BYTEA) return bytesOf;
  return pg.types.getTypeParser(oid, format);
}) as typeof pg.types.getTypeParser;

function createStore(database: Kysely<Tables>, pool: pg.Pool, close: () => Promise<void>): Store {
  const runNamed: RunNamed = (name, text, values) => pool.query({ name, text, values });
  return {
    ...gatewayPart(database, runNamed),
    ...enrolmentPart(database),
    ...tailPart(database),
    ...journalPart(database),
    ...checkpointPart(database),
    ...ledgerPart(database),
    ...transfersPart(database),
    ...operationPart(database),
    ...outboxPart(database),
    ...movePart(database),
    payments: createPaymentStore(database),
    people: peoplePart(database),
    notices: noticePart(database),
    letters: letterPart(database),
    statements: statementPart(database),
    announcements: announcementPart(database),
    recipes: (school) =>
      database.selectFrom("officeCompositions").select(["dish", "composition", "kcal", "allergens"]).where("school", "=", school).execute(),
    append: (batch) => append(database, runNamed, batch).catch(byName),
    close,
  };
}

/** Partners alone, for a hand beside a cloud that may be running: it looks at them anew before each call. */
export function openPartners(options: PostgresOptions): PartnerStore & { readonly close: () => Promise<void> } {
  const database = opened(openPool(options.url, options.onError, { max: 1, types: { getTypeParser } }));
  return { ...partnerPart(database), close: () => database.destroy() };
}

/** A broken law speaks by its name alone: that is the sentence it was given. */
function byName(error: unknown): never {
  if (error instanceof pg.DatabaseError && error.constraint) throw new Error(error.constraint, { cause: error });
  throw error;
}

/** Asked with every request, so the epoch that lives comes along. */
const TAKE_NUMBER = `
  update gateways g set last_request = $3 where id = $1 and epoch = $2 and last_request < $3
  returning (select max(epoch) from gateways l where l.school = g.school) as living`;

type GatewayPart = Pick<Store, "addSchool" | "schools" | "gateways" | "gateway" | "takeRequestNumber">;

function gatewayPart(database: Kysely<Tables>, runNamed: RunNamed): GatewayPart {
  return {
    async addSchool(school) {
      const { id, label } = school;
      const added = await database
        .insertInto("schools")
        .values({ id, label })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      if (added.numInsertedOrUpdatedRows !== 1n) throw new Error("school " + id + " is registered already");
    },
    schools: () => database.selectFrom("schools").selectAll().orderBy("id").execute(),
    gateways: (school) => database.selectFrom("gateways").selectAll().where("school", "=", school).orderBy("epoch").execute(),
    async gateway(id, epoch) {
      const row = await database.selectFrom("gateways").selectAll().where("id", "=", id).where("epoch", "=", epoch).executeTakeFirst();
      return row ?? null;
    },
    async takeRequestNumber(id, epoch, number) {
      const { rows } = await runNamed("take a request number", TAKE_NUMBER, [id, epoch, number]);
      return (rows[0] as { living: number } | undefined) ?? null;
    },
  };
}

function checkpointPart(database: Kysely<Tables>): Pick<Store, "lastCheckpoint" | "checkpoints"> {
  const newest = (school: number, epoch: number) =>
    database
      .selectFrom("checkpoints")
      .select(["size", "root", "note"])
      .where("school", "=", school)
      .where("epoch", "=", epoch)
      .orderBy("size", "desc");
  return {
    lastCheckpoint: async (school, epoch) => (await newest(school, epoch).limit(1).executeTakeFirst()) ?? null,
    checkpoints: (school, epoch, size, limit) => newest(school, epoch).where("size", "<=", size).limit(limit).execute(),
  };
}

type JournalPart = Pick<Store, "entries" | "entriesOf" | "findings" | "addDirectives" | "directives" | "directiveCount">;

function journalPart(database: Kysely<Tables>): JournalPart {
  const directiveCount = async (school: number, within: Kysely<Tables> = database) => {
    const { last } = await within
      .selectFrom("directives")
      .select((e) => e.fn.coalesce(e.fn.max("number"), e.lit(-1)).as("last"))
      .where("school", "=", school)
      .executeTakeFirstOrThrow();
    return last + 1;
  };
  return {
    entries: (school, epoch, from, limit) =>
      database
        .selectFrom("entries")
        .select(["epoch", "index", "bytes", "leaf"])
        .where("school", "=", school)
        .where("epoch", "=", epoch)
        .where("index", ">=", from)
        .orderBy("index")
        .limit(limit)
        .execute(),
    entriesOf: (school, account, from, to) =>
      database
        .selectFrom("accountEntries as a")
        .innerJoin("entries as e", (join) =>
          join.onRef("e.school", "=", "a.school").onRef("e.epoch", "=", "a.epoch").onRef("e.index", "=", "a.index"),
        )
        .select(["e.epoch", "e.index", "e.bytes", "e.leaf"])
        .where("a.school", "=", school)
        .where("a.account", "=", account)
        .where("a.businessDate", ">=", from)
        .where("a.businessDate", "<=", to)
        .orderBy("a.epoch")
        .orderBy("a.index")
        .execute(),
    findings: (school) =>
      database.selectFrom("findings").select(["epoch", "index", "what"]).where("school", "=", school).orderBy("id").execute(),
    addDirectives: (school, from, rows, outbox = []) =>
      database.transaction().execute(async (transaction) => {
        await transaction.selectFrom("schools").select("id").where("id", "=", school).forUpdate().executeTakeFirstOrThrow();
        if ((await directiveCount(school, transaction)) !== from) return false;
        await inSlices(rows, (slice) =>
          transaction.insertInto("directives").values(slice.map(({ number, bytes, leaf }) => ({ school, number, bytes, leaf }))),
        );
        if (outbox.length > 0) await emptyOutbox(transaction, school, from, outbox);
        return true;
      }),
    directives: (school, from, limit) =>
      database
        .selectFrom("directives")
        .select(["number", "bytes", "leaf"])
        .where("school", "=", school)
        .where("number", ">=", from)
        .orderBy("number")
        .limit(limit)
        .execute(),
    directiveCount: (school) => directiveCount(school),
  };
}
