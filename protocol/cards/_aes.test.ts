import { createCipheriv, createDecipheriv } from "node:crypto";
import type { BlockCipher } from "./cmac.js";

/** AES-128 from Node, for the tests of this room. */
export const encryptBlock: BlockCipher = (key, block) =>
  Uint8Array.from(createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block));
export const decryptBlock: BlockCipher = (key, block) =>
  Uint8Array.from(createDecipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block));
