/** What a person orders of a wave, from a form's fields. */
import { PROGRAMS } from "../releases/offer.js";
import type { Program } from "../releases/offer.js";
import { USUAL_PLAN } from "../releases/wave.js";
import type { Plan } from "../releases/wave.js";
import { DEEDS } from "../releases/waves.js";
import type { Deed } from "../releases/waves.js";

export interface WaveOrder {
  readonly program: Program;
  readonly deed: Deed;
  readonly plan: Plan;
}

const MOST_STEPS = 8;
const MS_A_MINUTE = 60_000;
/** A week; a wave that rests longer has been forgotten. */
const MOST_MINUTES = 10_080;
/** Two trials of ten minutes and the way back. */
const FEWEST_SILENT_MINUTES = 25;

/** `null` for words that make no order: shares are whole, rise and end with 100. What is left out is as usual. */
export function parseWaveOrder(form: URLSearchParams): WaveOrder | null {
  const program = PROGRAMS.find((one) => one === form.get("program"));
  const deed = DEEDS.find((one) => one === form.get("deed"));
  const plan = parsePlan(form);
  return program && deed && plan ? { program, deed, plan } : null;
}

function parsePlan(form: URLSearchParams): Plan | null {
  const text = (name: string): string => (form.get(name) ?? "").trim();
  const shares =
    text("percents") === ""
      ? USUAL_PLAN.percents
      : text("percents")
          .split(/[\s,;]+/)
          .map(whole);
  const isRising = shares.every((share, i) => share > (shares[i - 1] ?? 0));
  if (shares.length > MOST_STEPS || !isRising || shares[shares.length - 1] !== 100) return null;
  const minutes = (name: string, usualMs: number): number => (text(name) === "" ? usualMs : whole(text(name)) * MS_A_MINUTE);
  const [restMs, silentMs] = [minutes("rest", USUAL_PLAN.restMs), minutes("silent", USUAL_PLAN.silentMs)];
  const isLong = (ms: number, fewest: number): boolean => ms >= fewest * MS_A_MINUTE && ms <= MOST_MINUTES * MS_A_MINUTE;
  const first = text("first") === "" ? null : whole(text("first"));
  if (!isLong(restMs, 0) || !isLong(silentMs, FEWEST_SILENT_MINUTES) || (first !== null && !(first > 0))) return null;
  return { percents: shares, restMs, silentMs, first };
}

/** NaN for what is no whole number; every comparison then fails. */
function whole(text: string): number {
  return /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}
