import vm from "node:vm";
import test from "ava";
import { parse } from "acorn";
import { nestFunctions, withUniqueNames } from "./nest.js";
import { isFunction, nameOf, walk, type Tree } from "./syntax.js";

/** Which function stands in which, "" for the top. */
function housesOf(code: string): Record<string, string> {
  const houses: Record<string, string> = {};
  walk(parse(code, { ecmaVersion: 5 }) as unknown as Tree, (node, path) => {
    const around = path.filter(isFunction).map((one) => nameOf(one.id) ?? "?");
    if (node.type === "FunctionDeclaration") houses[nameOf(node.id) ?? ""] = around.at(-1) ?? "";
  });
  return houses;
}

const table: readonly { readonly what: string; readonly code: string; readonly houses: Record<string, string> }[] = [
  {
    what: "what one function alone needs stands in it, and what that one needs in turn",
    code: "function a(){return b()}function b(){return c()+1}function c(){return 1}print(a());",
    houses: { a: "", b: "a", c: "b" },
  },
  {
    what: "what two need stands in the one that both are in",
    code: "function a(){return b()+c()}function b(){return d()}function c(){return d()}function d(){return 2}print(a());",
    houses: { a: "", b: "a", c: "a", d: "a" },
  },
  {
    what: "what the program itself needs stays at the top",
    code: "function a(){return b()}function b(){return 3}print(a()+b());",
    houses: { a: "", b: "" },
  },
  {
    what: "what is handed to somebody stays at the top",
    code: "function a(){print(String([1,2].map(b)))}function b(n){return n+1}a();",
    houses: { a: "", b: "" },
  },
  {
    what: "nothing goes into a function whose closures would hold it, nor does that function move",
    code: "function a(){return b()}function b(){return function(){return c()}}function c(){return 4}print(a()());",
    houses: { a: "", b: "", c: "" },
  },
  {
    what: "a closure that is forgotten at once does not count",
    code: "function a(){return [2,1].sort(function(x,y){return b(x,y)})}function b(x,y){return x-y}print(String(a()));",
    houses: { a: "", b: "a" },
  },
  {
    what: "a function that calls itself moves like any other",
    code: "function a(){return b(3)}function b(n){return n?n+b(n-1):0}print(a());",
    houses: { a: "", b: "a" },
  },
  {
    what: "a name that means something else inside is no use of the function",
    code: "function a(b){return b}function c(){return b()}function b(){return 5}print(a(1)+c());",
    houses: { a: "", b$top: "c", c: "" },
  },
  {
    what: "a function that moves goes on meaning the same by its names",
    code: "var x=1;function a(){var x=2;return b()+x}function b(){return x}print(a());",
    houses: { a: "", b: "a" },
  },
  {
    what: "a function that moves to where a variable has the name that it mentions still means the one at the top",
    code: "function a(){var b=1;return b+c()}function c(){return d()}function d(){return b()}function b(){return 5}print(a()+b());",
    houses: { a: "", b$top: "", c: "a", d: "c" },
  },
];

function printed(code: string): string[] {
  const lines: string[] = [];
  vm.runInNewContext(code, { print: (line: unknown) => lines.push(String(line)) });
  return lines;
}

for (const { what, code, houses } of table)
  test(what, (t) => {
    const nested = nestFunctions(withUniqueNames(code), new Map(), () => false);
    t.deepEqual(housesOf(nested), houses);
    t.deepEqual(printed(nested), printed(code));
  });
