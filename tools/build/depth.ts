import { parse } from "acorn";
import { childrenOf, isFunction, isTree, nameOf, walk, type Tree } from "./syntax.js";

/** The longest way down: how many calls, and through which functions ("" has no name). */
export interface Depth {
  readonly calls: number;
  readonly way: readonly string[];
}

/** Methods of the board and the language that call what they are given before they return. */
const CALL_AT_ONCE = new Set(["map", "forEach", "filter", "some", "every", "reduce", "sort", "find", "replace"]);

/** By name: functions that are declared or kept in a variable, and functions that any object has. One name may be many functions. */
interface Named {
  readonly functions: Map<string, Tree[]>;
  readonly methods: Map<string, Tree[]>;
}

function add(to: Map<string, Tree[]>, name: unknown, found: readonly Tree[]): void {
  const text = nameOf(name);
  if (text !== null && found.length > 0) to.set(text, [...(to.get(text) ?? []), ...found]);
}

/** What an expression may be called as. */
function functionsIn(node: unknown, { functions }: Named): readonly Tree[] {
  if (!isTree(node)) return [];
  return isFunction(node) ? [node] : (functions.get(nameOf(node) ?? "") ?? []);
}

function namedIn(program: Tree): Named {
  const named: Named = { functions: new Map(), methods: new Map() };
  walk(program, (node) => {
    if (node.type === "FunctionDeclaration") add(named.functions, node.id, [node]);
    if (node.type === "VariableDeclarator" && isTree(node.init) && isFunction(node.init)) add(named.functions, node.id, [node.init]);
  });
  walk(program, (node) => {
    if (node.type === "Property") add(named.methods, node.key, functionsIn(node.value, named));
    const { left } = node as { left?: unknown };
    if (node.type === "AssignmentExpression" && isTree(left) && left.type === "MemberExpression")
      add(named.methods, left.property, functionsIn(node.right, named));
  });
  return named;
}

/** Functions that run inside of this one: those it calls, and those it hands to somebody who calls them at once. */
function calledBy(owner: Tree, named: Named): Set<Tree> {
  const found = new Set<Tree>();
  const visit = (node: Tree): void => {
    if (node.type === "CallExpression") {
      const callee = node.callee as Tree;
      const method = callee.type === "MemberExpression" ? nameOf(callee.property) : null;
      const ours = [...functionsIn(callee, named), ...(named.methods.get(method ?? "") ?? [])];
      // Whoever is one of ours may call what it is given; of the board's only some do so before they return.
      const given = ours.length > 0 || CALL_AT_ONCE.has(method ?? "") ? (node.arguments as Tree[]) : [];
      for (const one of [...ours, ...given.flatMap((argument) => functionsIn(argument, named))]) found.add(one);
    }
    if (!isFunction(node)) childrenOf(node).forEach(visit);
  };
  childrenOf(owner).forEach(visit);
  return found;
}

/** Circles of functions that call each other, each function in one (most are alone), whoever is called before whoever calls. Tarjan 1972. */
function circlesOf(all: readonly Tree[], called: ReadonlyMap<Tree, ReadonlySet<Tree>>): Tree[][] {
  const circles: Tree[][] = [];
  const order = new Map<Tree, number>();
  const open: Tree[] = [];
  /** The earliest function still open that can be reached. */
  const visit = (one: Tree): number => {
    const own = order.size;
    order.set(one, own);
    open.push(one);
    let low = own;
    for (const next of called.get(one)!)
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (open.includes(next)) low = Math.min(low, order.get(next)!);
    if (low === own) circles.push(open.splice(open.indexOf(one)));
    return low;
  };
  for (const one of all) if (!order.has(one)) visit(one);
  return circles;
}

/**
 * How deep calls may nest, read off the program's text, each function once on a way: through a circle of functions that call each other all of them. A name may
 * be any function that is called so anywhere, so this is more than what ever happens. An interpreter that recurses with the program has a stack of so many
 * calls (firmware/README.md).
 */
export function deepest(code: string): Depth {
  const program = parse(code, { ecmaVersion: 6 }) as unknown as Tree;
  const named = namedIn(program);
  const all: Tree[] = [program];
  walk(program, (node) => void (isFunction(node) && all.push(node)));
  const called = new Map(all.map((one) => [one, calledBy(one, named)]));
  /** The longest way that begins in a function's circle, and all of that circle. */
  const ways = new Map<Tree, readonly Tree[]>();
  let most: readonly Tree[] = [];
  for (const circle of circlesOf(all, called)) {
    const below = circle.flatMap((one) => [...called.get(one)!].flatMap((next) => (circle.includes(next) ? [] : [ways.get(next)!])));
    const way = [...circle, ...below.reduce((longest, one) => (one.length > longest.length ? one : longest), [])];
    for (const one of circle) ways.set(one, way);
    if (way.length > most.length) most = way;
  }
  return { calls: most.length - 1, way: most.filter((one) => one !== program).map((one) => nameOf(one.id) ?? "") };
}
