import { parse } from "acorn";
import { childrenOf, isFunction, isTree, nameOf, walk, type Tree } from "./syntax.js";

/** The longest way down: how many calls, and through which functions ("" has no name). */
export interface Depth {
  readonly calls: number;
  readonly way: readonly string[];
}

/** Methods of the board and the language that call what they are given before they return. */
const CALL_AT_ONCE = new Set(["map", "forEach", "filter", "some", "every", "reduce", "sort", "find", "replace"]);

interface Scope {
  readonly names: Map<string, Tree>;
  readonly outer: Scope | null;
}

interface Program {
  readonly scopes: Map<Tree, Scope>;
  /** Functions that any object has under a name. */
  readonly methods: Map<string, Tree[]>;
}

function lookUp(scope: Scope | null, name: string): Tree | null {
  for (let at = scope; at; at = at.outer) {
    const found = at.names.get(name);
    if (found) return found;
  }
  return null;
}

/** What an expression may be called as: a function here, or one with this name. */
function functionOf(node: unknown, scope: Scope | null): Tree | null {
  if (!isTree(node)) return null;
  if (isFunction(node)) return node;
  const name = nameOf(node);
  return name === null ? null : lookUp(scope, name);
}

function scopesOf(program: Tree): Map<Tree, Scope> {
  const scopes = new Map<Tree, Scope>();
  const enter = (node: Tree, outer: Scope | null): void => {
    const scope: Scope = { names: new Map(), outer };
    scopes.set(node, scope);
    const visit = (inner: Tree): void => {
      if (inner.type === "FunctionDeclaration") scope.names.set(nameOf(inner.id)!, inner);
      if (inner.type === "VariableDeclarator" && isTree(inner.init) && isFunction(inner.init))
        scope.names.set(nameOf(inner.id)!, inner.init);
      if (isFunction(inner)) enter(inner, scope);
      else childrenOf(inner).forEach(visit);
    };
    childrenOf(node).forEach(visit);
  };
  enter(program, null);
  return scopes;
}

function methodsOf(program: Tree, scopes: ReadonlyMap<Tree, Scope>): Map<string, Tree[]> {
  const methods = new Map<string, Tree[]>();
  walk(program, (node, path) => {
    const named =
      node.type === "Property"
        ? { key: node.key, value: node.value }
        : node.type === "AssignmentExpression" && isTree(node.left) && node.left.type === "MemberExpression"
          ? { key: node.left.property, value: node.right }
          : null;
    if (!named) return;
    const owner = [...path].reverse().find((one) => scopes.has(one));
    const made = functionOf(named.value, (owner && scopes.get(owner)) ?? null);
    const name = nameOf(named.key);
    if (made && name !== null) methods.set(name, [...(methods.get(name) ?? []), made]);
  });
  return methods;
}

/** Functions that run inside of this one: those it calls, and those it hands to somebody who calls them at once. */
function calledBy(owner: Tree, { scopes, methods }: Program): Tree[] {
  const scope = scopes.get(owner)!;
  const found: Tree[] = [];
  const visit = (node: Tree): void => {
    if (node.type === "CallExpression") {
      const callee = node.callee as Tree;
      const method = callee.type === "MemberExpression" ? nameOf(callee.property) : null;
      const own = functionOf(callee, scope);
      if (own) found.push(own);
      if (method !== null) found.push(...(methods.get(method) ?? []));
      // Whoever is one of ours may call what it is given; of the board's only some do so before they return.
      const isAtOnce = own !== null || (method !== null && (CALL_AT_ONCE.has(method) || methods.has(method)));
      if (isAtOnce) for (const one of node.arguments as Tree[]) found.push(...[functionOf(one, scope)].flatMap((given) => given ?? []));
    }
    if (!isFunction(node)) childrenOf(node).forEach(visit);
  };
  childrenOf(owner).forEach(visit);
  return found;
}

/**
 * How deep calls may nest, read off the program's text: each function once on a way, and a method may be any function that some object has under its name,
 * so this is more than what ever happens. An interpreter that recurses with the program has a stack of so many calls (firmware/README.md).
 */
export function deepest(code: string): Depth {
  const program = parse(code, { ecmaVersion: 6 }) as unknown as Tree;
  const scopes = scopesOf(program);
  const whole: Program = { scopes, methods: methodsOf(program, scopes) };
  const known = new Map<Tree, Depth>();
  const under = new Set<Tree>();
  const depthOf = (owner: Tree): Depth => {
    const before = known.get(owner);
    if (before) return before;
    under.add(owner);
    let best: Depth = { calls: 0, way: [] };
    for (const one of new Set(calledBy(owner, whole))) {
      if (under.has(one)) continue;
      const below = depthOf(one);
      if (below.calls + 1 > best.calls) best = { calls: below.calls + 1, way: [nameOf(one.id) ?? "", ...below.way] };
    }
    under.delete(owner);
    known.set(owner, best);
    return best;
  };
  return [...scopes.keys()].map(depthOf).reduce((most, one) => (one.calls > most.calls ? one : most));
}
