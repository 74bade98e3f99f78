/**
 * The operator's recovery key: what only its private half, kept offline, can open. A box is an X25519 key made for it alone, and what is inside under
 * AES-256-GCM with a key derived from both (HKDF-SHA-256 over the shared secret, both public keys as its salt); so two boxes have nothing in common.
 */
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from "node:crypto";
import type { KeyObject } from "node:crypto";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LABEL = "trapeza sealed v1";
// The fixed beginnings of PKCS #8 and SubjectPublicKeyInfo for X25519 (RFC 8410 §7 and §4); the 32 bytes of the key follow.
const PRIVATE_PREFIX = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_PREFIX = Buffer.from("302a300506032b656e032100", "hex");

export interface RecoveryKey {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

export function makeRecoveryKey(): RecoveryKey {
  const pair = generateKeyPairSync("x25519");
  return {
    publicKey: rawPublic(pair.publicKey),
    privateKey: new Uint8Array(pair.privateKey.export({ format: "der", type: "pkcs8" }).subarray(PRIVATE_PREFIX.length)),
  };
}

/** A box: public key of its own (32) ‖ nonce (12) ‖ tag (16) ‖ what is inside, unreadable. */
export function seal(publicKey: Uint8Array, inside: Uint8Array): Uint8Array {
  const own = generateKeyPairSync("x25519");
  const ownPublic = rawPublic(own.publicKey);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", keyFor(own.privateKey, publicOf(publicKey), ownPublic, publicKey), nonce);
  const body = Buffer.concat([cipher.update(inside), cipher.final()]);
  return new Uint8Array(Buffer.concat([ownPublic, nonce, cipher.getAuthTag(), body]));
}

/** What is in the box; `null` when it is another key's, or was changed. */
export function open(privateKey: Uint8Array, box: Uint8Array): Uint8Array | null {
  if (box.length < KEY_BYTES + NONCE_BYTES + TAG_BYTES || privateKey.length !== KEY_BYTES) return null;
  const part = (from: number, length?: number): Uint8Array => box.subarray(from, length === undefined ? undefined : from + length);
  const [ownPublic, nonce, tag] = [part(0, KEY_BYTES), part(KEY_BYTES, NONCE_BYTES), part(KEY_BYTES + NONCE_BYTES, TAG_BYTES)];
  try {
    const key = createPrivateKey({ key: Buffer.concat([PRIVATE_PREFIX, privateKey]), format: "der", type: "pkcs8" });
    const shared = keyFor(key, publicOf(ownPublic), ownPublic, rawPublic(createPublicKey(key)));
    const decipher = createDecipheriv("aes-256-gcm", shared, nonce);
    decipher.setAuthTag(tag);
    return new Uint8Array(Buffer.concat([decipher.update(part(KEY_BYTES + NONCE_BYTES + TAG_BYTES)), decipher.final()]));
  } catch {
    return null;
  }
}

function keyFor(privateKey: KeyObject, publicKey: KeyObject, ownPublic: Uint8Array, otherPublic: Uint8Array): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync("sha256", shared, Buffer.concat([ownPublic, otherPublic]), LABEL, KEY_BYTES));
}

function publicOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, raw]), format: "der", type: "spki" });
}

function rawPublic(key: KeyObject): Uint8Array {
  return new Uint8Array(key.export({ format: "der", type: "spki" }).subarray(PUBLIC_PREFIX.length));
}
