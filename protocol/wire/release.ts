/** Releases on a computer: made, and read from a file that may be damaged. */
import { copyOf } from "./bytes.js";
import type { Sha256 } from "./hmac.js";
import {
  PIECE_BYTES,
  decodeManifest,
  digestStep,
  encodeManifest,
  filled,
  HEAD_BYTES,
  MANIFEST_BYTES,
  releaseBytes,
  releaseId,
} from "./manifest.js";
import type { Manifest } from "./manifest.js";

/** A release whose sizes and digest agree with its manifest. Whether its signature is good is for the terminal to say. */
export interface Release {
  readonly manifest: Manifest;
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Digest of image and words as they lie in the release. */
export function digestOf(sha256: Sha256, body: Uint8Array): Uint8Array {
  let digest: Uint8Array = new Uint8Array(32);
  for (let at = 0; at < body.length; at += PIECE_BYTES) digest = digestStep(sha256, digest, body.subarray(at, at + PIECE_BYTES));
  return digest;
}

/** Image and words, each filled up to whole words of 4 bytes. */
function bodyOf(image: Uint8Array, words: Uint8Array): Uint8Array {
  const body = new Uint8Array(filled(image.length) + filled(words.length));
  body.set(image);
  body.set(words, filled(image.length));
  return body;
}

/**
 * Makes a release. `sign` gets the 256 bytes of the manifest and gives the signature; without one the release is for a technician's cable only: no
 * terminal takes it over the wire.
 */
export function makeRelease(
  sha256: Sha256,
  about: Pick<Manifest, "kind" | "version" | "securityVersion" | "minimalProtocol" | "line">,
  parts: { readonly image: Uint8Array; readonly words: Uint8Array },
  sign: ((manifest: Uint8Array) => Uint8Array) | null,
): Release {
  const body = bodyOf(parts.image, parts.words);
  const sizes = { imageBytes: parts.image.length, wordsBytes: parts.words.length, digest: digestOf(sha256, body) };
  const manifest: Manifest = { ...about, ...sizes };
  const signed = encodeManifest(manifest);
  const bytes = new Uint8Array(HEAD_BYTES + body.length);
  bytes.set(signed);
  if (sign) bytes.set(sign(signed), MANIFEST_BYTES);
  bytes.set(body, HEAD_BYTES);
  return { manifest, id: releaseId(sha256, signed), bytes };
}

/** The release in a file's bytes, or what is wrong with it in one sentence. */
export function readRelease(sha256: Sha256, bytes: Uint8Array): Release | string {
  const manifest = bytes.length < HEAD_BYTES ? null : decodeManifest(bytes);
  if (!manifest) return "this is no release";
  if (bytes.length !== releaseBytes(manifest)) return `the release has ${bytes.length} bytes, its manifest says ${releaseBytes(manifest)}`;
  const digest = digestOf(sha256, copyOf(bytes, HEAD_BYTES, bytes.length));
  if (digest.some((byte, i) => byte !== manifest.digest[i])) return "the release is damaged: image or words are not what the manifest says";
  return { manifest, id: releaseId(sha256, bytes), bytes };
}
