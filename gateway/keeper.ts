/**
 * Looks after the journal while nobody waits for it: has all of it read again by a process of its own, with its own memory and the lowest priority, and makes
 * the next snapshot of what that process found good. A start from a snapshot believes what was once signed; here it is found out whether that still holds.
 */
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { formatVerifierKey, toHex } from "@trapeza/protocol";
import type { VerifierKey } from "@trapeza/protocol";
import type { Log } from "./desk.js";
import { forgetInherited } from "./inherited-snapshot.js";
import { describeBad } from "./journal/check.js";
import type { ExpectedHead, FirstBad } from "./journal/check.js";
import type { Journal } from "./journal/journal.js";
import { findSnapshots, parseSnapshotText, throwAway } from "./journal/snapshot.js";
import type { SnapshotFolder } from "./journal/snapshot-folder.js";
import type { Loop } from "./loop.js";

/** What the process is to read; plain values, for they travel as JSON. */
export interface RecheckJob {
  readonly path: string;
  readonly origin: string;
  /** Verifier key of this gateway. */
  readonly key: string;
  readonly heads: readonly { readonly by: string; readonly size: number; readonly root: string }[];
  readonly keepAfter: number;
  /** Where the epochs before this one lie; `null` in a school's first. */
  readonly epochs: EarlierEpochs | null;
}

export interface EarlierEpochs {
  readonly dataDir: string;
  readonly house: string;
  readonly school: number;
  readonly epoch: number;
  /** Verifier key of the cloud that cosigned them. */
  readonly cosigner: string;
}

/**
 * What it came to. `next`: the text of a snapshot whose body lies there, "" for none. `epochs`: what is wrong with the epochs before this one, and then the
 * journal was not looked at; `wrongEpochs`: their snapshot says something else than they do.
 */
export interface RecheckReport {
  readonly size: number;
  readonly firstBad: FirstBad | null;
  readonly wrong: readonly string[];
  readonly next: string;
  readonly epochs?: string;
  readonly wrongEpochs?: boolean;
}

/** What a person must hear: the journal is damaged, or this process has begun with a state that the journal does not give. */
export type JournalTrouble = { readonly kind: "damaged"; readonly what: string } | { readonly kind: "snapshot"; readonly size: number };

export interface KeeperOptions {
  readonly journal: Journal;
  readonly path: string;
  readonly key: VerifierKey;
  readonly epochs?: EarlierEpochs | null;
  /** The start has believed a snapshot of them. */
  readonly isInheritedUnread?: boolean;
  readonly folder: SnapshotFolder;
  readonly run: (job: RecheckJob) => Promise<RecheckReport>;
  readonly log: Log;
}

/** Two days of a large school: so many events are folded again in half a second. */
export const KEEP_AFTER = 10_000;
/** A start has other things to do at first. */
const FIRST_MS = 20_000;
const LOOK_MS = 60_000;
const AGAIN_MS = 3600_000;

export class Keeper {
  #begun = false;
  /** Entries that were read again by this process's will, or folded at its start. */
  #checked: number;
  #kept: number;
  #trouble: JournalTrouble | null = null;

  constructor(private readonly options: KeeperOptions) {
    const { journal, folder, key, isInheritedUnread = false } = options;
    this.#checked = journal.opening.restored > 0 || isInheritedUnread ? 0 : journal.size;
    this.#kept = Math.max(0, ...findSnapshots(folder, journal.origin, key).map(({ head }) => head?.size ?? 0));
    for (const what of journal.opening.ignored) options.log.warn({ what }, "a snapshot was not used");
  }

  /** `null` as long as nothing was found. */
  get trouble(): JournalTrouble | null {
    return this.#trouble;
  }

  /** Has the journal read when that is due. Never rejects. */
  async step(): Promise<{ readonly waitMs: number }> {
    if (!this.#begun) {
      this.#begun = true;
      return { waitMs: FIRST_MS };
    }
    const { journal, log, run } = this.options;
    if (this.#checked > 0 && journal.size - this.#kept < KEEP_AFTER) return { waitMs: LOOK_MS };
    try {
      this.#take(await run(this.#job()));
    } catch (error) {
      log.warn({ what: (error as Error).message }, "the journal was not read again");
      return { waitMs: AGAIN_MS };
    }
    return { waitMs: this.#trouble ? AGAIN_MS : LOOK_MS };
  }

  #job(): RecheckJob {
    const { journal, path, key } = this.options;
    const { epochs: earlier = null } = this.options;
    // Nothing else of the settings: this travels, and they hold secrets.
    const epochs = earlier && {
      ...{ dataDir: earlier.dataDir, house: earlier.house, school: earlier.school, epoch: earlier.epoch, cosigner: earlier.cosigner },
    };
    const headOf = (by: string, head: { size: number; root: Uint8Array } | null): ExpectedHead[] => (head ? [{ by, ...head }] : []);
    const heads = [...headOf("signed here", journal.signed), ...headOf("cosigned by the cloud", journal.cosigned)];
    return {
      ...{ path, origin: journal.origin, key: formatVerifierKey(key), keepAfter: KEEP_AFTER, epochs },
      heads: heads.map(({ by, size, root }) => ({ by, size, root: toHex(root) })),
    };
  }

  #take({ size, firstBad, wrong, next, epochs: badEpochs, wrongEpochs = false }: RecheckReport): void {
    const { journal, folder, log, key, epochs } = this.options;
    if (epochs && (badEpochs || wrongEpochs)) forgetInherited(epochs.dataDir);
    // Thrown away, so that the next start reads everything and says what it finds.
    const useless = firstBad ? findSnapshots(folder, journal.origin, key).map(({ name }) => name) : wrong;
    for (const name of useless) throwAway(folder, name);
    if (firstBad) this.#trouble = { kind: "damaged", what: describeBad(firstBad) };
    else if (badEpochs) this.#trouble = { kind: "damaged", what: badEpochs };
    else if (wrong.length > 0 || wrongEpochs) this.#trouble = { kind: "snapshot", size: journal.opening.restored };
    if (this.#trouble) log.warn({ ...this.#trouble, wrong }, "the journal was read again, somebody must look");
    else log.info({ size }, "the journal was read again and is good");
    this.#checked = Math.max(1, size);
    const head = parseSnapshotText(next);
    const refused = head && journal.keepSnapshot(head);
    if (refused) this.#trouble = { kind: "damaged", what: refused };
    if (head && !refused) this.#kept = head.size;
  }
}

/** It has all the time there is, but not all the memory: without a limit V8 lets garbage lie. Where this is not enough the check ends without a verdict. */
const HEAP_MB = 256;
const PROGRAM = fileURLToPath(new URL("./recheck.js", import.meta.url));

/** Runs the check as a process of its own; `stop` ends it without a word. */
export function createRechecker(): { readonly run: KeeperOptions["run"]; readonly stop: Loop["stop"] } {
  let stop: () => void = () => undefined;
  const run = (job: RecheckJob): Promise<RecheckReport> =>
    new Promise((done, failed) => {
      const child = fork(PROGRAM, [], { execArgv: [`--max-old-space-size=${HEAP_MB}`], stdio: ["ignore", "ignore", "inherit", "ipc"] });
      stop = () => void child.kill("SIGKILL");
      child.once("message", (report) => done(report as RecheckReport));
      child.once("error", failed);
      child.once("exit", (code, signal) => failed(new Error(`the process ended with ${signal ?? code}`)));
      child.send(job);
    });
  return { run, stop: async () => stop() };
}
