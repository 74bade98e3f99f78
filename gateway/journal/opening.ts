/**
 * How a journal is opened: from its newest good snapshot and the entries after it, or from the first entry when there is none. Either way the entries must
 * lead to every head that was ever signed here or cosigned by the cloud.
 */
import { createTree, equalBytes, readEdge, readHead } from "@trapeza/protocol";
import type { Event } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { Answers } from "./answers.js";
import { Blocks, BLOCK_LEAVES } from "./blocks.js";
import { checkEntries, DamagedJournal, nothingHashed, otherRoot } from "./check.js";
import type { ExpectedHead, Hashed } from "./check.js";
import type { JournalFile } from "./journal-file.js";
import type { InheritedLine } from "./row.js";
import { readBody } from "./snapshot.js";
import type { FoundSnapshot } from "./snapshot.js";
import type { SnapshotFolder } from "./snapshot-folder.js";

/** Whose state is to be restored, and by which edition of the rules it must have been folded. */
export interface Restoring {
  readonly edition: string;
  /** Takes the state of a snapshot in; `false` when it is none, and then nothing has changed. */
  readonly restore: (state: Uint8Array) => boolean;
}

export interface Opened extends Hashed {
  readonly answers: Answers;
  /** Entries that a snapshot stood for, 0 when all were folded. */
  readonly restored: number;
  /** Snapshots that were not used, and why. */
  readonly ignored: readonly string[];
}

interface Sources {
  readonly file: Pick<JournalFile, "entriesFrom" | "answersFrom" | "leaves" | "ends">;
  readonly heads: readonly ExpectedHead[];
  readonly fold: (event: Event) => void;
  readonly restoring: Restoring | null;
  readonly snapshots: readonly FoundSnapshot[];
  readonly folder: SnapshotFolder | null;
  /** How far terminals had come in earlier epochs. */
  readonly lines?: readonly InheritedLine[];
}

/** Throws {@link DamagedJournal} naming the first bad event. */
export function openEntries(sources: Sources): Opened {
  const { file, fold, snapshots } = sources;
  const heads = [...sources.heads, ...snapshots.flatMap(({ head }) => (head ? [{ ...head, by: "signed here in a snapshot" }] : []))];
  const ignored: string[] = [];
  let begun = { ...nothingHashed(), answers: new Answers(sources.lines) };
  for (const snapshot of snapshots) {
    const restored = restoredFrom(sources, snapshot);
    if (typeof restored !== "string") {
      begun = restored;
      break;
    }
    ignored.push(`${snapshot.name}: ${restored}`);
  }
  const restored = begun.tree.size;
  const reader = begun.blocks.reader(file.leaves);
  const older = heads.find(({ size, root }) => size < restored && !equalBytes(readHead(sha256, reader, size).root, root));
  if (older) throw new DamagedJournal(otherRoot(older));
  const { tree, blocks, firstBad } = checkEntries(file.entriesFrom(restored), heads, fold, begun);
  if (firstBad) throw new DamagedJournal(firstBad);
  const { answers } = begun;
  for (const row of file.answersFrom(answers.count)) answers.add(row);
  return { tree, blocks, answers, restored, ignored };
}

/** The state after a snapshot's entries, or the words for why it is not used. Then everything is read, and what is wrong with the journal comes out. */
function restoredFrom(sources: Sources, snapshot: FoundSnapshot): (Hashed & { readonly answers: Answers }) | string {
  try {
    return restoredAt(sources, snapshot);
  } catch (error) {
    return "it cannot be read: " + (error as Error).message;
  }
}

function restoredAt({ file, folder, restoring }: Sources, snapshot: FoundSnapshot): (Hashed & { readonly answers: Answers }) | string {
  const { head, why } = snapshot;
  if (!head) return why;
  if (!restoring || !folder) return "nobody asks for its state";
  if (head.edition !== restoring.edition) return `it was made by edition ${head.edition} of the rules`;
  if (head.size > file.ends().entry) return "the journal is shorter";
  const body = readBody(folder, snapshot);
  if (typeof body === "string") return body;
  const answers = Answers.from(body.answers);
  if (!answers || body.blocks.length !== Math.floor(head.size / BLOCK_LEAVES) * 32) return "its lists are of another size";
  const blocks = Blocks.from(body.blocks);
  const tree = createTree(sha256, readEdge(blocks.reader(file.leaves), head.size));
  if (!equalBytes(tree.root(), head.root)) return "the journal has another root at its size";
  return restoring.restore(body.state) ? { tree, blocks, answers } : "its state cannot be read";
}
