/** What a mutation run has found: of so many small faults, how many the tests noticed, and which they did not. */

/** The part that is read of Stryker's report: schema "mutation-testing-report-schema" 2. */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Mutant {
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly status: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** Lines and columns count from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Score {
  readonly noticed: number;
  readonly unnoticed: number;
  /** Per cent of all faults, with one digit after the point. */
  readonly score: number;
}

export interface Scores {
  readonly total: Score;
  readonly files: Readonly<Record<string, Score>>;
  /** One line each: where, what stood there, what stood there instead. */
  readonly survivors: readonly string[];
}

const NOTICED = new Set(["Killed", "Timeout"]);
const UNNOTICED = new Set(["Survived", "NoCoverage"]);

function scoreOf(mutants: readonly Mutant[]): Score {
  const noticed = mutants.filter(({ status }) => NOTICED.has(status)).length;
  const unnoticed = mutants.filter(({ status }) => UNNOTICED.has(status)).length;
  const all = noticed + unnoticed;
  return { noticed, unnoticed, score: all === 0 ? 100 : Math.round((noticed * 1000) / all) / 10 };
}

function textBetween(source: string, start: Place, end: Place): string {
  const lines = source.split("\n").slice(start.line - 1, end.line);
  lines[lines.length - 1] = lines[lines.length - 1].slice(0, end.column - 1);
  lines[0] = lines[0].slice(start.column - 1);
  return lines.map((line) => line.trim()).join(" ");
}

export function scoresOf(report: Report): Scores {
  const files = Object.entries(report.files).map(([path, file]) => ({ name: path.replace(/^protocol\/dist\//, ""), ...file }));
  return {
    total: scoreOf(files.flatMap(({ mutants }) => mutants)),
    files: Object.fromEntries(files.map(({ name, mutants }) => [name, scoreOf(mutants)])),
    survivors: files.flatMap(({ name, source, mutants }) =>
      mutants
        .filter(({ status }) => UNNOTICED.has(status))
        .map(({ location: { start, end }, replacement }) => {
          const instead = (replacement ?? "").replace(/\s+/g, " ");
          return `${name}:${start.line}: ${textBetween(source, start, end).slice(0, 90)} → ${instead.slice(0, 60) || "nothing"}`;
        }),
    ),
  };
}

export function formatScores({ total, files, survivors }: Scores): string {
  const row = (name: string, { noticed, unnoticed, score }: Score): string =>
    `${name.padEnd(36)} ${String(noticed + unnoticed).padStart(5)} faults ${String(unnoticed).padStart(5)} unnoticed ${score.toFixed(1).padStart(6)} %`;
  return [...survivors, "", ...Object.entries(files).map(([name, score]) => row(name, score)), row("all", total)].join("\n");
}
