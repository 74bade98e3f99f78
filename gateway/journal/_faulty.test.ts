import type { DiskFault } from "./disk-error.js";
import { openStore } from "./store.js";
import type { Store } from "./store.js";

const CODES = { full: "SQLITE_FULL", broken: "SQLITE_IOERR_WRITE", readonly: "SQLITE_READONLY" } as const;

/** A disk that fails at one of its writes and from then on at every one, until it is mended. */
export class FaultyDisk {
  /** Writes that still succeed; `null`: all of them. */
  left: number | null = null;
  fault: DiskFault = "full";
  /** The write that fails may have reached the disk all the same: an error of fsync leaves that open. */
  kept = false;
  failures = 0;

  #write<T>(work: () => T): T {
    if (this.left === null) return work();
    if (this.left > 0) {
      this.left--;
      return work();
    }
    this.failures++;
    if (this.kept && this.failures === 1) work();
    throw Object.assign(new Error("the disk says " + CODES[this.fault]), { code: CODES[this.fault] });
  }

  readonly open = (path: string, pageSize?: number): Store => {
    const store = openStore(path, pageSize);
    const { file, state } = store;
    const failing = <A extends unknown[], R>(write: (...args: A) => R) => (...args: A): R => this.#write(() => write(...args)); // prettier-ignore
    return {
      ...store,
      file: {
        ...file,
        insertEntry: failing(file.insertEntry),
        insertAnswer: failing(file.insertAnswer),
        insertEdge: failing(file.insertEdge),
        settle: failing(file.settle),
        // Its end is a write of its own: before it nothing is durable.
        transaction: (work) => this.#transaction(file.transaction, work),
      },
      state: {
        ...state,
        putTerminal: failing(state.putTerminal),
        putAdmission: failing(state.putAdmission),
        putCard: failing(state.putCard),
        putCheckpoint: failing(state.putCheckpoint),
        putConnection: failing(state.putConnection),
        putMeta: failing(state.putMeta),
        transaction: (work) => this.#transaction(state.transaction, work),
      },
    };
  };

  #transaction(begin: (work: () => void) => void, work: () => void): void {
    if (this.kept && this.left === 0) return this.#write(() => begin(work));
    begin(() => {
      work();
      this.#write(() => undefined);
    });
  }
}
