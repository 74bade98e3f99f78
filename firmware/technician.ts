/**
 * What a technician sees and tries, the same on every terminal that carries it. Pure.
 *
 * Five touches of the terminal's number show how things stand, without secrets and without a gateway. A technician's card, which only the gateway can vouch
 * for, opens the rest: test paper and tone, the acceptor's reset, the claims that are still unsent, and the touch panel's calibration. It opens over a
 * terminal at rest only, and closes by itself.
 */
import { xpt2046 } from "@trapeza/protocol/chip";
import type { CardUid } from "@trapeza/protocol/chip";
import { NORMAL, SMALL } from "./board.js";
import { say } from "./say.js";
import { CENTRE, headLine, HEIGHT, KEY, KEYS_TOP, line, MAIN, WIDTH } from "./screen.js";
import type { Screen } from "./screen.js";
import { change, dotOf } from "./terminal.js";
import type { Common, Effect, Input, Result, ServiceDeed, Step, Terminal } from "./terminal.js";
import { SERVICE, SHARED } from "./words.js";

export interface Served<S> {
  readonly inner: S;
  readonly common: Common;
  /** `full`: a technician's card was shown and the gateway knows it. `cross`: two corners are being touched. */
  readonly menu: "none" | "look" | "full" | "cross";
  readonly facts: ReadonlyArray<string>;
  /** Raw readings of the crosses touched so far. */
  readonly crosses: ReadonlyArray<number>;
  /** Of the terminal's number, one after the other. */
  readonly touches: number;
}

const SERVICE_TAG = "service";
/** Where a technician is asked for as a second person. */
const WITNESS_TAG = "collection";
const OPEN_MS = 60000;
const TOUCHES = 5;
/** As protocol/wire/reason.ts numbers it: what the terminal below hears of a card that is the technician's. */
const WRONG_HOLDER: Result = { kind: "Refused", reason: 10 };
const KEYS: ReadonlyArray<ServiceDeed> = ["paper", "tone", "claims", "acceptor", "touch"];
const LABELS = [SERVICE.paper, SERVICE.tone, SERVICE.claims, SERVICE.acceptor, SERVICE.touch];

function go<S>(state: Served<S>, fields: Partial<Served<S>>, what: ServiceDeed): Step<Served<S>> {
  const effects: Effect[] = [
    { kind: "timer", ms: OPEN_MS },
    { kind: "service", what },
  ];
  return { state: change(state, fields), effects };
}

function close<S>(state: Served<S>): Step<Served<S>> {
  // The terminal below hears of a timer at once: whatever it showed before the menu is over.
  return { state: change(state, { menu: "none" as const, touches: 0 }), effects: [{ kind: "timer", ms: 1 }] };
}

function isTechnician(result: Result | null): boolean {
  return result !== null && result.kind === "Holder" && result.holder === "technician";
}

function deed<S>(state: Served<S>, what: ServiceDeed): Step<Served<S>> {
  return go(state, what === "touch" ? { menu: "cross", crosses: [] } : {}, what);
}

/** `null`: no matter of the menu's. */
function inMenu<S>(state: Served<S>, input: Input): Step<Served<S>> | null {
  const { menu } = state;
  if (input.kind === "key") {
    if (input.key === "close") return close(state);
    return menu === "full" && KEYS.indexOf(input.key as ServiceDeed) >= 0 ? deed(state, input.key as ServiceDeed) : { state, effects: [] };
  }
  if (input.kind === "card") {
    // Held up once more it begins the calibration: a panel that is far off can be touched nowhere.
    if (menu === "full") return deed(state, "touch");
    const message = { kind: "Tap", uid: input.uid as CardUid, total: null, sun: null } as const;
    return { state, effects: [{ kind: "ask", tag: SERVICE_TAG, message }] };
  }
  if (input.kind === "answer" && input.tag === SERVICE_TAG)
    return isTechnician(input.result) ? go(state, { menu: "full" }, "tone") : { state, effects: [] };
  if (input.kind === "looked") return { state: change(state, { facts: input.facts }), effects: [] };
  if (input.kind === "touched") {
    const crosses = state.crosses.concat([input.x, input.y]);
    if (crosses.length < 4) return go(state, { crosses }, "touch");
    return { state: change(state, { menu: "full" as const }), effects: [{ kind: "calibrate", crosses }] };
  }
  return input.kind === "timer" ? close(state) : null;
}

function view<S>(state: Served<S>, screen: Screen): void {
  const { common, facts } = state;
  if (state.menu === "cross") {
    const far = state.crosses.length > 0;
    const half = xpt2046.CROSS + 8;
    line(screen, 2, say(common, SERVICE.cross), CENTRE);
    return screen.item(far ? WIDTH - half : half - 16, far ? HEIGHT - half : half - 16, 16, 16, "+", NORMAL + MAIN, "");
  }
  headLine(screen, say(common, SERVICE.title), String(common.terminal), dotOf(common));
  for (let i = 0; i < facts.length; i++) screen.item(8, 36 + i * 20, WIDTH - 16, 20, facts[i], SMALL, "");
  if (state.menu === "look") line(screen, 4, say(common, SERVICE.tapCard), CENTRE);
  else
    for (let i = 0; i < KEYS.length; i++)
      if (common.acceptor !== "none" || KEYS[i] !== "acceptor")
        screen.item(i * 64 + 1, 146, 62, 38, say(common, LABELS[i]), SMALL + KEY, KEYS[i]);
  screen.item(1, KEYS_TOP, WIDTH - 2, HEIGHT - KEYS_TOP - 4, say(common, SHARED.done), NORMAL + MAIN, "close");
}

/** The same terminal with the menu over it. */
export function withMenu<S>(terminal: Terminal<S>): Terminal<Served<S>> {
  return {
    begin: function (common) {
      return { inner: terminal.begin(common), common, menu: "none", facts: [], crosses: [], touches: 0 };
    },
    step: function (before, input) {
      let state = input.kind === "common" ? change(before, { common: input.common }) : before;
      if (input.kind === "printed" && input.tag === SERVICE_TAG) return { state, effects: [] };
      const own = state.menu === "none" ? null : inMenu(state, input);
      if (own) return own;
      if (input.kind === "key") state = change(state, { touches: input.key === "service" ? state.touches + 1 : 0 });
      // Below it is nobody's card; here it is the technician's.
      const known = input.kind === "answer" && input.tag !== WITNESS_TAG && isTechnician(input.result);
      const below = terminal.step(state.inner, known ? change(input, { result: WRONG_HOLDER }) : input);
      const next = change(state, { inner: below.state });
      if ((!known && next.touches < TOUCHES) || !terminal.rests(below.state)) return { state: next, effects: below.effects };
      const menu = go(next, { menu: known ? "full" : "look", touches: 0 }, "tone");
      return { state: menu.state, effects: below.effects.concat(menu.effects) };
    },
    view: function (state, screen) {
      if (state.menu === "none") terminal.view(state.inner, screen);
      else view(state, screen);
    },
    rests: function (state) {
      return terminal.rests(state.inner);
    },
    beside: function (state) {
      return !terminal.beside || terminal.beside(state.inner);
    },
  };
}
