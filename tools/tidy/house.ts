import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

import { packageNames, sourceFiles } from "../tree.js";

/** One broken law at one place. `cure` says what to do, not only what is wrong. */
export interface Violation {
  path: string;
  line: number;
  cure: string;
}

/** A law looks at the whole house and answers with everything that breaks it. */
export type Law = (house: House) => Violation[];

/** One import, export-from or `import("…")` with a literal name; `line` counts from 1. */
export interface Import {
  specifier: string;
  line: number;
}

/** A parsed source file of one of the packages. */
export interface Code {
  path: string;
  /** The package it belongs to: the first folder of its path. */
  owner: string;
  text: string;
  tree: ts.SourceFile;
  imports: Import[];
  isTest: boolean;
}

/** Everything the laws look at: paths from the root with forward slashes, and the text behind them. */
export interface House {
  paths: ReadonlySet<string>;
  code: Code[];
  read(path: string): string;
}

export function lineOf(code: Code, node: ts.Node): number {
  return code.tree.getLineAndCharacterOfPosition(node.getStart(code.tree)).line + 1;
}

/** Visits `node` and everything below it, parents first. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

/** The last part of a path without its endings: "gateway/journal/commit.test.ts" → "commit". */
export function baseName(path: string): string {
  return (path.split("/").at(-1) ?? "").replace(/\..*$/, "");
}

/** The path from the root that a relative import means, as the source file that stands behind its `.js`, or undefined if there is none. */
export function resolveRelative(house: House, from: string, specifier: string): string | undefined {
  const target = join(dirname(from), specifier).replaceAll("\\", "/");
  const stem = target.replace(/\.m?jsx?$/, "");
  return [`${stem}.ts`, `${stem}.tsx`, `${stem}.d.ts`, target, `${target}/index.ts`].find((path) => house.paths.has(path));
}

function importsOf(tree: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  const add = (node: ts.Node): void => {
    if (!ts.isStringLiteral(node)) return;
    imports.push({ specifier: node.text, line: tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1 });
  };
  walk(tree, (node) => {
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) add(node.moduleSpecifier);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0]) add(node.arguments[0]);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal);
  });
  return imports;
}

function parse(path: string, text: string): Code {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  return { path, owner: path.split("/")[0] ?? "", text, tree, imports: importsOf(tree), isTest: /\.test\.tsx?$/.test(path) };
}

function isCode(path: string): boolean {
  return /\.(tsx?|mjs|js)$/.test(path) && (packageNames as readonly string[]).includes(path.split("/")[0] ?? "");
}

/** A house from texts in memory: how the laws are tested. */
export function houseFrom(texts: Record<string, string>): House {
  const code = Object.keys(texts)
    .filter(isCode)
    .map((path) => parse(path, texts[path] ?? ""));
  return { paths: new Set(Object.keys(texts)), code, read: (path) => texts[path] ?? "" };
}

/** The checkout at `root`, read and parsed once for all laws. */
export function openHouse(root: string): House {
  const paths = sourceFiles(root);
  const code = paths.filter(isCode).map((path) => parse(path, readFileSync(join(root, path), "utf8")));
  return { paths: new Set(paths), code, read: (path) => readFileSync(join(root, path), "utf8") };
}
