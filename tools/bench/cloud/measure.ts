/** Our intake and a bare insert of the very same rows, on one PostgreSQL. */
import type { Cloud } from "@trapeza/cloud";
import { decodeWhole, encode, eventsAnswer, eventsUpload } from "@trapeza/protocol";
import pg from "pg";
import { AUTHORITY, type BenchGateway, type SignedUpload } from "./day.js";

export interface Took {
  readonly events: number;
  readonly rows: number;
  readonly seconds: number;
  readonly samplesMs: readonly number[];
  readonly failures: number;
}

/** One upload as the HTTP door does it, without the socket: signature and number, decoding, intake, encoding. `true` when it was stored. */
export async function takeUpload(cloud: Cloud, gateway: string, { headers, path, body }: SignedUpload): Promise<boolean> {
  const signed = { method: "POST", authority: AUTHORITY, pathAndQuery: path, headers, body, gateway };
  const admission = await cloud.admit(signed);
  const upload = decodeWhole(eventsUpload, body);
  if (admission.kind !== "admitted" || !upload.ok) return false;
  const answer = await cloud.intake.receive(admission.gateway, upload.value, admission.living);
  return encode(eventsAnswer, answer).length > 0 && answer.kind === "Stored";
}

/** All gateways at once, each sending one upload after the other. */
export async function measureIntake(cloud: Cloud, gateways: readonly BenchGateway[]): Promise<Took> {
  const samplesMs: number[] = [];
  let failures = 0;
  let events = 0;
  const began = performance.now();
  await Promise.all(
    gateways.map(async (gateway) => {
      for (const upload of gateway.day) {
        const sentMs = performance.now();
        const isStored = await takeUpload(cloud, gateway.id, upload).catch(() => false);
        samplesMs.push(performance.now() - sentMs);
        if (isStored) events += upload.events;
        else failures++;
      }
    }),
  );
  return { events, rows: 0, seconds: (performance.now() - began) / 1000, samplesMs, failures };
}

/** What one upload left behind, table by table. */
interface Batch {
  readonly events: number;
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[]; readonly rows: readonly unknown[][] }[];
}

const TABLES = [
  { name: "entries", columns: ["school", "epoch", "index", "bytes", "leaf"], at: "index" },
  { name: "checkpoints", columns: ["school", "epoch", "size", "root", "note"], at: "size - 1" },
  { name: "account_entries", columns: ["school", "account", "epoch", "index", "business_date"], at: "index" },
  {
    name: "ledger_transactions",
    columns: ["id", "school", "epoch", "index", "kind", "business_date", "at_ms", "terminal", "incarnation", "n", "part"],
    at: "index",
  },
  {
    name: "ledger_postings",
    columns: ["transaction", "line", "school", "account", "amount"],
    at: "(select t.index from ledger_transactions t where t.school = $1 and t.id = transaction)",
  },
];
const PARAMETERS = 60_000;

/** The rows as our intake has stored them, into tables without a key, a law or an index, by the widest inserts that PostgreSQL takes. */
export async function measureRaw(url: string, gateways: readonly BenchGateway[], connections: number): Promise<Took> {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  const batches = await Promise.all(gateways.map((gateway) => batchesOf(pool, gateway)));
  for (const { name } of TABLES) await pool.query(`create table raw_${name} as select * from ${name} with no data`);
  const samplesMs: number[] = [];
  let [events, rows] = [0, 0];
  const began = performance.now();
  await Promise.all(
    batches.map(async (own) => {
      for (const batch of own) {
        const sentMs = performance.now();
        const client = await pool.connect();
        await client.query("begin");
        for (const table of batch.tables) await insert(client, table);
        await client.query("commit");
        client.release();
        samplesMs.push(performance.now() - sentMs);
        events += batch.events;
        rows += batch.tables.reduce((sum, table) => sum + table.rows.length, 0);
      }
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  for (const { name } of TABLES) await pool.query(`drop table raw_${name}`);
  await pool.end();
  return { events, rows, seconds, samplesMs, failures: 0 };
}

async function insert(client: pg.PoolClient, { name, columns, rows }: Batch["tables"][number]): Promise<void> {
  const most = Math.floor(PARAMETERS / columns.length);
  for (let at = 0; at < rows.length; at += most) {
    const slice = rows.slice(at, at + most);
    const places = slice.map((_, i) => "(" + columns.map((_, j) => "$" + (i * columns.length + j + 1)).join(",") + ")");
    await client.query(`insert into raw_${name} (${columns.map(quoted).join(",")}) values ${places.join(",")}`, slice.flat());
  }
}

const quoted = (column: string) => '"' + column + '"';

async function batchesOf(pool: pg.Pool, { school, day, morning }: BenchGateway): Promise<Batch[]> {
  const found = await Promise.all(
    TABLES.map(async ({ name, columns, at }) => {
      const list = columns.map(quoted).join(",");
      const { rows } = await pool.query<unknown[]>({
        text: `select ${list}, (${at})::int as place from ${name} where school = $1 order by place`,
        values: [school],
        rowMode: "array",
      });
      return { name, columns, rows };
    }),
  );
  let from = morning.events;
  return day.map(({ events }) => {
    const to = from + events;
    const tables = found.map(({ name, columns, rows }) => ({
      ...{ name, columns },
      rows: rows.filter((row) => Number(row.at(-1)) >= from && Number(row.at(-1)) < to).map((row) => row.slice(0, -1)),
    }));
    from = to;
    return { events, tables };
  });
}
