import ts from "typescript";

import { baseName, lineOf, walk, type Code, type Law, type Violation } from "./house.js";

const longestFile = 400;
const longestTest = 600;
const longestFunction = 70;
/** The formatter holds code to 140; this is for what it leaves alone: comments and strings. */
const longestLine = 160;

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name && ts.isIdentifier(node.name)) return node.name.text;
  return ts.isVariableDeclaration(node.parent) ? node.parent.name.getText() : "this function";
}

function longFunctions(code: Code): Violation[] {
  const violations: Violation[] = [];
  walk(code.tree, (node) => {
    if (!ts.isFunctionLike(node) || !("body" in node) || node.body === undefined) return;
    const first = lineOf(code, node);
    const last = code.tree.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
    const lines = last - first + 1;
    if (lines <= longestFunction) return;
    const cure = `${nameOf(node)} has ${lines} lines: split it by what it decides, at most ${longestFunction}`;
    violations.push({ path: code.path, line: first, cure });
  });
  return violations;
}

function longLines(code: Code): Violation[] {
  // Sentences for people are kept whole: a translator should see one string.
  if (baseName(code.path).startsWith("words")) return [];
  return code.text.split("\n").flatMap((text, index) => {
    if (text.length <= longestLine) return [];
    return [{ path: code.path, line: index + 1, cure: `this line has ${text.length} characters: break it, at most ${longestLine}` }];
  });
}

/** A file is a room one can look through from the door. */
export const size: Law = (house) =>
  house.code.flatMap((code) => {
    const lines = code.text.trimEnd().split("\n").length;
    const limit = code.isTest ? longestTest : longestFile;
    const long = lines > limit ? [{ path: code.path, line: limit, cure: `${lines} lines: split it by topic, at most ${limit}` }] : [];
    return [...long, ...longFunctions(code), ...longLines(code)];
  });
