import ts from "typescript";

import { lineOf, walk, type Code, type Law, type Violation } from "./house.js";

const stepFile = /^firmware\/(terminal|payment|settlement|information)\.ts$/;

const cures: Readonly<Record<string, string>> = {
  Date: "take the time as an argument",
  performance: "take the time as an argument",
  setTimeout: "return the wish to be woken as an effect",
  setInterval: "return the wish to be woken as an effect",
  process: "take the setting as an argument",
  console: "return what happened as a value",
  fetch: "return the request as an effect",
};

function isPure(code: Code): boolean {
  return !code.isTest && (code.owner === "protocol" || stepFile.test(code.path));
}

/** True for a name that is looked up in scope, false for `x.process`, `{ process: … }` and the like. */
function isFreeName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) return parent.name !== node;
  if (ts.isMethodSignature(parent) || ts.isMethodDeclaration(parent)) return parent.name !== node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  return true;
}

function impurities(code: Code): Violation[] {
  const violations: Violation[] = [];
  const report = (line: number, name: string, cure: string): void => {
    violations.push({ path: code.path, line, cure: `${name} makes this file answer differently each time: ${cure}` });
  };
  for (const { specifier, line } of code.imports) {
    if (specifier.startsWith("node:")) report(line, `"${specifier}"`, "keep Node outside and pass in what it gives");
  }
  walk(code.tree, (node) => {
    if (!ts.isIdentifier(node)) return;
    const cure = Object.hasOwn(cures, node.text) ? cures[node.text] : undefined;
    if (cure !== undefined && isFreeName(node)) report(lineOf(code, node), node.text, cure);
    const { parent } = node;
    const isRandom = node.text === "random" && ts.isPropertyAccessExpression(parent) && parent.expression.getText(code.tree) === "Math";
    if (isRandom) report(lineOf(code, node), "Math.random", "take the random numbers as an argument");
  });
  return violations;
}

/** The protocol and the step files of the terminals are functions of their arguments and nothing else. */
export const purity: Law = (house) => house.code.filter(isPure).flatMap(impurities);
