/**
 * How the disk is, and what the school may still do on it. A reserve is left for what may not be refused; when not even that can be written, nothing is said
 * that would have to be remembered, until a trial write succeeds.
 *
 *     well ⇄ low      new business is refused under its number, facts and meals are recorded
 *      ↘     ↙ ↑
 *       mute        whoever asked before hears the stored answer; everything else is refused without a number, or not answered
 */
import { diskFaultOf } from "./journal/disk-error.js";
import type { DiskFault } from "./journal/disk-error.js";

export type Mood = "well" | "low" | "mute";

/**
 * For people. `outrun`: the cloud or two terminals have heard of more entries than lie here, so this journal was put back to an older state.
 * `doubted`: one terminal says so, and for a moment it is waited for who else does.
 */
export type DiskTrouble =
  | { readonly kind: "low" | DiskFault; readonly sinceMs: number; readonly freeMb: number }
  | { readonly kind: "doubted"; readonly sinceMs: number; readonly size: number; readonly by: string; readonly untilMs: number }
  | { readonly kind: "outrun"; readonly sinceMs: number; readonly size: number; readonly by: string };

export interface DiskOptions {
  /** Bytes that may still be written; throws what the system throws. */
  readonly freeBytes: () => number;
  readonly reserveBytes: number;
  /** Writes something to every file and has it on the disk when it returns. */
  readonly tryWriting: () => void;
  readonly nowMs: () => number;
  readonly log: { readonly [level in "info" | "warn"]: (fields: object, what: string) => void };
}

/** Freed space must be above the reserve by a quarter of it, or the mood would change with every log line. */
const EASED = 1.25;
const MEGABYTE = 1048576;
const FIRST_TRIAL_MS = 5000;
const MOST_TRIAL_MS = 60000;

export class Disk {
  #trouble: DiskTrouble | null = null;
  #trialMs = 0;
  #waitMs = FIRST_TRIAL_MS;

  constructor(private readonly options: DiskOptions) {}

  get trouble(): DiskTrouble | null {
    return this.#trouble;
  }

  get mood(): Mood {
    return this.#trouble === null ? "well" : this.#trouble.kind === "low" ? "low" : "mute";
  }

  /** Something could not be written. `false` when that was not the disk's fault. */
  failed(error: unknown): boolean {
    const kind = diskFaultOf(error);
    if (kind === null) return false;
    // Whoever fails meanwhile (a checkpoint that nobody waits for) must not put the next trial off.
    if (this.mood !== "mute") {
      this.options.log.warn({ kind, what: (error as Error).message }, "the disk takes nothing, so nothing is promised");
      this.#putOffTrial();
    }
    this.#enter(kind);
    return true;
  }

  #putOffTrial(): void {
    this.#trialMs = this.options.nowMs() + this.#waitMs;
    this.#waitMs = Math.min(MOST_TRIAL_MS, this.#waitMs * 2);
  }

  /** For ever: this journal ends here, another gateway takes its place in a new epoch. */
  outrun(size: number, by: string): void {
    if (this.#trouble?.kind === "outrun") return;
    this.options.log.warn({ size, by }, "somebody has heard of more than lies here: nothing is added any more");
    this.#trouble = { kind: "outrun", sinceMs: this.options.nowMs(), size, by };
  }

  /** Nothing is promised before `untilMs`; a time that has passed changes nothing. */
  doubt(size: number, by: string, untilMs: number): void {
    const sinceMs = this.options.nowMs();
    if (this.mood === "mute" || untilMs <= sinceMs) return;
    this.options.log.warn({ size, by }, "one terminal says that it has heard of more than lies here: waiting for others");
    this.#trouble = { kind: "doubted", sinceMs, size, by, untilMs };
  }

  /** Looks at the free space, and tries to write when that failed before. To be called every few seconds; `true` when the mood has changed. */
  look(): boolean {
    const before = this.mood;
    const trouble = this.#trouble;
    if (trouble?.kind === "outrun") return false;
    if (trouble?.kind === "doubted" && this.options.nowMs() < trouble.untilMs) return false;
    try {
      if (before === "mute" && trouble?.kind !== "doubted" && !this.#tried()) return false;
      const { reserveBytes } = this.options;
      const isLow = this.#free() < reserveBytes * (before === "well" ? 1 : EASED);
      if (isLow) this.#enter("low");
      else this.#trouble = null;
    } catch (error) {
      if (!this.failed(error)) throw error;
    }
    if (this.mood === "well") this.#waitMs = FIRST_TRIAL_MS;
    if (before !== this.mood) this.options.log.info({ mood: this.mood }, "the disk has changed");
    return before !== this.mood;
  }

  /** `false` before the time for a trial. Throws when it fails. */
  #tried(): boolean {
    if (this.options.nowMs() < this.#trialMs) return false;
    this.#putOffTrial();
    this.options.tryWriting();
    return true;
  }

  #enter(kind: "low" | DiskFault): void {
    if (this.#trouble?.kind === "outrun") return;
    const known = this.#trouble?.kind === kind ? this.#trouble : null;
    this.#trouble = { kind, sinceMs: known?.sinceMs ?? this.options.nowMs(), freeMb: Math.floor(this.#free() / MEGABYTE) };
  }

  #free(): number {
    try {
      return this.options.freeBytes();
    } catch {
      // A disk that does not even say how full it is.
      return 0;
    }
  }
}
