/**
 * Signed notes (C2SP signed-note v1): a text that people can read, a blank line, and a line for each key that signed it.
 *
 *     — <key name> <base64(key id ‖ signature)>
 *
 * Lines of keys nobody here knows are kept and ignored, so keys can be changed and witnesses added; a wrong signature of a known key
 * condemns the note.
 */
import { concat, copyOf, equalBytes, fromHex, toHex } from "../wire/bytes.js";
import type { Decoded } from "../wire/schema.js";
import { fromBase64, toBase64 } from "./base64.js";
import type { Sha256 } from "../wire/hmac.js";

/** 16 signatures must be accepted, and a post-quantum one has 5 kB (C2SP signed-note, "Format"); Go's own limit is 100. */
export const MAX_NOTE_SIGNATURES = 100;
export const MAX_NOTE_LENGTH = 131072;

/** What a key signs: `ed25519` the text itself, `cosignature` the text with the time it was seen (C2SP tlog-cosignature, Ed25519). */
export type SignatureKind = "ed25519" | "cosignature";

const TYPE_BYTES: { readonly [K in SignatureKind]: number } = { ed25519: 0x01, cosignature: 0x04 };
const KEY_ID_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const TIME_BYTES = 8;

/** Whose signature to believe. `keyId`: 8 hex digits. */
export interface VerifierKey {
  readonly name: string;
  readonly kind: SignatureKind;
  readonly keyId: string;
  readonly publicKey: Uint8Array;
}

/** Makes an Ed25519 signature (RFC 8032), 64 bytes. */
export type Sign = (message: Uint8Array) => Uint8Array;
/** Checks one. A public key that is no point on the curve is `false`, not an exception. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

export interface NoteSigner {
  readonly key: VerifierKey;
  readonly sign: Sign;
}

/** One signature line. `bytes`: what stands behind the key id. */
export interface NoteSignature {
  readonly name: string;
  readonly keyId: string;
  readonly bytes: Uint8Array;
}

/** `text` ends with a newline, which is signed too. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Not empty, no plus, no white space: what can stand in a signature line and in a verifier key. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && !/[\s+\u0085]/u.test(name) && isPlainText(name);
}

/**
 * A key with its id, the first 4 bytes of SHA-256(name ‖ \n ‖ type ‖ public key). Throws on a bad name or length: keys are configuration.
 */
export function createVerifierKey(sha256: Sha256, name: string, kind: SignatureKind, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new Error("a key name has no spaces and no plus: " + JSON.stringify(name));
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new Error("an Ed25519 public key has 32 bytes, got " + publicKey.length);
  const digest = sha256(concat([utf8(name + "\n"), Uint8Array.of(TYPE_BYTES[kind]), publicKey]));
  return { name, kind, keyId: toHex(copyOf(digest, 0, KEY_ID_BYTES)), publicKey };
}

/** `name+keyid+base64(type ‖ public key)`: how keys are handed over. */
export function formatVerifierKey(key: VerifierKey): string {
  return key.name + "+" + key.keyId + "+" + toBase64(concat([Uint8Array.of(TYPE_BYTES[key.kind]), key.publicKey]));
}

/** Reads a verifier key and recomputes its id, so that one letter lost in copying is noticed here and not at the first signature. */
export function parseVerifierKey(sha256: Sha256, text: string): Decoded<VerifierKey> {
  const idAt = text.indexOf("+") + 1;
  const materialAt = text.indexOf("+", idAt) + 1;
  if (idAt === 0 || materialAt === 0) return malformed(0, "not name+id+key");
  const name = text.slice(0, idAt - 1);
  if (!isKeyName(name)) return malformed(0, "bad key name");
  const material = fromBase64(text.slice(materialAt));
  if (!material) return malformed(materialAt, "not base64");
  const kind = kindOf(material[0]);
  if (!kind) return malformed(materialAt, "unknown key type");
  if (material.length !== 1 + PUBLIC_KEY_BYTES) return malformed(materialAt, "wrong key length");
  const key = createVerifierKey(sha256, name, kind, copyOf(material, 1, material.length));
  return key.keyId === text.slice(idAt, materialAt - 1) ? { ok: true, value: key } : malformed(idAt, "key id is of another key");
}

