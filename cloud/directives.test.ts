import test from "ava";
import {
  createTree,
  createVerifierKey,
  decodeEntry,
  decodeWhole,
  directiveSchema,
  directivesOrigin,
  equalBytes,
  leafHash,
  openCheckpoint,
} from "@trapeza/protocol";
import type { DirectivesAnswer } from "@trapeza/protocol";
import { DIRECTIVES, HOUSE, SCHOOL, createTestSchool } from "./_gateway.test.js";
import type { Cloud } from "./cloud.js";
import { sha256, verifySignature } from "./crypto.js";

/** The size of the checkpoint, when it opens with the cloud's key and is over exactly these entries and those before. */
function checkedSize(cloud: Cloud, answer: DirectivesAnswer, before: readonly Uint8Array[]): number {
  const origin = directivesOrigin(HOUSE, SCHOOL);
  const key = createVerifierKey(sha256, HOUSE, "ed25519", cloud.signer.publicKey);
  const opened = openCheckpoint(answer.checkpoint, origin, key, [], verifySignature);
  if (!opened.ok) throw new Error(opened.reason);
  const tree = createTree(sha256);
  for (const entry of [...before, ...answer.entries]) tree.append(leafHash(sha256, entry));
  if (!equalBytes(tree.root(), opened.checkpoint.root)) throw new Error("another root");
  return opened.checkpoint.size;
}

const decoded = (entry: Uint8Array) => {
  const opened = decodeEntry(entry);
  return opened.ok ? decodeWhole(directiveSchema, opened.value.event) : opened;
};

test("directives come back in order under a checkpoint that holds", async (t) => {
  const { cloud } = await createTestSchool();
  t.is(await cloud.enqueueDirectives(SCHOOL, DIRECTIVES.slice(0, 3)), 3);
  t.is(await cloud.enqueueDirectives(SCHOOL, DIRECTIVES.slice(3, 7)), 7);
  const first = await cloud.directives.page(SCHOOL, 0);
  t.is(checkedSize(cloud, first, []), 7);
  t.deepEqual(first.entries.map(decoded), DIRECTIVES.slice(0, 7).map((value) => ({ ok: true as const, value }))); // prettier-ignore
  const rest = await cloud.directives.page(SCHOOL, 5);
  t.is(checkedSize(cloud, rest, first.entries.slice(0, 5)), 7);
  t.is(rest.entries.length, 2);
});

test("whoever has everything is answered nothing, and the head", async (t) => {
  const { cloud } = await createTestSchool();
  const nothing = await cloud.directives.page(SCHOOL, 0);
  t.deepEqual([nothing.from, nothing.entries.length, checkedSize(cloud, nothing, [])], [0, 0, 0]);
  await cloud.enqueueDirectives(SCHOOL, DIRECTIVES);
  const beyond = await cloud.directives.page(SCHOOL, 1000);
  t.deepEqual([beyond.from, beyond.entries.length], [DIRECTIVES.length, 0]);
});

test("orders given at once are numbered one after the other, and survive a restart", async (t) => {
  const { cloud, restart } = await createTestSchool();
  await Promise.all(DIRECTIVES.map((directive) => cloud.enqueueDirectives(SCHOOL, [directive])));
  const again = await restart();
  const all = await again.directives.page(SCHOOL, 0);
  t.deepEqual(all.entries.map(decoded), DIRECTIVES.map((value) => ({ ok: true as const, value }))); // prettier-ignore
  t.is(checkedSize(again, all, []), DIRECTIVES.length);
});

test("who waits is woken by the next directive, or gives up", async (t) => {
  const { cloud } = await createTestSchool();
  const impatient = new AbortController();
  const gaveUp = cloud.directives.arrival(SCHOOL, 0, impatient.signal);
  const woken = cloud.directives.arrival(SCHOOL, 0, new AbortController().signal);
  impatient.abort();
  await gaveUp;
  await cloud.enqueueDirectives(SCHOOL, DIRECTIVES.slice(0, 1));
  await woken;
  await cloud.directives.arrival(SCHOOL, 0, new AbortController().signal);
  t.pass();
});

test("a write that failed leaves no number behind", async (t) => {
  const { cloud } = await createTestSchool();
  const { addDirectives } = cloud.store;
  cloud.store.addDirectives = () => Promise.reject(new Error("disk full"));
  await t.throwsAsync(cloud.enqueueDirectives(SCHOOL, DIRECTIVES.slice(0, 2)), { message: "disk full" });
  cloud.store.addDirectives = addDirectives;
  t.is(await cloud.enqueueDirectives(SCHOOL, DIRECTIVES.slice(0, 1)), 1);
  t.is(checkedSize(cloud, await cloud.directives.page(SCHOOL, 0), []), 1);
});

test("a database that is away at the write and right after it stops nobody: the log is opened by whoever comes next", async (t) => {
  const { cloud } = await createTestSchool();
  const { addDirectives, directives } = cloud.store;
  await cloud.enqueueDirectives(SCHOOL, DIRECTIVES.slice(0, 1));
  const away = () => Promise.reject(new Error("away"));
  Object.assign(cloud.store, { addDirectives: away, directives: away });
  await t.throwsAsync(cloud.enqueueDirectives(SCHOOL, DIRECTIVES.slice(0, 2)), { message: "away" });
  await t.throwsAsync(cloud.directives.page(SCHOOL, 0), { message: "away" });
  Object.assign(cloud.store, { addDirectives, directives });
  t.is(checkedSize(cloud, await cloud.directives.page(SCHOOL, 0), []), 1);
  t.is(await cloud.enqueueDirectives(SCHOOL, DIRECTIVES.slice(1, 2)), 2);
});
