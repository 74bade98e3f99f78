import { existsSync, readFileSync } from "node:fs";
import { DamagedJournal } from "./check.js";
import { readJournal } from "./journal-image.js";
import { walkLog } from "./log-walk.js";

/**
 * SQLite takes its log up to the first bad frame and forgets what stands behind. After a power cut that is the one commit that was being written, of which
 * nobody has heard; two commits behind it were answered, and to forget them would be to forget money.
 */
export function refuseTornLog(path: string, pageSize: number): void {
  const log = path + "-wal";
  if (!existsSync(log) || !existsSync(path)) return;
  const bytes = readFileSync(log);
  const { damage } = walkLog(bytes, pageSize);
  if (!damage || damage.commitsBehind < 2) return;
  const seq = readJournal({ file: readFileSync(path), log: bytes }, pageSize).entries.length;
  throw new DamagedJournal({ seq, upTo: seq, what: `${damage.what}, and ${damage.commitsBehind} commits stand behind it` });
}
