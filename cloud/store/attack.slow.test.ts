import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import test from "ava";
import { formatVerifierKey, toHex } from "@trapeza/protocol";
import type { Kopecks } from "@trapeza/protocol";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { CASHIER_CARD, HOUSE, NOW_MS, PUPIL, PUPIL_CARD, SCHOOL, TILL, createTestSchool } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import { createCloud } from "../cloud.js";
import { createCloudSigner } from "../crypto.js";
import { hashPassword } from "../people/password.js";
import { verifySchool } from "../verify.js";
import { BackupTrouble, backUpDatabase, hashOf, readBackup, restoreDatabase } from "./backup.js";
import { startPostgres } from "./cluster.js";
import type { Cluster } from "./cluster.js";
import { knownMigrations, migrate } from "./migrate.js";
import { openPostgres } from "./postgres.js";
import type { PostgresStore } from "./postgres.js";
import { exportSchool, importSchool, readSchoolCopy } from "./school-copy.js";
import type { SchoolManifest } from "./school-copy.js";
import { tablesInOrder } from "./table-rows.js";

let folder: string;
let cluster: Cluster;
let store: PostgresStore;
let client: pg.Client;
let gateway: TestGateway;

const order = {
  ...{ key: "k", way: "card" as const, payer: null, fee: 0 as Kopecks, total: 100 as Kopecks, returnUrl: null, email: null },
  ...{
    remember: false,
    binding: null,
    createdMs: 1,
    lines: [{ school: SCHOOL, account: PUPIL, purse: "main" as const, sum: 100 as Kopecks }],
  },
};

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "trapeza-attack-"));
  cluster = await startPostgres(folder);
  store = await openPostgres({ url: cluster.url, onError: () => undefined });
  client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  const made = await createTestSchool(store);
  const { cloud } = made;
  gateway = made.gateway;
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 10000 as Kopecks, additional: 50000 as Kopecks });
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: 0 as Kopecks });
  const lines = [{ dish: 11, quantity: 1 }];
  const sale = { kind: "Sale", payer: { by: "card", uid: PUPIL_CARD }, lines, total: 3450 as Kopecks, override: null } as const;
  gateway.ask(TILL, { ...sale, menuVersion: gateway.school.menuVersion });
  await cloud.intake.receive(gateway.row, gateway.upload());
  const { number } = await store.payments.addOrder(order, 9);
  await store.payments.addBinding(number, { id: "b1", way: "sbp", bank: "", boundMs: 5 });
  await store.payments.endBinding("79001234567", "b1", 6);
});

