/**
 * A card as a PC/SC reader shows it: its ATR, and what the reader's own commands make of a MIFARE Classic (PC/SC part 3 §3.2.2). Cards that take APDUs get
 * them as they are. A reader with an NXP PN532 inside also hands its commands through (`FF 00 00 00`), as an ACR122U does.
 */
import { concat, copyOf, fromHex, pn532 } from "@trapeza/protocol";
import { talkWith } from "./card-talk.js";
import { sakOf } from "./card.js";
import type { Card, Talk } from "./card.js";

export interface Contactless {
  readonly atr: Uint8Array;
  /** The field went off and on again. */
  reset(): void;
  transmit(apdu: Uint8Array): Uint8Array;
}

const OK = Uint8Array.of(0x90, 0x00);
const FAILED = Uint8Array.of(0x63, 0x00);
const UNKNOWN = Uint8Array.of(0x6d, 0x00);
const CLASSIC_1K = "3b8f8001804f0ca000000306030001000000006a";
const TYPE_4 = "3b8180018080";
const READER = "ACR122U214";
/** Registers of the PN532 by which seven bits are sent instead of bytes (UM0701-02 §7.2.5). */
const BIT_FRAMING = 0x633d;

/** What readers do differently. */
export interface ReaderHabits {
  /** Hands commands to its PN532 through. */
  readonly passes?: boolean;
  /** Leaves a card that has refused a key asleep until it is reset. */
  readonly sleeps?: boolean;
}

export function contactless(card: Card, { passes = true, sleeps = false }: ReaderHabits = {}): Contactless {
  let talk: Talk = talkWith(card);
  let isAsleep = false;
  let key: Uint8Array = new Uint8Array(6);
  /** Wake-up of a copy, on its way: seven bits, then eight. */
  let bits = 0;
  let isAwake = false;

  function classic(apdu: Uint8Array): Uint8Array {
    const [, instruction, , block, length] = apdu;
    const told = ([status, ...data]: readonly number[]) => (status === 0 ? concat([Uint8Array.from(data), OK]) : FAILED);
    if (instruction === 0x82) {
      key = copyOf(apdu, 5, 11);
      return OK;
    }
    if (isAsleep) return FAILED;
    if (instruction === 0x86) {
      const opened = told(talk.exchange(concat([Uint8Array.of(apdu[8], apdu[7]), key, card.uid.subarray(-4)])));
      isAsleep = sleeps && opened === FAILED;
      return opened;
    }
    if (instruction === 0xb0) return told(talk.exchange(Uint8Array.of(0x30, block)));
    if (instruction === 0xd6) return told(talk.exchange(concat([Uint8Array.of(0xa0, block), copyOf(apdu, 5, 5 + length)])));
    return UNKNOWN;
  }

  /** What goes to the PN532: registers, and raw bits to the card. */
  function direct(command: Uint8Array): Uint8Array {
    const [, code, ...rest] = command;
    if (code === 0x08) {
      for (let at = 0; at + 2 < rest.length; at += 3) {
        if (rest[at] * 256 + rest[at + 1] === BIT_FRAMING) bits = rest[at + 2] & 7;
      }
      return concat([Uint8Array.of(pn532.FROM_READER, 0x09), OK]);
    }
    if (code !== 0x42) return concat([Uint8Array.of(pn532.FROM_READER, code + 1), OK]);
    const answers = card.wakes === true && ((bits === 7 && rest[0] === 0x40) || (isAwake && bits === 0 && rest[0] === 0x43));
    isAwake = answers;
    return concat([Uint8Array.of(pn532.FROM_READER, 0x43, ...(answers ? [0x00, 0x0a] : [pn532.NO_ANSWER])), OK]);
  }

  return {
    atr: fromHex(sakOf(card) === 0x08 ? CLASSIC_1K : TYPE_4) as Uint8Array,
    reset() {
      talk = talkWith(card);
      isAsleep = false;
    },
    transmit(apdu) {
      const [group, instruction, p1] = apdu;
      if (group !== 0xff) return sakOf(card) === 0x08 ? UNKNOWN : Uint8Array.from(talk.exchange(apdu).slice(1));
      if (instruction === 0xca) return concat([card.uid, OK]);
      if (instruction !== 0x00) return sakOf(card) === 0x08 ? classic(apdu) : UNKNOWN;
      if (!passes) return UNKNOWN;
      return p1 === 0x48 ? Uint8Array.from(Buffer.from(READER)) : direct(copyOf(apdu, 5, 5 + apdu[4]));
    },
  };
}
