/** `require("crypto")` as libs/crypto of an ESP32 build behaves, its traps included. */
import { createCipheriv, createDecipheriv, hash, pbkdf2Sync } from "node:crypto";
import { bytesOf } from "./board-bytes.js";
import type { Session } from "./board-session.js";

/** What the module's functions answer with. */
type Buffers = (bytes: Uint8Array) => ArrayBuffer;

function aes(buffers: Buffers, encrypt: boolean) {
  return (message: unknown, key: unknown, options: unknown): ArrayBuffer => {
    const given = (options ?? {}) as { iv?: unknown; mode?: string };
    const secret = bytesOf(key);
    if (![16, 24, 32].includes(secret.length)) throw new Error("Invalid key length");
    const bits = secret.length * 8;
    const data = bytesOf(message);
    const iv = Buffer.alloc(16);
    iv.set(bytesOf(given.iv ?? []).subarray(0, 16));
    const run = (name: string, vector: Uint8Array | null, input: Uint8Array): Uint8Array => {
      const cipher = encrypt || name.includes("ctr") ? createCipheriv(name, secret, vector) : createDecipheriv(name, secret, vector);
      cipher.setAutoPadding(false);
      return Buffer.concat([cipher.update(input), cipher.final()]);
    };
    switch (given.mode ?? "CBC") {
      case "CBC":
        if (data.length % 16 !== 0) throw new Error("Invalid input length");
        return buffers(run(`aes-${bits}-cbc`, iv, data));
      case "CFB":
        // Decrypting, the chip expands the key for the wrong direction (jswrap_crypto.c) and answers noise; so does this, by another key.
        if (!encrypt)
          return buffers(
            createDecipheriv(
              `aes-${bits}-cfb8`,
              secret.map((byte) => byte ^ 0xff),
              iv,
            ).update(data),
          );
        return buffers(run(`aes-${bits}-cfb8`, iv, data));
      case "CTR":
        // The vector is ignored: mbedtls is handed a counter of zeroes.
        return buffers(run(`aes-${bits}-ctr`, Buffer.alloc(16), data));
      case "ECB": {
        // Bytes past the last whole block come back as zeroes.
        const out = new Uint8Array(data.length);
        const wholeBlocks = data.subarray(0, data.length - (data.length % 16));
        out.set(run(`aes-${bits}-ecb`, null, wholeBlocks));
        return buffers(out);
      }
      default:
        throw new Error("Unknown Crypto mode " + String(given.mode));
    }
  };
}

/** The module's object for one life of the board. */
export function cryptoModule(session: Session): Record<string, unknown> {
  const { ArrayBuffer: RealmBuffer } = session.realm as { ArrayBuffer: ArrayBufferConstructor };
  const buffers: Buffers = (bytes) => {
    const out = new RealmBuffer(bytes.length);
    new Uint8Array(out).set(bytes);
    return out;
  };
  const digest = (name: string) => session.api((data: unknown) => buffers(hash(name, bytesOf(data), "buffer")));
  return {
    SHA1: digest("sha1"),
    SHA224: digest("sha224"),
    SHA256: digest("sha256"),
    SHA384: digest("sha384"),
    SHA512: digest("sha512"),
    PBKDF2: session.api((pass: unknown, salt: unknown, options: unknown) => {
      const given = (options ?? {}) as { keySize?: number; iterations?: number; hasher?: string };
      const hasher = (given.hasher ?? "SHA1").toLowerCase();
      return buffers(pbkdf2Sync(bytesOf(pass), bytesOf(salt), given.iterations ?? 1, (given.keySize ?? 4) * 4, hasher));
    }),
    AES: { encrypt: session.api(aes(buffers, true)), decrypt: session.api(aes(buffers, false)) },
  };
}
