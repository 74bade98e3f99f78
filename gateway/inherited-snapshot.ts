/**
 * What the closed epochs came to, kept so that a start need not fold years of another gateway again. Like a snapshot of the journal it is two files, in the
 * folder `epochs`: a body, and a note signed by this gateway that names the body's parts by their hashes, and by how many bytes each epoch has.
 *
 *     inheritance of <origin>
 *     rules <edition>
 *     epochs <bytes> <bytes> …
 *     lines <bytes> <base64 of SHA-256>
 *     state <bytes> <base64 of SHA-256>
 *
 * It is made when all entries have just been checked and folded; a crash before the note is written leaves a body that the next start writes again. A start
 * believes it when the heads in it are those that each epoch's gateway signed and the cloud cosigned. That the entries lead there is looked at again by
 * recheck.ts.
 */
import { apply, decodeNote, decodeSchool, encodeNote, encodeSchool, equalBytes, formatNote } from "@trapeza/protocol";
import { fromBase64, openNote, signatureOf, toBase64 } from "@trapeza/protocol";
import type { NoteSigner, School, VerifierKey } from "@trapeza/protocol";
import { join } from "node:path";
import { sha256 } from "./cipher.js";
import { EDITION } from "./edition.js";
import { epochBytes, keptDirectiveEdge, keptEpochs, keptInheritance } from "./epoch-file.js";
import { closedHead, Inheritance } from "./inheritance.js";
import type { Heir } from "./inheritance.js";
import { snapshotFolder } from "./journal/snapshot-folder.js";
import type { SnapshotFolder } from "./journal/snapshot-folder.js";
import { verifySignature } from "./signing.js";

const NAME = "snapshot-inherited";

/** Where the epochs before this gateway's own lie, and who may vouch for what they came to. */
export interface Heirloom {
  readonly dataDir: string;
  readonly epoch: number;
  readonly origin: string;
  readonly heir: Heir;
  readonly key: VerifierKey;
}

export interface Inherited {
  readonly inheritance: Inheritance;
  /** Taken from a snapshot: the entries themselves were not looked at. */
  readonly isRestored: boolean;
  /** Why a snapshot that lies there was not used. */
  readonly ignored: string | null;
}

function folderOf(dataDir: string): SnapshotFolder {
  return snapshotFolder(join(dataDir, "epochs", NAME)) as SnapshotFolder;
}

/** What was inherited, into `school`, which is empty: from the snapshot, or entry by entry, and then a snapshot is made. Throws {@link DamagedEpoch}. */
export function takeInheritance(heirloom: Heirloom, signer: NoteSigner, school: School): Inherited | null {
  const { dataDir, epoch, heir } = heirloom;
  if (epoch === 1) return null;
  const restored = restoredFrom(heirloom, school);
  if (typeof restored !== "string") return { inheritance: restored, isRestored: true, ignored: null };
  const inheritance = keptInheritance(dataDir, epoch, heir, (event) => apply(school, event)) as Inheritance;
  keep(heirloom, signer, [inheritance.bytes(), encodeSchool(school)]);
  return { inheritance, isRestored: false, ignored: restored === "" ? null : restored };
}

function textOf({ dataDir, epoch, origin }: Heirloom, [lines, state]: readonly [Uint8Array, Uint8Array]): string {
  const part = (name: string, bytes: Uint8Array): string => `${name} ${bytes.length} ${toBase64(sha256(bytes))}\n`;
  const lengths = epochBytes(dataDir, epoch).join(" ");
  return `inheritance of ${origin}\nrules ${EDITION}\nepochs ${lengths}\n` + part("lines", lines) + part("state", state);
}

/** On a disk that takes nothing there is no snapshot: then the next start folds everything again. */
function keep(heirloom: Heirloom, signer: NoteSigner, body: readonly [Uint8Array, Uint8Array]): void {
  const text = textOf(heirloom, body);
  const folder = folderOf(heirloom.dataDir);
  try {
    forgetInherited(heirloom.dataDir);
    folder.write(NAME + ".body", body);
    folder.write(NAME + ".note", [encodeNote(formatNote({ text, signatures: [signatureOf(text, signer)] }))]);
  } catch {
    forgetInherited(heirloom.dataDir);
  }
}

/** Throws the snapshot away: the next start looks at every entry. */
export function forgetInherited(dataDir: string): void {
  const folder = folderOf(dataDir);
  for (const end of [".note", ".body"]) folder.remove(NAME + end);
}

/** What the note says of the body, or why it is not believed; "" when there is none. */
function noteIn({ dataDir, key }: Heirloom): { readonly text: string } | string {
  const folder = folderOf(dataDir);
  if (![".note", ".body"].every((end) => folder.names().includes(NAME + end))) return "";
  const opened = openNote(decodeNote(folder.read(NAME + ".note")) ?? "", [key], verifySignature);
  return opened.ok ? { text: opened.note.text } : `its note is ${opened.reason}`;
}

/** The inheritance and, in `school`, its state; or the words for why not, and then `school` is as it was. */
function restoredFrom(heirloom: Heirloom, school: School): Inheritance | string {
  const note = noteIn(heirloom);
  if (typeof note === "string") return note;
  const parts = /\nlines (\d{1,15}) (\S+)\nstate (\d{1,15}) (\S+)\n$/.exec(note.text);
  if (!parts) return "its note names no parts";
  const body = folderOf(heirloom.dataDir).read(NAME + ".body");
  const split = Number(parts[1]);
  const [lines, state] = [body.subarray(0, split), body.subarray(split)];
  const hashes = [parts[2], parts[4]].map((text) => fromBase64(text) ?? new Uint8Array(0));
  if (![lines, state].every((part, i) => equalBytes(sha256(part), hashes[i]))) return "its body is not what was written";
  if (textOf(heirloom, [lines, state]) !== note.text) return "it is of another gateway, other rules or other epochs";
  const inheritance = Inheritance.from(lines, keptDirectiveEdge(heirloom.dataDir));
  const decoded = decodeSchool(state);
  if (!inheritance || !decoded.ok) return "it cannot be read";
  for (const { entries: _, ...closed } of keptEpochs(heirloom.dataDir, heirloom.epoch)) {
    const head = inheritance.headOf(closed.epoch);
    if (!head && closed.checkpoint === "") continue;
    const signed = closedHead(closed, heirloom.heir);
    if (head?.size !== signed.size || !equalBytes(head.root, signed.root)) return `epoch ${closed.epoch} has another head`;
  }
  Object.assign(school, decoded.value);
  return inheritance;
}

/** Whether the snapshot, when one is believed, says what the entries have come to. */
export function isInheritedRight(heirloom: Heirloom, inheritance: Inheritance, school: School): boolean {
  const note = noteIn(heirloom);
  return typeof note === "string" || textOf(heirloom, [inheritance.bytes(), encodeSchool(school)]) === note.text;
}
