import ts from "typescript";

import { baseName, lineOf, walk, type Code, type Law, type Violation } from "./house.js";

/** Files whose work is to turn kopecks into text. */
const textFile = /^(money-text|words.*|receipt)$/;

/** What is divided is not money: years and times say so in their names. */
const otherUnit = /^(year\w*|[\w.]+(Ms|Seconds|Years))$/i;

/** True inside a function called format…: there a sum is on its way to a person and never comes back. */
function isInFormat(node: ts.Node): boolean {
  for (let current: ts.Node | undefined = node; current; current = current.parent) {
    if (ts.isFunctionDeclaration(current) || ts.isMethodDeclaration(current)) {
      if (current.name && /^format/.test(current.name.getText())) return true;
    }
    if (ts.isVariableDeclaration(current) && /^format/.test(current.name.getText())) return true;
  }
  return false;
}

function cureFor(code: Code, node: ts.Node): string | undefined {
  if (ts.isIdentifier(node) && node.text === "parseFloat") return "parseFloat loses kopecks: parse roubles and kopecks as two integers";
  if (isInFormat(node)) return undefined;
  if (ts.isPropertyAccessExpression(node) && node.name.text === "toFixed") {
    return "toFixed rounds money out of sight: count in integers, and make text in a format… function";
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.SlashToken && node.right.getText(code.tree) === "100") {
    if (otherUnit.test(node.left.getText(code.tree))) return undefined;
    return "dividing by 100 makes fractions of a kopeck: keep kopecks, and divide only in a format… function";
  }
  return undefined;
}

function floats(code: Code): Violation[] {
  const violations: Violation[] = [];
  walk(code.tree, (node) => {
    const cure = cureFor(code, node);
    if (cure !== undefined) violations.push({ path: code.path, line: lineOf(code, node), cure });
  });
  return violations;
}

/** Money is integer kopecks until the moment it becomes text. */
export const floatMoney: Law = (house) => house.code.filter((code) => !code.isTest && !textFile.test(baseName(code.path))).flatMap(floats);
