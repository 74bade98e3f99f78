/**
 * What a program says to pcscd over its socket (pcsc-lite, winscard_msg.h, protocol 4.4): whole numbers of 32 bits in the machine's order, each message a
 * fixed record behind its length and its number; the answer is the same record, filled in, without a head.
 */
export const COMMANDS = {
  establishContext: 0x01,
  releaseContext: 0x02,
  connect: 0x04,
  reconnect: 0x05,
  disconnect: 0x06,
  transmit: 0x09,
  version: 0x11,
  readersState: 0x12,
} as const;

/** Spoken by every pcscd since 1.8.24; later ones go on understanding it. */
export const VERSION = { major: 4, minor: 4 };
const NAME_BYTES = 128;
const STATE_BYTES = 184;
/** A word of `readerState`: a card lies there. */
const PRESENT = 0x0004;
/** The longest answer to a short APDU. */
export const LONGEST_ANSWER = 264;

/** Card and reader are nobody else's meanwhile; either protocol; the card is reset, or let go of cold. */
export const SHARE_EXCLUSIVE = 1;
export const SHARE_SHARED = 2;
export const ANY_PROTOCOL = 3;
export const RESET_CARD = 1;

/** Return codes that mean "there is no card": none, removed, reset by its removal, mute, gone amid a command. */
const NO_CARD = new Set([0x8010000c, 0x80100069, 0x80100068, 0x80100066, 0x80100016]);

export interface ReaderState {
  readonly name: string;
  readonly hasCard: boolean;
  /** Counts cards that came and went. */
  readonly events: number;
  readonly atr: Uint8Array;
}

export function isNoCard(code: number): boolean {
  return NO_CARD.has(code >>> 0);
}

export function record(...words: readonly (number | string)[]): Buffer {
  return Buffer.concat(
    words.map((word) => {
      const part = Buffer.alloc(typeof word === "string" ? NAME_BYTES : 4);
      if (typeof word === "string") part.write(word, "latin1");
      else part.writeUInt32LE(word >>> 0);
      return part;
    }),
  );
}

export function headed(command: number, body: Buffer): Buffer {
  return Buffer.concat([record(body.length, command), body]);
}

export const wordAt = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at);

/** Where in an answer's record the return code stands: last of all of them. */
export const codeIn = (answer: Buffer): number => wordAt(answer, answer.length - 4);

export const READERS = 16;
export const READERS_BYTES = READERS * STATE_BYTES;

export function readersIn(answer: Buffer): ReaderState[] {
  const states = Array.from({ length: READERS }, (_, at) => answer.subarray(at * STATE_BYTES, (at + 1) * STATE_BYTES));
  return states
    .map((state) => ({
      name: state.subarray(0, NAME_BYTES).toString("latin1").replace(/\0.*$/s, ""),
      events: wordAt(state, NAME_BYTES),
      hasCard: (wordAt(state, NAME_BYTES + 4) & PRESENT) !== 0,
      atr: new Uint8Array(state.subarray(NAME_BYTES + 12, NAME_BYTES + 12 + Math.min(33, wordAt(state, 176)))),
    }))
    .filter(({ name }) => name !== "");
}
