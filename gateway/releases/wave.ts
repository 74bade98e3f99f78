/**
 * How a release goes into a school: a few terminals first, then more, then all; no further once one of them has come to grief. Pure: a wave and what is known
 * of the terminals give the wave after it.
 *
 * A wave goes on only over terminals that run the release, so what nobody has tried is nowhere. Which come first is drawn from the release's name: neither
 * always the same till, nor another draw after a restart.
 */
import { UPDATE_STATES } from "@trapeza/protocol";
import type { UpdateState, ValidatorLine } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { programOf } from "./offer.js";
import type { Program, Runs } from "./offer.js";

export interface Plan {
  /** Of all terminals of the program, by step; rising, the last one 100. At least one terminal each. */
  readonly percents: readonly number[];
  /** A step lasts at least so long. */
  readonly restMs: number;
  /** A terminal that has fetched the release and is then not heard for so long has come to grief. */
  readonly silentMs: number;
  /** Goes before all others, a step of its own: the one that the technician stands at. `null`: none. */
  readonly first: number | null;
}

/** Longer than a terminal takes for two trials of ten minutes and the way back. */
export const USUAL_PLAN: Plan = { percents: [5, 25, 100], restMs: 3_600_000, silentMs: 1_800_000, first: null };

/** A terminal that is to have the release; `sinceMs`: when it came so far. */
export interface Chosen {
  readonly terminal: number;
  readonly state: "offered" | "fetched" | "runs";
  readonly sinceMs: number;
}

export interface Trouble {
  readonly terminal: number;
  readonly what: UpdateState | "silent";
}

export interface Wave {
  readonly program: Program;
  /** Hex of the release's name, and its version for people. */
  readonly release: string;
  readonly version: string;
  readonly plan: Plan;
  /** paused: nobody is offered anything. stopped: by itself or by a person; whoever took the release is offered the one before. */
  readonly state: "running" | "paused" | "stopped";
  /** Place in `plan.percents`; −1 while only `plan.first` has its turn. */
  readonly step: number;
  readonly stepMs: number;
  readonly chosen: readonly Chosen[];
  /** Why it stopped by itself. */
  readonly trouble: Trouble | null;
  /** Hex of the release to go back to; `null`: there is none, or a terminal must not run it any more. */
  readonly before: string | null;
}

/** A terminal as the gateway knows it. */
export interface Watched {
  readonly terminal: number;
  readonly terminalKind: Runs["terminalKind"];
  /** Of its last Hello since the gateway's start; `null` before one. */
  readonly runs: { readonly line: ValidatorLine; readonly firmware: string } | null;
  readonly connected: boolean;
  readonly heardMs: number;
  /** What its last Status said, a number of UPDATE_STATES. */
  readonly update: { readonly state: number; readonly atMs: number } | null;
  /** Hex of the release of which it has asked for the last piece. */
  readonly fetched: string | null;
}

export function beginWave(of: Pick<Wave, "program" | "release" | "version" | "before">, plan: Plan, nowMs: number): Wave {
  const step = plan.first === null ? 0 : -1;
  return { ...of, plan, state: "running", step, stepMs: nowMs, chosen: [], trouble: null };
}

/** Hears a refusal from before the offer, for so long; a terminal says how it stands each minute. */
const STALE_MS = 600_000;
const REFUSALS: ReadonlySet<string> = new Set(["kind", "older", "truncated", "signature", "digest", "rolled_back"]);

/** What a chosen terminal has come to. `startMs`: since when the gateway listens; before that nobody can have been silent. */
function follow(wave: Wave, one: Chosen, watched: Watched, nowMs: number, startMs: number): Chosen | Trouble {
  const { terminal, state, sinceMs } = one;
  if (watched.runs?.firmware === wave.version) return state === "runs" ? one : { terminal, state: "runs", sinceMs: nowMs };
  if (state === "offered" && watched.fetched === wave.release) return { terminal, state: "fetched", sinceMs: nowMs };
  const said = UPDATE_STATES[watched.update?.state ?? 0] ?? "none";
  const isNews = (watched.update?.atMs ?? 0) > sinceMs + (state === "offered" ? STALE_MS : 0);
  if (REFUSALS.has(said) && isNews) return { terminal, what: said };
  const quietMs = nowMs - Math.max(watched.heardMs, sinceMs, startMs);
  return state === "fetched" && quietMs > wave.plan.silentMs ? { terminal, what: "silent" } : one;
}

