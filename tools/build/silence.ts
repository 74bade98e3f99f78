import { parse } from "acorn";
import MagicString from "magic-string";
import { nameOf, walk, type Tree } from "./syntax.js";

/** Who is called with a sentence for a programmer as the last argument. */
const TOLD = new Set(["Error", "fail"]);

/**
 * Leaves out what errors say. On a terminal nobody reads why a message was malformed, and what is thrown there is a fault of the program's own, to be
 * found in Node; the places remain.
 */
export function withoutReasons(code: string): string {
  const edited = new MagicString(code);
  walk(parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree, (node) => {
    if ((node.type !== "NewExpression" && node.type !== "CallExpression") || !TOLD.has(nameOf(node.callee) ?? "")) return;
    const last = (node.arguments as Tree[]).at(-1);
    if (last && (last.type === "Literal" || last.type === "BinaryExpression")) edited.update(last.start, last.end, '""');
  });
  return edited.toString();
}
