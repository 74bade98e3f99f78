import { readFileSync } from "node:fs";
import test from "ava";
import fc from "fast-check";
import { toHex } from "../wire/bytes.js";
import { bytes, flipBit, logOf, numbered, numberedLog, sha256 } from "./_log.test.js";
import type { MemoryLog } from "./_log.test.js";
import { leafHash } from "./entry.js";
import {
  consistencyPath,
  createTree,
  growthOf,
  inclusionPath,
  readEdge,
  readHead,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from "./merkle.js";

interface PublishedLog {
  roots: (string | { size: number; root: string })[];
  inclusion: { index: number; size: number; path: string[] }[];
  consistency: { first: number; second: number; path: string[] }[];
}

const vectors = JSON.parse(readFileSync(new URL("../../vectors/merkle.json", import.meta.url), "utf8"));
const smallLog = logOf(vectors.small.entries.map(bytes));
const largeLog = numberedLog(1000);

test("nothing at all has the root SHA-256 of nothing, and eight well-known leaves the root every CT log agrees on", (t) => {
  t.is(toHex(rootOf(sha256, [])), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  t.is(toHex(rootOf(sha256, smallLog.leaves)), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  t.deepEqual(smallLog.leaves.map(toHex), vectors.small.leaves);
});

for (const [name, log, published] of [
  ["small", smallLog, vectors.small],
  ["large", largeLog, vectors.large],
] as [string, MemoryLog, PublishedLog][]) {
  test(`the published ${name} log: roots, and every path made and verified`, (t) => {
    published.roots.forEach((entry, i) => {
      const { size, root } = typeof entry === "string" ? { size: i, root: entry } : entry;
      t.is(toHex(readHead(sha256, log.read, size).root), root);
      t.is(toHex(rootOf(sha256, log.leaves.slice(0, size))), root);
    });
    for (const { index, size, path } of published.inclusion) {
      t.deepEqual(inclusionPath(sha256, log.read, index, size)!.map(toHex), path, `leaf ${index} of ${size}`);
      t.true(verifyInclusion(sha256, log.leaves[index], index, readHead(sha256, log.read, size), path.map(bytes)));
    }
    for (const { first, second, path } of published.consistency) {
      t.deepEqual(consistencyPath(sha256, log.read, first, second)!.map(toHex), path, `${first} to ${second}`);
      const heads = [readHead(sha256, log.read, first), readHead(sha256, log.read, second)] as const;
      t.true(verifyConsistency(sha256, ...heads, path.map(bytes)));
    }
  });
}

test("an appended tree has the root of its leaves at every size, and goes on from its edge after a restart", (t) => {
  let tree = createTree(sha256);
  for (let size = 0; size < 300; size++) {
    t.is(toHex(tree.root()), toHex(rootOf(sha256, largeLog.leaves.slice(0, size))));
    t.deepEqual(tree.edge(), readEdge(largeLog.read, size));
    tree = createTree(sha256, tree.edge());
    t.is(tree.size, size);
    tree.append(largeLog.leaves[size]);
  }
});

test("an edge that does not fit its size is refused", (t) => {
  t.throws(() => createTree(sha256, { size: 8, hashes: readEdge(largeLog.read, 7).hashes }), { message: /tree of 8/ });
});

test("a root after an append costs a hash a level, not a hash a leaf", (t) => {
  let hashed = 0;
  const counting = (data: Uint8Array): Uint8Array => {
    hashed++;
    return sha256(data);
  };
  const tree = createTree(counting, readEdge(largeLog.read, 999));
  hashed = 0;
  tree.append(largeLog.leaves[999]);
  tree.root();
  t.true(hashed <= 10, `${hashed} hashes for a log of 1000`);
});

const leafInTree = fc.integer({ min: 1, max: 600 }).chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));

test("every leaf of every tree is proved; a flipped bit, another place or another length is not", (t) => {
  fc.assert(
    fc.property(leafInTree, fc.nat(), ([index, size], anyBit) => {
      const head = readHead(sha256, largeLog.read, size);
      const path = inclusionPath(sha256, largeLog.read, index, size)!;
      const holds = (leaf: Uint8Array, at: number, root: Uint8Array, hashes: Uint8Array[]): boolean =>
        verifyInclusion(sha256, leaf, at, { size, root }, hashes);
      const leaf = largeLog.leaves[index];
      const bit = anyBit % 256;
      t.true(holds(leaf, index, head.root, path));
      t.false(holds(flipBit(leaf, bit), index, head.root, path));
      t.false(holds(leaf, index, flipBit(head.root, bit), path));
      t.false(holds(leaf, index, head.root, [...path, leaf]));
      t.false(holds(leaf, size, head.root, path));
      if (size > 1) t.false(holds(leaf, (index + 1) % size, head.root, path));
      path.forEach((hash, i) => {
        t.false(holds(leaf, index, head.root, path.with(i, flipBit(hash, bit))));
        t.false(holds(leaf, index, head.root, path.toSpliced(i, 1)));
        t.false(holds(leaf, index, head.root, path.with(i, hash.subarray(0, 31))));
      });
    }),
    { numRuns: 300 },
  );
});

const twoSizes = fc.tuple(fc.nat(600), fc.nat(600)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);

test("every tree is consistent with every later one; a flipped bit or another length is not", (t) => {
  fc.assert(
    fc.property(twoSizes, fc.nat(), ([first, second], anyBit) => {
      const [old, now] = [readHead(sha256, largeLog.read, first), readHead(sha256, largeLog.read, second)];
      const path = consistencyPath(sha256, largeLog.read, first, second)!;
      const bit = anyBit % 256;
      t.true(verifyConsistency(sha256, old, now, path));
      t.false(verifyConsistency(sha256, { size: first, root: flipBit(old.root, bit) }, now, path));
      if (first > 0) t.false(verifyConsistency(sha256, old, { size: second, root: flipBit(now.root, bit) }, path));
      if (first < second) t.false(verifyConsistency(sha256, now, old, path));
      t.false(verifyConsistency(sha256, old, now, [...path, old.root]));
      path.forEach((hash, i) => {
        t.false(verifyConsistency(sha256, old, now, path.with(i, flipBit(hash, bit))));
        t.false(verifyConsistency(sha256, old, now, path.toSpliced(i, 1)));
      });
    }),
    { numRuns: 300 },
  );
});

test("no path exists for a leaf or a tree that is not there", (t) => {
  for (const [index, size] of [
    [0, 0],
    [5, 5],
    [-1, 5],
    [0.5, 5],
    [NaN, 5],
    [0, Infinity],
  ]) {
    t.is(inclusionPath(sha256, largeLog.read, index, size), null);
    t.false(verifyInclusion(sha256, largeLog.leaves[0], index, { size, root: largeLog.leaves[0] }, []));
    t.is(consistencyPath(sha256, largeLog.read, size + 1, size), null);
  }
});

test("an inner node cannot pass for an entry", (t) => {
  // Without the prefixes of RFC 6962 the two hashes under a root, read as one entry, would have the root for their leaf hash.
  const children = new Uint8Array([...smallLog.leaves[0], ...smallLog.leaves[1]]);
  const head = readHead(sha256, smallLog.read, 2);
  t.false(verifyInclusion(sha256, leafHash(sha256, children), 0, { size: 1, root: head.root }, []));
});

test("who remembers a head notices a truncated, a rewritten and a forked log", (t) => {
  const known = readHead(sha256, largeLog.read, 700);
  const path = consistencyPath(sha256, largeLog.read, 700, 1000)!;
  t.is(growthOf(sha256, known, known, []), "same");
  t.is(growthOf(sha256, known, readHead(sha256, largeLog.read, 1000), path), "grown");
  t.is(growthOf(sha256, known, readHead(sha256, largeLog.read, 1000), []), "forked", "growth that nobody proved");
  t.is(growthOf(sha256, known, readHead(sha256, largeLog.read, 699), []), "rewound");
  // Entry 350 says something else and everything after it is as before: the forger may give any path, here the one of his own log.
  const forged = logOf(Array.from({ length: 1000 }, (_, i) => (i === 350 ? numbered(351) : numbered(i))));
  t.is(growthOf(sha256, known, readHead(sha256, forged.read, 700), []), "forked");
  for (const forgery of [consistencyPath(sha256, forged.read, 700, 1000)!, path]) {
    t.is(growthOf(sha256, known, readHead(sha256, forged.read, 1000), forgery), "forked");
  }
  // Entries 650 to 699 are cut off and others written in their place, until the log is longer than it was.
  const replaced = logOf(Array.from({ length: 1000 }, (_, i) => numbered(i < 650 ? i : i + 1)));
  t.is(growthOf(sha256, known, readHead(sha256, replaced.read, 1000), consistencyPath(sha256, replaced.read, 700, 1000)!), "forked");
});
