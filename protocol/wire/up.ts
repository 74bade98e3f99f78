/**
 * What a terminal says. Chip-safe.
 *
 * Tags never change. Messages with `n` are journalled operations: the terminal stores the encoded body before it sends it, sends the same bytes on
 * every retry, and (terminal, incarnation, n) names them for ever. `n` counts from 1 without gaps. A *Fact* (a note already in the cassette) may only
 * be recorded; everything else is a *Request* and may be refused. Tags from {@link FIRST_OPERATION} on are operations, and `n` stands first in them, so
 * that a gateway can answer one that it cannot read: those behind it would otherwise be held up for ever.
 */
import { bool, byteText, fixedBytes, hex, int, lazy, list, oneOf, optional, record, tagsOf, uint, union } from "./schema.js";
import type { Infer } from "./schema.js";
import type { AccountNumber, ByteText, CardUid, Kopecks } from "./units.js";

/** When it happened, as far as a machine without a clock can say: the gateway's last date it heard, and how long ago it heard it. */
export const whenSchema = lazy(() => record({ date: uint(), sinceMs: uint(), known: bool }));
export type When = Infer<typeof whenSchema>;

/** Whose account a note is for. `none`: the terminal cannot say any more; the money goes to suspense with its claim code. */
export const payeeSchema = lazy(() =>
  union({
    card: [1, record({ uid: hex<CardUid>(10) })],
    number: [2, record({ number: byteText<AccountNumber>(20) })],
    none: [3, record({})],
  }),
);
export type Payee = Infer<typeof payeeSchema>;

const uid = hex<CardUid>(10);
const money = uint<Kopecks>();
const n = uint();
const when = whenSchema;
const lines = () => list(record({ dish: uint(9999), quantity: uint(99) }), 40);
const note = () => record({ n, when, payee: payeeSchema, purse: oneOf(["main", "additional"]), note: money, visit: uint() });
const pupils = () => record({ n, when, class: uint(), meal: uint(), date: uint(), ids: list(uint(), 64), uid });

/** Why a dish that the parents have banned is sold all the same; "none": it is not. */
export const OVERRIDES = ["none", "parent", "doctor", "absent"] as const;
/** Why a sale is taken back. */
export const VOID_REASONS = ["mistake", "returned", "not_served"] as const;
/** Services that are paid in cash at the till. */
export const SERVICES = ["reissue", "activation"] as const;
export type Service = (typeof SERVICES)[number];
/** Days for which a class's list can be asked ahead. */
export const MOST_AHEAD = 14;

export const TERMINAL_KINDS = ["payment", "settlement", "information"] as const;
export type TerminalKind = (typeof TERMINAL_KINDS)[number];

/** Which line a terminal's bill validator speaks; a kiosk's program carries one of them and no other. Terminals without a validator: "none". */
export const VALIDATOR_LINES = ["none", "ccnet", "id003"] as const;
export type ValidatorLine = (typeof VALIDATOR_LINES)[number];

/** The first of the two blocks of a MIFARE Classic card that hold its ticket; both are in the sector of this block. */
export const TICKET_BLOCK = 4;
/** Body of the handshake frame up (kind 1); not part of the union, because it travels under another key. */
export const helloSchema = lazy(() =>
  record({
    terminalKind: oneOf(TERMINAL_KINDS),
    firmware: byteText(24),
    bootEpoch: uint(4294967295),
    k: uint(4294967295),
    incarnation: uint(4294967295),
    lastN: uint(),
    resumeToken: fixedBytes(8),
    heardEpoch: uint(),
    heardSize: uint(),
    nonce: fixedBytes(16),
    /** The last operation of this incarnation whose answer has come: what is above it, up to `lastN`, still lies in the terminal. */
    answered: uint(),
    line: oneOf(VALIDATOR_LINES),
  }),
);
export type Hello = Infer<typeof helloSchema>;

