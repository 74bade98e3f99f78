/**
 * The rolling ticket of a MIFARE Classic card. Pure.
 *
 * While the screen already says whose card it is, both blocks of the ticket are read and shown to the gateway, and what it gives is written over the older
 * one, with the card still in the field. Nobody waits for this: a card that is taken away early is read again at its next tap.
 */
import { equalBytes, pn532, TICKET_BLOCK } from "@trapeza/protocol/chip";
import type { Up } from "@trapeza/protocol/chip";
import type { Result } from "./terminal.js";

/** One tap's ticket; its key lives as long as this does. */
export interface Ticket {
  readonly uid: string;
  readonly handle: number;
  readonly key: Uint8Array;
  readonly challenge: number;
  readonly second: boolean;
  /** What is being written, `null` while the blocks are read. */
  readonly write: Uint8Array | null;
}

export type CardInput =
  /** The gateway said who it is, and with which key the ticket is read. */
  | { readonly kind: "holder"; readonly uid: string; readonly handle: number; readonly key: Uint8Array }
  | { readonly kind: "carried"; readonly status: number; readonly answers: ReadonlyArray<Uint8Array> }
  | { readonly kind: "told"; readonly result: Result | null };

/** What is to be done: something for the card, a word to the gateway, or an alarm. `ticket` null: it is over, and the key forgotten. */
export interface CardStep {
  readonly ticket: Ticket | null;
  readonly requests: ReadonlyArray<Uint8Array> | null;
  readonly message: Up | null;
  readonly suspect: boolean;
}

function next(ticket: Ticket | null, requests: CardStep["requests"], message: Up | null, suspect: boolean): CardStep {
  return { ticket, requests, message, suspect };
}

function touching(uid: string, handle: number, key: Uint8Array, challenge: number, second: boolean, write: Uint8Array | null): CardStep {
  const block = second ? TICKET_BLOCK + 1 : TICKET_BLOCK;
  const requests = [
    pn532.authenticate(TICKET_BLOCK, key, uid),
    write ? pn532.writeBlock(block, write) : pn532.readBlock(TICKET_BLOCK),
    pn532.readBlock(write ? block : TICKET_BLOCK + 1),
  ];
  return next({ uid, handle, key, challenge, second, write }, requests, null, false);
}

function carried(ticket: Ticket, status: number, answers: ReadonlyArray<Uint8Array>): CardStep {
  const { handle, challenge, write } = ticket;
  const locked = status === pn532.WRONG_KEY && answers.length === 0 && !write;
  // A card that has gone, or holds something else than was written: the next tap will show what it holds.
  if (!locked && (status !== 0 || (write && !equalBytes(write, answers[2])))) return next(null, null, null, false);
  const blocks = locked || write ? [null, null] : [answers[1], answers[2]];
  const what = locked ? "locked" : write ? "written" : "read";
  const message: Up = { kind: "Ticket", handle, challenge, what, first: blocks[0], second: blocks[1] };
  return next(what === "read" ? ticket : null, null, message, false);
}

/** The next step of the ticket under way; of none when `ticket` is null. */
export function stepCard(ticket: Ticket | null, input: CardInput): CardStep {
  if (input.kind === "holder") return touching(input.uid, input.handle, input.key, 0, false, null);
  if (!ticket) return next(null, null, null, false);
  if (input.kind === "carried") return carried(ticket, input.status, input.answers);
  const { result } = input;
  if (!result || result.kind !== "Ticket") return next(null, null, null, false);
  const { uid, handle, key } = ticket;
  if (result.verdict === "reread") return touching(uid, handle, key, result.challenge, false, null);
  if (result.verdict === "suspect") return next(null, null, null, true);
  return result.write ? touching(uid, handle, key, result.challenge, result.second, result.write) : next(null, null, null, false);
}
