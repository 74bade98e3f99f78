import { parse } from "acorn";
import MagicString from "magic-string";
import { nameOf, walk, type Tree } from "./syntax.js";

/** Answers that mean "done" and "no" and need not be told apart from others by name. */
const ALWAYS = new Set(["Refused", "Recorded"]);

/** A table of cases, `{ name: [number, …], … }` (protocol/wire/schema.ts). */
export function isCases(node: Tree): boolean {
  const values = node.type === "ObjectExpression" ? (node.properties as Tree[]).map((one) => one.value as Tree) : [];
  const isCase = (value: Tree): boolean => {
    const [tag] = value.type === "ArrayExpression" ? (value.elements as (Tree | null)[]) : [];
    return tag?.type === "Identifier" || (tag?.type === "Literal" && typeof tag.value === "number");
  };
  return values.length > 0 && values.every(isCase);
}

/**
 * Takes out of the tables of messages what this image neither says nor understands: a kind that stands nowhere else in it as a text. Such a message would be
 * read and then ignored; now it is ignored at once.
 */
export function dropCases(code: string): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const said = new Set<unknown>(ALWAYS);
  walk(program, (node) => void (node.type === "Literal" && said.add(node.value)));
  const edited = new MagicString(code);
  walk(program, (node) => {
    if (!isCases(node)) return;
    const kept = (node.properties as Tree[]).filter((one) => said.has(nameOf(one.key)));
    if (kept.length < (node.properties as Tree[]).length)
      edited.overwrite(node.start, node.end, `{ ${kept.map((one) => code.slice(one.start, one.end)).join(", ")} }`);
  });
  return edited.toString();
}
