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

test("a tail is kept, told one operation at a time, and posted nowhere", async (t) => {
  const { cloud, gateway, closedAt } = await replaced();
  const before = await cloud.store.balances(SCHOOL);
  t.deepEqual(await salvage(cloud, gateway, closedAt), { kind: "Kept", size: gateway.entries.length });
  t.is((await told(cloud)).length, 1, "the last operation may go on in the next upload");
  t.deepEqual(await salvage(cloud, gateway, gateway.entries.length), { kind: "Kept", size: gateway.entries.length });
  const kinds = (await told(cloud)).map((one) => (one.kind === "Salvaged" ? salvagedEvents(one)?.map(({ body }) => body.kind) : one.kind));
  t.deepEqual(kinds, [["TopUpCredited"], ["MealServed"]]);
  t.deepEqual(await cloud.store.balances(SCHOOL), before);
  t.is((await cloud.store.salvage(SCHOOL, 1)).length, gateway.entries.length - closedAt);
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
