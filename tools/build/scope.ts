import { parse } from "acorn";
import MagicString from "magic-string";
import { isFunction, isReference, nameOf, walk, type Tree } from "./syntax.js";

/** One way in which a name comes to be: `from` is where it begins to exist, `region` the branch or loop outside of which that is not certain. */
interface Declaration {
  readonly from: number;
  readonly region: Tree;
  readonly isVariable: boolean;
}

/** Names that this function itself declares: parameters, variables and functions, but not those of a function inside it. */
function declaredBy(node: Tree): Set<string> {
  const own = node.type === "FunctionExpression" ? (nameOf(node.id) ?? "") : "";
  const names = new Set<string>(["arguments", own, ...(node.params as Tree[]).map((one) => nameOf(one) ?? "")]);
  walk(node.body as Tree, (inner, path) => {
    if (path.some(isFunction)) return;
    if (inner.type === "VariableDeclarator" || isFunction(inner)) names.add(nameOf(inner.id) ?? "");
    if (inner.type === "CatchClause") names.add(nameOf(inner.param) ?? "");
  });
  return names;
}

/** Where each function's own names are, by function. */
export function declarationsIn(program: Tree): Map<Tree, Set<string>> {
  const declared = new Map<Tree, Set<string>>();
  walk(program, (node) => void (isFunction(node) && declared.set(node, declaredBy(node))));
  return declared;
}

/** The function (or the program) whose variable a `var` at this path makes. */
function ownerOf(path: readonly Tree[]): Tree {
  for (let i = path.length - 1; i >= 0; i--) if (isFunction(path[i]!)) return path[i]!;
  return path[0]!;
}

/** `child` of `parent` may be skipped, or left before its end. A do-while's body always begins, so its declarations count outside. */
function maySkip(parent: Tree, child: Tree): boolean {
  if (parent.type === "IfStatement") return child !== parent.test;
  if (parent.type === "ForStatement" || parent.type === "ForInStatement" || parent.type === "WhileStatement") return child === parent.body;
  if (parent.type === "TryStatement") return child !== parent.finalizer;
  return parent.type === "SwitchCase" && child !== parent.test;
}

/** The innermost node on the path that may be skipped, else the owner. */
function regionOf(path: readonly Tree[], node: Tree): Tree {
  const whole = [...path, node];
  for (let i = whole.length - 1; i > 0 && !isFunction(whole[i]!); i--) if (maySkip(whole[i - 1]!, whole[i]!)) return whole[i]!;
  return ownerOf(path);
}

/** For the program and every function: what each of its own names is declared by. */
function scopesOf(program: Tree): Map<Tree, Map<string, Declaration[]>> {
  const scopes = new Map<Tree, Map<string, Declaration[]>>();
  const add = (owner: Tree, name: string | null, from: number, region: Tree, isVariable: boolean): void => {
    const scope = scopes.get(owner) ?? new Map<string, Declaration[]>();
    scopes.set(owner, scope);
    if (name !== null) scope.set(name, [...(scope.get(name) ?? []), { from, region, isVariable }]);
  };
  walk(program, (node, path) => {
    if (path.length === 0) return;
    const owner = ownerOf(path);
    if (isFunction(node)) {
      for (const parameter of node.params as Tree[]) add(node, nameOf(parameter), 0, node, true);
      add(node, "arguments", 0, node, true);
      // A named function expression is known inside itself; a function declaration in the scope around it.
      if (node.type === "FunctionDeclaration") add(owner, nameOf(node.id), node.end, regionOf(path, node), false);
      else add(node, nameOf(node.id), 0, node, false);
    }
    if (node.type === "VariableDeclarator") add(owner, nameOf(node.id), node.start, regionOf(path, node), true);
    if (node.type === "CatchClause") add(owner, nameOf(node.param), node.start, node, false);
  });
  return scopes;
}

function contains(region: Tree, position: number): boolean {
  return region.start <= position && position < region.end;
}

/** A use that stands where its declaration may not have been executed. `isVariable`: no function of that name is declared there. */
export interface EarlyUse {
  readonly name: string;
  readonly owner: Tree;
  readonly use: Tree;
  readonly isVariable: boolean;
}

/**
 * The names used before they surely exist (`early`), those that nothing in the program declares (`free`), and those it declares at the top (`own`).
 *
 * Espruino hoists neither `var` nor `function`: until the declaration has been executed the name means whatever it means further out, so an early
 * read throws and an early or skipped `var` lets the next assignment overwrite a global. A declaration counts for a use when it stands before it and
 * every branch or loop around the declaration is also around the use. Uses inside a nested function are taken to happen later.
 */
export function resolveNames(program: Tree): { early: EarlyUse[]; free: ReadonlyMap<string, Tree>; own: string[] } {
  const scopes = scopesOf(program);
  const early: EarlyUse[] = [];
  const free = new Map<string, Tree>();
  walk(program, (node, path) => {
    if (!isReference(node, path[path.length - 1])) return;
    const name = node.name as string;
    const owner = [...path].reverse().find((around) => scopes.get(around)?.has(name));
    if (owner === undefined) {
      if (!free.has(name)) free.set(name, node);
    } else if (owner === ownerOf(path)) {
      const known = scopes.get(owner)!.get(name)!;
      const sure = known.some((one) => one.from <= node.start && contains(one.region, node.start));
      if (!sure) early.push({ name, owner, use: node, isVariable: known.every((one) => one.isVariable) });
    }
  });
  return { early, free, own: [...(scopes.get(program)?.keys() ?? [])] };
}

/**
 * Puts `var name;` at the head of every function that would use one of its variables early: exactly what JavaScript's hoisting means, written out.
 * A second `var name;` further down leaves the value alone, on Espruino too.
 */
export function declareAtHead(code: string): string {
  const edited = new MagicString(code);
  const heads = new Map<Tree, Set<string>>();
  for (const { owner, name, isVariable } of resolveNames(parse(code, { ecmaVersion: 5, sourceType: "script" }) as unknown as Tree).early)
    if (isVariable) heads.set(owner, (heads.get(owner) ?? new Set()).add(name));
  for (const [owner, names] of heads) {
    const at = isFunction(owner) ? (owner.body as Tree).start + 1 : 0;
    edited.appendLeft(at, `var ${[...names].join(",")};`);
  }
  return edited.toString();
}
