/**
 * Papers for printing: A4 with a heading, paragraphs, lines to sign on, and tables that go on on the next page under their own headings. PT Sans, so that
 * every Russian letter is there; nothing is cut: what does not fit a cell goes on in its next line.
 */
import { createRequire } from "node:module";
import { openPdf } from "./pdf.js";

const require = createRequire(import.meta.url);
const REGULAR = require.resolve("@expo-google-fonts/pt-sans/400Regular/PTSans_400Regular.ttf");
const BOLD = require.resolve("@expo-google-fonts/pt-sans/700Bold/PTSans_700Bold.ttf");
const MARGIN = 50;
const SIZE = 10.5;

/** Of a table's cells, in points: type and the room around it. */
interface TableLook {
  readonly size: number;
  readonly room: number;
}

const USUAL: TableLook = { size: SIZE - 1, room: 4 };
const SMALL: TableLook = { size: 7.5, room: 1.5 };
/** Room around a slip's picture and lines, its height and the width of its picture: five to a page. */
const SLIP_ROOM = 4;
const SLIP = 142;
/** Faces in a row of a gallery, and the room between them. */
const FACES = 5;
const FACE_ROOM = 10;

export interface PaperColumn {
  readonly head: string;
  /** Share of the width. */
  readonly width: number;
  readonly figure?: boolean;
}

export interface Face {
  /** JPEG, 35 × 45. */
  readonly picture: Uint8Array | null;
  readonly lines: readonly string[];
}

export interface Paper {
  heading(text: string): void;
  text(text: string, options?: { right?: boolean; bold?: boolean; small?: boolean }): void;
  gap(): void;
  table(columns: readonly PaperColumn[], rows: readonly (readonly string[])[], foot?: readonly string[]): void;
  /** A picture with lines beside it, the first in bold, framed to be cut out; never over the end of a page. */
  slip(picture: Buffer, lines: readonly string[]): void;
  /** Faces in rows, each with its lines below, the first in bold; an empty frame where there is no picture. */
  gallery(faces: readonly Face[]): void;
  /** Places to sign, side by side, with what stands under each. */
  signatures(names: readonly string[]): void;
}

export const PDF_TYPE = "application/pdf";

export interface PaperLook {
  /** The sheet lies on its side and its tables are set small. */
  readonly wide: boolean;
}

/** `title` stands in the file's own description; `madeMs` too, so the same paper is the same bytes. */
export async function writePaper(
  title: string,
  madeMs: number,
  draw: (paper: Paper) => void,
  { wide }: PaperLook = { wide: false },
): Promise<Uint8Array> {
  const info = { Title: title, CreationDate: new Date(madeMs), ModDate: new Date(madeMs) };
  const layout = wide ? "landscape" : "portrait";
  const { document, end } = await openPdf({ size: "A4", layout, margin: MARGIN, info, lang: "ru-RU" });
  document.registerFont("regular", REGULAR).registerFont("bold", BOLD).font("regular").fontSize(SIZE);
  draw(paperOn(document, wide ? SMALL : USUAL));
  return end();
}

