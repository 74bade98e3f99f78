/**
 * An NTAG 424 DNA as a school's card: one file with an address, into which the chip itself writes its encrypted UID and counter and a MAC at each reading
 * (NXP NT4H2421Gx §9.3). The counter rises once for each time it is selected and read.
 */
import { createCipheriv } from "node:crypto";
import { concat, copyOf, latinBytes, sunMac, toHex } from "@trapeza/protocol";

export interface Ntag {
  /** How often it was read; the next message bears one more. */
  counter: number;
  select(): void;
  /** To an APDU, its status word at the end. */
  answer(apdu: Uint8Array): Uint8Array;
}

export interface NtagOptions {
  /** 7 bytes. */
  readonly uid: Uint8Array;
  readonly metaKey: Uint8Array;
  readonly fileKey: Uint8Array;
  /** What stands before the message; the operator's own address. */
  readonly address?: string;
}

export const DONE = Uint8Array.of(0x90, 0x00);
export const NOT_FOUND = Uint8Array.of(0x6a, 0x82);
export const APPLICATION = "d2760000850101";
export const FILE = "e104";
export const FILE_BYTES = 256;
/** Abbreviations of NFC Forum URI records: 4 is "https://". */
const HTTPS = 0x04;

export const encryptBlock = (key: Uint8Array, block: Uint8Array): Uint8Array =>
  new Uint8Array(createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block));

/** What the chip writes into its file at the reading with this number. */
export function sunTexts({ uid, metaKey, fileKey }: Omit<NtagOptions, "address">, counter: number): { picc: string; mac: string } {
  const plain = new Uint8Array(16);
  // What fills the block up is the chip's own chance (§9.3.4); here it is the counter's shadow, so that a day can be played again.
  plain.set(concat([Uint8Array.of(0xc7), uid, Uint8Array.of(counter & 255, (counter >> 8) & 255, counter >> 16)]));
  plain.fill(counter & 255, 11);
  const picc = toHex(encryptBlock(metaKey, plain)).toUpperCase();
  return { picc, mac: toHex(sunMac(encryptBlock, fileKey, uid, counter, new Uint8Array(0))).toUpperCase() };
}

export function createNtag({ uid, metaKey, fileKey, address = "trapeza.example/t?p=" }: NtagOptions): Ntag {
  let selected = "";
  let file: Uint8Array | null = null;

  /** The file with a new message in it. */
  function written(counter: number): Uint8Array {
    const { picc, mac } = sunTexts({ uid, metaKey, fileKey }, counter);
    const url = latinBytes(`${address}${picc}&m=${mac}`);
    const record = concat([Uint8Array.of(0xd1, 0x01, url.length + 1, 0x55, HTTPS), url]);
    const whole = new Uint8Array(FILE_BYTES);
    whole.set(concat([Uint8Array.of(0, record.length), record]));
    return whole;
  }

  const tag: Ntag = {
    counter: 0,
    select() {
      selected = "";
      file = null;
    },
    answer(apdu) {
      const [, instruction, p1, p2, length] = apdu;
      if (instruction === 0xa4) {
        const name = toHex(copyOf(apdu, 5, 5 + length));
        if (name !== APPLICATION && (name !== FILE || selected === "")) return NOT_FOUND;
        selected = name;
        return DONE;
      }
      if (instruction !== 0xb0 || selected !== FILE) return NOT_FOUND;
      file ??= written(++tag.counter);
      const from = p1 * 256 + p2;
      return concat([copyOf(file, from, Math.min(from + (length || FILE_BYTES), FILE_BYTES)), DONE]);
    },
  };
  return tag;
}
