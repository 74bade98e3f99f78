/**
 * SHA-256 (FIPS 180-4 §6.2) for what a gateway hashes all day: some dozens of bytes, a dozen times a sale. Node's own takes several times as long to be
 * set up as to hash them, and cannot go on from the state behind a key; for long data it is the quicker one and is asked. No step depends on a secret
 * but by arithmetic.
 */
import { createHash } from "node:crypto";
import type { HmacKey, Sha256 } from "@trapeza/protocol";

const BLOCK_BYTES = 64;
/** From here on Node's own is quicker. */
const LONG_BYTES = 2048;

const START = words(`6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19`);
const ROUND = words(`
  428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
  e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
  27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
  19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2`);

function words(hex: string): Int32Array {
  return Int32Array.from(hex.trim().split(/\s+/), (word) => parseInt(word, 16));
}

// One digest at a time, so the schedule and the state can lie ready.
const schedule = new Int32Array(64);
const state = new Int32Array(8);

/** Takes the 16 words at the schedule's beginning into the state. */
function compress(): void {
  const w = schedule;
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    const low = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const high = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + w[i - 7] + low + high) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i++) {
    const high = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const first = (h + high + (g ^ (e & (f ^ g))) + ROUND[i] + w[i]) | 0;
    const low = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const second = (low + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

function takeBlock(data: Uint8Array, at: number): void {
  for (let i = 0, from = at; i < 16; i++, from += 4)
    schedule[i] = (data[from] << 24) | (data[from + 1] << 16) | (data[from + 2] << 8) | data[from + 3];
  compress();
}

/** Takes all of `data` and the padding; `before`: bytes, whole blocks of them, that the state has taken already. */
function finish(data: Uint8Array, before: number): Uint8Array {
  let at = 0;
  for (; at + BLOCK_BYTES <= data.length; at += BLOCK_BYTES) takeBlock(data, at);
  schedule.fill(0, 0, 16);
  const rest = data.length - at;
  for (let i = 0; i < rest; i++) schedule[i >> 2] |= data[at + i] << (24 - 8 * (i & 3));
  schedule[rest >> 2] |= 0x80 << (24 - 8 * (rest & 3));
  // The length takes the last 8 of a block's bytes; where they are not free it stands in a block of its own. Below 512 MB its upper half is zero.
  if (rest >= BLOCK_BYTES - 8) {
    compress();
    schedule.fill(0, 0, 16);
  }
  schedule[15] = (before + data.length) * 8;
  compress();
  const out = new Uint8Array(32);
  for (let i = 0; i < 8; i++) {
    const word = state[i];
    out[4 * i] = word >>> 24;
    out[4 * i + 1] = word >>> 16;
    out[4 * i + 2] = word >>> 8;
    out[4 * i + 3] = word;
  }
  return out;
}

/** SHA-256, 32 bytes. */
function digest(data: Uint8Array): Uint8Array {
  if (data.length >= LONG_BYTES) return new Uint8Array(createHash("sha256").update(data).digest());
  state.set(START);
  return finish(data, 0);
}

/** The state behind each half of a key, as long as that key is in use. */
const begun = new WeakMap<HmacKey, { readonly inner: Int32Array; readonly outer: Int32Array }>();

function stateBehind(pad: Uint8Array): Int32Array {
  state.set(START);
  takeBlock(pad, 0);
  return state.slice();
}

function keyed(key: HmacKey, message: Uint8Array): Uint8Array {
  let states = begun.get(key);
  if (!states) begun.set(key, (states = { inner: stateBehind(key.inner), outer: stateBehind(key.outer) }));
  state.set(states.inner);
  const inner = finish(message, BLOCK_BYTES);
  state.set(states.outer);
  return finish(inner, BLOCK_BYTES);
}

export const sha256: Sha256 = Object.assign(digest, { keyed });
