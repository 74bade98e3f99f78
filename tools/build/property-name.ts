import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "acorn";
import { boardNames } from "./board-name.js";
import { walk, type Tree } from "./syntax.js";

/** Where the names stand that belong to others: the language's library, the board's, and the technician's file as espruino.ts reads it. */
const BORROWED = ["firmware/chip/lib.d.ts", "firmware/espruino-api.ts"];
const ALWAYS = ["constructor", "prototype", "terminal", "kind", "key", "host", "port", "school", "line"];

/**
 * Property names that must stay as they are. On Espruino a name of more than four letters takes a variable more in every object that has it, so all others are
 * shortened. Kept are those of the board and the language, and every name that the program also mentions as a text: it may be looked up by that text.
 */
export function keptPropertyNames(root: string, code: string): string[] {
  const names = new Set([...ALWAYS, ...boardNames]);
  for (const path of BORROWED)
    for (const [name] of readFileSync(join(root, path), "utf8")
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .matchAll(/[A-Za-z_$][\w$]*/g))
      names.add(name);
  walk(parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree, (node) => {
    if (node.type === "Literal" && typeof node.value === "string") names.add(node.value);
  });
  return [...names];
}
