import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "acorn";
import type { Depth } from "./depth.js";
import { imageLimitBytes, measuredPath, stackBudget, variableBudget } from "./gate.js";
import { isTree, walk, isFunction, type Tree } from "./syntax.js";

/** What the bench measured of one image, and what {@link standing} said of the same image. */
export interface Measured {
  readonly variablesIdle: number;
  readonly variablesPeak: number;
  readonly standing: number;
  /** A stack on which everything ran, in bytes, and how deep that image's calls may nest (`deepest` of depth.ts). */
  readonly stack: { readonly bytes: number; readonly calls: number };
}

/** What a call costs of the stack, in bytes: an ESP32's 25,000 hold 31 to 40 of the plainest. */
const CALL_BYTES = 800;

/** A function booted from flash: its name, itself, and two for its text, which stays there; a parameter is one more. */
const FUNCTION = 4;
/** Letters that fit into the first variable of a text, and into each further one. */
const FIRST_LETTERS = 9;
const MORE_LETTERS = 10;

function textSize(length: number): number {
  return 1 + Math.ceil(Math.max(0, length - FIRST_LETTERS) / MORE_LETTERS);
}

/** Variables of a value that stands at the top level, the name that holds it left out. A small number lies in its name. */
function valueSize(value: unknown): number {
  if (!isTree(value)) return 0;
  const inner = (nodes: readonly unknown[]): number => nodes.reduce((sum: number, one) => sum + 1 + valueSize(one), 1);
  if (value.type === "Literal") return typeof value.value === "string" ? textSize(value.value.length) : 0;
  if (value.type === "ObjectExpression") return inner((value.properties as Tree[]).map((one) => one.value));
  if (value.type === "ArrayExpression") return inner(value.elements as unknown[]);
  if (isFunction(value)) return FUNCTION - 1 + (value.params as Tree[]).length;
  return value.type === "Identifier" ? 0 : 1;
}

/** Variables that an image's own top level takes for as long as it runs: functions with their parameters, and what its variables begin with. */
export function standing(image: string): number {
  let sum = 0;
  for (const node of (parse(image, { ecmaVersion: 6 }) as unknown as Tree).body as Tree[]) {
    if (node.type === "FunctionDeclaration") sum += FUNCTION + (node.params as Tree[]).length;
    if (node.type === "VariableDeclaration") for (const { init } of node.declarations as Tree[]) sum += 1 + valueSize(init);
  }
  return sum;
}

/** Functions that the image's text declares or makes. */
export function functionsIn(image: string): number {
  let count = 0;
  walk(parse(image, { ecmaVersion: 6 }) as unknown as Tree, (node) => void (isFunction(node) && count++));
  return count;
}

/** What the bench kept last, `null` when it never measured this image. */
export function measuredOf(root: string, kind: string): (Measured & { readonly date: string }) | null {
  const path = join(root, measuredPath);
  if (!existsSync(path)) return null;
  const file = JSON.parse(readFileSync(path, "utf8")) as { readonly date: string; readonly [kind: string]: Measured | string | undefined };
  const image = file[kind];
  return typeof image === "object" ? { ...image, date: file.date } : null;
}

/**
 * Variables at the busiest moment of a morning, estimated: what was measured then, more or less by as much as the top level has grown or shrunk since.
 * What comes and goes while the program runs is only known to the bench.
 */
export function estimatedPeak(image: string, measured: Measured): number {
  return measured.variablesPeak + standing(image) - measured.standing;
}

/** Bytes of stack, estimated as the variables are: what sufficed when it was measured, and so many calls more or less since. */
export function estimatedStack(calls: number, measured: Measured): number {
  return measured.stack.bytes + (calls - measured.stack.calls) * CALL_BYTES;
}

/** What an image costs, in words, and a complaint when it is more than a terminal has; bytes are the bundler's to refuse. */
export function costsOf(
  image: string,
  depth: Depth,
  measured: ReturnType<typeof measuredOf>,
): { readonly told: string; readonly complaint: string } {
  const bytes = `${image.length} bytes of ${imageLimitBytes}, ${functionsIn(image)} functions`;
  if (measured === null) return { told: `${bytes}, memory never measured`, complaint: "" };
  const peak = estimatedPeak(image, measured);
  const stack = estimatedStack(depth.calls, measured);
  const told =
    `${bytes}, about ${peak} variables of ${variableBudget} (${measured.variablesPeak} measured ${measured.date}), ` +
    `at most ${stack} bytes of stack of ${stackBudget}`;
  const over =
    peak > variableBudget
      ? `some ${peak} variables, the limit is ${variableBudget}: make it smaller`
      : `some ${stack} bytes of stack, the limit is ${stackBudget}: nest fewer calls than ${depth.way.join(" > ")}`;
  const isOver = peak > variableBudget || stack > stackBudget;
  return { told, complaint: isOver ? `${over}, or measure it again with "npm run bench -- firmware --keep"` : "" };
}
