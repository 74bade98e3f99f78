/** Looks for a shorter history that breaks a law, too: a smaller day, fewer days, fewer faults. */
import type { FaultName } from "./fault.js";
import { SIZES, type SizeName } from "./size.js";

export interface History {
  readonly seed: number;
  readonly days: number;
  readonly size: SizeName;
  readonly faults: readonly FaultName[];
}

type Breaks = (history: History) => Promise<boolean>;

/** `broken` breaks a law; so does what comes back. `breaks` lives through a history. */
export async function shrink(broken: History, breaks: Breaks): Promise<History> {
  const small = await smaller(broken, breaks);
  const few = await fewerFaults(await fewerDays(small, breaks), breaks);
  return fewerDays(few, breaks);
}

/** Another size is another history, and may be a good one. */
async function smaller(history: History, breaks: Breaks): Promise<History> {
  const { crowd } = SIZES[history.size];
  const sizes = (Object.keys(SIZES) as SizeName[])
    .filter((size) => SIZES[size].crowd < crowd)
    .sort((a, b) => SIZES[a].crowd - SIZES[b].crowd);
  for (const size of sizes) if (await breaks({ ...history, size })) return { ...history, size };
  return history;
}

/** The same days come first, however many follow: what is broken after some stays broken after more. */
async function fewerDays(history: History, breaks: Breaks): Promise<History> {
  let [least, most] = [1, history.days];
  while (least < most) {
    const days = (least + most) >> 1;
    if (await breaks({ ...history, days })) most = days;
    else least = days + 1;
  }
  return { ...history, days: most };
}

/** Halves first, then quarters, then one by one: what is not needed goes. */
async function fewerFaults(history: History, breaks: Breaks): Promise<History> {
  let { faults } = history;
  for (let piece = Math.ceil(faults.length / 2); piece >= 1; piece = piece === 1 ? 0 : Math.ceil(piece / 2)) {
    for (let at = 0; at < faults.length;) {
      const rest = [...faults.slice(0, at), ...faults.slice(at + piece)];
      if (await breaks({ ...history, faults: rest })) faults = rest;
      else at += piece;
    }
  }
  return { ...history, faults };
}
