/**
 * What a gateway says to a terminal. Chip-safe. Texts are windows-1251 byte strings, ready for the screen and the paper.
 *
 * Only a Reply means "done", and it leaves after the journal's commit. It names the counter of the frame that it answers.
 */
import { bool, bytes, byteText, fixedBytes, int, lazy, list, oneOf, optional, record, tagsOf, uint, union } from "./schema.js";
import type { Infer } from "./schema.js";
import type { AccountNumber, ByteText, Kopecks } from "./units.js";

const money = uint<Kopecks>;
const balance = int<Kopecks>;
const text = byteText<ByteText>;

/** Body of the handshake frame down (kind 1). `service`: what the terminal may do until the next Welcome. */
export const welcomeSchema = lazy(() =>
  record({
    nonceEcho: fixedBytes(16),
    nonce: fixedBytes(16),
    epoch: uint(),
    atMs: uint(),
    /** Minutes east of UTC, for the clock on screen and paper. */
    zoneMinutes: int(),
    date: uint(),
    incarnation: uint(),
    policyVersion: uint(),
    menuVersion: uint(),
    haveUpTo: uint(),
    safeUpTo: uint(),
    resumeToken: fixedBytes(8),
    service: oneOf(["open", "no_cash", "closed"]),
  }),
);
export type Welcome = Infer<typeof welcomeSchema>;

/** Where a receipt's event stands in the journal, and the first half of its leaf hash: enough to prove it later. */
export const proofSchema = lazy(() => record({ epoch: uint(), index: uint(), leaf: fixedBytes(16) }));
export type Proof = Infer<typeof proofSchema>;

const answers = () =>
  ({
    Refused: [1, () => record({ reason: uint(255) })],
    Holder: [
      2,
      () =>
        record({
          handle: uint(),
          holder: oneOf(["pupil", "staff", "teacher", "cashier", "supervisor", "collector", "technician", "other"]),
          name: text(64),
          className: text(16),
          cardNumber: text(24),
          account: byteText<AccountNumber>(20),
          main: balance(),
          additional: balance(),
          /** 0, or the reason for which a sale of the tapped total would be refused. */
          verdict: uint(255),
          /** Key B of the sector with the card's ticket, for this one tap and never for the flash; null when there is nothing to read. */
          ticketKey: optional(fixedBytes(6)),
          /** Somebody else may hold a copy of this card: the cashier looks at the face. */
          suspect: bool,
        }),
    ],
    Payee: [3, () => record({ name: text(64), account: byteText<AccountNumber>(20) })],
    Sold: [4, () => record({ receipt: uint(), total: money(), main: balance(), additional: balance(), atMs: uint(), proof: proofSchema })],
    CashSold: [5, () => record({ receipt: uint(), total: money(), atMs: uint(), proof: proofSchema })],
    Voided: [6, () => record({ amount: money(), cash: bool, main: balance(), additional: balance(), proof: proofSchema })],
    Credited: [
      7,
      () =>
        record({
          account: byteText<AccountNumber>(20),
          repaid: money(),
          /** Present only when the holder's card was tapped. */
          balances: optional(record({ main: balance(), additional: balance() })),
          /** The money is in suspense: the paper says so and carries the claim code. */
          held: bool,
          atMs: uint(),
          proof: proofSchema,
        }),
    ],
  }) as const;

const lists = () =>
  ({
    Class: [
      8,
      () =>
        record({
          class: uint(),
          className: text(16),
          meal: uint(),
          mealName: text(40),
          date: uint(),
          teacherCard: text(24),
          pupils: list(
            record({ id: uint(), name: text(48), mark: oneOf(["plain", "ordered", "served", "not_admitted"]), reason: uint(255) }),
            64,
          ),
        }),
    ],
    Served: [
      9,
      () =>
        record({
          served: list(record({ id: uint(), category: uint() }), 64),
          refused: list(record({ id: uint(), reason: uint(255) }), 64),
          /** In the worst case each pupil is a line of its own. */
          categories: list(record({ category: uint(), name: text(40), share: money(), subsidy: money(), count: uint() }), 64),
          atMs: uint(),
          proof: proofSchema,
        }),
    ],
    Undone: [10, () => record({ ids: list(uint(), 64), refused: list(record({ id: uint(), reason: uint(255) }), 64) })],
    Ordered: [11, () => record({ ids: list(uint(), 64), refused: list(record({ id: uint(), reason: uint(255) }), 64) })],
    ShiftDone: [
      12,
      () =>
        record({
          shift: uint(),
          open: bool,
          sales: uint(),
          salesTotal: money(),
          voidsTotal: money(),
          cashExpected: balance(),
          cashDeclared: balance(),
          atMs: uint(),
        }),
    ],
    Collected: [13, () => record({ expected: money(), notes: uint(), atMs: uint(), proof: proofSchema })],
    Recorded: [14, () => record({})],
    /** `write`: what comes into the second block, or the first; null for nothing. `reread`: once more, with this challenge. */
    Ticket: [
      15,
      () => record({ verdict: oneOf(["good", "reread", "suspect"]), challenge: uint(), second: bool, write: optional(fixedBytes(16)) }),
    ],
  }) as const;

export const resultSchema = lazy(() => union(Object.assign(answers(), lists())));
export type Result = Infer<typeof resultSchema>;

const MENU = 3;
const CHUNK = 10;

const cases = () =>
  ({
    Reply: [2, () => record({ re: uint(), result: resultSchema })],
    Menu: [
      MENU,
      () =>
        record({
          version: uint(),
          groups: list(text(24), 16),
          dishes: list(record({ code: uint(9999), name: text(64), price: money(), group: uint(15) }), 120),
        }),
    ],
    Policy: [
      4,
      () =>
        record({
          version: uint(),
          school: text(64),
          schoolNumber: uint(),
          operator: text(96),
          caterer: text(96),
          language: oneOf(["ru", "en"]),
          claimPhone: text(32),
        }),
    ],
    Time: [5, () => record({ atMs: uint(), date: uint() })],
    Rehello: [6, () => record({})],
    Restart: [7, () => record({})],
    Safe: [8, () => record({ n: uint() })],
    /** There is a release for this terminal: its name and the bytes of the whole. */
    Firmware: [9, () => record({ release: fixedBytes(8), size: uint() })],
    /** A piece of it; its text is no secret, and decrypting it would keep the chip busy for nothing. */
    Chunk: [CHUNK, () => record({ release: fixedBytes(8), offset: uint(), bytes: bytes(448) })],
  }) as const;

export const downSchema = lazy(() => union(cases()));
export type Down = Infer<typeof downSchema>;
export type DownKind = Down["kind"];
export const downTags = tagsOf(cases);

/** Kinds whose bodies anybody may read; everything else is encrypted. Fixed per kind, so no bit of a frame can ask for clear text. */
export function isClearDown(tag: number): boolean {
  return tag === MENU || tag === CHUNK;
}

/** Nothing that goes up is clear but the handshake. */
export function isClearUp(): boolean {
  return false;
}
