import { parse } from "acorn";
import { boardNames } from "./board-name.js";
import { isReference, nameOf, walk, type Tree } from "./syntax.js";

const FIRST = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$_";
const LATER = `${FIRST}0123456789`;

/** Words of the language and what else of two letters may not be a name. */
const TAKEN = new Set(["do", "if", "in", "is", "of", "as"]);

/** All names from the shortest on, those in `taken` left out. */
export function* names(taken: (name: string) => boolean): Generator<string> {
  const free = (name: string): boolean => !TAKEN.has(name) && !taken(name);
  for (const one of FIRST) if (free(one)) yield one;
  for (const one of FIRST) for (const two of LATER) if (free(one + two)) yield one + two;
  for (const one of FIRST) for (const two of LATER) for (const three of LATER) if (free(one + two + three)) yield one + two + three;
}

function assign(counts: ReadonlyMap<string, number>, taken: (name: string) => boolean): Record<string, string> {
  const shortest = names(taken);
  const byUse = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return Object.fromEntries(byUse.map(([name]) => [`$${name}`, shortest.next().value as string]));
}

function topNames(program: Tree): Set<string> {
  const own = new Set<string>();
  for (const node of program.body as Tree[]) {
    if (node.type === "FunctionDeclaration") own.add(nameOf(node.id)!);
    if (node.type === "VariableDeclaration") for (const one of node.declarations as Tree[]) own.add(nameOf(one.id)!);
  }
  return own;
}

/**
 * Short names for a program's own top-level names and properties, the shortest for those that it mentions most; in the form of the minifier's name cache,
 * which would otherwise give them out in the order in which it meets them. `kept`: properties that stay as they are.
 */
export function shortNames(
  code: string,
  kept: ReadonlySet<string>,
): { vars: { props: Record<string, string> }; props: { props: Record<string, string> } } {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const own = topNames(program);
  const variables = new Map<string, number>();
  const properties = new Map<string, number>();
  const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  walk(program, (node, path) => {
    const parent = path[path.length - 1];
    const name = nameOf(node);
    if (name === null) return;
    const isMember = parent?.type === "MemberExpression" && parent.property === node && parent.computed !== true;
    if (isMember || (parent?.type === "Property" && parent.key === node)) {
      if (!kept.has(name)) count(properties, name);
    } else if (own.has(name) && isReference(node, parent)) count(variables, name);
  });
  return {
    vars: { props: assign(variables, (name) => boardNames.has(name)) },
    props: { props: assign(properties, (name) => kept.has(name)) },
  };
}
