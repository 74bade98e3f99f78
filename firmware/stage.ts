/** A stage for the terminals' steps in tests: inputs in, effects and the words on the screen out. */
import { escpos } from "@trapeza/protocol/chip";
import type { ByteText, Kopecks } from "@trapeza/protocol/chip";
import { layout } from "./receipt.js";
import type { Look } from "./screen.js";
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
    menu: null,
    language: "ru",
    localMs: Date.UTC(2026, 10, 20, 8, 5),
    ...fields,
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

export interface Stage<S> {
  readonly state: S;
  /** Effects since the last look, one line each. */
  effects(): string[];
  /** Effects since the last look, as they are; `effects` then begins anew. */
  raw(): Effect[];
  hear(...inputs: Input[]): void;
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
        const step = terminal.step(state, input);
        state = step.state;
        heard.push(...step.effects);
        for (const effect of step.effects) if (effect.kind === "print") paper = effect.lines.flatMap((line) => layout(line, PAPER));
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
