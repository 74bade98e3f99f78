/** The process that reads a journal again: `fork` it, send it a {@link RecheckJob}, and it answers with a {@link RecheckReport} and ends. */
import { setPriority } from "node:os";
import { apply, createSchool, encodeSchool, fromHex, parseVerifierKey, RULES_VERSION } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";
import { lookAtJournalFile } from "./journal/journal-file.js";
import { recheck } from "./journal/recheck.js";
import { formatSnapshotText } from "./journal/snapshot.js";
import { snapshotFolder } from "./journal/snapshot-folder.js";
import type { RecheckJob, RecheckReport } from "./keeper.js";

const LOWEST_PRIORITY = 19;

function reportOn({ path, origin, key, heads, keepAfter }: RecheckJob): RecheckReport {
  const folder = snapshotFolder(path);
  const verifier = parseVerifierKey(sha256, key);
  if (!folder || !verifier.ok) throw new Error("this is no job: " + path);
  const school = createSchool();
  const file = lookAtJournalFile(path);
  const parent = process.ppid;
  try {
    const { next, ...found } = recheck({
      ...{ file, folder, origin, key: verifier.value, rulesVersion: RULES_VERSION, keepAfter },
      heads: heads.map(({ by, size, root }) => ({ by, size, root: fromHex(root) ?? new Uint8Array(0) })),
      fold: (event) => apply(school, event),
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

process.once("message", (job) => {
  setPriority(LOWEST_PRIORITY);
  process.send?.(reportOn(job as RecheckJob), () => process.exit(0));
});
