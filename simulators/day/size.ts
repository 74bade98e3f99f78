/** How full a day is. A whole school keeps the machines busy until evening; a few people in a short time meet the same machines, faults and laws. */
export interface DaySize {
  /** Of a hundred of the school's people, so many come. */
  readonly crowd: number;
  /** Of a hundred minutes between two bells, so many pass. */
  readonly pace: number;
  /** The school has these of its classes only; all of them unless told. */
  readonly classes?: readonly number[];
}

export const SIZES = {
  full: { crowd: 100, pace: 100 },
  short: { crowd: 10, pace: 4 },
  // As many come as of a whole school: most of such a day's work was to set up pupils who never did.
  brief: { crowd: 3, pace: 2, classes: [1, 18, 30] },
} as const satisfies Readonly<Record<string, DaySize>>;
export type SizeName = keyof typeof SIZES;

const PERCENT = 100;

/** What of `full` comes on such a day, one at least. */
export function countOf(full: number, { crowd }: DaySize): number {
  return Math.max(1, Math.round((full * crowd) / PERCENT));
}

/** Breakfast is served before it, lunch behind it, on a day of any length. */
const NOON = 660;

/** The minute of the clock at which a short day is as far as a full one at `minute`. */
export function minuteOf(minute: number, { pace }: DaySize): number {
  return NOON + ((minute - NOON) * pace) / PERCENT;
}
