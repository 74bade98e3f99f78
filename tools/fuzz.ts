import { mkdirSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { createCoverage } from "./fuzz/coverage.js";
import { chanceFrom, fuzz } from "./fuzz/guided.js";
import { rootPath } from "./tree.js";

/** What the tests of the protocol share: every parser by name. */
interface Parsers {
  readonly PARSERS: Readonly<Record<string, { readonly parse: (raw: Uint8Array) => unknown; readonly samples: readonly Uint8Array[] }>>;
  readonly faultOf: (parser: Parsers["PARSERS"][string], raw: Uint8Array) => string | null;
  readonly corpusOf: (name: string) => Uint8Array[];
}

const MOST_KEPT = 60;
const LONGEST_KEPT = 400;
const hexOf = (raw: Uint8Array): string => Buffer.from(raw).toString("hex");

export interface FuzzRun {
  readonly seconds: number;
  readonly seed: number;
  /** Whether what led somewhere new is kept in protocol/corpus. */
  readonly keeps: boolean;
}

/** Fuzzes every parser of the protocol in turn, a fair share of the seconds each; answers with the faults, each beginning with the parser's name. */
export async function fuzzParsers({ seconds, seed, keeps }: FuzzRun, say: (text: string) => void): Promise<string[]> {
  register("./fuzz/hook.js", import.meta.url, { data: { watched: "/protocol/dist/" } });
  const parsers = new URL("../../protocol/dist/_parsers.test.js", import.meta.url).href;
  const { PARSERS, faultOf, corpusOf } = (await import(parsers)) as Parsers;
  const chance = chanceFrom(seed);
  const share = (seconds * 1000) / Object.keys(PARSERS).length;
  const faults: string[] = [];
  for (const [name, parser] of Object.entries(PARSERS)) {
    const sinceMs = performance.now();
    const corpus = corpusOf(name);
    // Anew for each: what another parser has been through is new to this one.
    const coverage = createCoverage();
    const target = { name, samples: parser.samples, faultOf: (raw: Uint8Array) => faultOf(parser, raw) };
    const found = fuzz(target, corpus, coverage, chance, () => performance.now() - sinceMs < share);
    faults.push(...found.faults.map((fault) => `${name}: ${fault}`));
    say(
      `${name}: ${found.tried} tried, ${found.kept.length} led somewhere new beyond ${parser.samples.length} samples and ${corpus.length} kept`,
    );
    const worth = [...corpus, ...found.kept].filter((raw) => raw.length <= LONGEST_KEPT).slice(0, MOST_KEPT);
    if (!keeps || worth.length === corpus.length) continue;
    mkdirSync(join(rootPath, "protocol", "corpus"), { recursive: true });
    writeFileSync(join(rootPath, "protocol", "corpus", `${name}.txt`), worth.map((raw) => `${hexOf(raw)}\n`).join(""));
  }
  return faults;
}

/** `fuzz [--seconds 60] [--seed N] [--keep]`. Exit code 1 when a parser threw, or made more of its bytes than they deserve. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: "string", default: "60" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      keep: { type: "boolean", default: false },
    },
  });
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
  if (!(seconds > 0 && seconds <= 86_400) || !Number.isSafeInteger(seed)) {
    console.error("--seconds is a number above 0 and up to a day, --seed a whole number.");
    return 2;
  }
  console.log(`seed ${seed}`);
  const faults = await fuzzParsers({ seconds, seed, keeps: values.keep }, (text) => console.log(text));
  for (const fault of faults) console.error(fault);
  return faults.length === 0 ? 0 : 1;
}