test.after.always(async () => {
  await client?.end();
  await store?.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

const APPEND_ONLY = [
  ...["entries", "checkpoints", "account_entries", "findings", "directives", "salvage", "ledger_transactions", "ledger_postings"],
  ...["payment_lines", "payment_history", "office_trail"],
];
const STAYING = ["gateways", "schools", "payment_orders", "directive_outbox"];
const ANY_SALE = "(select id from ledger_transactions where kind = 'BuffetSold' limit 1)";
const POSTING = "insert into ledger_postings (transaction, line, school, account, amount) values ";
const TRANSACTION =
  "insert into ledger_transactions (school, epoch, index, reference, kind, business_date, at_ms) overriding system value values ";
const BINDS_LATER = "update payment_orders set version = version + 1, remember = true";
const PAYS_LATER = "update payment_orders set version = version + 1, binding = 'b1'";

function changing(table: string): string {
  const column = table === "payment_history" ? "state" : "school";
  return `update ${table} set ${column} = ${column}`;
}

/** What the owner of the tables may try, and what he is told. */
const ATTACKS: [title: string, sql: string, told: RegExp][] = [
  ...[...APPEND_ONLY, ...STAYING].flatMap((table): [string, string, RegExp][] => [
    ["delete from " + table, "delete from " + table, /append-only: DELETE is refused/],
    ["empty " + table, "truncate " + table + " cascade", /append-only: TRUNCATE is refused/],
  ]),
  ...APPEND_ONLY.map((table): [string, string, RegExp] => ["change " + table, changing(table), /append-only: UPDATE is refused/]),
  [
    "a second pair of postings for an old sale",
    POSTING + `(${ANY_SALE}, 8, 24, 'bank/x', 5), (${ANY_SALE}, 9, 24, 'bank/y', -5)`,
    /written whole, once/,
  ],
  ["one posting more", POSTING + `(${ANY_SALE}, 9, 24, 'holder/7/main', -5)`, /sum to zero/],
  ["postings of no transaction", POSTING + "(999999, 0, 24, 'bank/x', 5), (999999, 1, 24, 'bank/y', -5)", /belongs to a transaction/],
  ["a transaction without postings", TRANSACTION + "(24, null, null, 'forged', 'Gift', 1, 1)", /at least two postings/],
  [
    "a transaction of an entry that is not there",
    TRANSACTION + "(24, 1, 999999, null, 'Gift', 1, 1)",
    /comes from an entry that is stored/,
  ],
  ["a transaction from nowhere", TRANSACTION + "(24, null, null, null, 'Gift', 1, 1)", /comes from an entry or has a reference/],
  ["the same entry posted again", TRANSACTION + "(24, 1, (select min(index) from ledger_transactions), null, 'Gift', 1, 1)", /posted once/],
  [
    "an entry of a strange epoch",
    "insert into entries values (24, 9, 0, '', decode(repeat('00', 32), 'hex'))",
    /belongs to a gateway's epoch/,
  ],
  ["a binding that comes back", "update payment_bindings set ended_ms = null, is_released = false", /a binding only ends/],
  ["a payer who takes another's account", "update payment_bindings set payer = '79000000000'", /a binding only ends/],
  ["an order that goes back", "update payment_orders set version = version, total = 1", /an order only goes on/],
  ["an order that binds an account afterwards", BINDS_LATER, /an order only goes on/],
  ["an order that is paid from an account afterwards", PAYS_LATER, /an order only goes on/],
];

for (const [title, sql, told] of ATTACKS) {
  test.serial("the database refuses: " + title, async (t) => {
    await t.throwsAsync(client.query(sql), { message: told });
  });
}

/** The same and more with the application's own login: it does not even come to a trigger, and can take none away. */
const BREAK_INS: string[] = [
  ...APPEND_ONLY.flatMap((table) => ["delete from " + table, "truncate " + table, changing(table)]),
  ...STAYING.flatMap((table) => ["delete from " + table, "truncate " + table]),
  'alter table ledger_postings disable trigger "ledger_postings is append-only"',
  "alter table ledger_postings disable trigger all",
  'drop trigger "a transaction is balanced" on ledger_postings',
  "create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$",
  "alter table ledger_postings drop constraint ledger_postings_pkey",
  "alter table ledger_postings owner to current_user",
  "drop table ledger_postings cascade",
  "set session_replication_role = replica",
  "set role trapeza",
  "insert into kysely_migration values ('forged', 'now')",
];

test.serial("the application's own login may neither change history nor take away what guards it", async (t) => {
  const mine = new pg.Client({ connectionString: store.url });
  await mine.connect();
  const { rows } = await mine.query<{ me: string }>("select current_user as me");
  t.is(rows[0].me, "trapeza of postgres");
  const before = await client.query("select * from ledger_postings order by transaction, line");
  for (const sql of BREAK_INS)
    await t.throwsAsync(mine.query(sql), { message: /permission denied|must be owner|must be able to SET ROLE/ }, sql);
  // PostgreSQL answers this with a warning and grants nothing: the next test asks.
  await mine.query("grant all on ledger_postings to current_user");
  t.deepEqual((await client.query("select * from ledger_postings order by transaction, line")).rows, before.rows);
  await mine.end();
});

test.serial("whoever pretends to be forgetting changes nothing, and who forgets changes words alone", async (t) => {
  const mine = new pg.Client({ connectionString: store.url });
  await mine.connect();
  for (const one of [mine, client]) await one.query("select set_config('trapeza.forgetting', 'on', false)");
  await t.throwsAsync(mine.query("update payment_orders set email = 'somebody@example.ru'"), { message: /an order only goes on/ });
  await t.throwsAsync(mine.query("update office_trail set before = null"), { message: /permission denied/ });
  await t.throwsAsync(client.query("update payment_orders set total = 1"), { message: /an order only goes on/ });
  await client.query("select set_config('trapeza.forgetting', 'off', false)");
  await client.query(`insert into office_trail (at_ms, login, school, what, subject, before, after)
    values (1, 'anna', 24, 'people.mend', 'account 7', '{"name": "Иванов Иван", "class": 3}', '{"name": "Петров Пётр"}')`);
  await mine.query("select forget_words(24, 'account 7', array['Иванов Иван'], array[]::text[])");
  const { rows } = await client.query("select login, what, subject, before, after from office_trail where login = 'anna'");
  t.deepEqual(rows, [
    { login: "anna", what: "people.mend", subject: "account 7", before: { name: "—", class: 3 }, after: { name: "Петров Пётр" } },
  ]);
  await t.throwsAsync(mine.query("update payment_orders set email = null"), { message: /an order only goes on/ }, "it is over");
  await mine.end();
});

test.serial("every table that is append-only for its owner is so for the application, too", async (t) => {
  const { rows } = await client.query<{ table: string }>(`
    select c.relname as table from pg_trigger g join pg_class c on c.oid = g.tgrelid where g.tgname like '%is append-only'`);
  t.true(rows.length >= 11);
  for (const { table } of rows) {
    const asked = await client.query<{ may: boolean }>(
      "select has_table_privilege('trapeza of postgres', $1, 'update, delete, truncate') as may",
      [table],
    );
    t.false(asked.rows[0].may, table);
  }
});

/** Every row of every table, as text. */
async function everyRow(asked: pg.Client): Promise<{ [table: string]: string[] }> {
  const rows: { [table: string]: string[] } = {};
  for (const table of await tablesInOrder(asked)) {
    // Which transaction wrote a row is the server's own business: what is brought in again was written by none.
    const found = await asked.query<{ row: string }>(`select (to_jsonb(t) - 'written_by')::text as row from "${table}" t order by 1`);
    rows[table] = found.rows.map(({ row }) => row);
  }
  return rows;
}

test.serial("a backup brought into an empty database holds every row, numbers go on, and its history is as closed as before", async (t) => {
  const backup = join(folder, "backup");
  const manifest = await backUpDatabase({ url: cluster.url, folder: backup, house: HOUSE, key: "key", now: () => NOW_MS });
  t.true(manifest.tables.some(({ name, rows }) => name === "ledger_postings" && rows > 0));
  await client.query("create database second");
  const second = cluster.url.replace(/postgres$/, "second");
  await restoreDatabase(second, backup);
  await t.throwsAsync(restoreDatabase(second, backup), { instanceOf: BackupTrouble, message: /is not empty/ });
  const again = new pg.Client({ connectionString: second });
  await again.connect();
  t.deepEqual(await everyRow(again), await everyRow(client));
  for (const [title, sql, told] of ATTACKS) await t.throwsAsync(again.query(sql), { message: told }, title);
  await again.end();
  const restored = await openPostgres({ url: second, onError: () => undefined });
  t.deepEqual((await verifySchool(restored, SCHOOL, HOUSE)).troubles, []);
  const last = (await store.payments.orderByKey("k"))?.number as number;
  t.true(((await restored.payments.addOrder({ ...order, key: "next" }, 9)).number as number) > last);
  await restored.close();
});

test.serial("a backup with one byte changed, or of a newer program, is not brought in", async (t) => {
  const backup = join(folder, "backup");
  const file = join(backup, "ledger_postings.jsonl.gz");
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, -1));
  await t.throwsAsync(readBackup(backup), { instanceOf: BackupTrouble, message: /^ledger_postings\.jsonl\.gz is not what/ });
  await writeFile(file, bytes);
  const manifest = await readBackup(backup);
  await writeFile(join(backup, "manifest.json"), JSON.stringify({ ...manifest, migrations: [...manifest.migrations, "9999-later"] }));
  await t.throwsAsync(restoreDatabase(cluster.url, backup), { instanceOf: BackupTrouble, message: /newer program: migration 9999-later/ });
  await rm(join(backup, "manifest.json"));
  await t.throwsAsync(readBackup(backup), { instanceOf: BackupTrouble, message: /has no manifest/ });
});

