/** Checks as a person reads them: one sentence each, with what was looked at and how long that took. */

export interface Finding {
  readonly good: boolean;
  /** A sentence. */
  readonly says: string;
  /** What is wrong in particular, a sentence each. */
  readonly details?: readonly string[];
}

export interface Check extends Finding {
  readonly name: string;
  readonly durationMs: number;
}

const MOST_DETAILS = 8;

/** Collects checks and prints each as it is done, unless only the result is wanted. */
export class CheckList {
  readonly checks: Check[] = [];

  constructor(private readonly print: (line: string) => void) {}

  get good(): boolean {
    return this.checks.every((check) => check.good);
  }

  async run(name: string, look: () => Finding | Promise<Finding>): Promise<boolean> {
    const began = performance.now();
    let finding: Finding;
    try {
      finding = await look();
    } catch (error) {
      finding = { good: false, says: `This could not be checked: ${(error as Error).message}.` };
    }
    const durationMs = Math.round(performance.now() - began);
    this.checks.push({ name, durationMs, ...finding });
    this.print(`  ${finding.good ? "✓" : "✗"} ${finding.says} (${durationMs} ms)`);
    const details = finding.details ?? [];
    for (const line of details.slice(0, MOST_DETAILS)) this.print("      " + line);
    if (details.length > MOST_DETAILS) this.print(`      and ${count(details.length - MOST_DETAILS, "more")}`);
    return finding.good;
  }
}

/** "1 event", "2,310 events"; a word that is no noun stays as it is. */
export function count(number: number, noun: string): string {
  return number.toLocaleString("en") + " " + (number === 1 || noun === "more" ? noun : noun + "s");
}
