/**
 * Somebody leans on the keys while the gateway says anything at any time: no step and no view of a terminal throws, every key lies on the screen, money is
 * only ever asked for with an operation, large are only figures and icons, and left alone the terminal comes to rest.
 */
import { readFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { decode, encode, escpos, fromHex, resultSchema } from "@trapeza/protocol/chip";
import type { Result } from "@trapeza/protocol/chip";
import { LARGE } from "./board.js";
import { beginInformation, informationRests } from "./information-state.js";
import { viewInformation } from "./information-view.js";
import { stepInformation } from "./information.js";
import { beginPayment, paymentRests } from "./payment-state.js";
import { viewPayment } from "./payment-view.js";
import { stepPayment } from "./payment.js";
import { layout, linesOf } from "./receipt.js";
import { HEIGHT, WIDTH } from "./screen.js";
import { beginSettlement, settlementRests } from "./settlement-state.js";
import { viewSettlement } from "./settlement-view.js";
import { stepSettlement } from "./settlement.js";
import { flat, itemsOf, readyCommon, type Said } from "./stage.js";
import type { Common, Effect, Input, InterruptedNote, Menu, Terminal } from "./terminal.js";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

function fromJson(value: Json): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.hex === "string") return fromHex(value.hex);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
}

const published = JSON.parse(readFileSync(new URL("../../protocol/vectors/wire.json", import.meta.url), "utf8")) as {
  messages: { value: { kind: string; result?: Json } }[];
};
/** One of each kind that a gateway answers, and a few more holders. */
const RESULTS = published.messages.flatMap(({ value }) =>
  value.kind === "Reply" && value.result ? [fromJson(value.result) as Result] : [],
);
const HOLDERS = ["pupil", "staff", "teacher", "cashier", "supervisor", "collector", "technician", "other"] as const;
const holder = RESULTS.find((result) => result.kind === "Holder") as Extract<Result, { kind: "Holder" }>;
const proof = { epoch: 1, index: 9, leaf: new Uint8Array(16) };
const pupils = (["plain", "ordered", "served", "not_admitted"] as const).flatMap((mark, at) =>
  [0, 1, 2, 3, 4].map((i) => ({ id: at * 5 + i + 1, name: `Pupil ${at}${i}`, mark, reason: 0 })),
);
const ahead = { meals: [{ meal: 2, name: "Dinner" }], orders: { open: true, date: 20_776, minute: 900 } };
const sums = {
  salesTotal: 100,
  cashTotal: 0,
  voids: 0,
  voidsTotal: 0,
  fees: 0,
  float: 0,
  cashExpected: 100,
  cashDeclared: 0,
  firstReceipt: 1,
  lastReceipt: 2,
};
const shift = { shift: 3, sales: 1, ...sums, atMs: 0 };
/** Those that the vectors leave out. */
const MORE = [
  { kind: "CashSold", receipt: 5, total: 2000, atMs: 0, proof },
  { kind: "Voided", amount: 2000, cash: false, main: 0, additional: 5000, proof },
  {
    kind: "Class",
    class: 3,
    className: "5A",
    meal: 1,
    mealName: "Lunch",
    date: 20_777,
    teacherCard: "24",
    pupils,
    ...ahead,
  },
  {
    ...{
      kind: "Today",
      meals: [{ meal: 1, name: "Lunch", date: 20_777, share: 4961, mark: "ordered", open: true }],
      sections: ["Lunch", "Pastry"],
    },
    ...{ rows: [{ name: "Soup", price: 0 }], pages: 2 },
  },
  { kind: "Undone", ids: [1, 2], refused: [{ id: 3, reason: 40 }] },
  { kind: "Ordered", ids: [1, 2], refused: [] },
  { kind: "ShiftDone", open: true, ...shift },
  { kind: "ShiftDone", open: false, ...shift },
  {
    ...{ kind: "Collected", collection: 1, expected: 5000, notes: [{ note: 1000, count: 5 }], seal: "77", collector: "", witness: "" },
    ...{ proven: true, atMs: 0, proof },
  },
].map((result) => {
  // What the wire could not carry would prove nothing.
  const carried = decode(resultSchema, encode(resultSchema, result as unknown as Result));
  if (!carried.ok) throw new Error(`${result.kind}: ${carried.malformed.what}`);
  return carried.value;
});
const ANSWERS: Result[] = [
  ...MORE,
  ...RESULTS,
  ...HOLDERS.map((one) => ({ ...holder, holder: one, verdict: 0 })),
  { kind: "Refused", reason: 5 },
];
const MENU = readyCommon({
  menu: {
    kind: "Menu",
    version: 4,
    groups: ["Pastry", "Drinks"],
    dishes: Array.from({ length: 30 }, (_, at) => ({ code: 11 + at, name: `Dish ${at}`, price: 1000 + at, group: at % 2 })),
  } as unknown as Menu,
}).menu;

