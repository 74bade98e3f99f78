import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { bring, runShown } from "./brought.js";
import { rootPath, testFiles } from "./tree.js";

const C8 = "c8@10.1.3";

/** Where a kopeck can be lost: the rules, the gateway's journal, a terminal's outbox, the ledger's postings. */
const MONEY_PATHS = ["protocol/rules", "gateway/journal", "firmware/outbox", "cloud/ledger"] as const;

/** Whose tests go through them. The rehearsal is how the rules' tests are written, not what they test. */
const TESTED = [
  ...[/^protocol\/dist\/rules\//, /^gateway\/dist\/(?!.*slow)/, /^firmware\/dist\/outbox/],
  ...[
    /^cloud\/dist\/(ledger|intake|settlement|payments)\/(?!.*slow)/,
    /^cloud\/dist\/[a-z-]+\.test/,
    /^simulators\/dist\/day\/simulate\.slow/,
  ],
];

interface Counted {
  readonly total: number;
  readonly covered: number;
}

/** c8's "json-summary": counts by the path of a source file. */
type Summary = Readonly<Record<string, { readonly branches: Counted; readonly lines: Counted }>>;

const percent = ({ covered, total }: Counted): number => (total === 0 ? 100 : Math.round((covered * 1000) / total) / 10);

function sumOf(counts: readonly Counted[]): Counted {
  const sum = (of: (one: Counted) => number): number => counts.reduce((all, one) => all + of(one), 0);
  return { total: sum(({ total }) => total), covered: sum(({ covered }) => covered) };
}

function row(name: string, branches: Counted): string {
  const [covered, total] = [branches.covered, branches.total].map((count) => String(count).padStart(5));
  return `${name.padEnd(40)} ${covered} of ${total} branches ${String(percent(branches)).padStart(5)} %`;
}

function table(summary: Summary): { readonly lines: string[]; readonly branches: number } {
  const files = Object.entries(summary)
    .map(([path, counts]) => ({ path: path.slice(rootPath.length + 1), ...counts }))
    .filter(({ path }) => MONEY_PATHS.some((money) => path.startsWith(money)));
  const rooms = MONEY_PATHS.map((money) =>
    row(money, sumOf(files.filter(({ path }) => path.startsWith(money)).map(({ branches }) => branches))),
  );
  const gaps = files.filter(({ branches }) => percent(branches) < 95).map(({ path, branches }) => row(path, branches));
  const all = sumOf(files.map(({ branches }) => branches));
  return { lines: [...gaps, "", ...rooms, row("all", all)], branches: percent(all) };
}

/**
 * `coverage [--least 95] [--html <folder>]`: runs the tests of the money paths and says which share of their branches was taken, by V8's own count.
 * Exit code 1 below `--least` per cent, or when a test fails.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { least: { type: "string", default: "95" }, html: { type: "string" } } });
  const c8 = await bring(C8, "bin/c8.js");
  if (c8 === null) return 1;
  const folder = mkdtempSync(join(tmpdir(), "trapeza-coverage-"));
  try {
    const files = testFiles().filter((file) => TESTED.some((pattern) => pattern.test(file)));
    const seen = MONEY_PATHS.flatMap((path) => ["--include", `${path}**`, "--include", `${path.replace("/", "/dist/")}**`]);
    const html = values.html === undefined ? [] : ["--reporter", "html", "--reports-dir", values.html];
    const report = ["--reporter", "json-summary", ...(html.length > 0 ? html : ["--reports-dir", folder])];
    const rest = [
      "--exclude-after-remap",
      "--exclude",
      "**/*.test.*",
      "--exclude",
      "**/rehearsal/**",
      "--temp-directory",
      join(folder, "raw"),
    ];
    const ava = join("node_modules", "ava", "entrypoints", "cli.mjs");
    const code = await runShown(process.execPath, [c8, ...seen, ...rest, ...report, process.execPath, ava, ...files], rootPath);
    const { lines, branches } = table(JSON.parse(readFileSync(join(values.html ?? folder, "coverage-summary.json"), "utf8")) as Summary);
    console.log(lines.join("\n"));
    return code === 0 && branches >= Number(values.least) ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
