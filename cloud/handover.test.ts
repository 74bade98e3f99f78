import test from "ava";
import {
  createTree,
  createVerifierKey,
  journalOrigin,
  leafHash,
  openCheckpoint,
  salvagedEvents,
  directiveSchema,
  decodeEntry,
  decodeWhole,
} from "@trapeza/protocol";
import type { Directive, Kopecks } from "@trapeza/protocol";
import { createTestSchool, gatewayKey, HOUSE, KIOSK, PUPIL_CARD, SCHOOL, TEACHER_CARD, TODAY, WALL, PUPIL } from "./_gateway.test.js";
import type { TestGateway } from "./_gateway.test.js";
import type { Cloud } from "./cloud.js";
import { sha256, verifySignature } from "./crypto.js";
import { waitingTails } from "./tail.js";

/** A gateway that dies with a note and a breakfast that the cloud has not heard of, and a second one registered in its place. */
async function replaced() {
  const { cloud, gateway } = await createTestSchool();
  await cloud.intake.receive(gateway.row, gateway.upload());
  const closedAt = gateway.entries.length;
  const note = { kind: "NoteStacked", payee: { kind: "card", uid: PUPIL_CARD }, purse: "additional", visit: 1, happenedMs: null } as const;
  gateway.fact(KIOSK, { ...note, note: 50000 as Kopecks });
  gateway.ask(WALL, { kind: "MealConfirm", uid: TEACHER_CARD, class: 3, meal: 1, date: TODAY, ids: [PUPIL], admitted: [] });
  const second = await cloud.registerGateway({ id: "g24", school: SCHOOL, key: gatewayKey(2) });
  return { cloud, gateway, closedAt, second };
}

async function told(cloud: Cloud): Promise<Directive[]> {
  const { entries } = await cloud.directives.page(SCHOOL, 0);
  return entries.flatMap((bytes) => {
    const entry = decodeEntry(bytes);
    const directive = entry.ok ? decodeWhole(directiveSchema, entry.value.event) : entry;
    return directive.ok ? [directive.value as Directive] : [];
  });
}

const salvage = (cloud: Cloud, gateway: TestGateway, from: number, to?: number) =>
  cloud.handover.salvage(gateway.row, gateway.upload(from, to));

test("a closed epoch is given to the living gateway, whole, under a checkpoint that the cloud cosigns", async (t) => {
  const { cloud, gateway, closedAt, second } = await replaced();
  const page = await cloud.handover.page(second, 1, 0);
  if (!page) return t.fail("there is no epoch 1");
  t.is(page.entries.length, closedAt);
  const tree = createTree(sha256);
  for (const entry of page.entries) tree.append(leafHash(sha256, entry));
  const origin = journalOrigin(HOUSE, SCHOOL, 1);
  const key = createVerifierKey(sha256, origin, "ed25519", page.key);
  const opened = openCheckpoint(page.checkpoint, origin, key, [cloud.signer.cosigner.key], verifySignature);
  t.true(opened.ok && opened.attestations.length === 2);
  t.deepEqual(opened.ok && opened.checkpoint.root, tree.root());
  t.is((await cloud.handover.page(second, 1, closedAt - 3))?.entries.length, 3);
  t.is(await cloud.handover.page(second, 2, 0), null, "its own epoch is not closed");
  t.is(await cloud.handover.page(gateway.row, 1, 0), null);
});

const kindsOf = (directives: readonly Directive[]) =>
  directives.map((one) => (one.kind === "Salvaged" ? salvagedEvents(one)?.map(({ body }) => body.kind) : one.kind));

test("a tail is kept and posted nowhere; nobody is told of it before a person accepts it, then once, one operation at a time", async (t) => {
  const { cloud, gateway, closedAt } = await replaced();
  const { length } = gateway.entries;
  const before = await cloud.store.balances(SCHOOL);
  t.deepEqual(await salvage(cloud, gateway, closedAt), { kind: "Kept", size: length });
  await cloud.handover.tell(SCHOOL);
  t.deepEqual(await told(cloud), []);
  const [tail] = await waitingTails(cloud.store, SCHOOL);
  t.like(tail, { epoch: 1, size: length });
  t.deepEqual(
    tail.operations.map(({ index, events, isKnown }) => [index, events.map(({ body }) => body.kind), isKnown]),
    [
      [closedAt, ["TopUpCredited"], false],
      [closedAt + 1, ["MealServed"], false],
    ],
  );
  await cloud.store.acceptTail(SCHOOL, 1, tail.size);
  t.deepEqual(await waitingTails(cloud.store, SCHOOL), []);
  await Promise.all([cloud.handover.tell(SCHOOL), cloud.handover.tell(SCHOOL)]);
  t.deepEqual(kindsOf(await told(cloud)), [["TopUpCredited"], ["MealServed"]]);
  t.deepEqual(await cloud.store.balances(SCHOOL), before);
  t.is((await cloud.store.salvage(SCHOOL, 1)).length, length - closedAt);
});

test("what is handed in after a tail was accepted waits anew, and what a terminal has told of is marked as known", async (t) => {
  const { cloud, gateway, closedAt } = await replaced();
  await salvage(cloud, gateway, closedAt, closedAt + 1);
  await cloud.store.acceptTail(SCHOOL, 1, closedAt + 1);
  await salvage(cloud, gateway, closedAt + 1);
  await cloud.handover.tell(SCHOOL);
  t.deepEqual(kindsOf(await told(cloud)), [["TopUpCredited"]]);
  t.deepEqual(
    (await waitingTails(cloud.store, SCHOOL)).map(({ operations }) => operations.map(({ isKnown }) => isKnown)),
    [[false]],
  );
  const meal = gateway.events[closedAt + 1];
  t.deepEqual(await waitingTails({ ...cloud.store, postedOperations: async (_, asked) => [...asked] }, SCHOOL), [
    { epoch: 1, size: gateway.entries.length, operations: [{ epoch: 1, index: closedAt + 1, events: [meal], isKnown: true }] },
  ]);
});

test("a tail sent again is kept once; a gap, another past and a living epoch are refused", async (t) => {
  const { cloud, gateway, closedAt, second } = await replaced();
  const { length } = gateway.entries;
  t.like(await salvage(cloud, gateway, closedAt + 1), { kind: "NotKept", size: closedAt });
  t.like(await salvage(cloud, gateway, closedAt - 1), { kind: "NotKept", size: closedAt });
  await salvage(cloud, gateway, closedAt, closedAt + 1);
  t.deepEqual(await salvage(cloud, gateway, closedAt), { kind: "Kept", size: length });
  t.deepEqual(await salvage(cloud, gateway, closedAt), { kind: "Kept", size: length });
  t.is((await cloud.store.salvage(SCHOOL, 1)).length, length - closedAt);
  gateway.entries[closedAt] = gateway.entries[closedAt + 1];
  t.like(await salvage(cloud, gateway, closedAt), { kind: "NotKept", size: length });
  t.like(await cloud.handover.salvage(second, { ...gateway.upload(closedAt), epoch: 2 }), { kind: "NotKept" });
});

test("an entry that does not lead to the signed root is no evidence", async (t) => {
  const { cloud, gateway, closedAt } = await replaced();
  const upload = gateway.upload(closedAt);
  const forged = { ...upload, entries: [...upload.entries.slice(0, -1), gateway.entries[0]] };
  t.like(await cloud.handover.salvage(gateway.row, forged), { kind: "NotKept", what: "the entries do not lead to the signed root" });
  t.deepEqual(await cloud.store.salvage(SCHOOL, 1), []);
});
