import ts from "typescript";

import { lineOf, walk, type Code, type Law, type Violation } from "./house.js";

const empty = /^(utils?|common|misc|types|constants?|helpers?|manager|service)$/;
/** An underscore in front marks what tests share: AVA does not run such a file by itself. */
const kebab = /^_?[a-z0-9]+(-[a-z0-9]+)*$/;
/** Names that other tools prescribe. */
const prescribed = /(^|\/)(README|CONTRIBUTING|CHANGELOG|GLOSSARY|LICENSE)/;

function fileName(path: string): string | undefined {
  const base = (path.split("/").at(-1) ?? "").split(".")[0] ?? "";
  if (base === "" || prescribed.test(path)) return undefined;
  if (base.split("-").some((word) => empty.test(word))) return `"${base}" says nothing: name the file after the thing it is about`;
  // SQL migrations begin with their number, JSON and Markdown are named by those who read them.
  if (/\.(tsx?|mjs|js)$/.test(path) && !kebab.test(base)) return `"${base}" is not kebab-case: small letters, digits and hyphens`;
  return undefined;
}

const hollowName = /^(I[A-Z][a-z]\w*|Abstract\w*|\w+(Impl|Manager|Service|Helper))$/;

function hollowNames(code: Code): Violation[] {
  const violations: Violation[] = [];
  walk(code.tree, (node) => {
    if (!ts.isClassDeclaration(node) && !ts.isInterfaceDeclaration(node) && !ts.isTypeAliasDeclaration(node)) return;
    const name = node.name?.text ?? "";
    if (!hollowName.test(name)) return;
    violations.push({ path: code.path, line: lineOf(code, node), cure: `"${name}" names a pattern: use the plain noun of what it is` });
  });
  return violations;
}

/** Names say what a thing is about, for files and for types. */
export const naming: Law = (house) => [
  ...[...house.paths].flatMap((path) => {
    const cure = fileName(path);
    return cure === undefined ? [] : [{ path, line: 1, cure }];
  }),
  ...house.code.filter((code) => !code.path.endsWith(".d.ts")).flatMap(hollowNames),
];
