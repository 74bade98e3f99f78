/**
 * What is asked of the rules, in the school's words: card uids and account ids, never session handles or frames.
 *
 * A Request may be refused. A Fact has happened and may only be recorded. The two never share a function, so nobody can refuse money already swallowed.
 */
import type { Basis, Clock, EventBody } from "../journal/event.js";
import type { Purse } from "../journal/directive.js";
import type { AccountNumber, BusinessDate, CardUid, Kopecks, TerminalId } from "../wire/units.js";
import type { Reason } from "../wire/reason.js";
import type { Service, TerminalKind } from "../wire/up.js";

/**
 * Where and when. `terminal` 0 is the gateway itself. `date`, `atMs` and `clock` must be the ones that the resulting events are written with, or an
 * auditor would judge a cut-off by another clock. `found`: what the gateway noticed before the rules are asked (a bad frame, a stale session, a
 * conflict, an unreadable card); it takes its place in the order of refusals.
 */
export interface Context {
  readonly terminal: TerminalId;
  readonly date: BusinessDate;
  readonly atMs: number;
  readonly clock: Clock;
  readonly found?: readonly Reason[];
}

/** Whose purse pays: a card on the reader, or a face found on the class list. */
export type Payer = { readonly by: "card"; readonly uid: CardUid } | { readonly by: "list"; readonly account: number };
export interface WantedLine {
  readonly dish: number;
  readonly quantity: number;
}
/** A meal for pupils of one class; `uid` is the card of whoever confirms. */
interface ClassMeal {
  readonly uid: CardUid;
  readonly class: number;
  readonly meal: number;
  readonly date: BusinessDate;
  readonly ids: readonly number[];
}

export type Request =
  | {
      readonly kind: "Sale";
      readonly payer: Payer;
      readonly lines: readonly WantedLine[];
      readonly total: Kopecks;
      readonly menuVersion: number;
      /** Why a banned dish is sold all the same; `null`: it is not. */
      readonly override: string | null;
    }
  | { readonly kind: "CashSale"; readonly lines: readonly WantedLine[]; readonly total: Kopecks; readonly menuVersion: number }
  | {
      readonly kind: "Void";
      readonly receipt: number;
      /** `line` counts from 0; none at all means whatever is left of the receipt. */
      readonly lines: readonly { readonly line: number; readonly quantity: number }[];
      readonly reason: string;
      /** Needed for another till's receipt or an older day's. */
      readonly supervisor: CardUid | null;
    }
  /** `admitted`: ids that the class list handed to this terminal and card carried as admitted; for these the confirmation is a Fact. */
  | ({ readonly kind: "MealConfirm"; readonly admitted: readonly number[] } & ClassMeal)
  | ({ readonly kind: "MealUndo" } & ClassMeal)
  | ({ readonly kind: "PreOrder"; readonly cancel: boolean } & ClassMeal)
  | { readonly kind: "ShiftOpen"; readonly uid: CardUid; readonly declared: Kopecks }
  | { readonly kind: "ShiftClose"; readonly uid: CardUid; readonly declared: Kopecks }
  /** `paid`: what was taken for it in cash. */
  | { readonly kind: "ActivateCard"; readonly uid: CardUid; readonly paid: Kopecks }
  | { readonly kind: "PaidService"; readonly account: number; readonly service: Service; readonly amount: Kopecks }
  /** `salt` and `digest` of digits that the gateway has drawn; see the event AccessCodeIssued. */
  | { readonly kind: "IssueCode"; readonly account: number; readonly salt: Uint8Array; readonly digest: Uint8Array }
  /** `online`: the cloud confirms the date; otherwise a jump of more than a day wants a supervisor's card. */
  | { readonly kind: "OpenDay"; readonly date: BusinessDate; readonly uid: CardUid | null; readonly online: boolean };
export type RequestKind = Request["kind"];

export type NotePayee =
  | { readonly kind: "card"; readonly uid: CardUid }
  | { readonly kind: "number"; readonly number: AccountNumber }
  | { readonly kind: "none" };
interface Note {
  readonly payee: NotePayee;
  readonly purse: Purse;
  readonly note: Kopecks;
  readonly visit: number;
  /** When it was stacked, Unix ms; `null` when nobody knows. */
  readonly happenedMs: number | null;
}

export type Fact =
  | ({ readonly kind: "NoteStacked" } & Note)
  | ({ readonly kind: "NoteUnresolved" } & Note)
  /** Confirmed on paper, or queued while the gateway was away: the children have eaten. */
  | ({ readonly kind: "MealEaten"; readonly basis: Exclude<Basis, "request"> } & Omit<ClassMeal, "uid"> & { readonly uid: CardUid | null })
  /** Approved by a gateway that has since been replaced; `price` as it was sold. */
  | {
      readonly kind: "SaleApproved";
      readonly account: number;
      readonly uid: CardUid | null;
      readonly lines: readonly (WantedLine & { readonly price: Kopecks })[];
    }
  /** Sold for cash while the gateway was away, on the business date `soldOn` by the till's account; the money is in the drawer. */
  | {
      readonly kind: "CashTaken";
      readonly lines: readonly WantedLine[];
      readonly total: Kopecks;
      readonly menuVersion: number;
      readonly soldOn: BusinessDate;
    }
  /** The cassette has left the kiosk. */
  | { readonly kind: "Collection"; readonly uid: CardUid; readonly witness: CardUid | null; readonly seal: string }
  | { readonly kind: "Receipt"; readonly of: number; readonly outcome: "printed" | "failed" }
  | { readonly kind: "CardSuspected"; readonly uid: CardUid; readonly otherTerminal: TerminalId; readonly otherAtMs: number }
  | { readonly kind: "TerminalEnrolled"; readonly terminalKind: TerminalKind; readonly enrolment: number; readonly incarnation: number }
  | { readonly kind: "TerminalFault"; readonly what: string }
  | { readonly kind: "ClockChanged"; readonly fromMs: number; readonly toMs: number; readonly clock: Clock }
  | { readonly kind: "OperationConflict"; readonly text: string };
export type FactKind = Fact["kind"];

export interface RefusedPupil {
  readonly account: number;
  readonly reason: Reason;
}

/**
 * `bodies` are committed in one transaction and in this order, for a refusal too (it has a trace in the journal when somebody should see it).
 * `refused`: pupils of an accepted class operation for whom it did not happen.
 */
export type Decision =
  | { readonly kind: "refused"; readonly reason: Reason; readonly bodies: EventBody[] }
  | { readonly kind: "accepted"; readonly bodies: EventBody[]; readonly refused: readonly RefusedPupil[] };
