import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import pg from "pg";
import { startPostgres } from "./cluster.js";
import type { Cluster } from "./cluster.js";
import { testStore } from "./_contract.test.js";
import { AlreadyRunning } from "./hold.js";
import { openPostgres, openSnapshot } from "./postgres.js";
import type { Store } from "./store.js";

let folder: string;
let cluster: Cluster;
let store: Store;
let schools = 0;

const open = (url: string) => openPostgres({ url, onError: () => undefined });

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "trapeza-store-"));
  cluster = await startPostgres(folder);
  store = await open(cluster.url);
});

test.after.always(async () => {
  await store?.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

testStore(test as never, "postgres", async () => ({ store, school: ++schools }));

test("a second cloud on the same database is told so", async (t) => {
  await t.throwsAsync(open(cluster.url), { instanceOf: AlreadyRunning });
});

test("a database that still runs is found again, with the same port and password", async (t) => {
  const again = await startPostgres(folder);
  t.true(again.adopted);
  t.is(again.url, cluster.url);
});

test("the password is nobody else's to read", async (t) => {
  t.is((await stat(join(folder, "password"))).mode & 0o777, 0o600);
});

// TRUNCATE asks for the whole table before it is refused: beside other tests it would be a deadlock.
test.serial("journal and ledger refuse every change, even their owner's", async (t) => {
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  for (const table of ["entries", "checkpoints", "directives", "findings", "ledger_transactions", "ledger_postings"]) {
    await t.throwsAsync(client.query("delete from " + table), { message: /is append-only: DELETE is refused/ });
    await t.throwsAsync(client.query("truncate " + table + " cascade"), { message: /is append-only: TRUNCATE is refused/ });
  }
  await t.throwsAsync(client.query("update ledger_postings set amount = 1"), { message: /UPDATE is refused/ });
  await client.end();
});

test("a snapshot sees one moment while the cloud goes on, and cannot write", async (t) => {
  const school = ++schools;
  await store.addSchool({ id: school, label: "before" });
  const snapshot = await openSnapshot({ url: cluster.url, onError: () => undefined });
  t.true((await snapshot.schools()).some(({ id }) => id === school));
  await store.addSchool({ id: ++schools, label: "after" });
  t.false((await snapshot.schools()).some(({ label }) => label === "after"));
  await t.throwsAsync(snapshot.addSchool({ id: 9999, label: "never" }), { message: /read-only transaction/ });
  await snapshot.close();
});