const seed = new Uint8Array(32).fill(1);
const KEY = formatVerifierKey(createCloudSigner(HOUSE, seed).directives.key);
/** A new database of the same server. */
async function emptyDatabase(name: string): Promise<string> {
  await client.query("create database " + name);
  return cluster.url.replace(/postgres$/, name);
}

test.serial("a database that knew bound accounts before it could forget comes to the same law of orders", async (t) => {
  const url = await emptyDatabase("unordered");
  const pool = new pg.Pool({ connectionString: url });
  const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  t.teardown(() => database.destroy());
  const until = knownMigrations.slice(0, knownMigrations.indexOf("0043-bound-accounts") + 1);
  await migrate(
    database,
    until.filter((name) => name !== "0033-forgetting"),
  );
  await migrate(database);
  const law = "select prosrc from pg_proc where proname = 'keep_order'";
  t.deepEqual((await pool.query(law)).rows, (await client.query(law)).rows);
  await pool.query("insert into payment_orders (key, way, fee, total, created_ms, expires_ms) values ('k', 'card', 0, 100, 1, 2)");
  for (const sql of [BINDS_LATER, PAYS_LATER]) await t.throwsAsync(pool.query(sql), { message: /an order only goes on/ });
  await t.notThrowsAsync(pool.query("update payment_orders set version = version + 1"));
});

