/**
 * An NTAG 424 DNA as it leaves the factory: five keys of zeroes and an empty file that anybody may write (NT4H2421Gx §8). It is opened, gets its keys, its
 * file and that file's settings; from then on it makes messages as `card-ntag.ts` does.
 */
import { createDecipheriv } from "node:crypto";
import { concat, copyOf, equalBytes, ev2, latinBytes, toHex } from "@trapeza/protocol";
import { APPLICATION, DONE, encryptBlock, FILE, FILE_BYTES, NOT_FOUND, sunTexts } from "./card-ntag.js";
import type { Ntag } from "./card-ntag.js";

const decryptBlock = (key: Uint8Array, block: Uint8Array): Uint8Array =>
  new Uint8Array(createDecipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block));
const cipher = { encryptBlock, decryptBlock };
const NOTHING: Uint8Array = new Uint8Array(16);
const OK = Uint8Array.of(0x91, 0x00);
const REFUSED = Uint8Array.of(0x91, 0xae);
const BROKEN = Uint8Array.of(0x91, 0x1e);
const FORBIDDEN = Uint8Array.of(0x69, 0x82);
/** Hardware: NXP, type 4, subtype 2, version 48.0, 416 bytes, ISO 14443-3 and -4. */
const VERSION = Uint8Array.of(0x04, 0x04, 0x02, 0x30, 0x00, 0x11, 0x05, 0x91, 0xaf);

interface Mirror {
  readonly piccAt: number;
  readonly macAt: number;
  readonly metaKey: number;
  readonly fileKey: number;
}

/** `uid` of 7 bytes. `random`: the chip's own chance. */
export function createBlankNtag(uid: Uint8Array, random: (bytes: number) => Uint8Array): BlankNtag {
  return new BlankNtag(uid, random);
}

export class BlankNtag implements Ntag {
  counter = 0;
  readonly keys: Uint8Array[] = Array.from({ length: 5 }, () => NOTHING);
  readonly #uid: Uint8Array;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #file = new Uint8Array(FILE_BYTES);
  #selected = "";
  #mirror: Mirror | null = null;
  #isWritable = true;
  #challenge: { readonly key: number; readonly own: Uint8Array } | null = null;
  #session: (ev2.Ev2Session & { readonly key: number }) | null = null;
  #shown: Uint8Array | null = null;

  constructor(uid: Uint8Array, random: (bytes: number) => Uint8Array) {
    this.#uid = uid;
    this.#random = random;
  }

  select(): void {
    this.#selected = "";
    this.#session = this.#challenge = this.#shown = null;
  }

