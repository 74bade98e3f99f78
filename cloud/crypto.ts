/** Node's hash and Ed25519 (RFC 8032) in the shapes that protocol/journal asks for, and the cloud's own key. */
import { createPrivateKey, createPublicKey, hash, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { concat, createVerifierKey, fromHex } from "@trapeza/protocol";
import type { NoteSigner } from "@trapeza/protocol";

export const SEED_BYTES = 32;
// The fixed beginnings of PKCS #8 and SubjectPublicKeyInfo for Ed25519 (RFC 8410 §7 and §4); the 32 bytes of the key follow.
const PRIVATE_PREFIX = fromHex("302e020100300506032b657004220420") as Uint8Array;
const PUBLIC_PREFIX = fromHex("302a300506032b6570032100") as Uint8Array;

export function sha256(data: Uint8Array): Uint8Array {
  const digest = hash("sha256", data, "buffer");
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
}

/** One key in its two roles: it cosigns journals and it signs the directive logs. */
export interface CloudSigner {
  readonly publicKey: Uint8Array;
  readonly cosigner: NoteSigner;
  readonly directives: NoteSigner;
}

/** `house` becomes the key's name; `seed` has 32 bytes and is the secret. */
export function createCloudSigner(house: string, seed: Uint8Array): CloudSigner {
  if (seed.length !== SEED_BYTES) throw new Error("an Ed25519 seed has " + SEED_BYTES + " bytes, got " + seed.length);
  const key = createPrivateKey({ key: Buffer.from(concat([PRIVATE_PREFIX, seed])), format: "der", type: "pkcs8" });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  const publicKey = new Uint8Array(spki.subarray(PUBLIC_PREFIX.length));
  const signer = (kind: "ed25519" | "cosignature"): NoteSigner => ({
    key: createVerifierKey(sha256, house, kind, publicKey),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  });
  return { publicKey, cosigner: signer("cosignature"), directives: signer("ed25519") };
}

const keys = new Map<string, KeyObject>();

/** `true` for a good signature; a public key that is no point of the curve is `false`. Parsed keys are kept: a school's is used every second. */
export function verifySignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const name = Buffer.from(publicKey).toString("base64");
  try {
    const key = keys.get(name) ?? createPublicKey({ key: Buffer.from(concat([PUBLIC_PREFIX, publicKey])), format: "der", type: "spki" });
    keys.set(name, key);
    return verify(null, message, key, signature);
  } catch {
    return false;
  }
}
