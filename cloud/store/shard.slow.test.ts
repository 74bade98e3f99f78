import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import type { Kopecks } from "@trapeza/protocol";
import pg from "pg";
import { CASHIER_CARD, HOUSE, PUPIL, PUPIL_CARD, SCHOOL, TILL, TODAY, createTestSchool } from "../_gateway.test.js";
import { verifySchool } from "../verify.js";
import { questionsOf } from "./_question.test.js";
import { startPostgres } from "./cluster.js";
import type { Cluster } from "./cluster.js";
import { openPostgres } from "./postgres.js";
import type { PostgresStore } from "./postgres.js";

/** Grows with what schools do all day: cut by schools over several servers. */
const CUT = [
  ...[
    "entries",
    "checkpoints",
    "account_entries",
    "findings",
    "notices",
    "salvage",
    "tails",
    "directives",
    "directive_outbox",
    "account_moves",
    "partner_schools",
    "partner_outbox",
    "fiscal_receipts",
  ],
  ...["ledger_transactions", "ledger_postings", "ledger_periods", "ledger_balances"],
];
/** Small or of nobody's school: whole on every server, or on one. Of schools, of payers with children in several, of guardians, of the office. */
const WHOLE = [
  ...["schools", "gateways", "enrolments", "partners", "fiscal_kinds"],
  ...[
    "payment_orders",
    "payment_lines",
    "payment_history",
    "payment_receipts",
    "payment_bindings",
    "registry_files",
    "registry_rows",
    "registry_questions",
  ],
  ...["guardians", "children", "shared_children", "invitations", "portal_sessions", "challenges", "used_codes", "identities"],
  ...["announcements", "announcement_children", "announcement_readings", "announcement_posts"],
  ...["letters", "notice_wishes", "notice_rests", "push_addresses", "monthly_statements"],
  ...["settlement_parties", "payouts", "decades", "subsidy_claims", "subsidy_lines", "refunds"],
];

let folder: string;
let cluster: Cluster;
let store: PostgresStore;
let client: pg.Client;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "trapeza-shard-"));
  cluster = await startPostgres(folder);
  store = await openPostgres({ url: cluster.url, onError: () => undefined });
  client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
});

test.after.always(async () => {
  await client?.end();
  await store?.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

test.serial("every table is either cut by schools or whole, and the office's are whole", async (t) => {
  const { rows } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace order by 1",
  );
  const left = rows.map(({ name }) => name).filter((name) => !/^(office|kysely)_/.test(name) && !WHOLE.includes(name));
  t.deepEqual(left, [...CUT].sort());
});

test.serial("every key of a table that is cut by schools has the school in it", async (t) => {
  const { rows } = await client.query<{ table: string; key: string; columns: string[] }>(`
    select i.indrelid::regclass::text as table, i.indexrelid::regclass::text as key,
      array(select a.attname::text from pg_attribute a where a.attrelid = i.indrelid and a.attnum = any(i.indkey)) as columns
    from pg_index i where i.indisunique and i.indrelid::regclass::text = any($1)`, [CUT]); // prettier-ignore
  t.true(rows.length >= CUT.length);
  t.deepEqual(rows.filter(({ columns }) => !columns.includes("school")), []); // prettier-ignore
});

/** Tables that are cut and that a statement reads or writes, as often as it names them. */
function cutTablesIn(sql: string): string[] {
  return [...sql.matchAll(/\b(?:from|join|into|update)\s+"?([a-z_]+)"?/gi)].map(([, name]) => name).filter((name) => CUT.includes(name));
}

/** Each insert says the school as a column; whatever else is asked names it once for each table, in a condition or in a join. */
function saysTheSchool(sql: string): boolean {
  const inserts = [...sql.matchAll(/insert into "?([a-z_]+)"?\s*\(([^)]*)\)/gi)];
  if (inserts.some(([, , columns]) => !/\bschool\b/.test(columns))) return false;
  const said = [...sql.matchAll(/\bschool"?\s*=/gi)].length;
  return said >= cutTablesIn(sql).length - inserts.filter(([, table]) => CUT.includes(table)).length;
}

test.serial("whatever is asked on the way of an upload, of a directive and of a family's statement names the school", async (t) => {
  const { cloud, gateway } = await createTestSchool(store);
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 10000 as Kopecks, additional: 50000 as Kopecks });
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: 0 as Kopecks });
  const sale = {
    kind: "Sale",
    payer: { by: "card", uid: PUPIL_CARD },
    lines: [{ dish: 11, quantity: 1 }],
    total: 3450 as Kopecks,
  } as const;
  gateway.ask(TILL, { ...sale, override: null, menuVersion: gateway.school.menuVersion });
  const questions = await questionsOf(async () => {
    await cloud.intake.receive(gateway.row, gateway.upload());
    await cloud.directives.enqueue(SCHOOL, [{ kind: "SetCaterer", id: 2, name: "Вторая" }] as never);
    await cloud.directives.page(SCHOOL, 0);
    await cloud.payments.tick();
    await store.entriesOf(SCHOOL, PUPIL, TODAY, TODAY);
    await store.balances(SCHOOL, ["holder/7/main" as never]);
    await store.balances(SCHOOL, undefined, TODAY);
    await store.postings(SCHOOL, "holder/7/main" as never);
    await store.turnovers(SCHOOL, TODAY, TODAY);
    await store.entryOf(SCHOOL, gateway.events.find(({ operation }) => operation)?.operation as never);
    await verifySchool(store, SCHOOL, HOUSE);
  });
  const asked = questions.filter((sql) => cutTablesIn(sql).length > 0);
  for (const table of ["entries", "checkpoints", "account_entries", "ledger_transactions", "ledger_postings", "directives"])
    t.true(asked.some((sql) => sql.includes(table)), table); // prettier-ignore
  t.deepEqual(asked.filter((sql) => !saysTheSchool(sql)), []); // prettier-ignore
});

test.serial("what joins two tables by less than the school is found", (t) => {
  t.false(saysTheSchool("select 1 from ledger_transactions t join ledger_postings p on p.transaction = t.id where t.school = $1"));
  t.true(saysTheSchool("select 1 from ledger_transactions t join ledger_postings p on p.school = t.school where t.school = $1"));
  const two = (columns: string) =>
    `with e as (insert into entries (school, bytes) values (1, 2)) insert into findings (${columns}) values (1, 2)`;
  t.deepEqual([two("school, what"), two("index, what")].map(saysTheSchool), [true, false]);
  t.false(saysTheSchool('insert into "findings" ("index", "what") values ($1, $2)'));
});