/** What a gateway that has understood answers; the others answer anything. */
const FITTING: Readonly<Record<string, string>> = {
  Tap: "Holder",
  FindAccount: "Payee",
  ClassList: "Class",
  Sale: "Sold",
  CashSale: "CashSold",
  Void: "Voided",
  NoteStacked: "Credited",
  NoteUnresolved: "Credited",
  MealConfirm: "Served",
  MealUndo: "Undone",
  PreOrder: "Ordered",
  Shift: "ShiftDone",
  Collection: "Collected",
  Receipt: "Recorded",
  Status: "Recorded",
  Ticket: "Ticket",
  Browse: "Pupils",
  Identify: "Holder",
  ShiftReport: "ShiftDone",
  Fee: "FeeTaken",
  PhotoRequest: "Photo",
  FindReceipt: "SoldBefore",
  Today: "Today",
  Activate: "Activated",
  AccessCode: "AccessCode",
};

/** Mostly what fits, seldom nonsense. */
function answerTo(kind: string, a: number, b: number): Result {
  const fitting = ANSWERS.filter((result) => result.kind === FITTING[kind]);
  const pool = a % 8 === 0 || fitting.length === 0 ? ANSWERS : a % 8 === 1 ? ANSWERS.slice(-1) : fitting;
  return pool[b % pool.length];
}

/** What one step of the story does, drawn beforehand; numbers choose among what there is at that moment. */
type Whim = readonly ["key" | "answer" | "outcome" | "card" | "timer" | "printed" | "note" | "common" | "noise", number, number];

const WHIMS = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 10, arbitrary: fc.constant("key" as const) },
      { weight: 4, arbitrary: fc.constantFrom("answer" as const, "outcome" as const, "card" as const) },
      { weight: 1, arbitrary: fc.constantFrom("timer" as const, "printed" as const, "note" as const, "common" as const, "noise" as const) },
    ),
    fc.nat(1000),
    fc.nat(1000),
  ),
  { minLength: 60, maxLength: 250 },
);

const CARDS = ["11223344", "aabbccdd", "04a1b2c3d4e5f6", "55667788"];
const KOPECKS = [1000, 5000, 10_000, 50_000, 100_000];

/** A terminal, what it has asked for, and the world that answers by whim. */
interface Walk<S> {
  state: S;
  common: Common;
  /** `kind`: of the message or operation. */
  asks: { readonly tag: string; readonly kind: string }[];
  submits: { readonly tag: string; readonly kind: string }[];
  pending: { readonly n: number; readonly kind: string }[];
  papers: string[];
  timer: boolean;
  /** A note in the validator: shown to the terminal, or on its way where the terminal wants it. */
  bill: "none" | "offered" | Extract<Effect, { kind: "take" | "giveBack" }>;
  lastN: number;
}

/** Figures and signs, or one icon (tools/build/font.ts). */
const LARGE_FONT_HAS = /^([ -?]*|[a-g])$/;

