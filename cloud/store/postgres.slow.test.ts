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

test("a sale makes no law read the whole journal, whatever the connection has written before", async (t) => {
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  await client.query("begin");
  await client.query("insert into schools (id, label) values (9000, '')");
  await client.query("insert into gateways (school, epoch, id, key) values (9000, 1, 'long', sha256(''))");
  const upload = async (from: number, size: number) => {
    const events = `generate_series(${from}, ${from + size - 1}) as i`;
    await client.query(`insert into entries (school, epoch, index, bytes, leaf) select 9000, 1, i, sha256(''), sha256('') from ${events}`);
    await client.query(`
      insert into account_entries (school, account, epoch, index, business_date) select 9000, 7, 1, i, 1 from ${events}`);
    await client.query(`
      with made as (
        insert into ledger_transactions (school, epoch, index, kind, business_date, at_ms) select 9000, 1, i, 'x', 1, 1 from ${events} returning id)
      insert into ledger_postings (transaction, line, school, account, amount)
        select id, line, 9000, 'a/' || line, line * 2 - 1 from made, generate_series(0, 1) as line`);
  };
  const rowsRead = async () => {
    const counted = await client.query<{ rows: number }>(`
      select sum(pg_stat_get_xact_tuples_returned(name::regclass))::int as rows
      from unnest(array['entries', 'entries_pkey', 'ledger_transactions', 'ledger_transactions_pkey']) as name`);
    return counted.rows[0].rows;
  };
  await upload(0, 3000);
  // What autovacuum does in its minute: the next upload is planned anew, and its plan is kept.
  await client.query("analyze entries, ledger_transactions");
  await client.query("discard plans");
  await upload(3000, 25);
  const before = await rowsRead();
  await upload(3025, 1);
  t.true((await rowsRead()) - before < 100);
  await client.query("rollback");
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
