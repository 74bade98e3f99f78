import ts from "typescript";

import { lineOf, walk, type Code, type Law, type Violation } from "./house.js";

function mayPrint(code: Code): boolean {
  return code.owner === "tools" || /(^|\/)main(-[a-z]+)?\.ts$/.test(code.path);
}

const unfinished = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "XX" + "X"].join("|")})\\b`);

function cureFor(code: Code, node: ts.Node): string | undefined {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return "`any` switches the compiler off: write the type, or `unknown` and look";
  if (ts.isEnumDeclaration(node)) return "an enum is not erasable and invents numbers: use a union of literals or an object `as const`";
  if (ts.isPropertyAccessExpression(node)) {
    const whole = node.getText(code.tree);
    if (/^test(\.serial)?\.(only|failing|todo)$/.test(whole)) return `${whole} hides what the other tests would say: write plain test(…)`;
    if (/^console\./.test(whole) && !mayPrint(code)) return "only tools and main files print: return the fact, or use the given log";
  }
  return undefined;
}

function forbidden(code: Code): Violation[] {
  const violations: Violation[] = [];
  walk(code.tree, (node) => {
    const cure = cureFor(code, node);
    if (cure !== undefined) violations.push({ path: code.path, line: lineOf(code, node), cure });
  });
  code.text.split("\n").forEach((text, index) => {
    const match = unfinished.exec(text);
    if (match) violations.push({ path: code.path, line: index + 1, cure: `${match[1]}: do it now, or open an issue and delete the note` });
  });
  return violations;
}

/** No `any`, no `enum`, no test that silences others, no stray printing, no notes to oneself. Declarations of foreign code are as they are. */
export const forbiddenCode: Law = (house) => house.code.filter((code) => !code.path.endsWith(".d.ts")).flatMap(forbidden);