test.serial("whoever had erased their account before bindings were forgotten with it is in none of them any more", async (t) => {
  const pool = new pg.Pool({ connectionString: await emptyDatabase("bound") });
  const database = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  t.teardown(() => database.destroy());
  await migrate(database, knownMigrations.slice(0, knownMigrations.indexOf("0068-forgetting-bound-phones")));
  await pool.query("insert into guardians (phone, name, password) values ('79000000001', 'Анна', 'scrypt$1')");
  await pool.query(`insert into payment_bindings (id, way, bank, bound_ms, payer)
    values ('gone', 'sbp', '', 1, '79000000002'), ('kept', 'sbp', '', 1, '79000000001')`);
  await migrate(database);
  t.deepEqual((await pool.query("select id, payer, ended_ms is not null as ended from payment_bindings order by id")).rows, [
    { id: "gone", payer: "—", ended: true },
    { id: "kept", payer: "79000000001", ended: false },
  ]);
});

test.serial("a school is taken to another operator with every event, person and kopeck, and nobody else's", async (t) => {
  const neighbour = SCHOOL + 1;
  await store.addSchool({ id: neighbour, label: "next door" });
  const password = await hashPassword("каша манная");
  const [mother, stranger] = ["79000000001", "79000000002"];
  await store.people.putGuardian({ phone: mother, name: "Анна", password }, [{ school: SCHOOL, account: PUPIL }]);
  await store.people.putGuardian({ phone: stranger, name: "Вера", password }, [{ school: neighbour, account: 1 }]);
  const copy = join(folder, "school");
  const made = await exportSchool({ url: cluster.url, folder: copy, house: HOUSE, school: SCHOOL, seed, now: () => NOW_MS });
  t.deepEqual(made.heads.map(({ epoch }) => epoch), [1]); // prettier-ignore
  t.is(made.balances["holder/7/additional"], -(50000 - 3450));

  const there = await emptyDatabase("operator");
  await importSchool(there, copy, KEY);
  const other = await openPostgres({ url: there, onError: () => undefined });
  t.deepEqual((await other.schools()).map(({ id }) => id), [SCHOOL]); // prettier-ignore
  t.deepEqual(await other.balances(SCHOOL), await store.balances(SCHOOL));
  t.deepEqual(await other.directives(SCHOOL, 0, 1000), await store.directives(SCHOOL, 0, 1000));
  t.is((await other.people.guardian(mother))?.password, password);
  t.is(await other.people.guardian(stranger), null);
  t.truthy(await other.payments.orderByKey("k"));
  // The cloud of the new operator has a key of its own, and the school's next upload goes on where the last one ended.
  const next = await createCloud({
    store: other,
    seed: seed.map(() => 9),
    house: HOUSE,
    now: () => NOW_MS,
    random: () => seed.slice(0, 16),
  });
  gateway.direct({ kind: "TopUp", account: PUPIL, main: 100, additional: 0, source: "payment", reference: "x" } as never);
  t.is((await next.intake.receive(gateway.row, gateway.upload())).kind, "Stored");
  t.deepEqual(await next.verifyLedger(SCHOOL), []);
  await other.close();
});