function kindOf(typeByte: number): SignatureKind | null {
  return typeByte === TYPE_BYTES.ed25519 ? "ed25519" : typeByte === TYPE_BYTES.cosignature ? "cosignature" : null;
}

/** Splits a note at its last blank line. Offsets count characters. Nothing is believed yet: see {@link openNote}. */
export function parseNote(note: string): Decoded<SignedNote> {
  if (note.length > MAX_NOTE_LENGTH) return malformed(MAX_NOTE_LENGTH, "note too long");
  if (!isPlainText(note)) return malformed(0, "control character");
  const blank = note.lastIndexOf("\n\n");
  if (blank < 0) return malformed(note.length, "no blank line");
  if (!note.endsWith("\n")) return malformed(note.length, "last line is not ended");
  const signatures: NoteSignature[] = [];
  let offset = blank + 2;
  if (offset === note.length) return malformed(offset, "no signature");
  for (const line of note.slice(offset, -1).split("\n")) {
    const signature = parseSignatureLine(line);
    if (!signature) return malformed(offset, "not a signature line");
    if (signatures.push(signature) > MAX_NOTE_SIGNATURES) return malformed(offset, "too many signatures");
    offset += line.length + 1;
  }
  return { ok: true, value: { text: note.slice(0, blank + 1), signatures } };
}

function parseSignatureLine(line: string): NoteSignature | null {
  const [dash, name, base64, ...rest] = line.split(" ");
  if (dash !== "\u2014" || base64 === undefined || rest.length > 0 || !isKeyName(name)) return null;
  const raw = fromBase64(base64);
  if (!raw || raw.length <= KEY_ID_BYTES) return null;
  return { name, keyId: toHex(copyOf(raw, 0, KEY_ID_BYTES)), bytes: copyOf(raw, KEY_ID_BYTES, raw.length) };
}

export function formatNote(note: SignedNote): string {
  return note.text + "\n" + note.signatures.map(formatSignatureLine).join("");
}

/** One line with its newline: what a witness hands back to be put under a note. */
export function formatSignatureLine(signature: NoteSignature): string {
  const keyId = fromHex(signature.keyId);
  if (!keyId) throw new Error("not a key id: " + signature.keyId);
  return "\u2014 " + signature.name + " " + toBase64(concat([keyId, signature.bytes])) + "\n";
}

/** Adds a signature line; an older one of the same key gives way. */
export function withSignature(note: SignedNote, signature: NoteSignature): SignedNote {
  const others = note.signatures.filter((line) => line.name !== signature.name || line.keyId !== signature.keyId);
  return { text: note.text, signatures: [...others, signature] };
}

/** Signs a text that ends with a newline. Throws for a cosigner's key, which signs no text without its time. */
export function signatureOf(text: string, signer: NoteSigner): NoteSignature {
  if (signer.key.kind !== "ed25519") throw new Error("a cosignature needs a time");
  if (!text.endsWith("\n") || !isPlainText(text)) throw new Error("a note is plain text that ends with a newline");
  return { name: signer.key.name, keyId: signer.key.keyId, bytes: signer.sign(utf8(text)) };
}

/** Signs `cosignature/v1\ntime <seconds>\n<text>`; the line carries the time, 8 bytes big-endian, before the signature. */
export function cosignatureOf(text: string, signer: NoteSigner, timeSeconds: number): NoteSignature {
  if (signer.key.kind !== "cosignature") throw new Error("not a cosigner's key");
  if (!Number.isSafeInteger(timeSeconds) || timeSeconds < 0) throw new Error("not a time in whole seconds: " + timeSeconds);
  const time = new Uint8Array(TIME_BYTES);
  for (let i = TIME_BYTES - 1, rest = timeSeconds; i >= 0; i--, rest = Math.floor(rest / 256)) time[i] = rest % 256;
  return { name: signer.key.name, keyId: signer.key.keyId, bytes: concat([time, signer.sign(cosigned(text, timeSeconds))]) };
}