const questions = () =>
  ({
    /** `sun`: what the card itself vouches with, PICC data (16) ‖ MAC (8), from a card that makes such messages. */
    Tap: [2, () => record({ uid, total: optional(money), sun: optional(fixedBytes(24)) })],
    FindAccount: [3, () => record({ number: byteText<AccountNumber>(20) })],
    /** `ahead`: days from today. `meal` 0: the one being served or next; `class` 0: the card's own, another one is a supervisor's to ask. */
    ClassList: [4, () => record({ uid, ahead: uint(MOST_AHEAD), meal: uint(), class: uint() })],
    MenuRequest: [5, () => record({ have: uint() })],
    Status: [
      6,
      () =>
        record({
          /** `unseen`: a printer that never says how it is; a receipt counts as printed when it was sent. */
          paper: oneOf(["ok", "low", "out", "silent", "unseen"]),
          reader: oneOf(["ok", "silent"]),
          acceptor: oneOf(["none", "ok", "full", "removed", "jammed", "silent"]),
          unsent: uint(),
          freeMemory: uint(),
          /** A number of UPDATE_STATES (manifest.ts). */
          update: uint(15),
        }),
    ],
    Log: [7, () => record({ text: byteText<ByteText>(200) })],
    /**
     * What became of the rolling ticket of the card behind `handle`. `challenge`: that of the answer which asked for this, 0 at first. A block that was
     * not read is null. `locked`: the card did not know the key.
     */
    Ticket: [
      8,
      () =>
        record({
          handle: uint(),
          challenge: uint(),
          what: oneOf(["read", "written", "locked"]),
          first: optional(fixedBytes(16)),
          second: optional(fixedBytes(16)),
        }),
    ],
    ChunkRequest: [15, () => record({ release: fixedBytes(8), offset: uint() })],
    /** The shift's sums so far, without closing it (X report). */
    ShiftReport: [9, () => record({})],
    /** A forgotten card: the classes for 0, the pupils of one class otherwise. */
    Browse: [10, () => record({ class: uint() })],
    /** The pupil who was found so; answered like a Tap. */
    Identify: [11, () => record({ id: uint(), total: money })],
    /** The next rows of the portrait behind a handle, from `row` on. */
    PhotoRequest: [12, () => record({ handle: uint(), row: uint(255) })],
    /** What a receipt still has that can be voided. */
    FindReceipt: [13, () => record({ receipt: uint() })],
    /**
     * What a card's holder eats today and has ordered (`pupil` 0), or a pupil of the teacher whose card it is. `section` 1 … asks for a page of one
     * section of today's menu instead.
     */
    Today: [14, () => record({ uid, pupil: uint(), section: uint(), page: uint() })],
  }) as const;

const operations = () =>
  ({
    Sale: [16, () => record({ n, when, handle: uint(), lines: lines(), total: money, menuVersion: uint(), override: oneOf(OVERRIDES) })],
    CashSale: [17, () => record({ n, when, lines: lines(), total: money, menuVersion: uint() })],
    Void: [
      18,
      () =>
        record({
          n,
          when,
          receipt: uint(),
          lines: list(record({ line: uint(99), quantity: uint(99) }), 40),
          reason: oneOf(VOID_REASONS),
          /** For an older day's or another till's receipt. */
          supervisor: optional(uid),
        }),
    ],
    NoteStacked: [19, note],
    NoteUnresolved: [20, note],
    MealConfirm: [21, pupils],
    MealUndo: [22, pupils],
    PreOrder: [23, () => record({ n, when, class: uint(), meal: uint(), date: uint(), ids: list(uint(), 64), cancel: bool, uid })],
    Shift: [24, () => record({ n, when, action: oneOf(["open", "close"]), uid, declared: int<Kopecks>() })],
    /** The cassette is out: whoever took it, that has happened. `witness`: the second person's card. */
    Collection: [25, () => record({ n, when, uid, seal: byteText(20), witness: optional(uid) })],
    Receipt: [26, () => record({ n, when, of: uint(), outcome: oneOf(["printed", "failed"]) })],
    /** `paid`: what the cashier took for it in cash. */
    Activate: [27, () => record({ n, when, uid, paid: money })],
    /** A paid service for whoever is behind the handle. */
    Fee: [28, () => record({ n, when, handle: uint(), service: oneOf(SERVICES), amount: money })],
    /** A one-time password for the personal account of whoever is behind the handle. */
    AccessCode: [29, () => record({ n, when, handle: uint() })],
  }) as const;

const cases = () => Object.assign(questions(), operations());

export const upSchema = lazy(() => union(cases()));
export type Up = Infer<typeof upSchema>;
export type UpKind = Up["kind"];
export const FIRST_OPERATION = 16;
/** A message that takes an operation number. */
export type Operation = Extract<Up, { readonly n: number }>;
export const upTags = tagsOf(cases);

/** `true` for what has already happened and may only be recorded. */
export function isFact(kind: UpKind): boolean {
  return kind === "NoteStacked" || kind === "NoteUnresolved" || kind === "Receipt" || kind === "Collection";
}