test.serial("a school's copy that was changed, or that another cloud has signed, is not taken", async (t) => {
  const copy = join(folder, "school");
  const refused = (key: string, message: RegExp) => t.throwsAsync(readSchoolCopy(copy, key), { instanceOf: BackupTrouble, message });
  const stranger = formatVerifierKey(createCloudSigner(HOUSE, new Uint8Array(32).fill(2)).directives.key);
  await refused(stranger, /not signed by the cloud with this key/);
  await refused("nonsense", /not of the form/);
  const manifest = await readFile(join(copy, "manifest.json"), "utf8");
  await writeFile(join(copy, "manifest.json"), manifest.replace('"holder/7/main": -', '"holder/7/main": -1'));
  await refused(KEY, /not signed by the cloud with this key/);
  await writeFile(join(copy, "manifest.json"), manifest);
  const entries = join(copy, "entries.jsonl.gz");
  const bytes = await readFile(entries);
  await writeFile(entries, gzipSync(gunzipSync(bytes).subarray(0, -1)));
  await refused(KEY, /^entries\.jsonl\.gz is not what the manifest says/);
  await writeFile(entries, bytes);
  await t.notThrowsAsync(readSchoolCopy(copy, KEY));
  await t.throwsAsync(importSchool(cluster.url, copy, KEY), { instanceOf: BackupTrouble, message: /is not empty/ });
});

test.serial("an operator who signs a ledger that does not follow from the journals is found out", async (t) => {
  const forged = join(folder, "forged");
  await cp(join(folder, "school"), forged, { recursive: true });
  const file = join(forged, "ledger_postings.jsonl.gz");
  // Both sides of the sale: each transaction still comes to nothing, and the manifest's sums are made to fit.
  const rows = gunzipSync(await readFile(file))
    .toString()
    .replaceAll(/"amount":(-?)3450/g, '"amount":$13400');
  await writeFile(file, gzipSync(rows));
  const manifest = JSON.parse(await readFile(join(forged, "manifest.json"), "utf8")) as SchoolManifest;
  const tables = await Promise.all(
    manifest.tables.map(async (table) => ({ ...table, sha256: await hashOf(join(forged, table.name + ".jsonl.gz")) })),
  );
  const balances = { ...manifest.balances, "holder/7/additional": -46600, "caterer/1/buffet": -3400 };
  const text = JSON.stringify({ ...manifest, tables, balances }, null, 2) + "\n";
  const signature = createCloudSigner(HOUSE, seed).directives.sign(Buffer.from("trapeza school copy 1\n" + text));
  await writeFile(join(forged, "manifest.json"), text);
  await writeFile(join(forged, "manifest.sig"), toHex(signature) + "\n");
  const there = await emptyDatabase("forger");
  await t.throwsAsync(importSchool(there, forged, KEY), {
    instanceOf: BackupTrouble,
    message: /does not stand up to an audit: ledger, entry 1\/\d+ \(BuffetSold\)/,
  });
});

test.serial("whoever takes a trigger away and moves money to another account is found, and the row is named", async (t) => {
  t.deepEqual((await verifySchool(store, SCHOOL, HOUSE)).troubles, []);
  await client.query('alter table ledger_postings disable trigger "ledger_postings is append-only"');
  await client.query("update ledger_postings set account = 'bank/thief' where account = 'caterer/1/buffet'");
  const { troubles } = await verifySchool(store, SCHOOL, HOUSE);
  t.is(troubles.length, 1);
  t.regex(
    troubles[0],
    /^ledger, entry 1\/\d+ \(BuffetSold\): the ledger has bank\/thief -3450, holder\/7\/additional 3450; the event gives caterer\/1\/buffet -3450/,
  );
  await client.query("update ledger_postings set account = 'caterer/1/buffet', amount = amount - 1 where account = 'bank/thief'");
  t.regex((await verifySchool(store, SCHOOL, HOUSE)).troubles[0], /\(BuffetSold\): its postings come to -1 instead of nothing/);
});
