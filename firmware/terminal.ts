/**
 * What the three terminals have in common: what they hear (inputs), what they want done (effects), and what they know of their surroundings.
 * Pure: a terminal is a function from state and input to state and effects, and another that says what the state looks like.
 */
import { civilFromDate, eachRow, formatClaim, formatPaperCode } from "@trapeza/protocol/chip";
import type { AccountNumber, HeardDown, HeardResult, Kopecks, Operation, Payee, Proof, Up, Welcome } from "@trapeza/protocol/chip";
import type { AcceptorHealth } from "./acceptor.js";
import type { Paper } from "./devices/escpos.js";
import { ON_AMBER, ON_GREEN, ON_RED } from "./screen.js";
import type { Look, Screen } from "./screen.js";
import type { Tone } from "./tone.js";
import type { Language } from "./words.js";

/** What a gateway says, as a terminal keeps it: lists in the wire's own bytes. */
export type Down = HeardDown;
export type Result = HeardResult;
export type Policy = Extract<Down, { readonly kind: "Policy" }>;
type SentMenu = Extract<Down, { readonly kind: "Menu" }>;
/** Beside the dishes in bytes what a till looks for all the time, by their places: the code and the group of each. */
export type Menu = SentMenu & { readonly codes: Uint16Array; readonly places: Uint8Array };
export type Purse = "main" | "additional";

/** Surroundings, kept up to date by run.ts. */
export interface Common {
  readonly terminal: number;
  readonly bootEpoch: number;
  readonly incarnation: number;
  readonly up: boolean;
  /** What the gateway last allowed; "starting" until it has said anything since the start. */
  readonly service: Welcome["service"] | "starting";
  readonly paper: Paper | "unknown";
  readonly acceptor: AcceptorHealth | "none";
  readonly reader: "ok" | "silent";
  /** What faces the queue; "ok" where there is none. */
  readonly aside: "ok" | "silent";
  /** The outbox can keep one more visit whatever happens. */
  readonly room: boolean;
  readonly policy: Policy | null;
  readonly menu: Menu | null;
  readonly language: Language;
  /** Local time in milliseconds since 1970, `null` while nobody has told it. */
  readonly localMs: number | null;
}

/** An operation without number and time: run.ts gives both when it stores it. */
type Draft<O> = O extends unknown ? Omit<O, "n" | "when"> : never;
export type OperationDraft = Draft<Operation>;

/** A note of a visit that ended without a receipt, found in flash at the start. */
export interface InterruptedNote {
  readonly n: number;
  readonly valueKopecks: Kopecks;
  readonly purse: Purse;
  readonly payee: Payee;
  readonly visit: number;
  readonly unresolved: boolean;
}

/** A class's meal, confirmed or undone, without its final paper: found in flash at the start. */
export interface UnreportedMeal {
  readonly n: number;
  readonly uid: string;
  readonly class: number;
  readonly meal: number;
  readonly date: number;
  readonly undo: boolean;
}

export type Input =
  | { readonly kind: "key"; readonly key: string }
  | { readonly kind: "card"; readonly uid: string }
  | { readonly kind: "stranger" }
  /** The card that was shown last may be a copy: the gateway has seen its ticket elsewhere. */
  | { readonly kind: "suspect" }
  /** To a question; `null`: none came. */
  | { readonly kind: "answer"; readonly tag: string; readonly result: Result | null }
  /** An operation lies in flash under `n`; 0: there was no room for it. */
  | { readonly kind: "stored"; readonly tag: string; readonly n: number }
  | { readonly kind: "outcome"; readonly n: number; readonly result: Result }
  | { readonly kind: "offered"; readonly valueKopecks: Kopecks }
  /** Durable already, as an operation: money (`unresolved` false) or a claim. */
  | { readonly kind: "taken"; readonly note: InterruptedNote }
  | { readonly kind: "returned" }
  | { readonly kind: "printed"; readonly tag: string; readonly ok: boolean }
  | { readonly kind: "timer" }
  /** How the board is, a line each; where a finger is, as the panel reads it. */
  | { readonly kind: "looked"; readonly facts: ReadonlyArray<string> }
  | { readonly kind: "touched"; readonly x: number; readonly y: number }
  | { readonly kind: "common"; readonly common: Common }
  | { readonly kind: "interrupted"; readonly notes: ReadonlyArray<InterruptedNote>; readonly meals?: ReadonlyArray<UnreportedMeal> };

/** `touch`: the next touch comes as the panel reads it. */
export type ServiceDeed = "paper" | "tone" | "claims" | "acceptor" | "touch";

