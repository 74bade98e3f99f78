/** What a board still owes its school: its outbox, read over the cable and opened here as the firmware would open it. */
import { openOutbox, OUTBOX_ADDRESS, OUTBOX_SECTORS, SECTOR_BYTES, unsent } from "@trapeza/firmware";
import { sha256 } from "@trapeza/gateway";
import type { BoardConsole } from "./console.js";

/** Read at a time: the answer is as long again by a third. */
const PIECE_BYTES = 512;
const ERASED = 0xff;
const SLOW_MS = 15_000;

export interface Owed {
  /** Operations that the gateway has not answered. */
  readonly operations: number;
  /** A note was on its way into the cassette. */
  readonly note: boolean;
}

/** `null`: the chip has no such partition, so nothing of ours can be in it. */
export async function owedBy(board: BoardConsole): Promise<Owed | null> {
  if (!(await hasOutbox(board))) return null;
  const flash = new Uint8Array(OUTBOX_SECTORS * SECTOR_BYTES).fill(ERASED);
  for (let sector = 0; sector < OUTBOX_SECTORS; sector++) {
    const from = sector * SECTOR_BYTES;
    for (let at = from; at < from + SECTOR_BYTES; at += PIECE_BYTES) {
      const text = (await board.ask(`btoa(E.toString(require("Flash").read(${PIECE_BYTES},${OUTBOX_ADDRESS + at})))`)) as string;
      const piece = Buffer.from(text, "base64");
      flash.set(piece, at);
      // Records stand one behind the other: behind an empty stretch there is nothing.
      if (piece.every((byte) => byte === ERASED)) break;
    }
  }
  // A copy: what the opening writes does not reach the board.
  const outbox = openOutbox(
    {
      ...{ sectors: OUTBOX_SECTORS, sectorBytes: SECTOR_BYTES },
      read: (sector, offset, length) => flash.slice(sector * SECTOR_BYTES + offset, sector * SECTOR_BYTES + offset + length),
      write(sector, offset, bytes) {
        for (let i = 0; i < bytes.length; i++) flash[sector * SECTOR_BYTES + offset + i] &= bytes[i];
      },
      erase: (sector) => void flash.fill(ERASED, sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES),
    },
    sha256,
  );
  return { operations: unsent(outbox), note: outbox.state.open !== null };
}

export async function hasOutbox(board: BoardConsole): Promise<boolean> {
  const covers = `function(a){return a.addr<=${OUTBOX_ADDRESS}&&a.addr+a.length>=${OUTBOX_ADDRESS + OUTBOX_SECTORS * SECTOR_BYTES}}`;
  return (await board.ask(`require("Flash").getFree().filter(${covers}).length>0`)) as boolean;
}

/** Forgets everything that the board owed. */
export async function eraseOutbox(board: BoardConsole): Promise<void> {
  for (let sector = 0; sector < OUTBOX_SECTORS; sector++) {
    await board.ask(`require("Flash").erasePage(${OUTBOX_ADDRESS + sector * SECTOR_BYTES})`, SLOW_MS);
  }
}
