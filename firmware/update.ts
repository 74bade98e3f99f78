/**
 * Takes a new release over the wire, a piece at a time, while nobody stands at the machine, into the slot that is not running. Whether it is any good is for
 * the loader to say, at the next start: a program cannot be talked out of checking what it does not check.
 *
 * Everything is in flash: a restart goes on where the last one ended.
 */
import { equalBytes, UPDATE_FETCHING } from "@trapeza/protocol/chip";
import type { Down, Up } from "@trapeza/protocol/chip";
import type { Board, Boot } from "./board.js";
import { CLEAN, FETCHED, MOST_BYTES, PROVEN, SLOT_SECTORS } from "./slot.js";

export interface Update {
  readonly board: Board;
  readonly start: Boot;
  /** Whether for so many milliseconds nobody has stood at the machine, and nothing waits there. */
  readonly rests: (ms: number) => boolean;
  readonly send: (message: Up) => void;
  /** A number of the protocol's UPDATE_STATES, for the Status. */
  state: number;
  /** What is being fetched; else what runs. */
  release: Uint8Array;
  size: number;
  /** The next byte to ask for; before that, below zero, minus the sectors that are still to be erased. */
  at: number;
  askedAt: number;
}

const TICK_MS = 250;
const ANSWER_MS = 5000;
const QUIET_MS = 3000;
/** A start takes some ten seconds in which nobody is served. */
const RESTART_MS = 60000;

/** Begins. */
export function startUpdate(board: Board, start: Boot, rests: (ms: number) => boolean, send: (message: Up) => void): Update {
  const update: Update = { board, start, rests, send, state: start.fate, release: start.runs, size: 0, at: 0, askedAt: 0 };
  tick(update);
  return update;
}

function tick(update: Update): void {
  if (update.state === UPDATE_FETCHING && update.rests(update.at < update.size ? QUIET_MS : RESTART_MS)) work(update);
  update.board.clock.after(TICK_MS, tick, update);
}

function mark({ board }: Update, slot: number, at: number): void {
  board.slots.write(slot * SLOT_SECTORS, at, new Uint8Array(4));
}

/** The gateway has heard us: what runs here is no longer on trial. */
export function proveRelease(update: Update): void {
  const { board, start } = update;
  if (start.proven) return;
  mark(update, start.slot, PROVEN);
  start.proven = true;
  board.clock.cancel(start.trial);
}

/** There is a release for us, says the gateway. What was refused once would be refused again; what runs, or is on its way, is not fetched. */
export function offered(update: Update, { release, size }: Extract<Down, { kind: "Firmware" }>): void {
  const { start } = update;
  const known = equalBytes(start.holds, release);
  if (size > MOST_BYTES || equalBytes(update.release, release) || (known && start.fate > 0)) return;
  update.release = release;
  update.size = size;
  update.state = UPDATE_FETCHING;
  update.at = known ? start.reached : -SLOT_SECTORS;
  // From here on the slot is no longer what the loader saw.
  start.reached = -SLOT_SECTORS;
  update.askedAt = -ANSWER_MS;
}

/** One small thing: a sector erased, a piece asked for, or the restart. A sector takes the chip some 50 ms, in which it hears nothing. */
function work(update: Update): void {
  const { board, start, size, at } = update;
  const now = board.clock.now();
  if (at < 0) {
    board.slots.erase((start.into + 1) * SLOT_SECTORS + at);
    update.at++;
    if (at === -1) mark(update, start.into, CLEAN);
  } else if (at >= size) {
    mark(update, start.into, FETCHED);
    board.reboot();
  } else if (now - update.askedAt >= ANSWER_MS) {
    update.askedAt = now;
    update.send({ kind: "ChunkRequest", release: update.release, offset: at });
  }
}

/** A piece has come. */
export function received(update: Update, { release, offset, bytes }: Extract<Down, { kind: "Chunk" }>): void {
  const { board, start, at, size } = update;
  // Flash takes whole words, and behind the release's end lies what is not its own.
  if (offset !== at || bytes.length % 4 > 0 || at + bytes.length > size || !equalBytes(update.release, release)) return;
  board.slots.write(start.into * SLOT_SECTORS + 1, at, bytes);
  update.at += bytes.length;
  update.askedAt = -ANSWER_MS;
}
