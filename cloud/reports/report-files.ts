/** A report to take away: as a spreadsheet that adds up there as it does here, and as a paper to sign. */
import type { PaperColumn } from "../documents/paper.js";
import { writePaper } from "../documents/paper.js";
import { writeWorkbook } from "../documents/sheet-out.js";
import type { Cell } from "../documents/sheet-out.js";
import { moneyText } from "../web/money-text.js";
import type { Check, Column, Made } from "./report.js";
import type { ReportWords } from "./words.ru.js";

export interface ReportHead {
  readonly title: string;
  /** School, period, filters, when it was made: a line each. */
  readonly lines: readonly string[];
  readonly madeMs: number;
  readonly wide: boolean;
}

export function reportSheet({ columns, rows, foot }: Made, { title }: ReportHead): Uint8Array {
  return writeWorkbook({ name: title, columns, rows, foot: foot ?? undefined });
}

export function reportPaper(report: Made, { title, lines, madeMs, wide }: ReportHead, words: ReportWords): Promise<Uint8Array> {
  const { columns, rows, foot, checks, notes } = report;
  return writePaper(
    title,
    madeMs,
    (paper) => {
      paper.heading(title);
      for (const line of lines) paper.text(line, { small: true });
      paper.table(columns.map(paperColumn), rows.map(textsOf), foot ? textsOf(foot) : undefined);
      for (const line of [...notes, ...checks.map((check) => checkText(check, words))]) paper.text(line, { small: true });
      paper.signatures(words.paper.signatures);
    },
    { wide },
  );
}

const paperColumn = ({ head, width, figure }: Column): PaperColumn => ({ head, width, figure });
const textsOf = (cells: readonly Cell[]) => cells.map(cellText);

export function cellText(cell: Cell): string {
  if (cell === null) return "";
  return typeof cell === "object" ? moneyText(cell.kopecks) : String(cell);
}

export const agrees = ({ here, ledger }: Check): boolean => here === ledger;

export function checkText(check: Check, { check: said }: ReportWords): string {
  const { what, here, ledger } = check;
  return agrees(check) ? said.agrees(what, moneyText(here)) : said.differs(what, moneyText(here), moneyText(ledger));
}
