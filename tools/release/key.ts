/**
 * The key that signs releases: one file on the machine that signs, which is not on any network. Each of its 1,024 leaves may sign once; a leaf that signed
 * twice would let anybody sign a third time. So the next leaf is on the disk, and the disk has said so, before a signature exists: a crash in between wastes a
 * leaf. What no program can see is a copy of the file from before: whoever restores one must raise `next` beyond every release that was ever made.
 */
import { createHash, randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { fromHex, growTree, lmsPublicKey, signLms, toHex } from "@trapeza/protocol";

export const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());

/** A sentence for the person at the keyboard. */
export class KeyTrouble extends Error {}

interface KeyFile {
  readonly about: string;
  readonly height: 5 | 10;
  readonly id: string;
  readonly seed: string;
  readonly publicKey: string;
  /** The leaf that signs next. */
  readonly next: number;
}

function writeDurably(path: string, key: KeyFile): void {
  const file = openSync(`${path}.new`, "w", 0o600);
  writeSync(file, `${JSON.stringify(key, null, 2)}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(`${path}.new`, path);
  // The new name is durable when the folder is.
  const folder = openSync(dirname(path), "r");
  fsyncSync(folder);
  closeSync(folder);
}

/** Makes a key where there is none; some seconds for height 10. Answers the public key in hex, for each terminal's enrolment. */
export function makeKey(path: string, height: 5 | 10 = 10): string {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch {
    throw new KeyTrouble(`${path} is there already; a key is never written over`);
  }
  const secret = { height, id: new Uint8Array(randomBytes(16)), seed: new Uint8Array(randomBytes(32)) };
  const publicKey = toHex(lmsPublicKey(secret, growTree(sha256, secret)[1]));
  const about = "Signs releases. Secret. Never copy it back from a backup without raising next.";
  writeDurably(path, { about, height, id: toHex(secret.id), seed: toHex(secret.seed), publicKey, next: 0 });
  return publicKey;
}

function readKey(path: string): KeyFile {
  let key: Partial<KeyFile>;
  try {
    key = JSON.parse(readFileSync(path, "utf8")) as Partial<KeyFile>;
  } catch {
    throw new KeyTrouble(`${path} cannot be read as a key`);
  }
  const { height, id, seed, publicKey, next } = key;
  const whole = (height === 5 || height === 10) && id?.length === 32 && seed?.length === 64 && publicKey?.length === 112;
  if (!whole || next === undefined || !Number.isInteger(next) || next < 0) throw new KeyTrouble(`${path} is not a whole key`);
  return key as KeyFile;
}

/** Uses up a leaf, durably, and only then signs. Throws {@link KeyTrouble} when another signing is under way, or no leaf is left. */
export function signWith(path: string, message: Uint8Array): Uint8Array {
  const lock = `${path}.lock`;
  try {
    closeSync(openSync(lock, "wx"));
  } catch {
    throw new KeyTrouble(`${lock} is there: somebody is signing, or a signing was cut short; if nobody is, delete it`);
  }
  try {
    const key = readKey(path);
    if (key.next >= 1 << key.height) throw new KeyTrouble(`${path} has signed ${key.next} times and must not sign again; make a new key`);
    const secret = { height: key.height, id: fromHex(key.id)!, seed: fromHex(key.seed)! };
    const nodes = growTree(sha256, secret);
    if (toHex(lmsPublicKey(secret, nodes[1])) !== key.publicKey)
      throw new KeyTrouble(`${path} is damaged: its seed does not give its public key`);
    writeDurably(path, { ...key, next: key.next + 1 });
    return signLms(sha256, secret, nodes, key.next, new Uint8Array(randomBytes(32)), message);
  } finally {
    unlinkSync(lock);
  }
}

/** In hex, as a terminal's `config` names it. */
export function publicKeyIn(path: string): string {
  return readKey(path).publicKey;
}
