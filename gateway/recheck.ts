/** The process that reads a journal again: `fork` it, send it a {@link RecheckJob}, and it answers with a {@link RecheckReport} and ends. */
import { setPriority } from "node:os";
import { apply, createSchool, encodeSchool, fromHex, parseVerifierKey } from "@trapeza/protocol";
import type { Event } from "@trapeza/protocol";
import { EDITION } from "./edition.js";
import { sha256 } from "./cipher.js";
import { keptInheritance } from "./epoch-file.js";
import type { Inheritance } from "./inheritance.js";
import { lookAtJournalFile } from "./journal/journal-file.js";
import { recheck } from "./journal/recheck.js";
import { formatSnapshotText } from "./journal/snapshot.js";
import { snapshotFolder } from "./journal/snapshot-folder.js";
import type { EarlierEpochs, RecheckJob, RecheckReport } from "./keeper.js";

const LOWEST_PRIORITY = 19;

function reportOn({ path, origin, key, heads, keepAfter, epochs }: RecheckJob): RecheckReport {
  const folder = snapshotFolder(path);
  const verifier = parseVerifierKey(sha256, key);
  if (!folder || !verifier.ok) throw new Error("this is no job: " + path);
  const school = createSchool();
  const fold = (event: Event): void => apply(school, event);
  const lines = epochs ? inheritedIn(epochs, fold)?.lines() : undefined;
  const file = lookAtJournalFile(path);
  const parent = process.ppid;
  try {
    const { next, ...found } = recheck({
      ...{ file, folder, origin, key: verifier.value, edition: EDITION, keepAfter, lines, fold },
      heads: heads.map(({ by, size, root }) => ({ by, size, root: fromHex(root) ?? new Uint8Array(0) })),
      state: () => encodeSchool(school),
      breathe: () => {
        // Messages are not heard while this goes on; whose gateway has died has another parent.
        if (process.ppid !== parent) process.exit(1);
      },
    });
    return { ...found, next: next ? formatSnapshotText(next) : "" };
  } finally {
    file.close();
  }
}

function inheritedIn({ dataDir, house, school, epoch, cosigner }: EarlierEpochs, fold: (event: Event) => void): Inheritance | null {
  const key = parseVerifierKey(sha256, cosigner);
  if (!key.ok) throw new Error("this is no verifier key: " + cosigner);
  return keptInheritance(dataDir, epoch, { house, school, cosigner: key.value }, fold);
}

process.once("message", (job) => {
  setPriority(LOWEST_PRIORITY);
  process.send?.(reportOn(job as RecheckJob), () => process.exit(0));
});
