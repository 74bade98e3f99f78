import { parse } from "acorn";
import { boardNames } from "./board-name.js";
import { resolveNames } from "./scope.js";
import { excerpt, nameOf, walk, type Tree } from "./syntax.js";

/** What an image may weigh, in bytes: a third of the smallest flash partition in use, so that two versions and the data fit beside it. */
export const imageLimitBytes = 64 * 1024;

/** Variables of 14 bytes that a terminal may have at its busiest: an ESP32 has some 3,800 when the network is up, and a longer class or menu wants the rest. */
export const variableBudget = 3000;

/** Bytes of C stack under a program on an ESP32, on which the interpreter recurses with it. */
export const stackBudget = 25_000;

/** Where the bench keeps what it measured last. */
export const measuredPath = "firmware/measured.json";

/** The globals of the language that an ESP32 build has and that tell the truth; all else is reached through `globalThis` in espruino.ts. */
const globals = new Set(
  (
    "Array ArrayBuffer Boolean Error Infinity Int32Array JSON Math NaN Number Object String Uint16Array Uint32Array Uint8Array " +
    "globalThis isFinite isNaN parseInt undefined"
  ).split(" "),
);

/** Their members; a global not named here has none. A missing one reads as undefined there, and only the line that calls it finds out. */
const members: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["Array", new Set(["isArray"])],
  ["JSON", new Set(["parse", "stringify"])],
  ["Math", new Set("PI abs ceil floor max min round sign sqrt".split(" "))],
  ["Number", new Set(["MAX_VALUE", "MIN_VALUE"])],
  ["Object", new Set("assign create defineProperty entries getPrototypeOf keys setPrototypeOf values".split(" "))],
  ["String", new Set(["fromCharCode"])],
]);

function checkRegex(pattern: string): string | null {
  const bare = pattern.replace(/\\./g, "x").replace(/\[[^\]]*\]/g, "x");
  if (bare.includes("(?")) return "a group beginning with (? never matches on Espruino";
  if (/[*+?]\?/.test(bare)) return "a lazy quantifier never matches on Espruino";
  if (/\{\d*,?\d*\}/.test(bare)) return "a counted quantifier {n} never matches on Espruino";
  return null;
}

function checkLiteral(node: Tree): string | null {
  const regex = node.regex as { pattern: string } | undefined;
  if (regex) return checkRegex(regex.pattern);
  if (typeof node.value !== "string") return null;
  return /[^\u0000-\u00ff]/.test(node.value) ? "a character above \\xff loses its high byte on an ESP32" : null;
}

/** What is wrong with this one node, in words; `null` when nothing is. */
function checkNode(node: Tree): string | null {
  if (node.type === "LabeledStatement") return "labels do not parse on Espruino";
  if (node.type === "WithStatement") return "there is no with";
  if (node.type === "Literal") return checkLiteral(node);
  if (node.type === "SwitchStatement") {
    const cases = node.cases as Tree[];
    const at = cases.findIndex((one) => one.test === null);
    return at >= 0 && at !== cases.length - 1 ? "default must be the last case" : null;
  }
  if (node.type !== "MemberExpression" || node.computed === true) return null;
  const [object, member] = [nameOf(node.object) ?? "", nameOf(node.property) ?? ""];
  const builtin = globals.has(object) && object !== "globalThis";
  return builtin && !members.get(object)?.has(member) ? `Espruino has no ${object}.${member} that may be relied on` : null;
}

/** An image is as long as the slots have room for. */
export function checkWeight(code: string, limitBytes: number = imageLimitBytes): string[] {
  return code.length > limitBytes ? [`${code.length} bytes, the limit is ${limitBytes}`] : [];
}

/**
 * Everything that would make a bundle run differently on Espruino, or not at all; empty when it may be flashed.
 * TypeScript and the bundler have been told already: this looks at the bytes that leave the house, whoever wrote them.
 */
export function checkImage(code: string, limitBytes: number = imageLimitBytes): string[] {
  const complaints: string[] = [];
  const foreign = /[^\u0000-\u007f]/.exec(code);
  if (foreign) complaints.push(`not ASCII at ${foreign.index}: two bytes on the chip where one character was meant`);
  complaints.push(...checkWeight(code, limitBytes));
  let program: Tree;
  try {
    program = parse(code, { ecmaVersion: 5, sourceType: "script" }) as unknown as Tree;
  } catch (error) {
    return [...complaints, `does not parse as ES5: ${(error as Error).message}`];
  }
  walk(program, (node) => {
    const wrong = checkNode(node);
    if (wrong !== null) complaints.push(`${wrong}, ${excerpt(code, node)}`);
  });
  const { early, free, own } = resolveNames(program);
  for (const name of own)
    if (boardNames.has(name)) complaints.push(`"${name}" is a name of the board's own, a variable would take its place`);
  for (const [name, node] of free)
    if (!globals.has(name)) complaints.push(`"${name}" is no global that an image may rely on, ${excerpt(code, node)}`);
  for (const { name, use } of early)
    complaints.push(`"${name}" is used where its declaration may not have been executed, ${excerpt(code, use)}`);
  return complaints;
}
