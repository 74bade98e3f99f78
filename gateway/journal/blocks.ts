/**
 * Hashes of the complete subtrees of 256 leaves, and of what is built on those. They follow from the leaves, so no disk need keep them; but to hash a
 * million leaves takes a second, and 32 bytes for 256 entries are nothing. What lies below is made from the leaves in the file when somebody asks.
 */
import { concat, HASH_BYTES, nodeHash, rootOf } from "@trapeza/protocol";
import type { HashReader, TreeNode } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";

/** 2^8 leaves make a block. */
const BLOCK_LEVEL = 8;
export const BLOCK_LEAVES = 256;

/** Leaf hashes [from, to) as they lie in the file; fewer when it has no more. */
export type LeafReader = (from: number, to: number) => Uint8Array[];

export class Blocks {
  /** By level above {@link BLOCK_LEVEL}: hashes one after another, with room to grow. */
  readonly #levels: { bytes: Uint8Array; count: number }[] = [];

  /** Takes nodes in the order in which appending completes them; those below a block are left to the file. */
  add({ level, index, hash }: TreeNode): void {
    if (level < BLOCK_LEVEL) return;
    const row = (this.#levels[level - BLOCK_LEVEL] ??= { bytes: new Uint8Array(16 * HASH_BYTES), count: 0 });
    if (index !== row.count) throw new Error(`subtree ${level}/${index} does not follow ${row.count} others`);
    if (row.bytes.length === row.count * HASH_BYTES) row.bytes = concat([row.bytes, new Uint8Array(row.bytes.length)]);
    row.bytes.set(hash, row.count * HASH_BYTES);
    row.count++;
  }

  /** Reads any complete subtree, leaves and small ones from the file; throws when the file has lost what it takes. */
  reader(leaves: LeafReader): HashReader {
    return (level, index) => {
      const hash = level < BLOCK_LEVEL ? small(leaves, level, index) : this.#at(level - BLOCK_LEVEL, index);
      if (!hash) throw new Error(`hash ${level}/${index} is missing`);
      return hash;
    };
  }

  #at(row: number, index: number): Uint8Array | null {
    const { bytes, count } = this.#levels[row] ?? { bytes: new Uint8Array(0), count: 0 };
    return index < count ? bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES) : null;
  }

  /** The blocks' own hashes one after another: all that must be kept. */
  bytes(): Uint8Array {
    const { bytes, count } = this.#levels[0] ?? { bytes: new Uint8Array(0), count: 0 };
    return bytes.slice(0, count * HASH_BYTES);
  }

  /** What {@link bytes} gave, the levels above made anew. */
  static from(bytes: Uint8Array): Blocks {
    const blocks = new Blocks();
    const open: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += HASH_BYTES) {
      let node: TreeNode = { level: BLOCK_LEVEL, index: at / HASH_BYTES, hash: bytes.slice(at, at + HASH_BYTES) };
      blocks.add(node);
      for (; node.index % 2 === 1; blocks.add(node)) {
        const left = open.pop() as Uint8Array;
        node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHash(sha256, left, node.hash) };
      }
      open.push(node.hash);
    }
    return blocks;
  }
}

function small(leaves: LeafReader, level: number, index: number): Uint8Array | null {
  const width = 2 ** level;
  const found = leaves(index * width, (index + 1) * width);
  return found.length === width ? rootOf(sha256, found) : null;
}
