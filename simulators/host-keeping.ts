/**
 * What a gateway keeps beside its journal, so that a start need not fold a year again: the product's own snapshots, in a folder in memory, and what the
 * epochs before came to. At night the journal is read again from its first entry, as the product's keeper does, and made into the next snapshot.
 */
import { EDITION, findSnapshots, Inheritance, recheck, type Journal, type SnapshotFolder, type Store } from "@trapeza/gateway";
import { apply, concat, createSchool, decodeSchool, encodeSchool } from "@trapeza/protocol";
import type { School, TreeEdge, VerifierKey } from "@trapeza/protocol";

/** Fills an empty school with what the epochs before came to. */
export type Inherit = (school: School) => Inheritance;

export function restoreSchool(school: School, state: Uint8Array): boolean {
  const decoded = decodeSchool(state);
  if (decoded.ok) Object.assign(school, decoded.value);
  return decoded.ok;
}

/** `first`: as it was taken, entry by entry, into `school`. Every later start is given the same by the same bytes. */
export function inheritAgain(first: Inheritance, school: School, edge: TreeEdge): Inherit {
  const [lines, state] = [first.bytes(), encodeSchool(school)];
  return (empty) => {
    const again = Inheritance.from(lines, edge);
    if (!again || !restoreSchool(empty, state)) throw new Error("what was inherited cannot be read again");
    return again;
  };
}

export function memoryFolder(): SnapshotFolder {
  const files = new Map<string, Uint8Array>();
  return {
    names: () => [...files.keys()],
    read: (name) => files.get(name) ?? new Uint8Array(0),
    write: (name, parts) => void files.set(name, concat(parts)),
    remove: (name) => void files.delete(name),
  };
}

/** So many entries are folded again in some milliseconds. */
const KEEP_AFTER = 100;

export interface Kept {
  readonly journal: Journal;
  readonly file: Store["file"];
  readonly folder: SnapshotFolder;
  readonly key: VerifierKey;
  readonly inherit: Inherit | null;
}

/** Reads all of the journal and keeps a snapshot of it, when enough has been written since the last one; what is wrong, in sentences. */
export function keep({ journal, file, folder, key, inherit }: Kept): string[] {
  const kept = Math.max(0, ...findSnapshots(folder, journal.origin, key).map(({ head }) => head?.size ?? 0));
  if (journal.size - kept < KEEP_AFTER) return [];
  const school = createSchool();
  const lines = inherit?.(school).lines();
  const { firstBad, wrong, next } = recheck({
    ...{ file, folder, origin: journal.origin, key, edition: EDITION, lines, keepAfter: KEEP_AFTER },
    heads: [journal.signed, journal.cosigned].flatMap((head) => (head ? [{ ...head, by: "signed" }] : [])),
    fold: (event) => apply(school, event),
    state: () => encodeSchool(school),
    breathe: () => undefined,
  });
  const refused = next && journal.keepSnapshot(next);
  return [...(firstBad ? [firstBad.what] : []), ...wrong.map((name) => `${name} says something else`), ...(refused ? [refused] : [])];
}
