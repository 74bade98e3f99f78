import { parse } from "acorn";
import MagicString from "magic-string";
import { minify_sync } from "terser";
import { withUniqueNames } from "./nest.js";
import { childrenOf, isReference, isTree, nameOf, walk, type Tree } from "./syntax.js";

/** A top-level function that is one expression. */
interface Formula {
  readonly node: Tree;
  readonly params: readonly string[];
  readonly value: Tree;
  readonly calls: Tree[];
}

/** What an image may grow for one function less, in bytes: a function takes some six variables, 84 bytes of the scarcer memory. */
const GROWTH_BYTES = 48;

const NEVER = new Set(["AssignmentExpression", "UpdateExpression", "FunctionExpression", "ThisExpression", "SequenceExpression"]);

/** Bytes after minification, roughly: names become two letters. */
function roughly(text: string): number {
  return text.replace(/[A-Za-z_$][\w$]*/g, "ab").replace(/\s+/g, "").length;
}

const worked = new Map<string, string>();

/** An expression, worked out as far as it can be: a formula of constants is a number. */
function workOut(expression: string): string {
  const known = worked.get(expression);
  if (known !== undefined) return known;
  const { code } = minify_sync(`x=${expression}`, { ecma: 5, mangle: false });
  const text = code?.startsWith("x=") ? `(${code.replace(/^x=|;$/g, "")})` : `(${expression})`;
  worked.set(expression, text);
  return text;
}

function contains(tree: Tree, types: ReadonlySet<string>): boolean {
  return types.has(tree.type) || childrenOf(tree).some((child) => contains(child, types));
}

const NOT_CONSTANT = new Set([
  "Identifier",
  "CallExpression",
  "NewExpression",
  "ObjectExpression",
  "ArrayExpression",
  "FunctionExpression",
]);
const CALLS = new Set(["CallExpression", "NewExpression"]);

/** Evaluating it changes nothing and costs nothing. */
function isPlain(node: Tree): boolean {
  if (node.type === "Literal" || node.type === "Identifier") return true;
  return node.type === "UnaryExpression" && isPlain(node.argument as Tree);
}

function formulaOf(node: Tree): Formula | null {
  const body = node.type === "FunctionDeclaration" ? ((node.body as Tree).body as Tree[]) : [];
  const value = body.length === 1 && body[0]!.type === "ReturnStatement" ? (body[0]!.argument as Tree | null) : null;
  if (value === null || contains(value, NEVER)) return null;
  return { node, params: (node.params as Tree[]).map((one) => nameOf(one) ?? ""), value, calls: [] };
}

/** Formulas that are only ever called, with their calls. */
function formulasIn(program: Tree): Map<string, Formula> {
  const found = new Map<string, Formula>();
  for (const node of program.body as Tree[]) {
    const formula = formulaOf(node);
    if (formula) found.set(nameOf(node.id) ?? "", formula);
  }
  walk(program, (node, path) => {
    const parent = path[path.length - 1];
    if (!isReference(node, parent)) return;
    const formula = found.get(node.name as string);
    if (!formula) return;
    const isCall = parent?.type === "CallExpression" && parent.callee === node && !path.includes(formula.node);
    if (isCall) formula.calls.push(parent);
    else found.delete(node.name as string);
  });
  return found;
}

/** Where the formula mentions a parameter; `sure`: it is evaluated whatever else happens. */
function usesOf(value: Tree, param: string): { readonly node: Tree; readonly sure: boolean }[] {
  const uses: { node: Tree; sure: boolean }[] = [];
  walk(value, (node, path) => {
    const parent = path[path.length - 1];
    if (nameOf(node) !== param || (node !== value && !isReference(node, parent))) return;
    const sure = path.every((one, i) => {
      const next = path[i + 1] ?? node;
      if (one.type === "ConditionalExpression") return one.test === next;
      return one.type !== "LogicalExpression" || one.left === next;
    });
    uses.push({ node, sure });
  });
  return uses;
}

/** `true` when the argument may stand in the place of its parameter: evaluated once, and before anything that the formula itself calls. */
function fits(value: Tree, param: string, argument: Tree): boolean {
  if (isPlain(argument)) return true;
  const [use, ...more] = usesOf(value, param);
  if (!use || more.length > 0 || !use.sure || contains(argument, new Set(["AssignmentExpression", "UpdateExpression"]))) return false;
  let isEarly = true;
  walk(value, (node) => {
    if (CALLS.has(node.type) && node.end <= use.node.start) isEarly = false;
  });
  return isEarly;
}

/** The formula with this call's arguments, or `null` when they do not fit. */
function written(code: string, { params, value }: Formula, call: Tree): string | null {
  const given = call.arguments as Tree[];
  if (given.length > params.length || given.some((one, i) => !fits(value, params[i]!, one))) return null;
  // Two calls among the arguments must keep their order; seldom enough to do without.
  if (given.filter((one) => contains(one, CALLS)).length > 1) return null;
  const text = new MagicString(code.slice(value.start, value.end));
  params.forEach((param, i) => {
    const argument = given[i] ? `(${code.slice(given[i].start, given[i].end)})` : "(void 0)";
    for (const { node } of usesOf(value, param)) text.overwrite(node.start - value.start, node.end - value.start, argument);
  });
  return workOut(text.toString());
}

