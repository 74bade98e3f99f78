/** A chip with two slots, the loader and a program that takes releases; its power can be cut in any write. */
import { createHash } from "node:crypto";
import { growTree, lmsPublicKey, makeRelease, signLms, UPDATE_STATES } from "@trapeza/protocol";
import type { Manifest, Release } from "@trapeza/protocol";
import type { Board, Flash } from "./board.js";
import { beginLook, chooseStart, goOnLooking, imageAt } from "./loader.js";
import type { Start } from "./loader.js";
import { SLOT_SECTORS } from "./slot.js";
import { offered, proveRelease, received, startUpdate } from "./update.js";
import type { Update } from "./update.js";

export const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());

const secret = { height: 5, id: new Uint8Array(16).fill(7), seed: new Uint8Array(32).fill(9) } as const;
const nodes = growTree(sha256, secret);
export const signer = lmsPublicKey(secret, nodes[1]);
let leaf = 0;
const sign = (manifest: Uint8Array): Uint8Array => signLms(sha256, secret, nodes, leaf++ % 32, new Uint8Array(32), manifest);

/** A small release of the till's program. */
export function releaseOf(version: string, about: Partial<Manifest> = {}): Release {
  const image = new Uint8Array(Buffer.from(`print(${JSON.stringify(version.padEnd(1501, "."))})`));
  const words = new Uint8Array(601).fill(version.charCodeAt(0));
  return makeRelease(
    sha256,
    { kind: "settlement", line: "none", securityVersion: 1, minimalProtocol: 1, ...about, version },
    { image, words },
    sign,
  );
}

class Cut extends Error {}
class Reboot extends Error {}

export interface Chip {
  readonly flash: Flash & { readonly bytes: Uint8Array };
  /** Writes and erases so far; the one numbered `cutAt` is torn after a share of its bytes. */
  writes: number;
  cutAt: number;
  share: number;
  /** Offsets that the program asked for. */
  readonly asked: number[];
}

export function createChip(): Chip {
  const bytes = new Uint8Array(2 * SLOT_SECTORS * 4096).fill(0xff);
  const tear = (length: number): number => {
    chip.writes++;
    return chip.writes === chip.cutAt ? Math.floor(length * chip.share) : length;
  };
  const cut = (): void => {
    if (chip.writes === chip.cutAt) throw new Cut();
  };
  const flash = {
    bytes,
    ...{ sectors: 2 * SLOT_SECTORS, sectorBytes: 4096 },
    read: (sector: number, offset: number, length: number) => bytes.slice(sector * 4096 + offset, sector * 4096 + offset + length),
    write(sector: number, offset: number, data: Uint8Array) {
      if (offset % 4 > 0 || data.length % 4 > 0) throw new Error("whole words");
      const count = tear(data.length);
      for (let i = 0; i < count; i++) bytes[sector * 4096 + offset + i] &= data[i];
      cut();
    },
    erase(sector: number) {
      bytes.fill(0xff, sector * 4096, sector * 4096 + tear(4096));
      cut();
    },
  };
  const chip: Chip = { flash, writes: 0, cutAt: 0, share: 0, asked: [] };
  return chip;
}

/** What is on the wire and in the office while the chip runs. */
export interface Outside {
  readonly offer: Release | null;
  /** Bytes as the gateway has them, if they are not the release's. */
  readonly served?: Uint8Array;
  /** Whether the program that is started gets as far as a Welcome. */
  readonly hears: (start: Start) => boolean;
  readonly kind?: string;
  readonly line?: string;
  readonly key?: Uint8Array;
}

/** What one life of the chip came to: what it ran, and how it ended. */
export interface Life {
  readonly start: Start | null;
  readonly state: string;
  readonly end: "cut" | "reboot" | "rest";
}

function named(update: Update | null): string {
  return update ? UPDATE_STATES[update.state] : "";
}

/** Boots and runs until the power is cut, the chip starts anew, or nothing happens any more. */
export function live(chip: Chip, outside: Outside): Life {
  const queue: { at: number; run: () => void }[] = [];
  let now = 0;
  let update: Update | null = null;
  let start: Start | null = null;
  try {
    const look = beginLook(chip.flash, sha256, {
      ...{ kind: outside.kind ?? "settlement", line: outside.line ?? "none", key: outside.key ?? signer },
    });
    if (look) {
      while (goOnLooking(look));
      return { start: null, state: "", end: "reboot" };
    }
    start = chooseStart(chip.flash, sha256);
    const clock = {
      now: () => now,
      after: <A>(delay: number, run: (argument: A) => void, argument?: A) => queue.push({ at: now + delay, run: () => run(argument as A) }),
      cancel: () => undefined,
    };
    const boot = { ...start, trial: 0, words: "", code: "", at: 0 };
    const reboot = (): void => {
      throw new Reboot();
    };
    const board = { clock, slots: chip.flash, crypto: { sha256 }, boot, reboot } as unknown as Board;
    update = startUpdate(
      board,
      boot,
      () => true,
      (message) => {
        if (message.kind !== "ChunkRequest" || !outside.offer) return;
        chip.asked.push(message.offset);
        const bytes = outside.served ?? outside.offer.bytes;
        const { release, offset } = message;
        queue.push({
          at: now + 30,
          run: () => received(update!, { kind: "Chunk", release, offset, bytes: bytes.slice(offset, offset + 448) }),
        });
      },
    );
    if (outside.hears(start)) {
      proveRelease(update);
      if (outside.offer)
        offered(update, { kind: "Firmware", release: outside.offer.id, size: outside.served?.length ?? outside.offer.bytes.length });
    } else return { start, state: named(update), end: "reboot" };
    while (now < 600000) {
      if (update.state !== 1) return { start, state: named(update), end: "rest" };
      queue.sort((a, b) => a.at - b.at);
      const next = queue.shift()!;
      now = next.at;
      next.run();
    }
    return { start, state: named(update), end: "rest" };
  } catch (error) {
    if (error instanceof Cut) return { start, state: named(update), end: "cut" };
    if (error instanceof Reboot) return { start, state: named(update), end: "reboot" };
    throw error;
  }
}

/** The text that would be started. */
export function imageOf(chip: Chip, start: Start): string {
  if (start.slot < 0) return "";
  const at = start.slot * SLOT_SECTORS * 4096 + imageAt(chip.flash);
  return Buffer.from(chip.flash.bytes.slice(at, at + start.imageBytes)).toString("latin1");
}

/** Lives until the chip rests, at most so many. */
export function settle(chip: Chip, outside: Outside, most = 12): Life[] {
  const lives: Life[] = [];
  do lives.push(live(chip, outside));
  while (lives[lives.length - 1].end !== "rest" && lives.length < most);
  return lives;
}
