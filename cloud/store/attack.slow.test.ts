import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import type { Kopecks } from "@trapeza/protocol";
import pg from "pg";
import { CASHIER_CARD, HOUSE, PUPIL, PUPIL_CARD, SCHOOL, TILL, createTestSchool } from "../_gateway.test.js";
import { verifySchool } from "../verify.js";
import { startPostgres } from "./cluster.js";
import type { Cluster } from "./cluster.js";
import { openPostgres } from "./postgres.js";
import type { Store } from "./store.js";

let folder: string;
let cluster: Cluster;
let store: Store;
let client: pg.Client;

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "trapeza-attack-"));
  cluster = await startPostgres(folder);
  store = await openPostgres({ url: cluster.url, onError: () => undefined });
  client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  const { cloud, gateway } = await createTestSchool(store);
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 10000 as Kopecks, additional: 50000 as Kopecks });
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: 0 as Kopecks });
  const lines = [{ dish: 11, quantity: 1 }];
  const sale = { kind: "Sale", payer: { by: "card", uid: PUPIL_CARD }, lines, total: 3450 as Kopecks, override: null } as const;
  gateway.ask(TILL, { ...sale, menuVersion: gateway.school.menuVersion });
  await cloud.intake.receive(gateway.row, gateway.upload());
  const order = {
    ...{ key: "k", way: "card" as const, payer: null, fee: 0 as Kopecks, total: 100 as Kopecks, returnUrl: null, email: null },
    ...{ createdMs: 1, lines: [{ school: SCHOOL, account: PUPIL, purse: "main" as const, sum: 100 as Kopecks }] },
  };
  await store.payments.addOrder(order, 9);
});

test.after.always(async () => {
  await client?.end();
  await store?.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

const APPEND_ONLY = [
  ...["entries", "checkpoints", "account_entries", "findings", "directives", "salvage", "ledger_transactions", "ledger_postings"],
  ...["payment_lines", "payment_history"],
];
const STAYING = ["gateways", "schools", "payment_orders", "directive_outbox"];
const ANY_SALE = "(select id from ledger_transactions where kind = 'BuffetSold' limit 1)";
const POSTING = "insert into ledger_postings (transaction, line, school, account, amount) values ";
const TRANSACTION =
  "insert into ledger_transactions (school, epoch, index, reference, kind, business_date, at_ms) overriding system value values ";

/** What a hand with the application's own login may try, and what it is told. */
const ATTACKS: [title: string, sql: string, told: RegExp][] = [
  ...[...APPEND_ONLY, ...STAYING].flatMap((table): [string, string, RegExp][] => [
    ["delete from " + table, "delete from " + table, /append-only: DELETE is refused/],
    ["empty " + table, "truncate " + table + " cascade", /append-only: TRUNCATE is refused/],
  ]),
  ...APPEND_ONLY.map((table): [string, string, RegExp] => {
    const column = table === "payment_history" ? "state" : "school";
    return ["change " + table, `update ${table} set ${column} = ${column}`, /append-only: UPDATE is refused/];
  }),
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
  ["an order that goes back", "update payment_orders set version = version, total = 1", /an order only goes on/],
];

for (const [title, sql, told] of ATTACKS) {
  test.serial("the database refuses: " + title, async (t) => {
    await t.throwsAsync(client.query(sql), { message: told });
  });
}

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
