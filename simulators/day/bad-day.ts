/** A day on which things go wrong: what each fault of the catalogue is given to arrange its share of it. */
import type { Random } from "../random.js";
import type { SEEN } from "./sometimes.js";
import type { World } from "../world.js";

export interface BadDay {
  readonly world: World;
  /** This fault's own chance on this day. */
  readonly random: Random;
  /** How often something happens today that happens `full` times on a full day. */
  times(full: number): number;
  /** Runs `task` at a moment of the day at which somebody may be there. */
  sometime(task: () => void): void;
  /** Runs `task` `ms` from now, or in the evening, if that comes first. */
  mend(ms: number, task: () => void): void;
  /** Runs `task` on the morning so many days from now, or when all days are over. */
  later(days: number, task: () => void): void;
  /** It has really happened: something was there to be struck. */
  struck(): void;
  /** A seldom path was walked. */
  seen(path: keyof typeof SEEN): void;
}

export interface Fault {
  /** The sentence that help prints. */
  readonly what: string;
  arrange(day: BadDay): void;
}

export function fault(what: string, arrange: Fault["arrange"]): Fault {
  return { what, arrange };
}

/** A fault that strikes `full` times on a full day, each time at a moment of its own. */
export function often(what: string, full: number, strike: (day: BadDay) => void): Fault {
  return fault(what, (day) => {
    for (let i = day.times(full); i > 0; i--) day.sometime(() => strike(day));
  });
}
