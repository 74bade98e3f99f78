/**
 * Cards for a card printer or a printing house: CR80 (ISO/IEC 7810 ID-1, 85.6 × 54 mm), a page a side, front and back in turn. Colour and pictures run 3 mm
 * over the edge; the page says where it is cut. Whatever must be read keeps 4 mm away from the edge.
 */
import { createRequire } from "node:module";
import { openPdf } from "./pdf.js";

const require = createRequire(import.meta.url);
const REGULAR = require.resolve("@expo-google-fonts/pt-sans/400Regular/PTSans_400Regular.ttf");
const BOLD = require.resolve("@expo-google-fonts/pt-sans/700Bold/PTSans_700Bold.ttf");

const MM = 72 / 25.4;
export const CARD_WIDTH = 85.6 * MM;
export const CARD_HEIGHT = 54 * MM;
export const BLEED = 3 * MM;
const INSIDE = 4 * MM;
const PHOTO_WIDTH = 24 * MM;
const PHOTO_HEIGHT = (PHOTO_WIDTH * 45) / 35;
const INK = "#1b2530";
const FAINT = "#55606b";
/** Ground and shapes of a front: blue for pupils, grey for staff (R4.5). */
const COLOURS = { pupil: ["#2b7fb5", "#3d92c8", "#ffffff"], staff: ["#6c757d", "#7e878f", "#ffffff"] } as const;

export interface CardSides {
  readonly look: keyof typeof COLOURS;
  /** The system's name, and what stands below it, large on the front. */
  readonly front: readonly [string, string];
  /** Whose card it is at the foot of the front: the operator's. */
  readonly owner: string;
  readonly system: string;
  /** A line each; the first is the surname. */
  readonly name: readonly string[];
  readonly numberLabel: string;
  readonly number: string;
  /** JPEG, 35 × 45; a card without one is a spare. */
  readonly photo: Uint8Array | null;
  readonly contacts: readonly string[];
}

/** The same cards at the same moment are the same bytes. */
export async function writeCards(title: string, madeMs: number, cards: readonly CardSides[]): Promise<Uint8Array> {
  const info = { Title: title, CreationDate: new Date(madeMs), ModDate: new Date(madeMs) };
  const { document, end } = await openPdf({ autoFirstPage: false, info, lang: "ru-RU" });
  document.registerFont("regular", REGULAR).registerFont("bold", BOLD);
  for (const card of cards) {
    openSide(document);
    drawFront(document, card);
    openSide(document);
    drawBack(document, card);
  }
  return end();
}

/** A page of a card and its bleed, with the boxes by which a printing house cuts (ISO 32000-1 §14.11.2). Drawing begins at the card's own corner. */
function openSide(document: PDFKit.PDFDocument): void {
  const [width, height] = [CARD_WIDTH + 2 * BLEED, CARD_HEIGHT + 2 * BLEED];
  document.addPage({ size: [width, height], margin: 0 });
  const { data } = document.page.dictionary as unknown as { data: Record<string, number[]> };
  data.BleedBox = [0, 0, width, height];
  data.TrimBox = [BLEED, BLEED, width - BLEED, height - BLEED];
  document.translate(BLEED, BLEED);
}

function drawFront(document: PDFKit.PDFDocument, { look, front: [title, below], owner }: CardSides): void {
  const [ground, shape, ink] = COLOURS[look];
  const width = CARD_WIDTH - 2 * INSIDE;
  document.rect(-BLEED, -BLEED, CARD_WIDTH + 2 * BLEED, CARD_HEIGHT + 2 * BLEED).fill(ground);
  // A laid table: a plate with its rim, fork and knife beside it.
  const [x, y, radius] = [CARD_WIDTH - 21 * MM, CARD_HEIGHT * 0.55, 14 * MM];
  const fork = x - radius - 5 * MM;
  document.circle(x, y, radius).fill(shape);
  document.circle(x, y, radius * 0.72).fill(ground);
  document.circle(x, y, radius * 0.66).fill(shape);
  document.roundedRect(fork, y - 11 * MM, 1.6 * MM, 22 * MM, MM).fill(shape);
  document.roundedRect(x + radius + 3.4 * MM, y - 11 * MM, 1.6 * MM, 22 * MM, MM).fill(shape);
  document.fillColor(ink);
  fitted(document, title, { x: INSIDE, y: INSIDE + 2 * MM, width, font: "bold", most: 24 });
  fitted(document, below, { x: INSIDE, y: INSIDE + 13 * MM, width: fork - INSIDE - 2 * MM, font: "regular", most: 11 });
  fitted(document, owner, { x: INSIDE, y: CARD_HEIGHT - INSIDE - 4 * MM, width, font: "regular", most: 8 });
}

function drawBack(document: PDFKit.PDFDocument, { system, name, numberLabel, number, photo, contacts }: CardSides): void {
  const left = INSIDE + PHOTO_WIDTH + 4 * MM;
  const width = CARD_WIDTH - left - INSIDE;
  const top = INSIDE + 7 * MM;
  document.fillColor(FAINT);
  fitted(document, system, { x: INSIDE, y: INSIDE, width: CARD_WIDTH - 2 * INSIDE, font: "regular", most: 8 });
  if (photo) document.image(Buffer.from(photo), INSIDE, top, { width: PHOTO_WIDTH, height: PHOTO_HEIGHT });
  document.fillColor(INK);
  let y = top;
  name.forEach((line, at) => {
    y += fitted(document, line, { x: left, y, width, font: at === 0 ? "bold" : "regular", most: at === 0 ? 13 : 12 });
  });
  document.fillColor(FAINT);
  y += 2 * MM;
  y += fitted(document, numberLabel, { x: left, y, width, font: "regular", most: 7 });
  document.fillColor(INK);
  fitted(document, number, { x: left, y, width, font: "bold", most: 15 });
  document.fillColor(FAINT);
  contacts.forEach((line, at) => {
    const from = CARD_HEIGHT - INSIDE - (contacts.length - at) * 3.4 * MM;
    fitted(document, line, { x: left, y: from, width, font: "regular", most: 8 });
  });
}

interface Line {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly font: "regular" | "bold";
  readonly most: number;
}

/** One line as large as it may be, or as it must be to stay within its width: nothing on a card is cut or wrapped. Returns its height. */
function fitted(document: PDFKit.PDFDocument, text: string, { x, y, width, font, most }: Line): number {
  document.font(font).fontSize(most);
  const natural = document.widthOfString(text);
  const size = natural > width ? (most * width) / natural : most;
  document.fontSize(size).text(text, x, y, { lineBreak: false });
  return document.currentLineHeight(true) + 0.4 * MM;
}
