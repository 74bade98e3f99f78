import { parse } from "acorn";
import MagicString from "magic-string";
import { isPassing } from "./passing.js";
import { RESIDENT } from "./room.js";
import { declarationsIn } from "./scope.js";
import { isFunction, isReference, nameOf, walk, type Tree } from "./syntax.js";

/** The program's own level, from which everything is reached. */
const ROOT = "";

interface Declared {
  readonly node: Tree;
  /** Names of the functions and {@link ROOT} that mention it. */
  readonly users: Set<string>;
  /** Mentioned other than to call it: it may be kept by somebody and called later. */
  kept: boolean;
  /** Makes functions while it runs. They hold every scope around them: such a function stays at the top and houses nobody. */
  makesClosures: boolean;
}

function topNames(program: Tree): Set<string> {
  const names = new Set<string>();
  for (const node of program.body as Tree[]) {
    if (node.type === "FunctionDeclaration") names.add(nameOf(node.id) ?? "");
    if (node.type === "VariableDeclaration") for (const one of node.declarations as Tree[]) names.add(nameOf(one.id) ?? "");
  }
  return names;
}

/** Gives the program's own names to nobody else: a function that moves into another must go on meaning the same by them. */
export function withUniqueNames(code: string): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const declared = declarationsIn(program);
  const inner = new Set([...declared.values()].flatMap((names) => [...names]));
  const clashing = new Set([...topNames(program)].filter((name) => inner.has(name)));
  const edited = new MagicString(code);
  walk(program, (node, path) => {
    const name = nameOf(node);
    const parent = path[path.length - 1];
    if (name === null || !clashing.has(name)) return;
    const depth = path.filter(isFunction).length;
    const isOwn =
      (parent?.type === "FunctionDeclaration" && parent.id === node && depth === 1) ||
      (parent?.type === "VariableDeclarator" && parent.id === node && depth === 0);
    if (!isOwn && !isReference(node, parent)) return;
    if (isOwn || !path.some((one) => declared.get(one)?.has(name))) edited.update(node.start, node.end, `${name}$top`);
  });
  return edited.toString();
}

function collect(program: Tree): Map<string, Declared> {
  const functions = new Map<string, Declared>();
  for (const node of program.body as Tree[])
    if (node.type === "FunctionDeclaration")
      functions.set(nameOf(node.id) ?? "", { node, users: new Set(), kept: false, makesClosures: false });
  for (const statement of program.body as Tree[]) {
    const own = statement.type === "FunctionDeclaration" ? (nameOf(statement.id) ?? ROOT) : ROOT;
    walk(statement, (node, path) => {
      const parent = path[path.length - 1];
      const around = functions.get(own);
      if (around && isFunction(node) && path.length > 0 && !isPassing(parent)) around.makesClosures = true;
      if (!isReference(node, parent)) return;
      const found = functions.get(node.name as string);
      if (!found) return;
      found.users.add(own);
      if (parent?.type !== "CallExpression" || parent.callee !== node) found.kept = true;
    });
  }
  return functions;
}

/** For each function the functions that every way to it leads through, nearest last; {@link ROOT} is left out. */
function dominators(functions: ReadonlyMap<string, Declared>, stays: (name: string) => boolean): Map<string, Set<string>> {
  const all = new Set(functions.keys());
  const over = new Map([...all].map((name) => [name, new Set(all)]));
  for (let changed = true; changed;) {
    changed = false;
    for (const [name, { users, kept, makesClosures }] of functions) {
      const ways = [...users].filter((user) => user !== name);
      const isTop = kept || makesClosures || stays(name) || ways.length === 0 || ways.includes(ROOT);
      let common: Set<string> | null = isTop ? new Set() : null;
      if (common === null)
        for (const user of ways) {
          const through = over.get(user)!;
          common = common === null ? new Set(through) : new Set([...(common as Set<string>)].filter((one) => through.has(one)));
        }
      const next = new Set([...common!, name]);
      if (next.size !== over.get(name)!.size) {
        over.set(name, next);
        changed = true;
      }
    }
  }
  return over;
}

/**
 * Moves every function that only one other needs into that one. On Espruino a function takes some seven variables for as long as the scope that declares
 * it; inside another it takes them only while that one runs, and its text stays in flash. So what a terminal seldom does costs nothing while it waits.
 * The price is reading over the inner text at each call, and a collection of garbage now and then, because scope and function hold each other.
 *
 * A function stays out when somebody may keep it, and nothing goes into one that makes closures: those would keep all that was declared beside them.
 */
export function nestFunctions(code: string, rooms: ReadonlyMap<string, number>, stays: (name: string) => boolean): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const functions = collect(program);
  const over = dominators(functions, stays);
  const depth = (name: string): number => over.get(name)!.size;
  const roomOf = (name: string): number => rooms.get(name) ?? RESIDENT;
  const home = (name: string): string => {
    const isHouse = (one: string): boolean => one !== name && !functions.get(one)!.makesClosures && roomOf(one) === roomOf(name);
    const houses = [...over.get(name)!].filter(isHouse);
    return houses.sort((a, b) => depth(b) - depth(a))[0] ?? ROOT;
  };
  const inside = new Map<string, string[]>();
  for (const name of functions.keys()) inside.set(home(name), [...(inside.get(home(name)) ?? []), name]);
  const textOf = (name: string): string => {
    const { node } = functions.get(name)!;
    const at = (node.body as Tree).start + 1;
    const inner = (inside.get(name) ?? []).map(textOf).join("\n");
    return code.slice(node.start, at) + inner + code.slice(at, node.end);
  };
  const edited = new MagicString(code);
  for (const [name, { node }] of functions) {
    if (home(name) === ROOT) edited.overwrite(node.start, node.end, textOf(name));
    else edited.remove(node.start, node.end);
  }
  return edited.toString();
}
