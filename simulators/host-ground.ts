/**
 * What a gateway stands on, and how it gives way: the supply goes at any moment or in the middle of a commit, the disk refuses to finish what it has begun.
 */
import { openStore, type Store } from "@trapeza/gateway";

/** At once, or at its next commit: all is decided and nothing of it written, or all is written and nothing of it said. */
export type CutMoment = "now" | "before the write" | "behind the write";

/** Ends what the gateway was doing when its power went. */
class PowerLost extends Error {}

export interface Ground {
  readonly on: boolean;
  readonly isSpeaking: boolean;
  /** `told` when the power has gone. */
  cut(moment: CutMoment, told: () => void): void;
  restore(): void;
  /** The journal's `timed`. */
  writing(write: () => void): void;
  /** Does what leads to a commit and to words behind it; `null` when the power went meanwhile. */
  flush<T>(work: () => T): T | null;
  /** What a talk with the cloud gives, unless the power goes meanwhile. */
  talk(work: () => Promise<void>): Promise<void>;
}

export function createGround(): Ground {
  let cutAt: CutMoment | null = null;
  let told: () => void = () => undefined;
  const state = { on: true, isSpeaking: true };
  function fall(): void {
    state.on = false;
    cutAt = null;
    told();
  }
  function unlessFallen(error: unknown): null {
    if (error instanceof PowerLost) return null;
    throw error;
  }
  return {
    get on() {
      return state.on;
    },
    get isSpeaking() {
      return state.isSpeaking;
    },
    cut(moment, then) {
      told = then;
      if (moment === "now") fall();
      else cutAt = moment;
    },
    restore: () => void Object.assign(state, { on: true, isSpeaking: true }),
    writing(write) {
      if (cutAt === "before the write") {
        fall();
        throw new PowerLost("no power");
      }
      write();
    },
    flush(work) {
      const isLast = cutAt === "behind the write";
      state.isSpeaking = !isLast;
      try {
        return work();
      } catch (error) {
        return unlessFallen(error);
      } finally {
        if (isLast) fall();
      }
    },
    talk: (work) => work().catch((error: unknown) => void unlessFallen(error)),
  };
}

/** As SQLite says it of a disk that has failed. */
export function brokenDisk(): Error {
  return Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR" });
}

/** The journal's two files in memory; `fails` is asked at the end of each transaction, which then comes to nothing. */
export function openFailingStore(fails: () => boolean): (path: string, pageSize?: number) => Store {
  return (path, pageSize) => {
    const store = openStore(path, pageSize);
    const transaction = (work: () => void): void =>
      store.file.transaction(() => {
        work();
        if (fails()) throw brokenDisk();
      });
    return { ...store, file: { ...store.file, transaction } };
  };
}
