import { nameOf, type Tree } from "./syntax.js";

/** Functions handed to one of these are forgotten when the call is over. */
const PASSING = new Set(["every", "filter", "forEach", "map", "reduce", "some", "sort"]);

export function isPassing(parent: Tree | undefined): boolean {
  return parent?.type === "CallExpression" && PASSING.has(nameOf((parent.callee as Tree).property) ?? "");
}

/** Inside a function that somebody may keep and call when the room is closed. A function that is called where it stands is none. */
export function isLater(path: readonly Tree[]): boolean {
  return path.some((node, i) => {
    const parent = path[i - 1];
    const calledHere = parent?.type === "CallExpression" && parent.callee === node;
    return i > 0 && node.type === "FunctionExpression" && !calledHere && !isPassing(parent);
  });
}
