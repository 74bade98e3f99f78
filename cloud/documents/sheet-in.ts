/**
 * A table out of whatever file a school has: a workbook (ECMA-376, first sheet) or text with separators, in UTF-8 or windows-1251. Cells are texts; a
 * workbook's dates stay the numbers that they are there.
 */
import { readZip } from "./zip.js";

export type Table = readonly (readonly string[])[];

/** `null` when it is neither. Rows are as long as they are; empty ones at the end are left out. */
export function readTable(bytes: Uint8Array): Table | null {
  const isArchive = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const table = isArchive ? readWorkbook(bytes) : readText(bytes);
  if (table === null) return null;
  let length = table.length;
  while (length > 0 && table[length - 1].every((cell) => cell === "")) length--;
  return table.slice(0, length);
}

const BINARY = /[\u0000-\u0008\u000e-\u001f]/;

function readText(bytes: Uint8Array): Table | null {
  const text = decodeText(bytes);
  if (text === null || BINARY.test(text)) return null;
  const first = text.split("\n", 1)[0];
  const separator = [";", "\t", ","].reduce((best, one) => (count(first, one) > count(first, best) ? one : best));
  return separated(text, separator);
}

/** What is not UTF-8 is taken for windows-1251, which every byte is a letter of. */
function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1251").decode(bytes);
  }
}

const count = (text: string, part: string) => text.split(part).length - 1;

/** RFC 4180 with any separator: quoted cells may hold it, line ends, and quotes written twice. */
function separated(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const endCell = () => {
    row.push(cell.trim());
    cell = "";
  };
  const endRow = () => {
    endCell();
    rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (letter === '"' && cell.trim() === "") {
      quoted = true;
      cell = "";
    } else if (letter === separator) endCell();
    else if (letter === "\n") endRow();
    else if (letter !== "\r") cell += letter;
  }
  if (cell !== "" || row.length > 0) endRow();
  return rows;
}

function readWorkbook(bytes: Uint8Array): Table | null {
  const files = readZip(bytes);
  const file = (name: string) => {
    const found = files?.get(name);
    return found ? Buffer.from(found).toString("utf8") : null;
  };
  const sheet = file(firstSheetOf(file("xl/workbook.xml") ?? "", file("xl/_rels/workbook.xml.rels") ?? ""));
  if (sheet === null) return null;
  const shared = [...(file("xl/sharedStrings.xml") ?? "").matchAll(/<si>([^]*?)<\/si>/g)].map(([, inside]) => textIn(inside));
  const table: string[][] = [];
  for (const [, attributes, inside = ""] of sheet.matchAll(/<row\b([^>]*?)(?:\/>|>([^]*?)<\/row>)/g)) {
    const at = Number(/\br="([0-9]+)"/.exec(attributes)?.[1] ?? table.length + 1) - 1;
    if (at > MOST_ROWS) return null;
    while (table.length < at) table.push([]);
    table[at] = rowIn(inside, shared);
  }
  return table;
}

const MOST_ROWS = 200_000;
const MOST_COLUMNS = 1000;

function firstSheetOf(workbook: string, relations: string): string {
  const id = /<sheet\b[^>]*\br:id="([^"]+)"/.exec(workbook)?.[1];
  const relation = [...relations.matchAll(/<Relationship\b[^>]*>/g)].map(([tag]) => tag).find((tag) => tag.includes('Id="' + id + '"'));
  const target = /\bTarget="\/?(?:xl\/)?([^"]+)"/.exec(relation ?? "")?.[1];
  return "xl/" + (target ?? "worksheets/sheet1.xml");
}

function rowIn(inside: string, shared: readonly string[]): string[] {
  const row: string[] = [];
  for (const [, attributes, content = ""] of inside.matchAll(/<c\b([^>]*?)(?:\/>|>([^]*?)<\/c>)/g)) {
    const letters = /\br="([A-Z]+)/.exec(attributes)?.[1];
    const column = letters === undefined ? row.length : columnOf(letters);
    if (column >= MOST_COLUMNS) continue;
    while (row.length < column) row.push("");
    const kind = /\bt="([a-zA-Z]+)"/.exec(attributes)?.[1] ?? "n";
    const value = unescaped(/<v>([^]*?)<\/v>/.exec(content)?.[1] ?? "");
    row[column] = (kind === "s" ? (shared[Number(value)] ?? "") : kind === "inlineStr" ? textIn(content) : value).trim();
  }
  return row;
}

function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
}

/** Phonetic readings are no part of the text. */
function textIn(xml: string): string {
  const spoken = xml.replace(/<rPh\b[^]*?<\/rPh>/g, "");
  return [...spoken.matchAll(/<t\b[^>]*>([^]*?)<\/t>/g)].map(([, text]) => unescaped(text)).join("");
}

const ENTITIES: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(xml: string): string {
  return xml.replace(/&(#x[0-9a-f]+|#[0-9]+|[a-z]+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
    const code = name[1] === "x" || name[1] === "X" ? parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