function hear<S>(t: ExecutionContext, terminal: Terminal<S>, walk: Walk<S>, input: Input | Said): void {
  const step = terminal.step(walk.state, "result" in input ? ({ ...input, result: flat(input.result) } as Input) : input);
  walk.state = step.state;
  for (const effect of step.effects) note(walk, effect);
  for (const { x, y, width, height, key, text, look } of itemsOf(terminal, walk.state)) {
    if ((look & 3) === LARGE && !LARGE_FONT_HAS.test(text)) t.fail(`the large font has not all of ${text}`);
    if (key !== "" && !(x >= 0 && y >= 0 && x + width <= WIDTH && y + height <= HEIGHT && width > 8))
      t.fail(`key ${key} at ${x}, ${y}, ${width} wide`);
  }
}

function note<S>(walk: Walk<S>, effect: Effect): void {
  if (effect.kind === "ask") walk.asks.push({ tag: effect.tag, kind: effect.message.kind });
  else if (effect.kind === "submit") walk.submits.push({ tag: effect.tag, kind: effect.operation.kind });
  else if (effect.kind === "print") {
    walk.papers.push(effect.tag);
    for (const line of linesOf(effect.paper)) layout(line, escpos.MODELS["clone-58"]);
  } else if ((effect.kind === "take" || effect.kind === "giveBack") && walk.bill !== "none") walk.bill = effect;
  else if (effect.kind === "timer") walk.timer = effect.ms > 0;
}

/** Everything that was put into flash gets its number at once, as run.ts does it; now and then there is no room. */
function store<S>(t: ExecutionContext, terminal: Terminal<S>, walk: Walk<S>, isFull: boolean): void {
  for (let one = walk.submits.shift(); one; one = walk.submits.shift()) {
    const n = isFull ? 0 : ++walk.lastN;
    if (n > 0) walk.pending.push({ n, kind: one.kind });
    hear(t, terminal, walk, { kind: "stored", tag: one.tag, n });
  }
  const { bill } = walk;
  if (typeof bill === "string") return;
  walk.bill = "none";
  if (bill.kind === "giveBack") return hear(t, terminal, walk, { kind: "returned" });
  const { valueKopecks, purse, payee, visit } = bill;
  const taken: InterruptedNote = { n: ++walk.lastN, valueKopecks, purse, payee, visit, unresolved: isFull };
  walk.pending.push({ n: taken.n, kind: isFull ? "NoteUnresolved" : "NoteStacked" });
  hear(t, terminal, walk, { kind: "taken", note: taken });
}

function inputFor<S>(terminal: Terminal<S>, walk: Walk<S>, [what, a, b]: Whim): Input | Said {
  switch (what) {
    case "key": {
      const keys = itemsOf(terminal, walk.state).flatMap(({ key }) => (key === "" ? [] : [key]));
      if (keys.length === 0) return inputFor(terminal, walk, ["card", a, b]);
      return { kind: "key", key: keys[a % keys.length] };
    }
    case "answer": {
      const { tag, kind } = walk.asks.shift() ?? { tag: "tap", kind: "Tap" };
      return { kind: "answer", tag, result: a % 11 === 0 ? null : answerTo(kind, a, b) };
    }
    case "outcome": {
      const { n, kind } = walk.pending.shift() ?? { n: a, kind: "" };
      return { kind: "outcome", n, result: answerTo(kind, a, b) };
    }
    case "card":
      return { kind: "card", uid: CARDS[a % CARDS.length], sun: null } as unknown as Input;
    case "timer":
      return { kind: "timer" };
    case "printed":
      return { kind: "printed", tag: walk.papers.shift() ?? "receipt", ok: a % 3 > 0 };
    case "note":
      if (walk.bill !== "none") return { kind: "timer" };
      walk.bill = "offered";
      return { kind: "offered", valueKopecks: KOPECKS[a % KOPECKS.length] } as unknown as Input;
    case "common":
      walk.common = {
        ...walk.common,
        up: a % 3 > 0,
        paper: a % 7 === 0 ? "out" : "ok",
        language: b % 2 ? "ru" : "en",
        menu: a % 5 ? MENU : null,
      };
      return { kind: "common", common: walk.common };
    case "noise":
      return a % 2 ? { kind: "stranger" } : { kind: "key", key: "no such key" };
  }
}

