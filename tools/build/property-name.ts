import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parse } from "acorn";
import ts from "typescript";
import { boardNames } from "./board-name.js";
import { isCases } from "./cases.js";
import { nameOf, walk, type Tree } from "./syntax.js";

/** Where the names stand that belong to others: the language's library and the board's. */
const BORROWED = ["firmware/chip/lib.d.ts", "firmware/espruino-api.ts"];
const ALWAYS = ["constructor", "prototype"];

/** Fields and methods that this file declares, in interfaces and in types written out. */
function membersOf(path: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isPropertySignature(node) || ts.isMethodSignature(node)) && ts.isIdentifier(node.name)) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES5));
  return names;
}

/**
 * Property names that must stay as they are. On Espruino a name of more than four letters takes a variable more in every object that has it, and a long one
 * its bytes of flash at every mention, so all others are shortened. Kept are those of the board and the language, and those of tables of cases.
 * {@link lookUps} finds what else would look a shortened name up by a text.
 */
export function keptPropertyNames(root: string, code: string): string[] {
  const names = new Set([...ALWAYS, ...boardNames, ...BORROWED.flatMap((path) => membersOf(join(root, path)))]);
  walk(parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree, (node) => {
    if (isCases(node))
      for (const property of node.properties as Tree[]) names.add(nameOf(property.key) ?? String((property.key as Tree).value));
  });
  return [...names];
}

/** Files that look up names by texts and know what they do: tables of cases and records; refusals by name; the technician's file. */
const KNOWING = new Set(["protocol/wire/schema.ts", "protocol/wire/reason.ts", "firmware/espruino.ts", "firmware/main-loader.ts"]);

function isNumeric(type: ts.Type): boolean {
  return type.isUnion() ? type.types.every(isNumeric) : (type.flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.Any)) !== 0;
}

function isDictionary(type: ts.TypeNode): boolean {
  return ts.isTypeLiteralNode(type) && type.members.every(ts.isIndexSignatureDeclaration);
}

function isUndeclared(symbol: ts.Symbol | undefined): boolean {
  return symbol === undefined || symbol.name === "__index";
}

function isFromDictionary(checker: ts.TypeChecker, element: ts.BindingElement): boolean {
  const from = checker.getTypeAtLocation(element.parent);
  const name = element.propertyName ?? element.name;
  return ts.isIdentifier(name) && (from.flags & ts.TypeFlags.Any) === 0 && checker.getPropertyOfType(from, name.text) === undefined;
}

/** Where a program would look for a property under its long name, which the build has shortened: a complaint each. */
export function lookUps(root: string, program: ts.Program): string[] {
  const checker = program.getTypeChecker();
  const complaints: string[] = [];
  for (const file of program.getSourceFiles().filter((one) => !one.isDeclarationFile)) {
    const path = relative(root, file.fileName);
    const complain = (node: ts.Node, what: string): void => {
      const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      complaints.push(`${path}:${line}: ${what}, but property names are shortened in an image: ${node.getText().slice(0, 60)}`);
    };
    const visit = (node: ts.Node): void => {
      if (ts.isElementAccessExpression(node) && !KNOWING.has(path) && !isNumeric(checker.getTypeAtLocation(node.argumentExpression)))
        complain(node, "a property is looked up by a text");
      const isUntold =
        ts.isPropertyAccessExpression(node) && !boardNames.has(node.name.text) && isUndeclared(checker.getSymbolAtLocation(node.name));
      if (isUntold && (checker.getTypeAtLocation(node.expression).flags & ts.TypeFlags.Any) === 0)
        complain(node, "nobody has declared this property");
      if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent) && isFromDictionary(checker, node))
        complain(node, "nobody has declared this property");
      if (ts.isAsExpression(node) && node.expression.getText().startsWith("JSON.parse(") && !isDictionary(node.type))
        complain(node, "what comes from outside has long names (read it as a dictionary)");
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return complaints;
}
