import test from "ava";
import type { Kopecks } from "@trapeza/protocol";
import { HOUSE, PUPIL, SCHOOL, createTestSchool } from "./_gateway.test.js";
import type { EntryRow } from "./store/store.js";
import { verifySchool } from "./verify.js";

async function stored() {
  const { cloud, gateway } = await createTestSchool();
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 67766 as Kopecks, additional: 0 as Kopecks });
  await cloud.intake.receive(gateway.row, gateway.upload());
  return cloud.store;
}

test("sound data has no troubles", async (t) => {
  const { entries, troubles } = await verifySchool(await stored(), SCHOOL, HOUSE);
  t.true(entries > 10);
  t.deepEqual(troubles, []);
});

test("one flipped bit in a stored entry is named", async (t) => {
  const store = await stored();
  const { entries } = store;
  const flip = (row: EntryRow): EntryRow =>
    row.index === 5 ? { ...row, bytes: row.bytes.map((byte, i) => (i === 20 ? byte ^ 1 : byte)) } : row;
  store.entries = async (...asked) => (await entries(...asked)).map(flip);
  t.deepEqual((await verifySchool(store, SCHOOL, HOUSE)).troubles, ["stored entry 5 of school 24, epoch 1, is damaged"]);
});

test("an entry that is missing at the end is noticed", async (t) => {
  const store = await stored();
  const { entries } = store;
  store.entries = async (...asked) => (await entries(...asked)).slice(0, -1);
  t.regex((await verifySchool(store, SCHOOL, HOUSE)).troubles.join(), /does not lead to its last checkpoint/);
});

test("a checkpoint of another house does not open", async (t) => {
  t.regex((await verifySchool(await stored(), SCHOOL, "other.example")).troubles.join(), /does not open: wrong_log/);
});

test("a purse that differs from the ledger is named with both sums", async (t) => {
  const store = await stored();
  const { balances } = store;
  store.balances = async (...asked) =>
    new Map([...(await balances(...asked))].map(([name, sum]) => [name, name === "holder/7/main" ? sum + 1 : sum]));
  const { troubles } = await verifySchool(store, SCHOOL, HOUSE);
  t.is(troubles[0], "holder/7/main: the ledger has 67765, the rules have 67766");
});
