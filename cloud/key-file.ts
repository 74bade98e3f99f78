/** A secret of 32 random bytes in a file of its own: made at the first start, readable by its owner only. */
import { randomBytes } from "node:crypto";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fromHex, toHex } from "@trapeza/protocol";
import { SEED_BYTES } from "./crypto.js";

/** 32 random bytes have fewer different ones once in 10²⁵ times. */
const FEWEST_BYTES = 17;

/** Throws when the file is there and holds something else: a key that is silently replaced would orphan everything it ever signed. */
export async function loadOrCreateSeed(file: string): Promise<Uint8Array> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return createSeed(file);
  const seed = fromHex(text.trim());
  if (!seed || seed.length !== SEED_BYTES) throw new Error("the key file " + file + " must hold " + 2 * SEED_BYTES + " hex digits");
  if (new Set(seed).size < FEWEST_BYTES)
    throw new Error("the key file " + file + " holds a pattern: a key comes from a cryptographic generator");
  return seed;
}

async function createSeed(file: string): Promise<Uint8Array> {
  await mkdir(dirname(file), { recursive: true });
  const seed = new Uint8Array(randomBytes(SEED_BYTES));
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(toHex(seed) + "\n");
    // Before the key signs anything it must survive a power cut.
    await handle.sync();
  } finally {
    await handle.close();
  }
  return seed;
}
