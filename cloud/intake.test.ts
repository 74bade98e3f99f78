import test from "ava";
import { createVerifierKey, encodeEntry, encode, eventSchema, formatDate, journalOrigin, openCheckpoint } from "@trapeza/protocol";
import type { EventBody, EventsAnswer, Kopecks } from "@trapeza/protocol";
import {
  CASHIER_CARD,
  HOUSE,
  KIOSK,
  PUPIL,
  PUPIL_CARD,
  SCHOOL,
  TEACHER_CARD,
  TILL,
  TODAY,
  WALL,
  createTestGateway,
  createTestSchool,
  gatewayKey,
} from "./_gateway.test.js";
import type { TestGateway } from "./_gateway.test.js";
import type { Cloud } from "./cloud.js";
import { sha256, verifySignature } from "./crypto.js";
import * as account from "./ledger/accounts.js";

const send = (cloud: Cloud, gateway: TestGateway, from?: number, to?: number) =>
  cloud.intake.receive(gateway.row, gateway.upload(from, to));
const sum = (amount: number) => amount as Kopecks;
const troubleOf = (answer: EventsAnswer) => (answer.kind === "NotStored" ? [answer.trouble, answer.size, answer.at] : answer.kind);

/** A note, a sale and a breakfast: 500 roubles in, 34.50 and 49.61 out. */
function liveADay(gateway: TestGateway): void {
  gateway.fact(KIOSK, {
    kind: "NoteStacked",
    payee: { kind: "card", uid: PUPIL_CARD },
    purse: "additional",
    note: sum(50000),
    visit: 1,
    happenedMs: null,
  });
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: sum(0) });
  const { menuVersion } = gateway.school;
  gateway.ask(TILL, {
    kind: "Sale",
    payer: { by: "card", uid: PUPIL_CARD },
    lines: [{ dish: 11, quantity: 1 }],
    total: sum(3450),
    menuVersion,
    override: null,
  });
  gateway.ask(WALL, { kind: "MealConfirm", uid: TEACHER_CARD, class: 3, meal: 1, date: TODAY, ids: [PUPIL], admitted: [] });
}

async function storedDay() {
  const { cloud, gateway, restart } = await createTestSchool();
  liveADay(gateway);
  const answer = await send(cloud, gateway);
  return { cloud, gateway, restart, answer };
}

test("a day's journal is stored, posted and cosigned", async (t) => {
  const { cloud, gateway, answer } = await storedDay();
  if (answer.kind !== "Stored") return t.fail(JSON.stringify(answer));
  const origin = journalOrigin(HOUSE, SCHOOL, 1);
  const gatewaySigner = createVerifierKey(sha256, origin, "ed25519", gateway.row.key);
  const opened = openCheckpoint(answer.checkpoint, origin, gatewaySigner, [cloud.signer.cosigner.key], verifySignature);
  t.true(opened.ok && opened.attestations.some(({ key }) => key.kind === "cosignature"));
  t.is(opened.ok && opened.checkpoint.size, gateway.entries.length);
  t.deepEqual(await cloud.store.findings(SCHOOL), []);
  t.deepEqual(await cloud.verifyLedger(SCHOOL), []);
  const balances = await cloud.store.balances(SCHOOL);
  t.deepEqual(
    [account.kioskCash(KIOSK), account.holderAdditional(PUPIL), account.catererBuffet(1), account.catererMeals(1)].map((name) =>
      balances.get(name),
    ),
    [50000, -(50000 - 3450 - 4961), -3450, -4961],
  );
});

test("the same upload again is cosigned again and posts nothing twice", async (t) => {
  const { cloud, gateway } = await storedDay();
  const before = await cloud.store.balances(SCHOOL);
  t.is((await send(cloud, gateway)).kind, "Stored");
  t.is((await send(cloud, gateway, gateway.entries.length - 3)).kind, "Stored");
  t.deepEqual(await cloud.store.balances(SCHOOL), before);
});

test("a long journal arrives in slices, overlapping or not", async (t) => {
  const { cloud, gateway } = await createTestSchool();
  liveADay(gateway);
  const { length } = gateway.entries;
  t.is((await send(cloud, gateway, 0, 5)).kind, "Stored");
  t.is((await send(cloud, gateway, 3, length - 2)).kind, "Stored");
  t.is((await send(cloud, gateway, length - 2)).kind, "Stored");
  t.deepEqual(await cloud.verifyLedger(SCHOOL), []);
});

