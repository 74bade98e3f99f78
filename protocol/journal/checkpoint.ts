/**
 * Checkpoints (C2SP tlog-checkpoint v1): a signed note whose text is a log's name, its size and its root.
 *
 *     <origin>
 *     <size>
 *     <base64 root>
 *
 * With one of these anybody can later show that the log was changed: two checkpoints of one log that do not follow from each other, both
 * signed, are the proof.
 */
import type { Decoded } from "../wire/schema.js";
import { fromBase64, toBase64 } from "./base64.js";
import { HASH_BYTES } from "./merkle.js";
import type { TreeHead } from "./merkle.js";
import { attestedBy, cosignatureOf, formatNote, openNote, parseNote, signatureOf, withSignature } from "./note.js";
import type { Attestation, NoteSigner, SignedNote, VerifierKey, VerifySignature } from "./note.js";

/** `origin` names the log; no two logs share one. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

/** The text that is signed. Throws on an origin of more or less than one line. */
export function formatCheckpointText(checkpoint: Checkpoint): string {
  if (checkpoint.origin === "" || checkpoint.origin.includes("\n")) throw new Error("an origin is one line");
  return checkpoint.origin + "\n" + checkpoint.size + "\n" + toBase64(checkpoint.root) + "\n";
}

/** Reads the text of a note. Extension lines of other logs are allowed and ignored; we write none (C2SP tlog-checkpoint, "Note text"). */
export function parseCheckpointText(text: string): Decoded<Checkpoint> {
  if (!text.endsWith("\n")) return malformed(text.length, "last line is not ended");
  const lines = text.slice(0, -1).split("\n");
  const empty = lines.indexOf("");
  if (empty >= 0) return malformed(offsetOf(lines, empty), "empty line");
  if (lines.length < 3) return malformed(text.length, "fewer than three lines");
  const size = Number(lines[1]);
  if (!/^(0|[1-9][0-9]*)$/.test(lines[1]) || !Number.isSafeInteger(size)) return malformed(offsetOf(lines, 1), "not a size");
  const root = fromBase64(lines[2]);
  if (!root || root.length !== HASH_BYTES) return malformed(offsetOf(lines, 2), "not a root");
  return { ok: true, value: { origin: lines[0], size, root } };
}

function offsetOf(lines: readonly string[], line: number): number {
  return lines.slice(0, line).reduce((offset, before) => offset + before.length + 1, 0);
}

/** A checkpoint note with the log's own signature. */
export function signCheckpoint(checkpoint: Checkpoint, signer: NoteSigner): string {
  const text = formatCheckpointText(checkpoint);
  return formatNote({ text, signatures: [signatureOf(text, signer)] });
}

/**
 * Adds a cosignature: at this time the tree with this root was the largest of the log that the cosigner had seen, and followed from all
 * it had seen before (C2SP tlog-cosignature). Call it only after that was checked and stored: a cosigner that forgets in a crash what it
 * vouched for could be shown another past afterwards.
 */
export function cosignCheckpoint(note: SignedNote, signer: NoteSigner, timeSeconds: number): SignedNote {
  return withSignature(note, cosignatureOf(note.text, signer, timeSeconds));
}

export type OpenedCheckpoint =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly note: SignedNote; readonly attestations: readonly Attestation[] }
  | { readonly ok: false; readonly reason: "malformed" | "wrong_log" | "bad_signature" | "not_signed" };

/**
 * The checkpoint of the log `origin`, signed by `logKey`. `others`: witnesses whose cosignatures are reported among the attestations; how
 * many of them are enough is the caller's rule. Their lines may be absent, never wrong.
 */
export function openCheckpoint(
  text: string,
  origin: string,
  logKey: VerifierKey,
  others: readonly VerifierKey[],
  verify: VerifySignature,
): OpenedCheckpoint {
  const read = readCheckpoint(text, origin);
  if (!read.ok) return read;
  const opened = openNote(text, [logKey, ...others], verify);
  if (!opened.ok) return opened;
  if (!attestedBy(opened.attestations, logKey)) return { ok: false, reason: "not_signed" };
  return { ok: true, checkpoint: read.checkpoint, note: opened.note, attestations: opened.attestations };
}

/** The checkpoint in a note of the log `origin`, signatures not yet looked at. */
export function readCheckpoint(
  text: string,
  origin: string,
):
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly note: SignedNote }
  | { readonly ok: false; readonly reason: "malformed" | "wrong_log" } {
  const note = parseNote(text);
  const body = note.ok ? parseCheckpointText(note.value.text) : note;
  if (!note.ok || !body.ok) return { ok: false, reason: "malformed" };
  if (body.value.origin !== origin) return { ok: false, reason: "wrong_log" };
  return { ok: true, checkpoint: body.value, note: note.value };
}

function malformed<T>(offset: number, what: string): Decoded<T> {
  return { ok: false, malformed: { offset, what } };
}
