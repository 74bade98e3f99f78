/** How long to wait after failures in a row: 1, 2, 4 … 60 s, with a quarter of chance, so that a district whose line comes back does not knock in chorus. */
export const MAX_BACKOFF_MS = 60000;

/** `chance`: 0 ≤ x < 1. `failures` counts from 1. */
export function backoffMs(failures: number, chance: number): number {
  const ms = Math.min(1000 * 2 ** Math.min(failures - 1, 16), MAX_BACKOFF_MS);
  return Math.floor(ms * (0.75 + chance / 4));
}
