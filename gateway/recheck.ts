/** The process that reads a journal again: `fork` it, send it a {@link RecheckJob}, and it answers with a {@link RecheckReport} and ends. */
import { setPriority } from "node:os";
import { apply, createSchool, encodeSchool, fromHex, parseVerifierKey } from "@trapeza/protocol";
import type { School, VerifierKey } from "@trapeza/protocol";
import { EDITION } from "./edition.js";
import { sha256 } from "./cipher.js";
import { keptInheritance } from "./epoch-file.js";
import { DamagedEpoch } from "./inheritance.js";
import { isInheritedRight } from "./inherited-snapshot.js";
import { lookAtJournalFile } from "./journal/journal-file.js";
import { recheck } from "./journal/recheck.js";
import type { InheritedLine } from "./journal/row.js";
import { formatSnapshotText } from "./journal/snapshot.js";
import { snapshotFolder } from "./journal/snapshot-folder.js";
import type { EarlierEpochs, RecheckJob, RecheckReport } from "./keeper.js";

const LOWEST_PRIORITY = 19;

function reportOn({ path, origin, key, heads, keepAfter, epochs }: RecheckJob): RecheckReport {
  const folder = snapshotFolder(path);
  const verifier = parseVerifierKey(sha256, key);
  if (!folder || !verifier.ok) throw new Error("this is no job: " + path);
  const school = createSchool();
  const inherited = epochs ? inheritedIn(epochs, origin, verifier.value, school) : { lines: undefined, isRight: true };
  if (typeof inherited === "string") return { size: 0, firstBad: null, wrong: [], next: "", epochs: inherited };
  const { lines, isRight } = inherited;
  const file = lookAtJournalFile(path);
  const parent = process.ppid;
  try {
    const { next, ...found } = recheck({
      ...{ file, folder, origin, key: verifier.value, edition: EDITION, keepAfter, lines },
      fold: (event) => apply(school, event),
      heads: heads.map(({ by, size, root }) => ({ by, size, root: fromHex(root) ?? new Uint8Array(0) })),
      state: () => encodeSchool(school),
      breathe: () => {
        // Messages are not heard while this goes on; whose gateway has died has another parent.
        if (process.ppid !== parent) process.exit(1);
      },
    });
    return { ...found, next: next ? formatSnapshotText(next) : "", wrongEpochs: !isRight };
  } finally {
    file.close();
  }
}

/** What the epochs before come to, entry by entry, and whether their snapshot says the same; or what is wrong with them. */
function inheritedIn(
  { dataDir, house, school: number, epoch, cosigner }: EarlierEpochs,
  origin: string,
  key: VerifierKey,
  school: School,
): { readonly lines: InheritedLine[] | undefined; readonly isRight: boolean } | string {
  const cloud = parseVerifierKey(sha256, cosigner);
  if (!cloud.ok) throw new Error("this is no verifier key: " + cosigner);
  const heir = { house, school: number, cosigner: cloud.value };
  try {
    const inheritance = keptInheritance(dataDir, epoch, heir, (event) => apply(school, event));
    const isRight = !inheritance || isInheritedRight({ dataDir, epoch, origin, heir, key }, inheritance, school);
    return { lines: inheritance?.lines(), isRight };
  } catch (error) {
    if (error instanceof DamagedEpoch) return error.message;
    throw error;
  }
}

process.once("message", (job) => {
  setPriority(LOWEST_PRIORITY);
  process.send?.(reportOn(job as RecheckJob), () => process.exit(0));
});
