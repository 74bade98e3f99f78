import { createCipheriv, createDecipheriv, createHash } from "node:crypto";
import type { Cipher } from "./frame.js";

/** The primitives from Node, for the tests of this room. */
export const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());

export const cipher: Cipher = {
  ecbBlock: (key, block) => new Uint8Array(createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block)),
  cfb8Encrypt: (key, iv, data) => new Uint8Array(createCipheriv("aes-128-cfb8", key, iv).update(data)),
  cfb8Decrypt: (key, iv, data) => new Uint8Array(createDecipheriv("aes-128-cfb8", key, iv).update(data)),
};
