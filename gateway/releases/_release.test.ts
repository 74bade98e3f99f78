import { makeRelease } from "@trapeza/protocol";
import type { Manifest, Release } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";

/** A small release, of the till's program unless told; unsigned, for the gateway carries what it is given. */
export function releaseOf(version: string, about: Partial<Manifest> = {}): Release {
  const image = new TextEncoder().encode(`print(${JSON.stringify(version.padEnd(901, "."))})`);
  const whole = { kind: "settlement", line: "none", securityVersion: 1, minimalProtocol: 1, ...about, version } as const;
  return makeRelease(sha256, whole, { image, words: new Uint8Array(100).fill(32) }, null);
}