test("a gap, a rewind, a fork and a strange signature are refused with the cloud's own size", async (t) => {
  const { cloud, gateway } = await createTestSchool();
  await send(cloud, gateway, 0, 10);
  t.deepEqual(troubleOf(await send(cloud, gateway, 11)), ["gap", 10, 10]);
  t.deepEqual(troubleOf(await send(cloud, gateway, 0, 4)), ["ahead", 10, 10]);
  const other = createTestGateway(gateway.row);
  other.openDay(TODAY);
  t.deepEqual(troubleOf(await send(cloud, other)), ["fork", 10, 0]);
  // The same first entries, but a root over something else.
  const forged = { ...gateway.upload(0, 12), entries: [...gateway.entries.slice(0, 11), gateway.entries[12]] };
  t.deepEqual(troubleOf(await cloud.intake.receive(gateway.row, forged)), ["fork", 10, 10]);
  const stranger = { ...gateway.row, key: gatewayKey(9) };
  t.deepEqual(troubleOf(await cloud.intake.receive(stranger, gateway.upload(10))), ["signature", 10, 10]);
  t.is((await cloud.store.entries(SCHOOL, 1, 0, 1000)).length, 10);
  t.is((await send(cloud, gateway, 10)).kind, "Stored");
});

test("an entry that is no event, and an event out of its place, store nothing", async (t) => {
  const { cloud, gateway } = await createTestSchool();
  await send(cloud, gateway);
  const { length } = gateway.entries;
  const salt = new Uint8Array(16);
  gateway.entries.push(encodeEntry({ salt, event: Uint8Array.of(1, 2, 3) }));
  t.deepEqual(troubleOf(await send(cloud, gateway, length)), ["invalid", length, length]);
  gateway.entries[length] = encodeEntry({ salt, event: encode(eventSchema, gateway.events[1]) });
  t.deepEqual(troubleOf(await send(cloud, gateway, length)), ["invalid", length, length]);
  t.is((await cloud.store.gateway("g24", 1))?.size, length);
});

test("a gateway that calculates otherwise is recorded and found out", async (t) => {
  const { cloud, gateway } = await storedDay();
  const sold = gateway.events.find(({ body }) => body.kind === "BuffetSold")!.body as Extract<EventBody, { kind: "BuffetSold" }>;
  const { change } = sold;
  const generous = { ...change, accountSeq: change.accountSeq + 2, additionalDelta: sum(-100), additional: sum(41589 - 100) };
  const before = gateway.entries.length;
  gateway.write({ ...sold, receipt: sold.receipt + 1, change: generous });
  t.is((await send(cloud, gateway, before)).kind, "Stored");
  const findings = await cloud.store.findings(SCHOOL);
  t.true(findings.length > 0);
  t.true(findings.every(({ index }) => index === before));
  t.is((await cloud.store.balances(SCHOOL)).get(account.auditSuspense), 3350);
});

test("an operation that is posted already is found and not posted again", async (t) => {
  const { cloud, gateway } = await storedDay();
  const note = gateway.events.find(({ body }) => body.kind === "TopUpCredited")!;
  const at = gateway.entries.length;
  gateway.entries.push(encodeEntry({ salt: new Uint8Array(16), event: encode(eventSchema, { ...note, seq: at as typeof note.seq }) }));
  t.is((await send(cloud, gateway, at)).kind, "Stored");
  t.is((await cloud.store.balances(SCHOOL)).get(account.kioskCash(KIOSK)), 50000);
  t.true((await cloud.store.findings(SCHOOL)).some(({ what }) => what.includes("is posted already")));
});

test("a cloud that was stopped folds the same school again", async (t) => {
  const { cloud, gateway, restart } = await storedDay();
  const again = await restart();
  t.deepEqual((await again.library.book(SCHOOL)).state, (await cloud.library.book(SCHOOL)).state);
  t.deepEqual(await again.verifyLedger(SCHOOL), []);
  const before = gateway.entries.length;
  gateway.openDay((TODAY + 1) as typeof TODAY);
  t.is((await send(again, gateway, before)).kind, "Stored", formatDate(TODAY));
});

test("a new epoch follows the last head of the old one, which is closed", async (t) => {
  const { cloud, gateway } = await storedDay();
  const row = await cloud.registerGateway({ id: "g24b", school: SCHOOL, key: gatewayKey(2) });
  const lost = createTestGateway(row);
  t.deepEqual(troubleOf(await send(cloud, lost)), ["invalid", 0, 0]);
  const second = createTestGateway(row, gateway);
  t.is((await send(cloud, second)).kind, "Stored");
  const { length } = gateway.entries;
  t.deepEqual(troubleOf(await send(cloud, gateway)), ["epoch_closed", length, length]);
  t.is((await cloud.library.book(SCHOOL)).refusedMs, null, "nobody need come to a gateway that was replaced");
  t.deepEqual(await cloud.verifyLedger(SCHOOL), []);
});

test("when the store fails, the next upload finds everything as it was", async (t) => {
  const { cloud, gateway } = await createTestSchool();
  await send(cloud, gateway);
  const before = gateway.entries.length;
  liveADay(gateway);
  const { append } = cloud.store;
  cloud.store.append = () => Promise.reject(new Error("disk full"));
  await t.throwsAsync(send(cloud, gateway, before), { message: "disk full" });
  cloud.store.append = append;
  t.is((await send(cloud, gateway, before)).kind, "Stored");
  t.deepEqual(await cloud.verifyLedger(SCHOOL), []);
  t.deepEqual(await cloud.store.findings(SCHOOL), []);
});
