/**
 * The Merkle tree of RFC 6962 §2.1: one hash that stands for every entry so far, and short proofs about it.
 *
 * A tree of n leaves splits at the largest power of two below n, so every subtree to the left is complete and never changes again. Hence
 * the two halves of this file: an accumulator that keeps only the hashes along the right edge, and proofs made from stored hashes of
 * complete subtrees. Sizes are whole numbers up to 2^53 − 1; arithmetic instead of bit operators, which stop at 32 bits.
 */
import { concat, equalBytes } from "../wire/bytes.js";
import type { Sha256 } from "../wire/hmac.js";

export const HASH_BYTES = 32;

/** A tree's size in leaves and its root. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The root of a complete subtree: `level` 0 is a leaf; it covers leaves [index · 2^level, (index + 1) · 2^level). */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** Hashes of the complete subtrees a tree of `size` leaves falls into, the widest first: all that is needed to go on appending. */
export interface TreeEdge {
  readonly size: number;
  readonly hashes: readonly Uint8Array[];
}

/** Reads the hash of a complete subtree from wherever it is kept; throws when the store has lost it. */
export type HashReader = (level: number, index: number) => Uint8Array;

export interface Tree {
  readonly size: number;
  /** Adds a leaf hash; returns the nodes it completed, the leaf first, for a store to keep. One or two hashes on average. */
  readonly append: (leaf: Uint8Array) => TreeNode[];
  /** The root now: at most one hash a level. */
  readonly root: () => Uint8Array;
  readonly edge: () => TreeEdge;
}

/** What is hashed for an inner node, 01 ‖ left ‖ right (RFC 6962 §2.1). */
export function nodeInput(left: Uint8Array, right: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(1), left, right]);
}

/** SHA-256(01 ‖ left ‖ right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(nodeInput(left, right));
}

/** An empty tree, or the tree that an edge was taken from. Throws when the edge does not fit its size: a store has then lost something. */
export function createTree(sha256: Sha256, from?: TreeEdge): Tree {
  let size = from ? from.size : 0;
  const hashes = from ? from.hashes.slice() : [];
  if (hashes.length !== subtreesOf(size).length) throw new Error("an edge of " + hashes.length + " hashes is not of a tree of " + size);
  return {
    get size() {
      return size;
    },
    append: function (leaf) {
      let node: TreeNode = { level: 0, index: size, hash: leaf };
      const completed = [node];
      // A right child closes its parent, and that parent may be a right child itself: the carry of adding one to a binary number.
      while (node.index % 2 === 1) {
        const left = hashes[hashes.length - 1];
        hashes.length--;
        node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHash(sha256, left, node.hash) };
        completed.push(node);
      }
      hashes.push(node.hash);
      size++;
      return completed;
    },
    root: function () {
      return rootOfEdge(sha256, hashes);
    },
    edge: function () {
      return { size, hashes: hashes.slice() };
    },
  };
}

/** Root over leaf hashes; of none it is SHA-256 of nothing. */
export function rootOf(sha256: Sha256, leaves: readonly Uint8Array[]): Uint8Array {
  const tree = createTree(sha256);
  for (const leaf of leaves) tree.append(leaf);
  return tree.root();
}

/** The edge of the first `size` leaves, from stored hashes. */
export function readEdge(read: HashReader, size: number): TreeEdge {
  return { size, hashes: subtreesOf(size).map((subtree) => read(subtree.level, subtree.index)) };
}

/** Head of the first `size` leaves, from stored hashes. */
export function readHead(sha256: Sha256, read: HashReader, size: number): TreeHead {
  return { size, root: rootOfEdge(sha256, readEdge(read, size).hashes) };
}

function rootOfEdge(sha256: Sha256, hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return sha256(new Uint8Array(0));
  let root = hashes[hashes.length - 1];
  for (let i = hashes.length - 2; i >= 0; i--) root = nodeHash(sha256, hashes[i], root);
  return root;
}

/** The complete subtrees of a tree of `size` leaves, the widest first: one for each 1 in the binary form of the size. */
function subtreesOf(size: number): { level: number; index: number }[] {
  const found: { level: number; index: number }[] = [];
  for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) found.unshift({ level, index: rest - 1 });
  }
  return found;
}

/** The largest power of two below `width`; `width` at least 2. */
function splitOf(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}

/** Root over leaves [from, to), where `from` is a multiple of the smallest power of two not below the width. */
function rangeRoot(sha256: Sha256, read: HashReader, from: number, to: number): Uint8Array {
  const width = to - from;
  if (width === 1) return read(0, from);
  const split = splitOf(width);
  if (split * 2 === width) return read(levelOf(width), from / width);
  return nodeHash(sha256, rangeRoot(sha256, read, from, from + split), rangeRoot(sha256, read, from + split, to));
}

function levelOf(width: number): number {
  let level = 0;
  for (let reach = 1; reach < width; reach *= 2) level++;
  return level;
}

/** PATH(index, D[size]) of RFC 6962 §2.1.1, from the leaf's sibling upwards; `null` when the tree has no such leaf. */
export function inclusionPath(sha256: Sha256, read: HashReader, index: number, size: number): Uint8Array[] | null {
  if (!isCount(index) || !isCount(size) || index >= size) return null;
  const path: Uint8Array[] = [];
  let from = 0;
  let to = size;
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    if (index < middle) {
      path.unshift(rangeRoot(sha256, read, middle, to));
      to = middle;
    } else {
      path.unshift(rangeRoot(sha256, read, from, middle));
      from = middle;
    }
  }
  return path;
}