/** Nobody comes any more; whatever was asked is answered or given up, and the gateway refuses what it does not know. */
function leaveAlone<S>(t: ExecutionContext, terminal: Terminal<S>, walk: Walk<S>): void {
  walk.common = { ...walk.common, up: true, paper: "ok", menu: MENU };
  hear(t, terminal, walk, { kind: "common", common: walk.common });
  for (let i = 0; i < 60; i++) {
    store(t, terminal, walk, false);
    const waits = walk.pending.shift();
    const asked = waits ? undefined : walk.asks.shift();
    const paper = waits || asked ? undefined : walk.papers.shift();
    if (waits) hear(t, terminal, walk, { kind: "outcome", n: waits.n, result: { kind: "Refused", reason: 5 } });
    else if (asked) hear(t, terminal, walk, { kind: "answer", tag: asked.tag, result: null });
    else if (paper !== undefined) hear(t, terminal, walk, { kind: "printed", tag: paper, ok: true });
    else if (walk.bill === "offered") {
      // The validator gives back by itself what nobody decides about.
      walk.bill = "none";
      hear(t, terminal, walk, { kind: "returned" });
    } else if (walk.timer) {
      walk.timer = false;
      hear(t, terminal, walk, { kind: "timer" });
    } else break;
  }
  t.deepEqual([walk.asks, walk.pending, walk.papers], [[], [], []]);
}

const TERMINALS = {
  payment: { begin: beginPayment, step: stepPayment, view: viewPayment, rests: paymentRests },
  settlement: { begin: beginSettlement, step: stepSettlement, view: viewSettlement, rests: settlementRests },
  information: { begin: beginInformation, step: stepInformation, view: viewInformation, rests: informationRests },
};

/** `isLeft`: how it may be found when nobody has touched it for long. */
function explore<S>(t: ExecutionContext, terminal: Terminal<S>, isLeft: (state: S) => boolean = terminal.rests): void {
  const seen = new Set<string>();
  fc.assert(
    fc.property(WHIMS, (whims) => {
      const common = readyCommon({ menu: MENU });
      const walk: Walk<S> = {
        state: terminal.begin(common),
        common,
        asks: [],
        submits: [],
        pending: [],
        papers: [],
        timer: false,
        bill: "none",
        lastN: 0,
      };
      for (const whim of whims) {
        hear(t, terminal, walk, inputFor(terminal, walk, whim));
        store(t, terminal, walk, whim[1] % 50 === 0);
        seen.add((walk.state as { at: { kind: string } }).at.kind);
      }
      leaveAlone(t, terminal, walk);
      if (!isLeft(walk.state)) t.fail("does not come to rest: " + JSON.stringify((walk.state as { at: unknown }).at).slice(0, 300));
    }),
    { numRuns: 300 },
  );
  t.log([...seen].join(", "));
}

test("whatever is pressed, tapped and answered, the kiosk goes on and comes to rest", (t) => explore(t, TERMINALS.payment));
test("whatever is pressed, tapped and answered, the till goes on and comes to rest", (t) => {
  // Dishes stay on the tray until somebody pays or takes them off.
  const { rests } = TERMINALS.settlement;
  explore(t, TERMINALS.settlement, (state) => rests(state) || /^(order|pick|number|whom)$/.test(state.at.kind));
});
test("whatever is pressed, tapped and answered, the wall goes on and comes to rest", (t) => explore(t, TERMINALS.information));
