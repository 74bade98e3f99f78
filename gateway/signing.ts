/** Ed25519 (RFC 8032) with Node's keys, in the shapes of protocol/journal/note.ts. */
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { concat, createVerifierKey, fromHex } from "@trapeza/protocol";
import type { NoteSigner } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";

// The fixed beginnings of PKCS #8 and SubjectPublicKeyInfo for Ed25519 (RFC 8410 §7 and §4); the 32 bytes of the key follow.
const PRIVATE_PREFIX = fromHex("302e020100300506032b657004220420") as Uint8Array;
const PUBLIC_PREFIX = fromHex("302a300506032b6570032100") as Uint8Array;

/** A signer from a 32-byte seed, under the name that its notes carry. Throws on a seed of another length. */
export function createSigner(name: string, seed: Uint8Array): NoteSigner {
  if (seed.length !== 32) throw new Error("an Ed25519 seed has 32 bytes, got " + seed.length);
  const key = createPrivateKey({ key: Buffer.from(concat([PRIVATE_PREFIX, seed])), format: "der", type: "pkcs8" });
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  const publicKey = new Uint8Array(spki.subarray(spki.length - 32));
  return {
    key: createVerifierKey(sha256, name, "ed25519", publicKey),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

const keys = new Map<string, KeyObject>();

/** `true` for a good signature; a public key that is no point of the curve is `false`. Parsed keys are kept: the cloud's is asked for all the time. */
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
