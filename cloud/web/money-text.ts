/** Money as people read it: "1 120,21 ₽". The only place of the cloud where kopecks become roubles. */

export interface MoneyParts {
  /** "" or a true minus sign. */
  readonly sign: string;
  /** Grouped by non-breaking spaces. */
  readonly roubles: string;
  /** Two digits. */
  readonly kopecks: string;
}

const NO_BREAK_SPACE = "\u00a0";
const MINUS = "\u2212";

/** `amount` in whole kopecks. */
export function moneyParts(amount: number): MoneyParts {
  const kopecks = String(Math.abs(amount)).padStart(3, "0");
  return {
    sign: amount < 0 ? MINUS : "",
    roubles: kopecks.slice(0, -2).replace(/\B(?=([0-9]{3})+$)/g, NO_BREAK_SPACE),
    kopecks: kopecks.slice(-2),
  };
}

export function moneyText(amount: number): string {
  const { sign, roubles, kopecks } = moneyParts(amount);
  return sign + roubles + "," + kopecks + NO_BREAK_SPACE + "₽";
}

/** "98,52" or "98.5" as people type it, in kopecks; `null` when it is no sum. Made from digits: there is no fraction on the way. */
export function parseRoubles(text: string): number | null {
  const found = /^([0-9]{1,9})(?:[.,]([0-9]{1,2}))?$/.exec(text.replace(/[\s₽]/g, ""));
  return found ? Number(found[1] + (found[2] ?? "").padEnd(2, "0")) : null;
}
