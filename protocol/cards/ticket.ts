/**
 * The rolling ticket: what a MIFARE Classic card must show that nobody but this school's gateway can have written, and that is another one after each tap.
 *
 * A block of 16 bytes: counter (4, big-endian) ‖ epoch (4) ‖ MAC (8). The MAC is the first half of CMAC(key, "CCM1" ‖ UID ‖ epoch ‖ counter): it ties a
 * ticket to one card, so that no card's block is worth anything on another. `epoch` is the journal epoch of the gateway that issued it: a gateway that
 * takes over may count from where the card stands, and still issues nothing that its predecessor has.
 */
import { concat, copyOf, createReader, equalBytes, latinBytes, readUint32 } from "../wire/bytes.js";
import { bigEndian } from "../wire/session.js";
import { cmac } from "./cmac.js";
import type { BlockCipher } from "./cmac.js";

export const TICKET_BYTES = 16;
const MAC_BYTES = 8;
const LABEL = latinBytes("CCM1");

/** Both whole numbers below 2^32. */
export interface Ticket {
  readonly epoch: number;
  readonly counter: number;
}

function macOf(encryptBlock: BlockCipher, key: Uint8Array, uid: Uint8Array, { epoch, counter }: Ticket): Uint8Array {
  const message = concat([LABEL, uid, bigEndian(epoch), bigEndian(counter)]);
  return copyOf(cmac(encryptBlock, key, message), 0, MAC_BYTES);
}

/** The block of a ticket for the card with this UID (4, 7 or 10 bytes); `key` has 16 bytes. */
export function sealTicket(encryptBlock: BlockCipher, key: Uint8Array, uid: Uint8Array, ticket: Ticket): Uint8Array {
  return concat([bigEndian(ticket.counter), bigEndian(ticket.epoch), macOf(encryptBlock, key, uid, ticket)]);
}

/** The ticket in a block; `null` for a block that is torn, empty, another card's or forged. */
export function openTicket(encryptBlock: BlockCipher, key: Uint8Array, uid: Uint8Array, block: Uint8Array): Ticket | null {
  if (block.length !== TICKET_BYTES) return null;
  const reader = createReader(block);
  const counter = readUint32(reader);
  const ticket = { epoch: readUint32(reader), counter };
  return equalBytes(macOf(encryptBlock, key, uid, ticket), copyOf(block, TICKET_BYTES - MAC_BYTES, TICKET_BYTES)) ? ticket : null;
}

/** Positive when `a` was issued after `b`. A later gateway's ticket is later whatever its counter says. */
export function compareTickets(a: Ticket, b: Ticket): number {
  return a.epoch - b.epoch || a.counter - b.counter;
}
