/**
 * A message and its frame: the kind stands in the frame's first byte, the body behind it. Chip-safe.
 */
import { concat, copyOf } from "./bytes.js";
import { decode, encode } from "./schema.js";
import type { Decoded } from "./schema.js";
import { downSchema } from "./down.js";
import type { Down } from "./down.js";
import type { Sha256 } from "./hmac.js";
import { upSchema } from "./up.js";
import type { Up } from "./up.js";

/** Kind byte and body of a message, ready for a frame. */
export interface Packed {
  readonly kind: number;
  readonly body: Uint8Array;
}

export function packUp(message: Up): Packed {
  return split(encode(upSchema, message));
}

export function packDown(message: Down): Packed {
  return split(encode(downSchema, message));
}

export function unpackUp(packed: Packed): Decoded<Up> {
  return decode(upSchema, joined(packed));
}

export function unpackDown(packed: Packed): Decoded<Down> {
  return decode(downSchema, joined(packed));
}

/** Eight bytes that tell one request from another under the same operation number: the start of SHA-256(kind ‖ body). */
export function requestDigest(sha256: Sha256, packed: Packed): Uint8Array {
  return copyOf(sha256(joined(packed)), 0, 8);
}

function split(bytes: Uint8Array): Packed {
  return { kind: bytes[0], body: copyOf(bytes, 1, bytes.length) };
}

function joined(packed: Packed): Uint8Array {
  const first = new Uint8Array(1);
  first[0] = packed.kind;
  return concat([first, packed.body]);
}
