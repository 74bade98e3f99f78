/**
 * What a gateway says to a terminal. Chip-safe. Texts are windows-1251 byte strings, ready for the screen and the paper.
 *
 * Only a Reply means "done", and it leaves after the journal's commit. It names the counter of the frame that it answers.
 */
import { bool, bytes, byteText, fixedBytes, int, lazy, list, oneOf, optional, record, tagsOf, uint, union } from "./schema.js";
import type { Heard, Infer } from "./schema.js";
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

const piles = () => list(record({ note: money(), count: uint() }), 16);

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
          /** Codes of today's dishes that the parents have banned; to be sold only with a reason. */
          banned: list(uint(9999), 120),
          /** At a kiosk, for a collector: the notes that have gone in since the last collection. */
          box: piles(),
        }),
    ],
    /** `verdict`: why money for this number is not credited here, 0 when it is. */
    Payee: [3, () => record({ name: text(64), account: byteText<AccountNumber>(20), verdict: uint(255) })],
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
    /** Both people and both figures' left half: the paper is made of this alone, so that a power cut before it loses nothing. */
    Collected: [
      13,
      () =>
        record({
          collection: uint(),
          expected: money(),
          notes: piles(),
          seal: text(20),
          collector: text(48),
          witness: text(48),
          /** The cards were those of people who may do this. */
          proven: bool,
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
          /** Meals of that day that can be chosen instead. */
          meals: list(record({ meal: uint(), name: text(40) }), 8),
          /** Whether this meal can still be ordered and cancelled, and the moment (date and minute of the day) at which that ends. */
          orders: record({ open: bool, date: uint(), minute: uint() }),
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
    Today: [
      20,
      () =>
        record({
          /** Today's meals and the orders of coming days, by date; `share` is the parent's, `open`: can be ordered or cancelled still. */
          meals: list(
            record({ meal: uint(), name: text(40), date: uint(), share: money(), mark: oneOf(["none", "ordered", "served"]), open: bool }),
            32,
          ),
          /** Of today's menu: the meals with their dishes, then the groups of the buffet. */
          sections: list(text(40), 24),
          /** One page of the asked section; a dish that comes with its meal has price 0. */
          rows: list(record({ name: text(64), price: money() }), 6),
          pages: uint(255),
        }),
    ],
  }) as const;

const closings = () =>
  ({
    ShiftDone: [
      12,
      () =>
        record({
          shift: uint(),
          open: bool,
          sales: uint(),
          /** Paid from purses. */
          salesTotal: money(),
          /** Paid in cash. */
          cashTotal: money(),
          voids: uint(),
          voidsTotal: money(),
          /** Paid services. */
          fees: money(),
          /** In the drawer when the shift began. */
          float: money(),
          cashExpected: balance(),
          cashDeclared: balance(),
          /** First and last receipt of the shift; 0 for none. */
          firstReceipt: uint(),
          lastReceipt: uint(),
          atMs: uint(),
        }),
    ],
    Recorded: [14, () => record({})],
    /** `write`: what comes into the second block, or the first; null for nothing. `reread`: once more, with this challenge. */
    Ticket: [
      15,
      () => record({ verdict: oneOf(["good", "reread", "suspect"]), challenge: uint(), second: bool, write: optional(fixedBytes(16)) }),
    ],
  }) as const;

/** Names to choose from on the till's screen. */
const named = (width: number, most: number) => list(record({ id: uint(), name: text(width) }), most);

const tillAnswers = () =>
  ({
    Classes: [16, () => record({ classes: named(16, 120) })],
    Pupils: [17, () => record({ pupils: named(48, 64) })],
    /** `rows` of a portrait from `row` on, two pixels a byte, the left one in the high half, 0 black to 15 white. A width of 0: there is none. */
    Photo: [18, () => record({ width: uint(255), height: uint(255), row: uint(255), rows: bytes(480) })],
    /** `supervisor`: voiding it wants a supervisor's card. */
    SoldBefore: [
      19,
      () =>
        record({
          receipt: uint(),
          date: uint(),
          cash: bool,
          supervisor: bool,
          lines: list(record({ name: text(64), price: money(), quantity: uint(99), voided: uint(99) }), 40),
        }),
    ],
    Activated: [21, () => record({ name: text(64), cardNumber: text(24), paid: money() })],
    /** The clear digits go to the paper and nowhere else. */
    AccessCode: [22, () => record({ account: byteText<AccountNumber>(20), code: byteText(16), validThrough: uint() })],
    FeeTaken: [23, () => record({ name: text(64), account: byteText<AccountNumber>(20), amount: money() })],
  }) as const;

export const resultSchema = lazy(() => union(Object.assign(Object.assign(answers(), lists()), Object.assign(closings(), tillAnswers()))));
export type Result = Infer<typeof resultSchema>;
export type HeardResult = Heard<Result>;

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
          language: oneOf(["ru", "en", "both"]),
          claimPhone: text(32),
          /** Prices of what a till does with cards, 0 for free. */
          activationFee: money(),
          reissueFee: money(),
          /** A collection wants a second person's card. */
          twoPersons: bool,
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
export type HeardDown = Heard<Down>;
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
