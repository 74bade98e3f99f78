/** A statement to take away: as a workbook whose sums add up there, too, and as a PDF for whoever wants it on paper with a date on it. */
import { createRequire } from "node:module";
import { openPdf } from "../documents/pdf.js";
import { writeWorkbook } from "../documents/sheet-out.js";
import type { Cell } from "../documents/sheet-out.js";
import { dateDigits } from "./date-text.js";
import { moneyText } from "./money-text.js";
import { inOrder, isMemo } from "./statement.js";
import type { Statement, StatementMemo } from "./statement.js";
import type { ParentWords } from "./parent/words.ru.js";

export interface StatementHead {
  /** Whose it is, a line each: name, place, period. */
  readonly title: string;
  readonly lines: readonly string[];
}

/** Whose a statement is, as every kind of file says it. */
export function headFor(
  { name, number, schoolNumber }: { readonly name: string; readonly number: string; readonly schoolNumber: number },
  { from, to }: Statement,
  { children, history }: ParentWords,
): StatementHead {
  const whose = children.school + schoolNumber + " · " + children.account + " " + number;
  return { title: name, lines: [whose, history.period(dateDigits(from), dateDigits(to))] };
}

/** Beside the sums, not among them. */
const memoText = ({ name, amount }: StatementMemo, { row }: ParentWords) => name + ": " + row.sentSum(moneyText(amount));

const money = (amount: number): Cell => (amount === 0 ? null : { kopecks: amount });

export function statementSheet(statement: Statement, { title }: StatementHead, words: ParentWords): Uint8Array {
  const say = words.history;
  const { opening, closing } = statement;
  const sums = { charged: 0, credited: 0 };
  for (const row of statement.rows) {
    sums.charged += row.charged;
    sums.credited += row.credited;
  }
  return writeWorkbook({
    name: title,
    columns: [
      { head: say.date, width: 12 },
      { head: say.name, width: 60 },
      { head: say.charged, width: 14 },
      { head: say.credited, width: 14 },
      { head: say.balance, width: 14 },
    ],
    rows: [
      [dateDigits(statement.from), say.opening, null, null, { kopecks: opening }],
      ...inOrder(statement).flatMap((row): Cell[][] =>
        isMemo(row)
          ? [[dateDigits(row.date), memoText(row, words), null, null, null]]
          : [
              [dateDigits(row.date), row.name, money(row.charged), money(row.credited), null],
              ...row.lines.map((line): Cell[] => [null, line.name + " — " + moneyText(line.amount), null, null, null]),
            ],
      ),
    ],
    foot: [dateDigits(statement.to), say.closing, { kopecks: sums.charged }, { kopecks: sums.credited }, { kopecks: closing }],
  });
}

const require = createRequire(import.meta.url);
const FONT = require.resolve("@expo-google-fonts/pt-sans/400Regular/PTSans_400Regular.ttf");
const BOLD = require.resolve("@expo-google-fonts/pt-sans/700Bold/PTSans_700Bold.ttf");
/** Points; the columns fill an A4 page between its margins. */
const MARGIN = 50;
const COLUMNS = [70, 265, 80, 80] as const;
const GAP = 6;
const BOTTOM = 780;
const FAINT = "#666666";

export async function statementPdf(statement: Statement, head: StatementHead, words: ParentWords): Promise<Uint8Array> {
  const say = words.history;
  const { document: pdf, end } = await openPdf({ size: "A4", margin: MARGIN, info: { Title: head.title } });
  pdf.font(BOLD).fontSize(16).text(head.title);
  pdf.font(FONT).fontSize(10).fillColor(FAINT);
  for (const line of head.lines) pdf.text(line);
  pdf.fillColor("black").moveDown();
  const line = (cells: readonly [string, string, string, string], look: { bold?: boolean; faint?: boolean } = {}) => {
    pdf
      .font(look.bold ? BOLD : FONT)
      .fontSize(10)
      .fillColor(look.faint ? FAINT : "black");
    const height = Math.max(...cells.map((text, i) => pdf.heightOfString(text || " ", { width: COLUMNS[i] })));
    if (pdf.y + height > BOTTOM) pdf.addPage();
    const { y } = pdf;
    let x: number = MARGIN;
    cells.forEach((text, i) => {
      pdf.text(text, x, y, { width: COLUMNS[i], align: i < 2 ? "left" : "right" });
      x += COLUMNS[i];
    });
    pdf.y = y + height + GAP;
    pdf.x = MARGIN;
  };
  line([say.date, say.name, say.charged, say.credited], { faint: true });
  line([dateDigits(statement.from), say.opening, "", moneyText(statement.opening)], { bold: true });
  for (const row of inOrder(statement)) {
    if (isMemo(row)) {
      line([dateDigits(row.date), memoText(row, words), "", ""], { faint: true });
      continue;
    }
    const [charged, credited] = [row.charged, row.credited].map((amount) => (amount === 0 ? "" : moneyText(amount)));
    line([dateDigits(row.date), row.name, charged, credited]);
    for (const dish of row.lines) line(["", "    " + dish.name, moneyText(dish.amount), ""], { faint: true });
  }
  line([dateDigits(statement.to), say.closing, "", moneyText(statement.closing)], { bold: true });
  return end();
}
