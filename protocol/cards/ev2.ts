/**
 * The secure channel to an NTAG 424 DNA in AES mode, as far as making a card needs it (NXP NT4H2421Gx §9.1, AN12196 §5 and §6): both sides prove that they
 * know a key, and what is said afterwards carries a MAC of 8 bytes and, where it is secret, is encrypted.
 */
import { concat, copyOf, equalBytes } from "../wire/bytes.js";
import { BLOCK_BYTES, cmac, oddBytes } from "./cmac.js";
import type { BlockCipher } from "./cmac.js";
import type { SunCipher } from "./sun.js";

const CLASS = 0x90;
const AUTHENTICATE = 0x71;
const MORE = 0xaf;
const CHANGE_KEY = 0xc4;
const MAC_BYTES = 8;
const TI_BYTES = 4;

export interface Ev2Session {
  readonly encryptionKey: Uint8Array;
  readonly macKey: Uint8Array;
  /** Names this session, 4 bytes. */
  readonly ti: Uint8Array;
  /** Commands answered so far. */
  readonly counter: number;
}

function wrapped(command: number, data: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(CLASS, command, 0, 0, data.length), data, Uint8Array.of(0)]);
}

/** Says with which of its keys, 0 to 4, a tag is to be opened. It answers with an encrypted challenge of 16 bytes. */
export function askChallenge(keyNumber: number): Uint8Array {
  return wrapped(AUTHENTICATE, Uint8Array.of(keyNumber, 0));
}

export interface Proof {
  readonly apdu: Uint8Array;
  readonly theirs: Uint8Array;
}

/** The answer to a tag's challenge; `ours`: 16 bytes that nobody could have guessed. */
export function proveKey(cipher: SunCipher, key: Uint8Array, ours: Uint8Array, challenge: Uint8Array): Proof {
  const theirs = decryptCbc(cipher, key, new Uint8Array(BLOCK_BYTES), challenge);
  const both = concat([ours, turned(theirs, 1)]);
  return { apdu: wrapped(MORE, encryptCbc(cipher.encryptBlock, key, new Uint8Array(BLOCK_BYTES), both)), theirs };
}

/** The session, from the tag's own proof of 32 bytes; `null` when it does not know the key. */
export function openSession(
  cipher: SunCipher,
  key: Uint8Array,
  { ours, theirs }: { readonly ours: Uint8Array; readonly theirs: Uint8Array },
  proof: Uint8Array,
): Ev2Session | null {
  if (proof.length !== 2 * BLOCK_BYTES) return null;
  const said = decryptCbc(cipher, key, new Uint8Array(BLOCK_BYTES), proof);
  if (!equalBytes(copyOf(said, TI_BYTES, TI_BYTES + BLOCK_BYTES), turned(ours, 1))) return null;
  return { ...sessionKeys(cipher.encryptBlock, key, ours, theirs), ti: copyOf(said, 0, TI_BYTES), counter: 0 };
}

/** SV1 and SV2 (AN12196 §6.6): bytes of both challenges, counted from the most significant. */
export function sessionKeys(encryptBlock: BlockCipher, key: Uint8Array, ours: Uint8Array, theirs: Uint8Array) {
  const mixed = copyOf(ours, 2, 8).map((byte, at) => byte ^ theirs[at]);
  const tail = concat([Uint8Array.of(0x00, 0x01, 0x00, 0x80), copyOf(ours, 0, 2), mixed, copyOf(theirs, 6, 16), copyOf(ours, 8, 16)]);
  const keyFor = (first: number, second: number) => cmac(encryptBlock, key, concat([Uint8Array.of(first, second), tail]));
  return { encryptionKey: keyFor(0xa5, 0x5a), macKey: keyFor(0x5a, 0xa5) };
}