function paperOn(document: PDFKit.PDFDocument, { size, room }: TableLook): Paper {
  const width = document.page.width - 2 * MARGIN;
  const bottom = document.page.height - MARGIN;
  const need = (height: number) => {
    if (document.y + height > bottom) document.addPage();
  };
  return {
    heading(text) {
      need(40);
      document.font("bold").fontSize(14).text(text, MARGIN, document.y, { width, align: "center" }).moveDown(0.7);
      document.font("regular").fontSize(SIZE);
    },
    text(text, { right = false, bold = false, small = false } = {}) {
      document.font(bold ? "bold" : "regular").fontSize(small ? SIZE - 1.5 : SIZE);
      document.text(text, MARGIN, document.y, { width, align: right ? "right" : "left" }).moveDown(0.35);
      document.font("regular").fontSize(SIZE);
    },
    gap: () => void document.moveDown(0.8),
    table(columns, rows, foot) {
      const all = columns.reduce((sum, column) => sum + column.width, 0);
      const widths = columns.map((column) => (width * column.width) / all);
      const heightOf = (cells: readonly string[]) =>
        2 * room + Math.max(...cells.map((cell, at) => document.heightOfString(cell || " ", { width: widths[at] - 2 * room })));
      const line = (cells: readonly string[], font: "regular" | "bold") => {
        document.font(font).fontSize(size);
        const height = heightOf(cells);
        const y = document.y;
        cells.forEach((cell, at) => {
          const x = MARGIN + widths.slice(0, at).reduce((sum, one) => sum + one, 0);
          document.lineWidth(0.5).rect(x, y, widths[at], height).stroke();
          document.text(cell, x + room, y + room, { width: widths[at] - 2 * room, align: columns[at].figure ? "right" : "left" });
        });
        document.y = y + height;
        document.font("regular").fontSize(SIZE);
      };
      const head = columns.map((column) => column.head);
      need(60);
      line(head, "bold");
      for (const cells of rows) {
        document.fontSize(size);
        if (document.y + heightOf(cells) > bottom) {
          document.addPage();
          line(head, "bold");
        }
        line(cells, "regular");
      }
      if (foot) {
        need(24);
        line(foot, "bold");
      }
      document.x = MARGIN;
      document.moveDown(0.8);
    },
    slip(picture, lines) {
      need(SLIP + SLIP_ROOM);
      drawSlip(document, width, picture, lines);
    },
    gallery: (faces) => drawGallery(document, faces, width, need),
    signatures(names) {
      need(60);
      sign(document, width, names);
    },
  };
}

function drawSlip(document: PDFKit.PDFDocument, width: number, picture: Buffer, lines: readonly string[]): void {
  const y = document.y;
  document.lineWidth(0.5).dash(4, { space: 3 }).rect(MARGIN, y, width, SLIP).stroke().undash();
  document.image(picture, MARGIN + SLIP_ROOM, y + SLIP_ROOM, { fit: [SLIP - 2 * SLIP_ROOM, SLIP - 2 * SLIP_ROOM] });
  document.y = y + 2 * SLIP_ROOM;
  lines.forEach((line, at) => {
    document.font(at === 0 ? "bold" : "regular").fontSize(at === 0 ? SIZE : SIZE - 1);
    document.text(line, MARGIN + SLIP + SLIP_ROOM, document.y, { width: width - SLIP - 3 * SLIP_ROOM }).moveDown(0.2);
  });
  document.font("regular").fontSize(SIZE);
  document.x = MARGIN;
  document.y = y + SLIP + SLIP_ROOM;
}

function drawGallery(document: PDFKit.PDFDocument, faces: readonly Face[], width: number, need: (height: number) => void): void {
  const each = (width - (FACES - 1) * FACE_ROOM) / FACES;
  const height = (each * 45) / 35;
  const look = { width: each, align: "center", lineGap: -1 } as const;
  const linesOf = ({ lines }: Face): number => lines.reduce((sum, line) => sum + document.heightOfString(line, look), 0);
  for (let from = 0; from < faces.length; from += FACES) {
    const row = faces.slice(from, from + FACES);
    document.font("bold").fontSize(SIZE - 2.5);
    const below = Math.max(...row.map(linesOf)) + FACE_ROOM;
    need(height + below);
    const y = document.y;
    row.forEach(({ picture, lines }, at) => {
      const x = MARGIN + at * (each + FACE_ROOM);
      if (picture) document.image(Buffer.from(picture), x, y, { width: each, height });
      document.lineWidth(0.5).rect(x, y, each, height).stroke();
      document.y = y + height + 2;
      lines.forEach((line, index) => document.font(index === 0 ? "bold" : "regular").text(line, x, document.y, look));
    });
    document.x = MARGIN;
    document.y = y + height + below;
  }
  document.font("regular").fontSize(SIZE);
}

function sign(document: PDFKit.PDFDocument, width: number, names: readonly string[]): void {
  document.moveDown(1.5);
  const y = document.y;
  const each = width / names.length;
  names.forEach((name, at) => {
    const x = MARGIN + at * each;
    document
      .moveTo(x, y)
      .lineTo(x + each - 20, y)
      .lineWidth(0.5)
      .stroke();
    document.fontSize(SIZE - 1.5).text(name, x, y + 3, { width: each - 20 });
  });
  document.fontSize(SIZE);
  document.x = MARGIN;
  document.moveDown(1);
}
