/** Hashes of the complete subtrees above the leaves, in memory: they follow from the leaves, so no disk need keep them. 32 bytes an entry. */
import { HASH_BYTES } from "@trapeza/protocol";
import type { TreeNode } from "@trapeza/protocol";

export class Subtrees {
  /** By level, from 1: hashes one after another, with room to grow. */
  readonly #levels: { bytes: Uint8Array; count: number }[] = [];

  /** Takes nodes in the order in which appending completes them; leaves are kept elsewhere. */
  add({ level, index, hash }: TreeNode): void {
    if (level === 0) return;
    const row = (this.#levels[level] ??= { bytes: new Uint8Array(16 * HASH_BYTES), count: 0 });
    if (index !== row.count) throw new Error(`subtree ${level}/${index} does not follow ${row.count} others`);
    if (row.bytes.length === row.count * HASH_BYTES) {
      const wider = new Uint8Array(2 * row.bytes.length);
      wider.set(row.bytes);
      row.bytes = wider;
    }
    row.bytes.set(hash, row.count * HASH_BYTES);
    row.count++;
  }

  at(level: number, index: number): Uint8Array | null {
    const row = this.#levels[level];
    return row && index < row.count ? row.bytes.slice(index * HASH_BYTES, (index + 1) * HASH_BYTES) : null;
  }
}
