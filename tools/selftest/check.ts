/** One line of the self-test's table. */
export interface Check {
  readonly what: string;
  /** `null`: it could not be looked at from here, which is no failure. */
  readonly good: boolean | null;
  readonly says: string;
}

const MARKS = new Map<boolean | null, string>([
  [true, "✓"],
  [false, "✗"],
  [null, "–"],
]);

/** A table for people; colours are left to the terminal. */
export function tableOf(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ what }) => what.length));
  return checks.map(({ what, good, says }) => `${MARKS.get(good)} ${what.padEnd(width)}  ${says}`).join("\n");
}
