import test from "ava";
import { createTree, inclusionPath, readHead, rootOf, verifyInclusion } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { Answers } from "./answers.js";
import { Blocks } from "./blocks.js";

const SIZE = 1300;
const leaves = Array.from({ length: SIZE }, (_, i) => sha256(Uint8Array.of(i >> 8, i & 255)));
const read = (from: number, to: number): Uint8Array[] => leaves.slice(from, to);

function grown(size: number): Blocks {
  const blocks = new Blocks();
  const tree = createTree(sha256);
  for (const leaf of leaves.slice(0, size)) tree.append(leaf).forEach((node) => blocks.add(node));
  return blocks;
}

test("the head of any size is found from the blocks and the leaves of one block", (t) => {
  const reader = grown(SIZE).reader(read);
  for (let size = 0; size <= SIZE; size += 13)
    t.deepEqual(readHead(sha256, reader, size).root, rootOf(sha256, leaves.slice(0, size)), `${size}`);
  const head = readHead(sha256, reader, SIZE);
  for (const index of [0, 255, 256, 1023, 1299]) {
    const path = inclusionPath(sha256, reader, index, SIZE) ?? [];
    t.true(verifyInclusion(sha256, leaves[index], index, head, path));
  }
});

test("kept blocks come back with every level above them, and can go on", (t) => {
  for (const size of [0, 255, 256, 700, 1024, 1280]) {
    const again = Blocks.from(grown(size).bytes());
    const tree = createTree(sha256, treeEdge(size));
    for (const leaf of leaves.slice(size)) tree.append(leaf).forEach((node) => again.add(node));
    t.deepEqual(readHead(sha256, again.reader(read), SIZE).root, rootOf(sha256, leaves));
    t.deepEqual(again.bytes(), grown(SIZE).bytes());
  }
});

function treeEdge(size: number) {
  const tree = createTree(sha256);
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  return tree.edge();
}

test("a leaf that the file has lost is missed, not made up", (t) => {
  const reader = grown(SIZE).reader((from, to) => read(from, Math.min(to, 1290)));
  t.throws(() => readHead(sha256, reader, SIZE), { message: /^hash \d+\/\d+ is missing$/ });
});

test("kept answers come back with their numbers, sizes and conflicts", (t) => {
  const answers = new Answers();
  for (let i = 0; i < 900; i++) answers.add({ terminal: 1 + (i % 3), incarnation: 1, n: Math.floor(i / 3) + 1, sizeAfter: i + 1 });
  answers.add({ terminal: 2, incarnation: 1, n: 7, sizeAfter: 901 });
  answers.add({ terminal: 2, incarnation: 1, n: 7, sizeAfter: 902 });
  const again = Answers.from(answers.bytes());
  if (!again) return t.fail("not read");
  t.deepEqual([again.count, again.lastOf(2, 1), again.lastOf(9, 1)], [902, 300, 0]);
  t.deepEqual(again.rowsOf(2, 1, 7), [19, 900, 901]);
  t.is(again.lastWithin(3, 1, 450), 150);
  again.add({ terminal: 2, incarnation: 1, n: 301, sizeAfter: 903 });
  t.deepEqual(again.rowsOf(2, 1, 301), [902]);
  t.deepEqual(again.rowsOf(3, 1, 1), [2]);
});

test("bytes that are no kept answers are none", (t) => {
  const bytes = new Uint8Array(new Uint32Array([1, 4, 1, 1000, 0, 0, 1]).buffer);
  t.is(Answers.from(bytes), null);
  t.is(Answers.from(bytes.subarray(0, 5)), null);
  t.is(Answers.from(new Uint8Array(0)), null);
});