/** Numbers, and texts that are no longer than a name. */
const CONSTANT = /^\((-?\d+|"[^"\\]{0,4}")\)$/;

/** `var ROW = 30` at the top: the number itself stands where the name stood. */
function withoutConstants(code: string): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const constants = new Map<string, string>();
  for (const node of program.body as Tree[])
    for (const { id, init } of node.type === "VariableDeclaration" ? (node.declarations as Tree[]) : []) {
      const text = isTree(init) && !contains(init, NOT_CONSTANT) ? workOut(code.slice(init.start, init.end)) : "";
      if (CONSTANT.test(text)) constants.set(nameOf(id)!, text);
    }
  walk(program, (node) => {
    const changed = node.type === "AssignmentExpression" ? node.left : node.type === "UpdateExpression" ? node.argument : null;
    constants.delete(nameOf(changed) ?? "");
  });
  const edited = new MagicString(code);
  walk(program, (node, path) => {
    const constant = isReference(node, path[path.length - 1]) ? constants.get(node.name as string) : undefined;
    if (constant !== undefined) edited.update(node.start, node.end, constant);
  });
  return edited.toString();
}

/** `var text = byteText` at the top: another name for a function, which is replaced by the function's own. */
function withoutAliases(code: string): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const own = new Set((program.body as Tree[]).filter((one) => one.type === "FunctionDeclaration").map((one) => nameOf(one.id)));
  const aliases = new Map<string, string>();
  for (const node of program.body as Tree[])
    for (const one of node.type === "VariableDeclaration" ? (node.declarations as Tree[]) : [])
      if (own.has(nameOf(one.init))) aliases.set(nameOf(one.id)!, nameOf(one.init)!);
  const edited = new MagicString(code);
  walk(program, (node, path) => {
    const parent = path[path.length - 1];
    const alias = isReference(node, parent) ? aliases.get(node.name as string) : undefined;
    if (alias !== undefined) edited.update(node.start, node.end, alias);
    // The variable itself is of no more use: the minifier drops it.
    else if (parent?.type === "VariableDeclarator" && parent.init === node && aliases.has(nameOf(parent.id) ?? ""))
      edited.update(node.start, node.end, "0");
  });
  return edited.toString();
}

function withoutUnused(code: string): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const used = new Set<string>();
  walk(program, (node, path) => {
    const name = isReference(node, path[path.length - 1]) ? (node.name as string) : "";
    if (!path.some((one) => one.type === "FunctionDeclaration" && nameOf(one.id) === name)) used.add(name);
  });
  const edited = new MagicString(code);
  for (const node of program.body as Tree[])
    if (node.type === "FunctionDeclaration" && !used.has(nameOf(node.id) ?? "")) edited.remove(node.start, node.end);
  return edited.toString();
}

/** `var schema = function () {…}` at the top, never changed: the same function, declared. */
function withDeclarations(code: string): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const changed = new Set<string | null>();
  walk(program, (node) => {
    if (node.type === "AssignmentExpression") changed.add(nameOf(node.left));
  });
  const edited = new MagicString(code);
  for (const node of program.body as Tree[]) {
    const [one, more] = node.type === "VariableDeclaration" ? (node.declarations as Tree[]) : [];
    const value = isTree(one?.init) ? one.init : undefined;
    if (!one || more || value?.type !== "FunctionExpression" || value.id !== null || changed.has(nameOf(one.id))) continue;
    const params = (value.params as Tree[]).map((param) => nameOf(param)).join(",");
    edited.overwrite(node.start, node.end, `function ${nameOf(one.id)}(${params})${code.slice((value.body as Tree).start, value.end)}`);
  }
  return edited.toString();
}

/** Calls that stand in no other call of the same function, the inner ones first. */
function innermost(calls: readonly Tree[]): Tree[] {
  return calls.filter((one) => !calls.some((other) => one !== other && one.start <= other.start && other.end <= one.end));
}

function inlineOnce(code: string): string {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const edited = new MagicString(code);
  const touched: Tree[] = [];
  const isFree = (node: Tree): boolean => touched.every((one) => node.end <= one.start || one.end <= node.start);
  for (const formula of formulasIn(program).values()) {
    const texts = formula.calls.map((call) => written(code, formula, call));
    const growth = formula.calls.reduce((sum, call, i) => sum + roughly(texts[i] ?? "") - roughly(code.slice(call.start, call.end)), 0);
    const gain = roughly(code.slice(formula.node.start, formula.node.end));
    if (texts.includes(null) || growth - gain > GROWTH_BYTES || !isFree(formula.node)) continue;
    for (const call of innermost(formula.calls).filter(isFree)) {
      edited.overwrite(call.start, call.end, texts[formula.calls.indexOf(call)]!);
      touched.push(call);
    }
    // Nothing is written into a function that has been copied from.
    touched.push(formula.node);
  }
  return edited.toString();
}

/**
 * Writes functions that are one expression where they are called, as long as the image hardly grows by it. A minifier does this too, but among much else that
 * Espruino does not bear; here arguments are evaluated once, in their order, and no variable comes into being. What nobody calls any more goes.
 */
export function inlineFormulas(linked: string): string {
  let code = withoutAliases(withUniqueNames(linked));
  for (;;) {
    const next = withoutUnused(withoutConstants(inlineOnce(code)));
    if (next === code) return withDeclarations(code);
    code = next;
  }
}
