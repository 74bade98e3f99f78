/** What the gateway decides with: its memory, its clock, what it can say. No I/O of its own. */
import { encode, resultSchema } from "@trapeza/protocol";
import type { Clock, Down, Operation, Release, Result, School, TerminalId, Portrait } from "@trapeza/protocol";
import type { Admissions } from "./admitting.js";
import type { Cards } from "./cards.js";
import type { Disk } from "./disk.js";
import type { Handles } from "./handles.js";
import type { Inheritance } from "./inheritance.js";
import type { Journal } from "./journal/journal.js";
import type { OperationKey, TerminalRow } from "./journal/store.js";
import type { Recovery } from "./recovery.js";
import type { Runs } from "./releases/offer.js";
import type { Session, Sessions } from "./sessions.js";

/** Time as the gateway knows it: Unix ms, and how far that may be believed. */
export interface GatewayClock {
  readonly nowMs: () => number;
  readonly state: () => Clock;
}

/** What goes wrong is written down without names, numbers or card ids. */
export interface Log {
  readonly info: (fields: object, what: string) => void;
  readonly warn: (fields: object, what: string) => void;
}

/** The release that a terminal is to run, `null` when it is well as it is. */
export type Wanted = (terminal: number, runs: Runs) => Release | null;

export interface GatewayOptions {
  readonly journal: Journal;
  /** The fold of that journal; from now on the gateway folds what it decides. */
  readonly school: School;
  readonly schoolNumber: number;
  readonly schoolSecret: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly clock: GatewayClock;
  /** Bytes from a cryptographic generator. */
  readonly random: (bytes: number) => Uint8Array;
  /** What the gateways before this one left; `null` for a school's first. */
  readonly inheritance?: Inheritance | null;
  /** Hands a frame to the terminal if it is there; a lost one is asked for again. */
  readonly send: (terminal: TerminalId, frame: Uint8Array) => void;
  /** Whether the cloud has been heard lately: it vouches for the date. */
  readonly online: () => boolean;
  /** The portrait of an account number's holder, if the school has brought one. */
  readonly portraitOf?: (number: string) => Portrait | null;
  readonly wanted?: Wanted;
  /** How the disk is. Without it a commit that the disk does not take ends the process. */
  readonly disk?: Pick<Disk, "mood" | "failed" | "doubt" | "outrun">;
  /** Makes the school what it is before the first event, so that the journal can be folded anew. */
  readonly forget?: () => void;
  readonly die: (reason: Error) => never;
  readonly log: Log;
}

/** What is said once a decision is durable. `stored` is kept for whoever asks the same again. */
export interface Speech {
  readonly session: Session | null;
  readonly handshake: Uint8Array | null;
  readonly messages: readonly Down[];
  readonly stored: Result | null;
}

/** A sale that a former gateway has answered, one way or the other. */
export interface UnprovenSale {
  readonly key: OperationKey;
  readonly message: Extract<Operation, { kind: "Sale" }>;
  readonly account: number;
}

/** Everything that deciding reads and drafts into; lives as long as the gateway. */
export interface Desk extends GatewayOptions {
  readonly sessions: Sessions;
  readonly handles: Handles;
  readonly rows: Map<number, TerminalRow>;
  readonly admissions: Admissions;
  readonly cards: Cards;
  /** Operations decided in this batch and not yet on the disk. */
  readonly fresh: OperationKey[];
  /** `true` while buffet sales wait for what terminals still hold from the time of the gateway before. */
  readonly recovery: Recovery;
  /** Another gateway has taken this one's place: nothing is decided here any more. */
  retired: boolean;
  /** Sales that a former gateway has answered and whose receipts have not been told of yet, by the operation's name. */
  readonly unproven: Map<string, UnprovenSale>;
  /** Sequence of the next event. */
  next: number;
  /** When a day was last asked to open, so that a refusal is not written down at every tap. */
  dayAskedMs: number;
}

/** Nothing to say. */
export const SILENCE: Speech = { session: null, handshake: null, messages: [], stored: null };

/** A reply to the frame with this counter. */
export function replyIn(session: Session, counter: number, result: Result): Speech {
  return { session, handshake: null, messages: [{ kind: "Reply", re: counter, result }], stored: result };
}

/** The bytes kept for a retry. */
export function storedAnswer(said: Speech): Uint8Array {
  return encode(resultSchema, said.stored ?? { kind: "Recorded" });
}