export type Effect =
  | { readonly kind: "ask"; readonly tag: string; readonly message: Up }
  | { readonly kind: "submit"; readonly tag: string; readonly operation: OperationDraft }
  /** `paper`: its lines in one text (receipt.ts). */
  | { readonly kind: "print"; readonly tag: string; readonly paper: string }
  | { readonly kind: "beep"; readonly tone: Tone }
  | { readonly kind: "accept"; readonly on: boolean }
  /** The offered note into the cassette, its intent durable first. */
  | { readonly kind: "take"; readonly payee: Payee; readonly purse: Purse; readonly visit: number; readonly valueKopecks: Kopecks }
  | { readonly kind: "giveBack" }
  /** Rows of a portrait for the screen, `row` the first; drawn over the view's own place for them and kept nowhere. */
  | { readonly kind: "photo"; readonly width: number; readonly row: number; readonly rows: Uint8Array }
  | { readonly kind: "language"; readonly language: Language }
  /** Of the technician's menu. */
  | { readonly kind: "service"; readonly what: ServiceDeed }
  | { readonly kind: "calibrate"; readonly crosses: ReadonlyArray<number> }
  /** Operations from `n` on stay in flash although the cloud has them, because a paper is owed; 0: none. */
  | { readonly kind: "keep"; readonly n: number }
  /** One timer a terminal: the newer one replaces the older, 0 stops it. */
  | { readonly kind: "timer"; readonly ms: number };

export interface Step<S> {
  readonly state: S;
  readonly effects: ReadonlyArray<Effect>;
}

export interface Terminal<S> {
  begin(common: Common): S;
  step(state: S, input: Input): Step<S>;
  /** Says to the screen, item by item, what is on it. */
  view(state: S, screen: Screen): void;
  /** Told after each picture: what else shows the state, such as a second display. Answers whether it is there. */
  beside?(state: S): boolean;
  /** `true` while nobody is in the middle of anything, or everybody waits for the wire: connecting may stop the whole machine for seconds. */
  rests(state: S): boolean;
}

export function menuOf(sent: SentMenu): Menu {
  const { dishes } = sent;
  const codes = new Uint16Array(dishes.length);
  const places = new Uint8Array(dishes.length);
  eachRow(dishes, 0, dishes.length, function (dish, at) {
    codes[at] = dish.code;
    places[at] = dish.group;
  });
  return Object.assign(sent, { codes, places });
}

/** A copy with some fields changed: the chip has no spread. */
export function change<S extends object>(state: S, fields: Partial<S>): S {
  return Object.assign(Object.assign({}, state), fields);
}

export function digitsOf(value: number, length: number): string {
  let text = String(value);
  while (text.length < length) text = "0" + text;
  return text;
}

/** "1 120,21"; the sign in front. */
export function formatMoney(kopecks: number): string {
  const amount = Math.abs(kopecks);
  let roubles = String(Math.floor(amount / 100));
  let grouped = "";
  while (roubles.length > 3) {
    grouped = " " + roubles.slice(roubles.length - 3) + grouped;
    roubles = roubles.slice(0, roubles.length - 3);
  }
  return (kopecks < 0 ? "-" : "") + roubles + grouped + "," + digitsOf(amount % 100, 2);
}

/** "20.11.2026" of days since 1970. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDate(days as Parameters<typeof civilFromDate>[0]);
  return digitsOf(day, 2) + "." + digitsOf(month, 2) + "." + year;
}

/** "20.11.2026 08:05" of local milliseconds. */
export function formatTime(localMs: number | null, unknown: string): string {
  if (localMs === null) return unknown;
  const minutes = Math.floor(localMs / 60000);
  const days = Math.floor(minutes / 1440);
  const ofDay = minutes - days * 1440;
  return formatDate(days) + " " + digitsOf(Math.floor(ofDay / 60), 2) + ":" + digitsOf(ofDay % 60, 2);
}

/** "20.11" of a business date. */
export function dayAndMonth(date: number): string {
  return formatDate(date).slice(0, 5);
}

/** Names an operation for ever, on paper and over the telephone. */
export function claimCode(common: Common, n: number): string {
  return formatClaim(common.terminal, common.incarnation, n);
}

/** What the QR code of a paper says that names an operation and no receipt. */
export function claimQr(common: Common, n: number, proof: Proof | null): string {
  return formatPaperCode((common.policy ? digitsOf(common.policy.schoolNumber, 2) : "00") + " " + claimCode(common, n), proof);
}

/** "№24-001983": school and the gateway's own sequence. */
export function receiptNumber(common: Common, receipt: number): string {
  return (common.policy ? digitsOf(common.policy.schoolNumber, 2) : "00") + "-" + digitsOf(receipt, 6);
}

/** Given name and initial of "surname given patronymic": what a stranger behind may read. A name of one word stays. */
export function shortName(full: string): string {
  const parts = full.split(" ");
  return parts.length < 2 ? full : parts[1] + " " + parts[0].charAt(0) + ".";
}

/** Surname and given name: as much as fits half a screen, and enough within one class. */
export function withoutPatronymic(full: string): string {
  return full.split(" ").slice(0, 2).join(" ");
}

/** A paper that is asked for now would not come out. */
export function printsNothing(common: Common): boolean {
  return common.paper === "out" || common.paper === "open" || common.paper === "silent";
}

/** The ground of the status dot. */
export function dotOf(common: Common): Look {
  if (common.service === "closed" || common.reader === "silent" || printsNothing(common)) return ON_RED;
  return common.up ? ON_GREEN : ON_AMBER;
}

/** A typed number may be one of an older system; only the ten digits of ours carry a check digit. */
export function asAccount(digits: string): AccountNumber {
  return digits as AccountNumber;
}
