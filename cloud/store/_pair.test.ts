/** For tests: two PostgreSQL servers on loopback, one following the other and asked before every commit. */
import { execFile } from "node:child_process";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { startPostgres } from "./cluster.js";

const run = promisify(execFile);
const DEADLINE_MS = 60_000;

export interface Pair {
  /** Names both servers. */
  readonly url: string;
  readonly follower: string;
  /** Every process of the first server, at once, as when a machine loses its power. */
  readonly kill: () => Promise<void>;
  readonly promote: () => Promise<void>;
  /** Asks the follower until it answers `done`. */
  readonly becomes: (question: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function startPair(): Promise<Pair> {
  const folder = await mkdtemp(join(tmpdir(), "trapeza-pair-"));
  const [first, second] = ["first", "second"].map((name) => join(folder, name));
  await (await startPostgres(first)).stop();
  await run("cp", ["-a", first, second]);
  await appendFile(join(first, "cluster", "postgresql.auto.conf"), "synchronous_standby_names = '*'\n");
  const primary = await startPostgres(first);
  const { hostname, port, username, password } = new URL(primary.url);
  const source = `host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}`;
  await appendFile(join(second, "cluster", "postgresql.auto.conf"), `primary_conninfo = '${source}'\n`);
  await writeFile(join(second, "cluster", "standby.signal"), "");
  const standby = await startPostgres(second);
  await until(primary.url, "select exists (select from pg_stat_replication where sync_state = 'sync') as done");
  return {
    url: primary.url.replace(/@[^/]*/, (server) => server + "," + new URL(standby.url).host),
    follower: standby.url,
    kill: () => killWhole(join(first, "cluster")),
    promote: () => until(standby.url, "select pg_promote(true, 30) as done"),
    becomes: (question) => until(standby.url, question),
    stop: async () => {
      await standby.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function killWhole(data: string): Promise<void> {
  const postmaster = (await readFile(join(data, "postmaster.pid"), "utf8")).split("\n")[0];
  const { stdout } = await run("ps", ["-o", "pid=", "--ppid", postmaster]);
  for (const pid of [postmaster, ...stdout.trim().split(/\s+/)]) {
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // One that ended by itself between the list and the blow.
    }
  }
}

/** Asks until it is so. */
async function until(connectionString: string, question: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const endMs = performance.now() + DEADLINE_MS;
  while (!(await client.query<{ done: boolean }>(question)).rows[0].done) {
    if (performance.now() > endMs) throw new Error("still not so: " + question);
    await sleep(50);
  }
  await client.end();
}
