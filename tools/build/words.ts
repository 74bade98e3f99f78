import { createHash } from "node:crypto";
import { toByteText } from "@trapeza/protocol";
import { parse } from "acorn";
import MagicString from "magic-string";
import { excerpt, nameOf, walk, type Tree } from "./syntax.js";

/** The words that an image mentions, as they lie beside it in flash. */
export interface WordFile {
  /** At most 28 letters. It ends in a hash of the content: a program reads its own words or none. */
  readonly name: string;
  /**
   * Texts 2 × number (Russian) and 2 × number + 1 (English) in windows-1251. First the offset of each from the beginning of the file, and that of the end,
   * in two bytes, high byte first; then the texts without anything between them.
   */
  readonly content: Uint8Array;
}

/** What firmware/say-flash.ts says where the name of the file is to stand. */
const NAME_PLACE = "words-*";

type Pair = readonly [russian: string, english: string];

interface Table {
  /** The pairs, by property name or by index. */
  readonly pairs: ReadonlyMap<string, Pair>;
  readonly isList: boolean;
  readonly declarator: Tree;
}

function pairOf(node: Tree | null): Pair | null {
  if (node?.type !== "ArrayExpression") return null;
  const texts = (node.elements as (Tree | null)[]).map((one) => (one?.type === "Literal" ? one.value : null));
  const [russian, english] = texts;
  return texts.length === 2 && typeof russian === "string" && typeof english === "string" ? [russian, english] : null;
}

/** `{ name: [russian, english], … }` or `[[russian, english], …]`; `null` for anything else. */
function pairsOf(value: Tree | null): ReadonlyMap<string, Pair> | null {
  const entries: (readonly [string, Tree | null])[] =
    value?.type === "ObjectExpression"
      ? (value.properties as Tree[]).map((one) => [nameOf(one.key) ?? "", one.value as Tree])
      : value?.type === "ArrayExpression"
        ? (value.elements as (Tree | null)[]).map((one, i) => [String(i), one])
        : [];
  const pairs = new Map<string, Pair>();
  for (const [name, node] of entries) {
    const pair = pairOf(node);
    if (pair === null) return null;
    pairs.set(name, pair);
  }
  return pairs.size > 0 ? pairs : null;
}

function tablesIn(program: Tree): Map<string, Table> {
  const tables = new Map<string, Table>();
  for (const node of program.body as Tree[]) {
    if (node.type !== "VariableDeclaration") continue;
    for (const declarator of node.declarations as Tree[]) {
      const pairs = pairsOf(declarator.init as Tree | null);
      const isList = (declarator.init as Tree | null)?.type === "ArrayExpression";
      if (pairs) tables.set(nameOf(declarator.id) ?? "", { pairs, isList, declarator });
    }
  }
  return tables;
}

function pack(words: readonly Pair[]): Uint8Array {
  const texts = words.flat().map((text) => Buffer.from(toByteText(text), "latin1"));
  const content: number[] = [];
  let at = (texts.length + 1) * 2;
  for (const text of [...texts, Buffer.alloc(0)]) {
    content.push(at >> 8, at & 255);
    at += text.length;
  }
  return Uint8Array.from([...content, ...texts.flatMap((text) => [...text])]);
}

/**
 * Takes the words out of a linked program: every table of pairs becomes numbers in place of its mentions, and a file. A word is mentioned by name
 * (`SHARED.done`) or, in a list, by index. Complains of letters that windows-1251 lacks and of tables that are used in another way.
 */
export function takeWords(code: string): { code: string; file: WordFile | null; complaints: string[] } {
  const program = parse(code, { ecmaVersion: 5, sourceType: "module" }) as unknown as Tree;
  const tables = tablesIn(program);
  if (tables.size === 0) return { code, file: null, complaints: [] };
  const edited = new MagicString(code);
  const complaints: string[] = [];
  const words: Pair[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (key: string, more: readonly Pair[]): number => {
    if (!numbers.has(key)) numbers.set(key, words.push(...more) - more.length);
    return numbers.get(key)!;
  };
  walk(program, (node, path) => {
    const table = tables.get(nameOf(node) ?? "");
    const parent = path[path.length - 1];
    if (!table || parent === table.declarator) return;
    const member = parent?.type === "MemberExpression" && parent.object === node ? parent : null;
    const word = table.pairs.get(nameOf(member?.property) ?? "");
    if (member && table.isList && member.computed === true) {
      edited.overwrite(member.start, (member.property as Tree).start, `(${numberOf(nameOf(node)!, [...table.pairs.values()])}+(`);
      edited.overwrite((member.property as Tree).end, member.end, "))");
    } else if (member && table.isList && nameOf(member.property) === "length") {
      edited.overwrite(member.start, member.end, String(table.pairs.size));
    } else if (member && word && member.computed !== true) {
      edited.overwrite(member.start, member.end, String(numberOf(word.join("\n"), [word])));
    } else complaints.push(`a table of words is used otherwise than by a word of it, ${excerpt(code, parent ?? node)}`);
  });
  for (const { declarator } of tables.values()) edited.overwrite((declarator.init as Tree).start, (declarator.init as Tree).end, "0");
  for (const text of words.flat())
    for (const letter of text)
      if (toByteText(letter) === "?" && letter !== "?") complaints.push(`windows-1251 has no "${letter}" (in "${text}")`);
  const content = pack(words);
  const name = NAME_PLACE.replace("*", createHash("sha256").update(content).digest("hex").slice(0, 8));
  return { code: edited.toString().replace(`"${NAME_PLACE}"`, `"${name}"`), file: { name, content }, complaints };
}
