/** What a journal is opened with. */
import type { Event, NoteSigner, TreeEdge, VerifierKey } from "@trapeza/protocol";
import type { Restoring } from "./opening.js";
import type { InheritedLine } from "./row.js";
import type { SnapshotFolder } from "./snapshot-folder.js";
import type { openStore } from "./store.js";

export interface JournalOptions {
  /** File, or ":memory:". */
  readonly path: string;
  /** Bytes; 32 kB unless told. */
  readonly pageSize?: number;
  /** Name of the log: the origin line of its checkpoints. Differs for every school and epoch. */
  readonly origin: string;
  readonly epoch: number;
  readonly signer: NoteSigner;
  /** The cloud's cosigning key, when there is a cloud. */
  readonly cosigner: VerifierKey | null;
  /** Bytes from a cryptographic generator. */
  readonly random: (bytes: number) => Uint8Array;
  /** Where the epochs before this one ended: answers up to there were theirs, and directives. */
  readonly inherited?: { readonly lines: readonly InheritedLine[]; readonly directives: TreeEdge };
  /** Takes events once, in order: those on the disk while opening, those committed afterwards have been folded by whoever decided them. */
  readonly fold: (event: Event) => void;
  /** Takes the state that a snapshot kept, instead of the events before it; without this every event is folded. */
  readonly restoring?: Restoring;
  /** Where snapshots lie; beside the journal unless told. */
  readonly folder?: SnapshotFolder | null;
  /** Ends the process. Called when a commit failed, and not by the disk's fault: nobody may hear of what memory holds. */
  readonly die: (reason: Error) => never;
  /** Hears of a write that the disk did not take and on which nothing waits. Without it such an error is thrown. */
  readonly ail?: (error: Error) => void;
  /** Does the writing of a commit, and whatever is to be known of it. */
  readonly timed?: (write: () => void) => void;
  /** Opens the two files; for tests of a disk that fails. */
  readonly open?: typeof openStore;
}
