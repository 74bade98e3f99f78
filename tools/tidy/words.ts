import ts from "typescript";

import { baseName, lineOf, walk, type Code, type Law, type Violation } from "./house.js";

const cyrillic = /[\u0400-\u04FF]/;

/**
 * Places where Russian stands in code on purpose: words files, tests, the demo school with its invented people and dishes, what the stories say.
 * Character tables are data about the alphabet, not sentences.
 */
const allowedPlace = /^simulators\/school\/|\/scenarios\/|\/words\/|^protocol\/wire\/cp1251\.ts$/;

function isAllowed(code: Code): boolean {
  return code.isTest || baseName(code.path).startsWith("words") || allowedPlace.test(code.path);
}

function sentences(code: Code): Violation[] {
  const violations: Violation[] = [];
  walk(code.tree, (node) => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
    if (!(isText || ts.isJsxText(node)) || !cyrillic.test(node.text)) return;
    const cure = "a sentence for people stands in a words file (words.ru.ts beside words.en.ts): move it there and use its name here";
    violations.push({ path: code.path, line: lineOf(code, node), cure });
  });
  return violations;
}

/** Where would I look for a Russian sentence? In a words file. */
export const words: Law = (house) => house.code.filter((code) => !isAllowed(code)).flatMap(sentences);