/** A command whose data are secret. `header` goes in the clear, as a file's or key's number does. */
export function secretCommand(
  cipher: SunCipher,
  session: Ev2Session,
  command: number,
  header: Uint8Array,
  data: Uint8Array,
): { readonly apdu: Uint8Array; readonly next: Ev2Session } {
  const iv = vectorOf(cipher.encryptBlock, session, 0xa5, 0x5a);
  const secret = encryptCbc(cipher.encryptBlock, session.encryptionKey, iv, padded(data));
  const mac = macOf(cipher.encryptBlock, session, command, concat([header, secret]));
  return { apdu: wrapped(command, concat([header, secret, mac])), next: { ...session, counter: session.counter + 1 } };
}

/** `session`: the one after the command. Whether the tag itself has answered: `00` and the MAC over nothing, for none of our commands asks for data. */
export function isAnswered(cipher: SunCipher, session: Ev2Session, answer: Uint8Array): boolean {
  const mac = macOf(cipher.encryptBlock, session, 0x00, new Uint8Array(0));
  return equalBytes(answer, concat([mac, Uint8Array.of(0x91, 0x00)]));
}

/** `old`: what the key was; `null` for the key that the session was opened with, whose change the tag answers in the clear and ends the session. */
export function keyChange(keyNumber: number, fresh: Uint8Array, old: Uint8Array | null) {
  const version = Uint8Array.of(1);
  const mixed = old ? fresh.map((byte, at) => byte ^ old[at]) : fresh;
  return {
    command: CHANGE_KEY,
    header: Uint8Array.of(keyNumber),
    data: old ? concat([mixed, version, checkSum(fresh)]) : concat([mixed, version]),
  };
}

/** CRC-32 of IEEE 802.3 without the last complement, low byte first (AN12196 §6.16.1). */
export function checkSum(bytes: Uint8Array): Uint8Array {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  }
  return Uint8Array.of(sum & 255, (sum >>> 8) & 255, (sum >>> 16) & 255, sum >>> 24);
}

/** Of a command, or of an answer, which counts one more (AN12196 §5.3). */
export function macOf(encryptBlock: BlockCipher, { macKey, ti, counter }: Ev2Session, first: number, rest: Uint8Array): Uint8Array {
  return copyOf(oddBytes(cmac(encryptBlock, macKey, concat([Uint8Array.of(first, counter & 255, counter >> 8), ti, rest]))), 0, MAC_BYTES);
}

export function vectorOf(encryptBlock: BlockCipher, { encryptionKey, ti, counter }: Ev2Session, first: number, second: number): Uint8Array {
  const seed = concat([Uint8Array.of(first, second), ti, Uint8Array.of(counter & 255, counter >> 8), new Uint8Array(8)]);
  return encryptBlock(encryptionKey, seed);
}

/** Always at least one byte more, so that what was filled up is known from what was not. */
function padded(data: Uint8Array): Uint8Array {
  const whole = new Uint8Array((Math.floor(data.length / BLOCK_BYTES) + 1) * BLOCK_BYTES);
  whole.set(data);
  whole[data.length] = 0x80;
  return whole;
}

/** To the left by some bytes. */
export function turned(bytes: Uint8Array, by: number): Uint8Array {
  return concat([bytes.subarray(by), bytes.subarray(0, by)]);
}

const mix = (a: Uint8Array, b: Uint8Array): Uint8Array => a.map((byte, at) => byte ^ b[at]);
const blocksOf = (data: Uint8Array): Uint8Array[] =>
  Array.from({ length: data.length / BLOCK_BYTES }, (_, at) => copyOf(data, at * BLOCK_BYTES, (at + 1) * BLOCK_BYTES));

export function encryptCbc(encryptBlock: BlockCipher, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  let last = iv;
  return concat(blocksOf(data).map((block) => (last = encryptBlock(key, mix(block, last)))));
}

export function decryptCbc({ decryptBlock }: SunCipher, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Uint8Array {
  const blocks = blocksOf(data);
  return concat(blocks.map((block, at) => mix(decryptBlock(key, block), at === 0 ? iv : blocks[at - 1])));
}
