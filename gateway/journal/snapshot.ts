/**
 * What the fold of a journal's first entries came to, kept so that a start need not fold them again. A snapshot is two files: a body, and a signed note that
 * names the body's parts by their hashes.
 *
 *     snapshot of <origin>
 *     size <entries>
 *     root <base64>
 *     rules <edition>
 *     blocks <bytes> <base64 of SHA-256>
 *     answers <bytes> <base64 of SHA-256>
 *     state <bytes> <base64 of SHA-256>
 *
 * The body is on the disk before the note is; a crash in between leaves a body that nobody names, and the next one written sweeps it away. So what a note of
 * this gateway names was once whole: what does not match it now was changed, and is not used.
 */
import { decodeNote, encodeNote, equalBytes, formatNote, fromBase64, HASH_BYTES, openNote, signatureOf, toBase64 } from "@trapeza/protocol";
import type { NoteSigner, VerifierKey } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { verifySignature } from "../signing.js";
import type { SnapshotFolder } from "./snapshot-folder.js";

const SECTIONS = ["blocks", "answers", "state"] as const;
type SectionName = (typeof SECTIONS)[number];

interface Section {
  readonly bytes: number;
  readonly hash: Uint8Array;
}

export interface SnapshotHead {
  readonly origin: string;
  /** Entries folded, and the root over them. */
  readonly size: number;
  readonly root: Uint8Array;
  /** Of the rules that folded them, and of the shape of what they fold. */
  readonly edition: string;
  readonly sections: { readonly [name in SectionName]: Section };
}

export type SnapshotBody = { readonly [name in SectionName]: Uint8Array };

/** A snapshot's name and what its note says, or why it is not believed. */
export interface FoundSnapshot {
  readonly name: string;
  readonly head: SnapshotHead | null;
  readonly why: string;
}

/** How many are kept: the newest, and the one before in case the newest is damaged. */
const KEPT = 2;

export function snapshotHead(origin: string, size: number, root: Uint8Array, edition: string, body: SnapshotBody): SnapshotHead {
  const section = (name: SectionName): Section => ({ bytes: body[name].length, hash: sha256(body[name]) });
  return {
    origin,
    size,
    root,
    edition,
    sections: { blocks: section("blocks"), answers: section("answers"), state: section("state") },
  };
}

export function formatSnapshotText({ origin, size, root, edition, sections }: SnapshotHead): string {
  const lines = SECTIONS.map((name) => `${name} ${sections[name].bytes} ${toBase64(sections[name].hash)}`);
  return [`snapshot of ${origin}`, `size ${size}`, `root ${toBase64(root)}`, `rules ${edition}`, ...lines, ""].join("\n");
}

/** `null` for a text that {@link formatSnapshotText} would not have written. */
export function parseSnapshotText(text: string): SnapshotHead | null {
  const match = /^snapshot of (\S+)\nsize (\d{1,15})\nroot (\S+)\nrules ([0-9a-z-]{1,32})\n((?:[a-z]+ \d{1,15} \S+\n){3})$/.exec(text);
  if (!match) return null;
  const [, origin, size, root, rules, rest] = match;
  const sections = rest.split("\n").map((line, i): Section | null => {
    const [name, bytes, hash] = line.split(" ");
    return name === SECTIONS[i] ? { bytes: Number(bytes), hash: fromBase64(hash) ?? new Uint8Array(0) } : null;
  });
  const [blocks, answers, state] = sections;
  const rootBytes = fromBase64(root);
  if (!blocks || !answers || !state || rootBytes?.length !== HASH_BYTES) return null;
  return { origin, size: Number(size), root: rootBytes, edition: rules, sections: { blocks, answers, state } };
}

/** Writes the body. Nothing is a snapshot yet. */
export function keepBody(folder: SnapshotFolder, size: number, body: SnapshotBody): void {
  for (const name of folder.names()) if (!folder.names().includes(noteOf(name))) folder.remove(name);
  folder.write(
    nameOf(size) + ".body",
    SECTIONS.map((name) => body[name]),
  );
}

/** Signs and writes the note, which makes it a snapshot; then only the last ones are kept. A crash before the end leaves one too many. */
export function keepNote(folder: SnapshotFolder, head: SnapshotHead, signer: NoteSigner): void {
  const text = formatSnapshotText(head);
  const note = formatNote({ text, signatures: [signatureOf(text, signer)] });
  folder.write(nameOf(head.size) + ".note", [encodeNote(note)]);
  for (const name of notesIn(folder).slice(KEPT)) throwAway(folder, name);
}

/** The note first: without it the body is nothing. */
export function throwAway(folder: SnapshotFolder, name: string): void {
  folder.remove(name + ".note");
  folder.remove(name + ".body");
}

/** The snapshots that lie there, the newest first. */
export function findSnapshots(folder: SnapshotFolder, origin: string, key: VerifierKey): FoundSnapshot[] {
  return notesIn(folder).map((name) => {
    const opened = openNote(decodeNote(folder.read(name + ".note")) ?? "", [key], verifySignature);
    const none = (why: string): FoundSnapshot => ({ name, head: null, why });
    if (!opened.ok) return none(`its note is ${opened.reason === "malformed" ? "malformed" : "not signed by this gateway"}`);
    const head = parseSnapshotText(opened.note.text);
    if (!head || nameOf(head.size) !== name) return none("its note is none of a snapshot of this name");
    return head.origin === origin ? { name, head, why: "" } : none(`it is of ${head.origin}`);
  });
}

/** The parts of a body, or the words for why they are not what the note names. */
export function readBody(folder: SnapshotFolder, { name, head }: FoundSnapshot): SnapshotBody | string {
  if (!head) return "it has no head";
  const bytes = folder.names().includes(name + ".body") ? folder.read(name + ".body") : null;
  if (!bytes) return "its body is missing";
  let at = 0;
  const parts = SECTIONS.map((section) => {
    const { bytes: length, hash } = head.sections[section];
    const part = bytes.subarray(at, (at += length));
    return part.length === length && equalBytes(sha256(part), hash) ? part : null;
  });
  const [blocks, answers, state] = parts;
  if (at !== bytes.length) return "its body is torn";
  if (!blocks || !answers || !state) return "its body is not what was written";
  return { blocks, answers, state };
}

function notesIn(folder: SnapshotFolder): string[] {
  const notes = folder.names().filter((name) => name.endsWith(".note"));
  return notes.map((name) => name.slice(0, -".note".length)).sort((a, b) => (a < b ? 1 : -1));
}

/** Twelve digits, so that names stand in order. */
function nameOf(size: number): string {
  return `snapshot-${String(size).padStart(12, "0")}`;
}

function noteOf(name: string): string {
  return name.replace(/\.\w+$/, ".note");
}
