/** What came of simulated days, in lines for a person. */
import type { DaysResult } from "@trapeza/simulators";

function formatSum(kopecks: number): string {
  return `${Math.trunc(kopecks / 100)}.${String(kopecks % 100).padStart(2, "0")}`;
}

/** `replay`: the command that repeats these days. */
export function report(result: DaysResult, replay: string, seconds: number, print: (line: string) => void): void {
  const { cashInserted, cashCredited, cashSuspended, cashUnproven } = result;
  print(
    `Seed ${result.seed}: ${result.days} days, ${result.schoolDays} of them school days, faults: ${result.faults.join(", ") || "none"}.`,
  );
  print(`${result.operations} operations, ${result.journalSize} journal entries, ${result.papers} papers, in ${seconds} s.`);
  print(`${result.sales} sales, ${result.meals} meals, ${result.topUps} top-ups, ${result.refusals} refusals.`);
  print(`${result.turnedAway} turned away at a machine out of service, ${result.gaveUp} gave up.`);
  const rest = cashUnproven > 0 ? `, ${formatSum(cashUnproven)} claimed without proof` : "";
  print(
    `Cash: ${formatSum(cashInserted)} in the cassettes = ${formatSum(cashCredited)} credited + ${formatSum(cashSuspended)} held${rest}.`,
  );
  for (const [name, count] of Object.entries({ ...result.struck, ...result.sometimes })) print(`${String(count).padStart(6)} × ${name}`);
  print(`Digest ${result.digest}`);
  for (const sentence of result.violations) print(`VIOLATION ${sentence}`);
  if (result.brokenAtStep === null) return print(`No violations. Again: ${replay}`);
  print(`${result.violations.length} violations, the first found when ${result.brokenAtStep} people had come. Seed ${result.seed}.`);
  print(`Again, as a story:    ${replay} --story`);
  print(`A shorter history:    ${replay} --shrink`);
}
