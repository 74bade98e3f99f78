/** A card on a reader, as far as making one of it needs: bytes there and back. */
import type { CardRefusal } from "@trapeza/protocol";

export interface Contact {
  /** The card's answer to reset, as the reader makes it up for a card without contacts (PC/SC part 3 §3.1.3.2.3). */
  readonly atr: Uint8Array;
  /** The answer with its status word. Throws {@link CardGone} when there is no card any more. */
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
  /** Takes the field away and gives it back: a card that has refused something is asleep until then. */
  again(): Promise<void>;
  /** Lets the reader go on to the next one. */
  release(): Promise<void>;
}

export interface CardReader {
  readonly name: string;
  /** Resolves with the next card, or `null` when `signal` ends the waiting. */
  card(signal: AbortSignal): Promise<Contact | null>;
  /** Resolves when no card lies there. */
  removal(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

export class CardGone extends Error {}

/** This card is not made, and why. Thrown, because from anywhere in the work it ends the work. */
export class Refused extends Error {
  constructor(readonly refusal: CardRefusal) {
    super(refusal);
  }
}

const STATUS_BYTES = 2;

/** The data of an answer that ends in 9000; `null` of every other. */
export function good(answer: Uint8Array): Uint8Array | null {
  const at = answer.length - STATUS_BYTES;
  return at >= 0 && answer[at] === 0x90 && answer[at + 1] === 0x00 ? answer.slice(0, at) : null;
}
