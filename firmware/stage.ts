/** A stage for the terminals' steps in tests: inputs in, effects and the words on the screen out. */
import { bool, bytes, encode, escpos, hearCase, list, record, spelled, uint, union } from "@trapeza/protocol/chip";
import type { ByteText, Kopecks, Result, Rows, Schema } from "@trapeza/protocol/chip";
import { layout, linesOf } from "./receipt.js";
import type { Look } from "./screen.js";
import { menuOf } from "./terminal.js";
import type { Common, Effect, Input, Policy, Terminal } from "./terminal.js";

export const POLICY: Policy = {
  kind: "Policy",
  version: 1,
  school: "School 24" as ByteText,
  schoolNumber: 24,
  operator: "Operator" as ByteText,
  caterer: "Caterer" as ByteText,
  language: "ru",
  claimPhone: "8-800" as ByteText,
  activationFee: 0 as Kopecks,
  reissueFee: 0 as Kopecks,
  twoPersons: false,
};

/** Everything in order: connected, open, paper and memory enough. */
export function readyCommon(fields: Partial<Common> = {}): Common {
  return {
    terminal: 7,
    bootEpoch: 2,
    incarnation: 1,
    up: true,
    service: "open",
    paper: "ok",
    acceptor: "ok",
    reader: "ok",
    aside: "ok",
    room: true,
    policy: POLICY,
    language: "ru",
    localMs: Date.UTC(2026, 10, 20, 8, 5),
    ...fields,
    menu: fields.menu ? menuOf(flat(fields.menu) as never) : null,
  };
}

/** An item of a picture, as a view said it. */
export interface Item {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly text: string;
  readonly look: Look;
  readonly key: string;
}

/** The whole picture. */
export function itemsOf<S>(terminal: Pick<Terminal<S>, "view">, state: S): Item[] {
  const items: Item[] = [];
  terminal.view(state, {
    item: (x, y, width, height, text, look, key) => void items.push({ x, y, width, height, text, look, key }),
  });
  return items;
}

/** An answer as a gateway writes it down. */
export type Said =
  | { readonly kind: "answer"; readonly tag: string; readonly result: Result | null }
  | { readonly kind: "outcome"; readonly n: number; readonly result: Result };

export interface Stage<S> {
  readonly state: S;
  /** Effects since the last look, one line each. */
  effects(): string[];
  /** Effects since the last look, as they are; `effects` then begins anew. */
  raw(): Effect[];
  hear(...inputs: (Input | Said)[]): void;
  press(...keys: string[]): void;
  /** Every word on the screen. */
  screen(): string;
  /** The lines of the last receipt asked for. */
  paper(): string[];
}

function told(effect: Effect): string {
  switch (effect.kind) {
    case "ask":
      return `ask ${effect.message.kind}`;
    case "submit":
      return `submit ${effect.operation.kind}`;
    case "print":
      return `print ${effect.tag}`;
    case "beep":
      return `beep ${effect.tone}`;
    case "accept":
      return effect.on ? "accept notes" : "accept no notes";
    case "take":
      return `take ${effect.valueKopecks} ${effect.purse}`;
    case "giveBack":
      return "give back";
    case "photo":
      return `photo row ${effect.row}`;
    case "service":
      return `service ${effect.what}`;
    case "calibrate":
      return "calibrate";
    case "language":
      return `language ${effect.language}`;
    case "keep":
    case "timer":
      return "";
  }
}

/** UTF-8, so that a test may write its names as they are read. */
const TEXT = spelled<string>(
  bytes(255),
  (text) => new Uint8Array(Buffer.from(text)),
  (raw) => Buffer.from(raw).toString(),
);

function plan(sample: unknown): Schema<unknown> {
  if (typeof sample === "number") return uint();
  if (typeof sample === "string") return TEXT;
  if (typeof sample === "boolean") return bool;
  return record(Object.fromEntries(Object.entries(sample as object).map(([name, value]) => [name, plan(value)])));
}

export function rowsOf(values: readonly unknown[]): Rows<unknown> {
  const one = record({ rows: list(values.length > 0 ? plan(values[0]) : TEXT, values.length) });
  const heard = hearCase(union({ Rows: [1, one] }), 1, encode(one, { rows: [...values] }));
  if (!heard.ok) throw new Error(heard.malformed.what);
  return heard.value.rows;
}

/** Lists of numbers stay lists. */
const NUMBERS = ["ids", "banned"];

/** What a test wrote down, with its lists as a terminal gets them: in bytes. */
export function flat<T>(value: T): T {
  if (value === null || typeof value !== "object" || value instanceof Uint8Array || "starts" in value) return value;
  const heard = ([name, one]: [string, unknown]): [string, unknown] => [
    name,
    Array.isArray(one) ? (NUMBERS.includes(name) ? one : rowsOf(one)) : flat(one),
  ];
  return Object.fromEntries(Object.entries(value).map(heard)) as T;
}

/** What most terminals print on. */
const PAPER = escpos.MODELS["clone-58"];

export function createStage<S>(terminal: Terminal<S>, common: Common): Stage<S> {
  let state = terminal.begin(common);
  let heard: Effect[] = [];
  let paper: string[] = [];
  const stage: Stage<S> = {
    get state() {
      return state;
    },
    effects() {
      return stage.raw().flatMap((effect) => told(effect) || []);
    },
    raw() {
      const all = heard;
      heard = [];
      return all;
    },
    hear(...inputs) {
      for (const input of inputs) {
        const step = terminal.step(state, "result" in input ? ({ ...input, result: flat(input.result as object) } as Input) : input);
        state = step.state;
        heard.push(...step.effects);
        for (const effect of step.effects)
          if (effect.kind === "print") paper = linesOf(effect.paper).flatMap((line) => layout(line, PAPER));
      }
    },
    press(...keys) {
      for (const key of keys) stage.hear({ kind: "key", key });
    },
    screen: () =>
      itemsOf(terminal, state)
        .map(({ text }) => text.trim())
        .filter((text) => text !== "")
        .join(" | "),
    paper: () => paper,
  };
  return stage;
}
