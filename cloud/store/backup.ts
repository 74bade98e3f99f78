/**
 * A cloud's database copied while it works, and brought back into an empty one. The copy is one moment of it, takes its name only when it is whole, and holds
 * no key: `cloud.key` is kept apart, or whoever finds the copy could speak as the cloud.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import { knownMigrations, migrate } from "./migrate.js";
import { RoamingClient, openPool } from "./place.js";
import { readRows, tablesInOrder, withoutTriggers, writeRows } from "./table-rows.js";
import type { Writing } from "./table-rows.js";

const MANIFEST = "manifest.json";

export interface BackupManifest {
  readonly house: string;
  /** The cloud's key as gateways know it; the copy belongs to whoever has its other half. */
  readonly key: string;
  readonly madeAt: string;
  /** Migrations that the copied database has been through. */
  readonly migrations: readonly string[];
  readonly tables: readonly { readonly name: string; readonly rows: number; readonly sha256: string }[];
  /** Where counters stood, so that no number is given out twice. */
  readonly counters: { readonly [name: string]: number };
}

/** What can be said to a person in this sentence, and mended by one. */
export class BackupTrouble extends Error {}

export interface BackupOptions {
  readonly url: string;
  readonly folder: string;
  readonly house: string;
  readonly key: string;
  readonly now: () => number;
}

/** Reads one moment; the cloud may go on working. */
export async function backUpDatabase({ url, folder, house, key, now }: BackupOptions): Promise<BackupManifest> {
  const part = folder + ".part";
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true, mode: 0o700 });
  const manifest = await within(url, "begin isolation level repeatable read read only", async (client) => {
    const tables = [];
    for (const name of await tablesInOrder(client)) {
      const path = join(part, fileOf(name));
      tables.push({ name, rows: await writeRows(client, { table: name, path, writing: "composite" }), sha256: await hashOf(path) });
    }
    return { house, key, madeAt: new Date(now()).toISOString(), ...(await shapeOf(client)), tables };
  });
  await writeFile(join(part, MANIFEST), JSON.stringify(manifest, null, 2) + "\n", { mode: 0o600 });
  await rename(part, folder);
  return manifest;
}

/** The manifest of a copy in which every file is what it was. Throws {@link BackupTrouble}. */
export async function readBackup(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, MANIFEST), "utf8").catch(() => null);
  if (text === null) throw new BackupTrouble(folder + " is no backup, or not a whole one: it has no manifest");
  const manifest = JSON.parse(text) as BackupManifest;
  await checkFiles(folder, manifest.tables);
  return manifest;
}

/**
 * Brings a copy into an empty database: all of it, or nothing. The tables are made as they were then; the cloud's next start takes them further. Throws
 * {@link BackupTrouble}.
 */
export async function restoreDatabase(url: string, folder: string): Promise<BackupManifest> {
  const manifest = await readBackup(folder);
  await makeTables(url, manifest.migrations);
  await within(url, "begin", (client) => load(client, folder, manifest, "composite"));
  return manifest;
}

/** The tables of an empty database, as they were then. Throws {@link BackupTrouble}. */
export async function makeTables(url: string, migrations: readonly string[]): Promise<void> {
  const unknown = migrations.find((name) => !knownMigrations.includes(name));
  if (unknown !== undefined) throw new BackupTrouble("this is of a newer program: migration " + unknown + " is not known here");
  await within(url, "begin read only", async (client) => {
    const { rows } = await client.query(
      "select 1 from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace limit 1",
    );
    if (rows.length > 0) throw new BackupTrouble("the database is not empty: only into an empty one anything is brought back");
  });
  const pool = openPool(url, () => undefined, { max: 1 });
  try {
    await migrate(new Kysely({ dialect: new PostgresDialect({ pool }), plugins: [new CamelCasePlugin()] }), migrations);
  } finally {
    await pool.end();
  }
}

type Contents = Pick<BackupManifest, "tables" | "counters">;

/** Into tables that stand empty. Tables that the folder has no file of stay so. */
export async function load(client: RoamingClient, folder: string, { tables, counters }: Contents, writing: Writing): Promise<void> {
  const names = await tablesInOrder(client);
  await withoutTriggers(client, names, async () => {
    for (const table of names) {
      const told = tables.find(({ name }) => name === table)?.rows;
      if (told === undefined) continue;
      const rows = await readRows(client, { table, path: join(folder, fileOf(table)), writing });
      if (rows !== told) throw new BackupTrouble(`${fileOf(table)} has ${rows} rows, the manifest says ${told}`);
    }
  });
  for (const [name, last] of Object.entries(counters)) await client.query("select setval($1::regclass, $2)", [name, last]);
}

/** Throws {@link BackupTrouble} naming the first file that is not what it was. */
export async function checkFiles(folder: string, tables: Contents["tables"]): Promise<void> {
  for (const { name, sha256 } of tables) {
    if ((await hashOf(join(folder, fileOf(name))).catch(() => "")) !== sha256)
      throw new BackupTrouble(fileOf(name) + " is not what the manifest says: it was changed or damaged");
  }
}

/** Migrations that the database has been through, and where its counters stand. */
export async function shapeOf(client: RoamingClient): Promise<Pick<BackupManifest, "migrations" | "counters">> {
  const ran = await client.query<{ name: string }>("select name from kysely_migration order by name");
  const counted = await client.query<{ name: string; last: string }>(
    "select sequencename as name, last_value::text as last from pg_sequences where schemaname = current_schema() and last_value is not null",
  );
  return {
    migrations: ran.rows.map(({ name }) => name),
    counters: Object.fromEntries(counted.rows.map(({ name, last }) => [name, Number(last)])),
  };
}

export const fileOf = (table: string) => table + ".jsonl.gz";

export async function hashOf(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

export async function within<T>(url: string, begin: string, work: (client: RoamingClient) => Promise<T>): Promise<T> {
  const client = new RoamingClient({ connectionString: url });
  await client.connect();
  try {
    await client.query(begin);
    const value = await work(client);
    await client.query("commit");
    return value;
  } finally {
    // What did not come to its commit is rolled back by going.
    await client.end();
  }
}
