/**
 * A MIFARE Classic 1K (NXP MF1S50YYX): 16 sectors of 4 blocks, the last of each with both keys and the access bits that say which key may do what.
 */
import { concat, copyOf } from "@trapeza/protocol";
import type { Card, Talk } from "./card.js";

export const BLOCK_BYTES = 16;
const BLOCKS = 64;
const AUTH_A = 0x60;
const AUTH_B = 0x61;
const AUTH_BACKDOOR = 0x64;
const READ = 0x30;
const WRITE = 0xa0;

/** Status bytes of InDataExchange (UM0701-02 §7.1). */
const OK = 0x00;
const TIMEOUT = 0x01;
const INVALID_PARAMETER = 0x10;
const AUTHENTICATION = 0x14;

/** Keys that may read and write a data block, by C1 C2 C3 (MF1S50YYX §8.7.3). */
const DATA_RIGHTS: readonly (readonly [read: string, write: string])[] = [
  ["AB", "AB"],
  ["AB", ""],
  ["AB", ""],
  ["B", "B"],
  ["AB", "B"],
  ["B", ""],
  ["AB", "B"],
  ["", ""],
];
/** Key that may write a trailer, by C1 C2 C3; what it may write of it in detail is left out. */
const TRAILER_WRITES: readonly string[] = ["A", "A", "", "B", "B", "B", "", ""];

/** Memory of a new card: manufacturer's block, transport keys FF…FF and access bytes FF 07 80 in each trailer. */
function freshMemory(card: Card): Uint8Array {
  const memory = new Uint8Array(BLOCKS * BLOCK_BYTES);
  memory.set(card.uid.subarray(0, 7), 0);
  for (let trailer = 3; trailer < BLOCKS; trailer += 4) {
    memory.fill(0xff, trailer * BLOCK_BYTES, (trailer + 1) * BLOCK_BYTES);
    memory.set([0xff, 0x07, 0x80, 0x69], trailer * BLOCK_BYTES + 6);
  }
  return memory;
}

/** The sectors of every card that was ever held to a reader: a card keeps its bytes when it goes to another one. */
const memories = new WeakMap<Card, Uint8Array>();

/** A card's 64 blocks of 16 bytes. */
export function memoryOf(card: Card): Uint8Array {
  const memory = memories.get(card) ?? freshMemory(card);
  memories.set(card, memory);
  return memory;
}

/** C1 C2 C3 of a block as a number, `null` when the bytes contradict their own complement: such a sector is dead. */
function conditionOf(memory: Uint8Array, block: number): number | null {
  const [b6, b7, b8] = memory.subarray((block | 3) * BLOCK_BYTES + 6, (block | 3) * BLOCK_BYTES + 9);
  const [c1, c2, c3] = [b7 >> 4, b8 & 15, b8 >> 4];
  if ((b6 & 15) !== (~c1 & 15) || b6 >> 4 !== (~c2 & 15) || (b7 & 15) !== (~c3 & 15)) return null;
  const bit = (bits: number): number => (bits >> (block & 3)) & 1;
  return bit(c1) * 4 + bit(c2) * 2 + bit(c3);
}

export function createMifare(card: Card): Talk {
  const memory = memoryOf(card);
  /** Sector and key of the running session. */
  let open: { readonly sector: number; readonly key: "A" | "B" } | null = null;

  function authenticate(block: number, key: "A" | "B", proof: Uint8Array): number[] {
    const trailer = (block | 3) * BLOCK_BYTES;
    const own = key === "A" ? copyOf(memory, trailer, trailer + 6) : copyOf(memory, trailer + 10, trailer + 16);
    const wanted = concat([own, card.uid.subarray(card.uid.length - 4)]);
    if (Buffer.compare(wanted, proof) !== 0 || conditionOf(memory, block) === null) return [AUTHENTICATION];
    open = { sector: block >> 2, key };
    return [OK];
  }

  function openBackdoor(block: number, proof: Uint8Array): number[] {
    if (!card.backdoor || Buffer.compare(card.backdoor, proof.subarray(0, 6)) !== 0) return [AUTHENTICATION];
    open = { sector: block >> 2, key: "A" };
    return [OK];
  }

  function may(block: number, what: "read" | "write"): boolean {
    const condition = conditionOf(memory, block);
    if (!open || open.sector !== block >> 2 || condition === null) return false;
    if (block === 0 && what === "write") return card.magic === true;
    const rights = (block & 3) === 3 ? ["AB", TRAILER_WRITES[condition]] : DATA_RIGHTS[condition];
    return rights[what === "read" ? 0 : 1].includes(open.key);
  }

  return {
    exchange(request) {
      const [code, block] = request;
      if (!(block < BLOCKS)) return [INVALID_PARAMETER];
      const at = block * BLOCK_BYTES;
      if (code === AUTH_A || code === AUTH_B) return authenticate(block, code === AUTH_A ? "A" : "B", request.subarray(2));
      if (code === AUTH_BACKDOOR) return openBackdoor(block, request.subarray(2));
      if (open?.sector !== block >> 2) return [AUTHENTICATION];
      if (code === READ && may(block, "read")) {
        const data = copyOf(memory, at, at + BLOCK_BYTES);
        // Key A never leaves the card, key B not from a trailer that only B may write.
        if ((block & 3) === 3) data.fill(0, 0, 6);
        if ((block & 3) === 3 && conditionOf(memory, block) === 3) data.fill(0, 10, 16);
        return [OK, ...data];
      }
      if (code !== WRITE || request.length !== 2 + BLOCK_BYTES || !may(block, "write")) return [TIMEOUT];
      memory.set(request.subarray(2), at);
      return [OK];
    },
  };
}
