/** A workbook of one sheet (ECMA-376), as every spreadsheet opens it: texts, whole numbers, and money that adds up there as it does here. */
import { writeZip } from "./zip.js";

/** Money is given in whole kopecks and becomes roubles with two places without ever being a fraction here. */
export type Cell = string | number | { readonly kopecks: number } | null;

export interface SheetColumn {
  readonly head: string;
  /** In letters of the usual font. */
  readonly width: number;
}

export interface SheetOut {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly Cell[])[];
  /** Sums below the rows, in bold. */
  readonly foot?: readonly Cell[];
}

const BOLD = 1;
const MONEY = 2;
const BOLD_MONEY = 3;
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

export const SHEET_TYPE = TYPE + "sheet";

export function writeWorkbook({ name, columns, rows, foot }: SheetOut): Uint8Array {
  const widths = columns.map(({ width }, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`);
  const lines = [columns.map(({ head }) => head), ...rows, ...(foot ? [foot] : [])];
  const isBold = (at: number) => at === 0 || (foot !== undefined && at === lines.length - 1);
  const data = lines.map(
    (line, at) => `<row r="${at + 1}">${line.map((cell, column) => cellOf(cell, column, at, isBold(at))).join("")}</row>`,
  );
  const pane = '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>';
  return writeZip([
    {
      name: "[Content_Types].xml",
      text:
        `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>` +
        `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
        `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}sheet.main+xml"/>` +
        `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}worksheet+xml"/>` +
        `<Override PartName="/xl/styles.xml" ContentType="${TYPE}styles+xml"/></Types>`,
    },
    { name: "_rels/.rels", text: relations([["officeDocument", "xl/workbook.xml"]]) },
    {
      name: "xl/workbook.xml",
      text: `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets><sheet name="${sheetName(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      text: relations([
        ["worksheet", "worksheets/sheet1.xml"],
        ["styles", "styles.xml"],
      ]),
    },
    { name: "xl/styles.xml", text: STYLES },
    {
      name: "xl/worksheets/sheet1.xml",
      text: `${HEAD}<worksheet xmlns="${MAIN}">${pane}<cols>${widths.join("")}</cols><sheetData>${data.join("")}</sheetData></worksheet>`,
    },
  ]);
}

function relations(targets: readonly (readonly [kind: string, target: string])[]): string {
  const lines = targets.map(([kind, target], at) => `<Relationship Id="rId${at + 1}" Type="${RELATIONS}/${kind}" Target="${target}"/>`);
  return `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${lines.join("")}</Relationships>`;
}

/** Fonts: plain and bold; formats: as it is, and figures with two places, thousands apart. */
const STYLES =
  `${HEAD}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>` +
  `<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>` +
  `<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/>` +
  `<xf fontId="1" applyFont="1"/><xf numFmtId="4" applyNumberFormat="1"/><xf fontId="1" numFmtId="4" applyFont="1" applyNumberFormat="1"/>` +
  `</cellXfs></styleSheet>`;

function cellOf(cell: Cell, column: number, row: number, bold: boolean): string {
  const at = `r="${lettersOf(column)}${row + 1}"`;
  if (cell === null || cell === "") return "";
  if (typeof cell === "number") return `<c ${at} s="${bold ? BOLD : 0}"><v>${cell}</v></c>`;
  if (typeof cell === "object") return `<c ${at} s="${bold ? BOLD_MONEY : MONEY}"><v>${formatRoubles(cell.kopecks)}</v></c>`;
  return `<c ${at} s="${bold ? BOLD : 0}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`;
}

/** "-120.05". */
export function formatRoubles(kopecks: number): string {
  const digits = String(Math.abs(kopecks)).padStart(3, "0");
  return (kopecks < 0 ? "-" : "") + digits.slice(0, -2) + "." + digits.slice(-2);
}

function lettersOf(column: number): string {
  return column < 26 ? String.fromCharCode(65 + column) : lettersOf(Math.floor(column / 26) - 1) + lettersOf(column % 26);
}

/** At most 31 letters, and none that a sheet's name may not have. */
function sheetName(name: string): string {
  return escaped(name.replace(/[\\/?*[\]:]/g, " ").slice(0, 31));
}

function escaped(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "").replace(/[&<>"]/g, (letter) => "&#" + letter.charCodeAt(0) + ";");
}