/** PROOF(first, D[second]) of RFC 6962 §2.1.2: that the second tree begins with the first. Empty from 0 or to itself; `null` backwards. */
export function consistencyPath(sha256: Sha256, read: HashReader, first: number, second: number): Uint8Array[] | null {
  if (!isCount(first) || !isCount(second) || first > second) return null;
  if (first === 0 || first === second) return [];
  const path: Uint8Array[] = [];
  let from = 0;
  let to = second;
  while (first < to) {
    const middle = from + splitOf(to - from);
    if (first <= middle) {
      path.unshift(rangeRoot(sha256, read, middle, to));
      to = middle;
    } else {
      path.unshift(rangeRoot(sha256, read, from, middle));
      from = middle;
    }
  }
  // What is left is the first tree's own rightmost subtree; when that is the whole first tree its root is known already and is left out.
  return from === 0 ? path : [rangeRoot(sha256, read, from, first), ...path];
}

/** On which side of the running hash the next hash of an inclusion path stands. */
export type InclusionStep = "left" | "right";

/** The sides along a path (RFC 9162 §2.1.3.2): they follow from the numbers alone. `null` when the tree has no such leaf. */
export function inclusionSteps(index: number, size: number): InclusionStep[] | null {
  if (!isCount(index) || !isCount(size) || index >= size) return null;
  const steps: InclusionStep[] = [];
  for (let node = index, last = size - 1; last > 0; node = half(node), last = half(last)) {
    // A last node that is a left child has no sibling and moves up unchanged: no step.
    if (node % 2 === 1) steps.push("left");
    else if (node < last) steps.push("right");
  }
  return steps;
}

/** `true` when the leaf is number `index` of the tree with this head. */
export function verifyInclusion(sha256: Sha256, leaf: Uint8Array, index: number, head: TreeHead, path: readonly Uint8Array[]): boolean {
  const steps = inclusionSteps(index, head.size);
  if (!steps || steps.length !== path.length || !path.every(isHash)) return false;
  const root = steps.reduce((hash, side, i) => (side === "left" ? nodeHash(sha256, path[i], hash) : nodeHash(sha256, hash, path[i])), leaf);
  return equalBytes(root, head.root);
}

/** Where the next hash of a consistency path goes: left of both running hashes, or right of the second tree's alone. */
export type ConsistencyStep = "both" | "second";

/**
 * How to fold a consistency path (RFC 9162 §2.1.4.2), for 0 < first < second; `null` otherwise. `startsWithFirst`: the running hashes
 * begin with the first root itself, because the first tree is complete and the path leaves it out; otherwise with the path's first hash.
 */
export function consistencySteps(first: number, second: number): { startsWithFirst: boolean; steps: ConsistencyStep[] } | null {
  if (!isCount(first) || !isCount(second) || first === 0 || first >= second) return null;
  let node = first - 1;
  let last = second - 1;
  while (node % 2 === 1) {
    node = half(node);
    last = half(last);
  }
  const startsWithFirst = node === 0;
  const steps: ConsistencyStep[] = [];
  for (; last > 0; node = half(node), last = half(last)) {
    if (node % 2 === 1) steps.push("both");
    else if (node < last) steps.push("second");
  }
  return { startsWithFirst, steps };
}

/** `true` when the tree with head `second` begins with every leaf of the tree with head `first`, in place. */
export function verifyConsistency(sha256: Sha256, first: TreeHead, second: TreeHead, path: readonly Uint8Array[]): boolean {
  if (first.size === second.size) return path.length === 0 && equalBytes(first.root, second.root);
  if (first.size === 0) return path.length === 0 && equalBytes(first.root, sha256(new Uint8Array(0)));
  const plan = consistencySteps(first.size, second.size);
  if (!plan || !path.every(isHash)) return false;
  const hashes = plan.startsWithFirst ? [first.root, ...path] : path;
  if (hashes.length !== plan.steps.length + 1) return false;
  let firstRoot = hashes[0];
  let secondRoot = hashes[0];
  plan.steps.forEach((step, i) => {
    const hash = hashes[i + 1];
    if (step === "both") firstRoot = nodeHash(sha256, hash, firstRoot);
    secondRoot = step === "both" ? nodeHash(sha256, hash, secondRoot) : nodeHash(sha256, secondRoot, hash);
  });
  return equalBytes(firstRoot, first.root) && equalBytes(secondRoot, second.root);
}

/** What a new head of a log is to somebody who remembers an older one. */
export type Growth = "same" | "grown" | "rewound" | "forked";

/**
 * Compares a head offered now with the last one believed. `rewound`: entries are missing from the end, or an old head is shown again.
 * `forked`: the remembered past is not the past of the new head, or nobody proved that it is.
 */
export function growthOf(sha256: Sha256, known: TreeHead, offered: TreeHead, path: readonly Uint8Array[]): Growth {
  if (offered.size < known.size) return "rewound";
  if (offered.size === known.size) return equalBytes(known.root, offered.root) ? "same" : "forked";
  return verifyConsistency(sha256, known, offered, path) ? "grown" : "forked";
}

function half(n: number): number {
  return Math.floor(n / 2);
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function isHash(bytes: Uint8Array): boolean {
  return bytes.length === HASH_BYTES;
}
