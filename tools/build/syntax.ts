import type { Node } from "acorn";

/** A parsed node seen as a bag of fields: the gates ask every kind of node the same few questions. */
export type Tree = Node & { readonly [field: string]: unknown };

export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

/** The nodes directly below `tree`, in the order of the text. */
export function childrenOf(tree: Tree): Tree[] {
  const found: Tree[] = [];
  for (const value of Object.values(tree)) {
    if (isTree(value)) found.push(value);
    else if (Array.isArray(value)) found.push(...value.filter(isTree));
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Visits `tree` and everything below it, parents first; `path` runs from the root to the parent. */
export function walk(tree: Tree, visit: (node: Tree, path: readonly Tree[]) => void, path: readonly Tree[] = []): void {
  visit(tree, path);
  const below = [...path, tree];
  for (const child of childrenOf(tree)) walk(child, visit, below);
}

export function isFunction(node: Tree): boolean {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression" || node.type === "ArrowFunctionExpression";
}

/** The name of an identifier node, `null` for anything else. */
export function nameOf(node: unknown): string | null {
  return isTree(node) && node.type === "Identifier" ? (node.name as string) : null;
}

/** `true` when the identifier stands for a variable, not for the name of a property, a key or a label. */
export function isReference(node: Tree, parent: Tree | undefined): boolean {
  if (node.type !== "Identifier" || parent === undefined) return false;
  if (parent.type === "MemberExpression") return parent.object === node || parent.computed === true;
  if (parent.type === "Property") return parent.value === node;
  if (parent.type === "VariableDeclarator") return parent.id !== node;
  if (parent.type === "CatchClause") return parent.param !== node;
  if (isFunction(parent)) return false;
  return parent.type !== "LabeledStatement" && parent.type !== "BreakStatement" && parent.type !== "ContinueStatement";
}

/** Where in the text, for a complaint: the place and a few characters. */
export function excerpt(code: string, node: Tree): string {
  return `at ${node.start}: ${code.slice(node.start, node.start + 60).replace(/\s+/g, " ")}`;
}