  answer(apdu: Uint8Array): Uint8Array {
    const [group, instruction, p1, p2, length] = apdu;
    if (group === 0x90) return this.#selected === "" ? REFUSED : this.#native(apdu);
    if (instruction === 0xa4) {
      const name = toHex(copyOf(apdu, 5, 5 + length));
      if (name !== APPLICATION && (name !== FILE || this.#selected === "")) return NOT_FOUND;
      this.#selected = name;
      this.#shown = null;
      return DONE;
    }
    if (this.#selected !== FILE) return NOT_FOUND;
    const from = p1 * 256 + p2;
    if (instruction === 0xd6) {
      if (!this.#isWritable) return FORBIDDEN;
      this.#file.set(copyOf(apdu, 5, 5 + length), from);
      return DONE;
    }
    this.#shown ??= this.#read();
    return concat([copyOf(this.#shown, from, Math.min(from + (length || FILE_BYTES), FILE_BYTES)), DONE]);
  }

  #native(apdu: Uint8Array): Uint8Array {
    switch (apdu[1]) {
      case 0x60:
        return VERSION;
      case 0x71:
        return this.#authenticate(apdu[5]);
      case 0xaf:
        return this.#proven(apdu);
      case 0xc4:
        return this.#changeKey(apdu);
      case 0x5f:
        return this.#changeSettings(apdu);
      default:
        return REFUSED;
    }
  }

  #read(): Uint8Array {
    const mirror = this.#mirror;
    if (!mirror) return this.#file;
    const keys = { metaKey: this.keys[mirror.metaKey], fileKey: this.keys[mirror.fileKey] };
    const { picc, mac } = sunTexts({ uid: this.#uid, ...keys }, ++this.counter);
    const out = this.#file.slice();
    out.set(latinBytes(picc), mirror.piccAt);
    out.set(latinBytes(mac), mirror.macAt);
    return out;
  }

  #authenticate(key: number): Uint8Array {
    this.#session = null;
    const own = this.#random(16);
    this.#challenge = { key, own };
    return concat([ev2.encryptCbc(encryptBlock, this.keys[key], NOTHING, own), Uint8Array.of(0x91, 0xaf)]);
  }

  #proven(apdu: Uint8Array): Uint8Array {
    if (!this.#challenge || apdu.length !== 38) return REFUSED;
    const { key, own } = this.#challenge;
    this.#challenge = null;
    const said = ev2.decryptCbc(cipher, this.keys[key], NOTHING, copyOf(apdu, 5, 37));
    const theirs = copyOf(said, 0, 16);
    if (!equalBytes(copyOf(said, 16, 32), ev2.turned(own, 1))) return REFUSED;
    const ti = this.#random(4);
    this.#session = { ...ev2.sessionKeys(encryptBlock, this.keys[key], theirs, own), ti, counter: 0, key };
    const proof = concat([ti, ev2.turned(theirs, 1), new Uint8Array(12)]);
    return concat([ev2.encryptCbc(encryptBlock, this.keys[key], NOTHING, proof), OK]);
  }

  /** The plain data of a command with one byte of header, in a session under key 0; `null` when its MAC is wrong, which ends the session (§9.1.7). */
  #opened(apdu: Uint8Array): Uint8Array | null {
    const session = this.#session;
    if (session?.key !== 0) return null;
    const body = copyOf(apdu, 5, 5 + apdu[4]);
    const [rest, mac] = [copyOf(body, 0, body.length - 8), copyOf(body, body.length - 8, body.length)];
    if (!equalBytes(mac, ev2.macOf(encryptBlock, session, apdu[1], rest))) return (this.#session = null);
    const iv = ev2.vectorOf(encryptBlock, session, 0xa5, 0x5a);
    const filled = ev2.decryptCbc(cipher, session.encryptionKey, iv, copyOf(rest, 1, rest.length));
    this.#session = { ...session, counter: session.counter + 1 };
    return copyOf(filled, 0, filled.lastIndexOf(0x80));
  }

  #answered(): Uint8Array {
    return this.#session ? concat([ev2.macOf(encryptBlock, this.#session, 0x00, new Uint8Array(0)), OK]) : REFUSED;
  }

  #changeKey(apdu: Uint8Array): Uint8Array {
    const data = this.#opened(apdu);
    const number = apdu[5];
    if (!data) return REFUSED;
    const fresh = copyOf(data, 0, 16).map((byte, at) => (number === 0 ? byte : byte ^ this.keys[number][at]));
    const isWhole = number === 0 || equalBytes(ev2.checkSum(fresh), copyOf(data, 17, 21));
    if (isWhole) this.keys[number] = fresh;
    if (isWhole && number !== 0) return this.#answered();
    this.#session = null;
    return isWhole ? OK : BROKEN;
  }

  /** Plain file with a mirror of UID and counter, encrypted, and a MAC over nothing: the one set-up that is played here. */
  #changeSettings(apdu: Uint8Array): Uint8Array {
    const data = apdu[5] === 2 ? this.#opened(apdu) : null;
    if (!data) return REFUSED;
    const at = (offset: number) => data[offset] + data[offset + 1] * 256 + data[offset + 2] * 65536;
    if (data.length !== 15 || data[0] !== 0x40 || data[3] !== 0xc1 || at(9) !== at(12)) return BROKEN;
    this.#isWritable = (data[2] & 15) === 14 || data[1] >> 4 === 14;
    this.#mirror = { piccAt: at(6), macAt: at(12), metaKey: data[5] >> 4, fileKey: data[5] & 15 };
    return this.#answered();
  }
}
