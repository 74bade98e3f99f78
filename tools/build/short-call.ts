import { parse } from "acorn";
import MagicString from "magic-string";
import { nameOf, walk, type Tree } from "./syntax.js";

/** What is called again and again under a long name of the language, and the function that says it once. */
const SAYINGS: readonly { readonly matches: (node: Tree) => boolean; readonly name: string; readonly code: string }[] = [
  {
    matches: (node) => node.type === "NewExpression" && nameOf(node.callee) === "Uint8Array",
    name: "newBytes",
    code: "function newBytes(of) { return new Uint8Array(of); }",
  },
  {
    matches: (node) => node.type === "CallExpression" && isFloor(node.callee as Tree),
    name: "wholeOf",
    code: "function wholeOf(number) { return Math.floor(number); }",
  },
];

function isFloor({ type, object, property }: Tree): boolean {
  return type === "MemberExpression" && nameOf(object) === "Math" && nameOf(property) === "floor";
}

/** Fewer are not worth a function. */
const WORTH = 10;

/**
 * Says `new Uint8Array(x)` and `Math.floor(x)` by functions of the image's own, whose names will be a letter or two: a dozen bytes less each time, for six
 * variables in all and one call more.
 */
export function shortenCalls(code: string): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const edited = new MagicString(code);
  for (const { matches, name, code: said } of SAYINGS) {
    const calls: Tree[] = [];
    walk(program, (node) => void (matches(node) && (node.arguments as Tree[]).length === 1 && calls.push(node)));
    if (calls.length < WORTH) continue;
    edited.prepend(said + "\n");
    for (const call of calls) edited.overwrite(call.start, (call.callee as Tree).end, name);
  }
  return edited.toString();
}