function cosigned(text: string, timeSeconds: number): Uint8Array {
  return utf8("cosignature/v1\ntime " + timeSeconds + "\n" + text);
}

/**
 * What has to be verified before a line may be believed. `timeSeconds`: of a cosignature. `null` instead of a message: no such signature
 * can be.
 */
export interface SignatureCheck {
  readonly key: VerifierKey;
  readonly timeSeconds: number | null;
  readonly message: Uint8Array | null;
  readonly signature: Uint8Array;
}

/**
 * The lines of known keys, each with the message it must be a signature of. Apart from the verifying, so that a browser, whose Ed25519
 * answers later, does the same work as a server. The first line of a key counts.
 */
export function signatureChecks(note: SignedNote, keys: readonly VerifierKey[]): SignatureCheck[] {
  const checks: SignatureCheck[] = [];
  for (const key of keys) {
    const line = note.signatures.find((candidate) => candidate.name === key.name && candidate.keyId === key.keyId);
    if (line) checks.push(checkOf(note.text, key, line.bytes));
  }
  return checks;
}

function checkOf(text: string, key: VerifierKey, bytes: Uint8Array): SignatureCheck {
  if (key.kind === "ed25519") {
    return { key, timeSeconds: null, message: bytes.length === SIGNATURE_BYTES ? utf8(text) : null, signature: bytes };
  }
  const impossible = { key, timeSeconds: null, message: null, signature: bytes };
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return impossible;
  let timeSeconds = 0;
  for (let i = 0; i < TIME_BYTES; i++) timeSeconds = timeSeconds * 256 + bytes[i];
  if (!Number.isSafeInteger(timeSeconds)) return impossible;
  return { key, timeSeconds, message: cosigned(text, timeSeconds), signature: copyOf(bytes, TIME_BYTES, bytes.length) };
}

/** A signature that held. */
export interface Attestation {
  readonly key: VerifierKey;
  readonly timeSeconds: number | null;
}

export type OpenedNote =
  | { readonly ok: true; readonly note: SignedNote; readonly attestations: readonly Attestation[] }
  | { readonly ok: false; readonly reason: "malformed" | "bad_signature" | "not_signed" };

/** A note that at least one of `keys` signed and of which no line of a known key is wrong. */
export function openNote(text: string, keys: readonly VerifierKey[], verify: VerifySignature): OpenedNote {
  const parsed = parseNote(text);
  if (!parsed.ok) return { ok: false, reason: "malformed" };
  const checks = signatureChecks(parsed.value, keys);
  if (checks.length === 0) return { ok: false, reason: "not_signed" };
  const holds = checks.every((check) => check.message !== null && verify(check.key.publicKey, check.message, check.signature));
  return holds ? { ok: true, note: parsed.value, attestations: checks.map(attestationOf) } : { ok: false, reason: "bad_signature" };
}

export function attestationOf(check: SignatureCheck): Attestation {
  return { key: check.key, timeSeconds: check.timeSeconds };
}

/** `true` when this key is among those that attested. */
export function attestedBy(attestations: readonly Attestation[], key: VerifierKey): boolean {
  return attestations.some((attestation) => attestation.key.kind === key.kind && equalBytes(attestation.key.publicKey, key.publicKey));
}

/** A note as it travels, UTF-8: the em dash of a signature line is three bytes. */
export function encodeNote(note: string): Uint8Array {
  return utf8(note);
}

/** `null` when the bytes are not UTF-8. */
export function decodeNote(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** UTF-8 has no half characters and a note no control characters but the newline. */
function isPlainText(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    if ((code < 32 && code !== 10) || (code >= 0xd800 && code <= 0xdfff)) return false;
  }
  return true;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function malformed<T>(offset: number, what: string): Decoded<T> {
  return { ok: false, malformed: { offset, what } };
}