/** How many terminals this step reaches. A kiosk that has not said yet which validator it has counts for both programs. */
function reach({ program, plan, step }: Wave, terminals: readonly Watched[]): number {
  const kind = program === "payment-id003" ? "payment" : program;
  const all = terminals.filter(({ terminalKind, runs }) =>
    runs ? programOf({ terminalKind, ...runs }) === program : terminalKind === kind,
  );
  return all.filter((_, i) => i * 100 < all.length * (plan.percents[step] ?? 100)).length;
}

function rankOf({ release }: Wave, terminal: number): number {
  const [a, b, c] = sha256(new TextEncoder().encode(`${release} ${terminal}`));
  return (a * 256 + b) * 256 + c;
}

/** Terminals that are there and have not been chosen, the drawn order. */
function candidates(wave: Wave, terminals: readonly Watched[]): number[] {
  const known = new Set(wave.chosen.map(({ terminal }) => terminal));
  return terminals
    .filter(({ terminal, terminalKind, connected, runs }) => {
      return connected && runs && programOf({ terminalKind, ...runs }) === wave.program && !known.has(terminal);
    })
    .map(({ terminal }) => terminal)
    .sort((a, b) => rankOf(wave, a) - rankOf(wave, b) || a - b);
}

/** The wave a moment later; the same object when nothing has changed. */
export function stepWave(wave: Wave, terminals: readonly Watched[], nowMs: number, startMs: number): Wave {
  if (wave.state === "stopped") return wave;
  const byNumber = new Map(terminals.map((one) => [one.terminal, one]));
  const followed = wave.chosen.map((one) => {
    const watched = byNumber.get(one.terminal);
    return watched ? follow(wave, one, watched, nowMs, startMs) : one;
  });
  const trouble = followed.find((one) => "what" in one) ?? null;
  if (trouble) return { ...wave, state: "stopped", trouble };
  const chosen = followed as Chosen[];
  const isNew = chosen.some((one, i) => one !== wave.chosen[i]);
  const now = isNew ? { ...wave, chosen } : wave;
  return now.state === "paused" ? now : goOn(now, terminals, nowMs);
}

function goOn(wave: Wave, terminals: readonly Watched[], nowMs: number): Wave {
  const { plan, step, stepMs, chosen } = wave;
  const isProven = chosen.length > 0 && chosen.every(({ state }) => state === "runs");
  if (isProven && step < plan.percents.length - 1 && nowMs - stepMs >= plan.restMs) return nextStep(wave, nowMs);
  const waiting = candidates(wave, terminals);
  const taken =
    step < 0
      ? waiting.filter((terminal) => terminal === plan.first)
      : waiting.slice(0, Math.max(0, reach(wave, terminals) - chosen.length));
  if (taken.length === 0) return wave;
  return { ...wave, chosen: chosen.concat(taken.map((terminal) => ({ terminal, state: "offered", sinceMs: nowMs }))) };
}

/** One step further, whoever is still on the way. */
export function nextStep(wave: Wave, nowMs: number): Wave {
  return wave.step < wave.plan.percents.length - 1 ? { ...wave, step: wave.step + 1, stepMs: nowMs } : wave;
}

/** Whether every terminal may have it and those that were there took it: it is what this school runs. */
export function isThrough({ state, step, plan, chosen }: Wave): boolean {
  return state === "running" && step === plan.percents.length - 1 && chosen.length > 0 && chosen.every((one) => one.state === "runs");
}

/** What a terminal is to run by this wave: hex of a release, `null` for whatever it runs. */
export function wantedBy(wave: Wave, terminal: number, firmware: string): string | null {
  const isChosen = wave.chosen.some((one) => one.terminal === terminal);
  if (wave.state === "running") return isChosen ? wave.release : null;
  return wave.state === "stopped" && isChosen && firmware === wave.version ? wave.before : null;
}
