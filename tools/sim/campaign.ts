/** A night of seeds: each lives through its days, and what they came to is one report. */
import type { DaysOptions, DaysResult, History } from "@trapeza/simulators";

export interface CampaignOptions extends History {
  /** The report ends when so many are over; `seed` is the first of the seeds. */
  readonly schoolDays: number;
  readonly live: (options: DaysOptions) => Promise<DaysResult>;
  readonly print: (line: string) => void;
}

interface Sum {
  schoolDays: number;
  seeds: number;
  operations: number;
  readonly counts: Map<string, number>;
  /** The command of each seed that broke a law, with the first sentence. */
  readonly broken: string[];
}

/** Prints a line for each seed and the report behind the last. 1 when a law was broken, or one of the faults never struck; else 0. */
export async function campaign({ schoolDays, live, print, ...first }: CampaignOptions): Promise<number> {
  const { days, size, faults } = first;
  const sum: Sum = { schoolDays: 0, seeds: 0, operations: 0, counts: new Map(), broken: [] };
  const began = performance.now();
  for (let { seed } = first; sum.schoolDays < schoolDays; seed++) {
    const result = await live({ seed, days, size, faults, untilBroken: true });
    add(sum, result);
    print(
      `seed ${seed}: ${result.schoolDays} days, ${result.operations} operations, ${result.violations.length} violations, ${result.digest.slice(0, 16)}`,
    );
    if (result.violations.length === 0) continue;
    const names = faults.length > 0 ? faults.join(",") : "none";
    sum.broken.push(`npm run sim -- --seed ${seed} --days ${days} --size ${size} --faults ${names} --story   # ${result.violations[0]}`);
    print(sum.broken[sum.broken.length - 1]);
  }
  const minutes = (performance.now() - began) / 60_000;
  print("");
  print(
    `${sum.schoolDays} school days of ${sum.seeds} seeds, ${sum.operations} operations, ${Math.round(sum.schoolDays / minutes)} days a minute.`,
  );
  for (const [name, count] of sum.counts) print(`${String(count).padStart(8)} × ${name}`);
  const never = [...sum.counts].filter(([, count]) => count === 0).map(([name]) => name);
  if (never.length > 0) print(`Never happened: ${never.join(", ")}.`);
  print(sum.broken.length === 0 ? "No law was broken." : `${sum.broken.length} seeds broke a law:`);
  sum.broken.forEach((line) => print(line));
  return sum.broken.length > 0 || (faults.length > 0 && never.length > 0) ? 1 : 0;
}

function add(sum: Sum, { schoolDays, operations, struck, sometimes }: DaysResult): void {
  sum.schoolDays += schoolDays;
  sum.seeds++;
  sum.operations += operations;
  for (const [name, count] of Object.entries({ ...struck, ...sometimes })) sum.counts.set(name, (sum.counts.get(name) ?? 0) + count);
}
