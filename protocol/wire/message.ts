/**
 * A message and its frame: the kind stands in the frame's first byte, the body behind it. Chip-safe.
 */
import { concat, copyOf, octets } from "./bytes.js";
import { decode, decodeCase, encode, hearCase, record, uint } from "./schema.js";
import type { Decoded, Heard } from "./schema.js";
import { downSchema } from "./down.js";
import type { Down } from "./down.js";
import type { Sha256 } from "./hmac.js";
import { FIRST_OPERATION, upSchema } from "./up.js";
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
  const { kind, body } = packed;
  return decodeCase(upSchema, kind, body);
}

const numberSchema = record({ n: uint() });

/** The operation number in a body that cannot be read otherwise; `null` when there is none. */
export function numberIn(packed: Packed): number | null {
  const head = packed.kind < FIRST_OPERATION ? null : decode(numberSchema, packed.body);
  return head && head.ok ? head.value.n : null;
}

export function unpackDown(packed: Packed): Decoded<Down> {
  return decodeCase(downSchema, packed.kind, packed.body);
}

/** As {@link unpackDown}, in a terminal: its lists lie in `packed.body`. */
export function hearDown(packed: Packed): Decoded<Heard<Down>> {
  return hearCase(downSchema, packed.kind, packed.body);
}

/** Eight bytes that tell one request from another under the same operation number: the start of SHA-256(kind ‖ body). */
export function requestDigest(sha256: Sha256, packed: Packed): Uint8Array {
  return copyOf(sha256(joined(packed)), 0, 8);
}

function split(bytes: Uint8Array): Packed {
  return { kind: bytes[0], body: copyOf(bytes, 1, bytes.length) };
}

function joined(packed: Packed): Uint8Array {
  return concat([octets([packed.kind]), packed.body]);
}
