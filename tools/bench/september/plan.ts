/** How many sales 1 September has at each moment: calm lessons, and breaks in which all schools eat at once. Pure. */

export interface Crowd {
  readonly gateways: number;
  /** Sales a second of all gateways together, on average. */
  readonly salesPerSecond: number;
  readonly seconds: number;
}

/** A break is so many times the average, and takes such a part of the cycle; lessons are what is left. */
export const PEAK = 2.5;
const PEAK_PART = 1 / 4;
const LONGEST_CYCLE_S = 240;

/** Sales that should have been made in the first `second` seconds, all gateways together; grows evenly within lessons and within breaks. */
export function salesBy(second: number, { salesPerSecond, seconds }: Crowd): number {
  const cycle = Math.min(LONGEST_CYCLE_S, seconds);
  const calm = (1 - PEAK * PEAK_PART) / (1 - PEAK_PART);
  const whole = Math.floor(second / cycle);
  const rest = second - whole * cycle;
  const lesson = cycle * (1 - PEAK_PART);
  const within = rest <= lesson ? rest * calm : lesson * calm + (rest - lesson) * PEAK;
  return Math.floor(salesPerSecond * (whole * cycle + within));
}
