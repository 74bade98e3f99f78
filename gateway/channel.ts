/**
 * One direction of one session: frames sealed and opened as protocol/wire/frame.ts says, byte for byte, in the way that costs Node least. That file serves
 * the chip too, which has one hash, one cipher and no memory to spare; here a frame's arrays and what is set up for each of them are most of its price.
 */
import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Cipher, Decipher } from "node:crypto";
import { equalBytes, peek, TAG_BYTES, WIRE_VERSION } from "@trapeza/protocol";
import type { HmacKey, Opened } from "@trapeza/protocol";
import { mac } from "./cipher.js";

export interface ChannelKeys {
  /** 16 bytes. */
  readonly encryption: Uint8Array;
  readonly tag: HmacKey;
}

const HEAD_BYTES = 5;
const BLOCK_BYTES = 16;
/** Vectors are made for so many counters at once: a call of the cipher costs more than the blocks in it. */
const PAGE = 32;
export class Channel {
  readonly #ecb: Cipher;
  /** Its register holds the last 16 bytes that it was fed, so a vector fed before a body begins it anew. */
  readonly #back: Decipher;
  #vectors: Uint8Array = new Uint8Array(0);
  #page = -1;

  constructor(
    private readonly direction: "up" | "down",
    private readonly keys: ChannelKeys,
  ) {
    this.#ecb = createCipheriv("aes-128-ecb", keys.encryption, null).setAutoPadding(false);
    this.#back = createDecipheriv("aes-128-cfb8", keys.encryption, new Uint8Array(BLOCK_BYTES));
  }

  /** `clear`: the body travels as it is. */
  seal(kind: number, counter: number, clear: boolean, body: Uint8Array): Uint8Array {
    const end = HEAD_BYTES + body.length;
    const frame = new Uint8Array(end + TAG_BYTES);
    frame[0] = WIRE_VERSION * 64 + kind;
    setCounter(frame, counter);
    const secret = !clear && body.length > 0;
    frame.set(secret ? createCipheriv("aes-128-cfb8", this.keys.encryption, this.#vector(counter)).update(body) : body, HEAD_BYTES);
    frame.set(this.#tag(frame, end), end);
    return frame;
  }

  /** Looks at the tag first; a frame with a bad one is never deciphered. Whether the counter is fresh is the caller's to know. */
  open(clear: (kind: number) => boolean, frame: Uint8Array): Opened {
    const outside = peek(frame);
    if (!outside) return { ok: false, why: "short" };
    if (outside.version !== WIRE_VERSION) return { ok: false, why: "version" };
    const { kind, counter } = outside;
    const end = frame.length - TAG_BYTES;
    if (!equalBytes(this.#tag(frame, end), frame.subarray(end))) return { ok: false, why: "tag" };
    if (clear(kind) || end === HEAD_BYTES) return { ok: true, kind, counter, body: frame.slice(HEAD_BYTES, end) };
    const fed = new Uint8Array(BLOCK_BYTES + end - HEAD_BYTES);
    fed.set(this.#vector(counter));
    fed.set(frame.subarray(HEAD_BYTES, end), BLOCK_BYTES);
    const { buffer, byteOffset, length } = this.#back.update(fed);
    return { ok: true, kind, counter, body: new Uint8Array(buffer, byteOffset + BLOCK_BYTES, length - BLOCK_BYTES) };
  }

  #tag(frame: Uint8Array, end: number): Uint8Array {
    return mac(this.keys.tag, frame.subarray(0, end)).subarray(0, TAG_BYTES);
  }

  /** AES of direction ‖ counter ‖ 0…, of this counter and its neighbours. */
  #vector(counter: number): Uint8Array {
    const page = Math.floor(counter / PAGE);
    if (page !== this.#page) {
      const blocks = new Uint8Array(PAGE * BLOCK_BYTES);
      for (let i = 0; i < PAGE; i++) {
        const block = blocks.subarray(i * BLOCK_BYTES, (i + 1) * BLOCK_BYTES);
        block[0] = this.direction === "up" ? 1 : 2;
        setCounter(block, page * PAGE + i);
      }
      this.#vectors = this.#ecb.update(blocks);
      this.#page = page;
    }
    const at = (counter % PAGE) * BLOCK_BYTES;
    return this.#vectors.subarray(at, at + BLOCK_BYTES);
  }
}

/** Big-endian, behind the first byte. */
function setCounter(bytes: Uint8Array, counter: number): void {
  bytes[1] = Math.floor(counter / 16777216) % 256;
  bytes[2] = (counter >> 16) & 255;
  bytes[3] = (counter >> 8) & 255;
  bytes[4] = counter & 255;
}
