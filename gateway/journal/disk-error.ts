/** Which failures are the disk's: what a person can put right without touching the journal. Anything else is ours, and ends the process. */

/** `full`: no room. `broken`: reading or writing failed. `readonly`: the file system takes nothing. */
export type DiskFault = "full" | "broken" | "readonly";

/** Thrown by a commit of which nothing may be said: memory is ahead of the disk, and whether the disk has kept any of it, only the disk can tell. */
export class DiskFailure extends Error {
  constructor(
    readonly fault: DiskFault,
    cause: Error,
  ) {
    super(cause.message, { cause });
  }
}

/** By SQLite's result code (sqlite.org/rescode.html) or the system's; `null` for what no disk has done. */
export function diskFaultOf(error: unknown): DiskFault | null {
  if (error instanceof DiskFailure) return error.fault;
  const code = String((error as { code?: unknown } | null)?.code ?? "");
  if (/^(SQLITE_FULL|ENOSPC|EDQUOT)$/.test(code)) return "full";
  if (/^(SQLITE_READONLY|EROFS)/.test(code)) return "readonly";
  return /^(SQLITE_IOERR|SQLITE_CANTOPEN|EIO$)/.test(code) ? "broken" : null;
}
