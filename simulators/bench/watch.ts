/** What a person sees of a terminal on the bench, and what of it has changed since the last look. */
import type { ccnet, id003 } from "@trapeza/protocol";
import type { Inscription } from "../board-screen.js";
import type { Card } from "../card.js";
import type { Terminal } from "../terminal.js";
import type { WireTrouble } from "../wire-fault.js";
import { faultsOn, wireTroubles, type FaultName, type Wired } from "./fault.js";
import { drawnReceipt, type DrawnLine } from "./paper.js";

export interface View {
  readonly powered: boolean;
  readonly plugged: boolean;
  /** What is written on the screen, for those who do not look at pixels: a voice, a search, a test. */
  readonly written: readonly Inscription[];
  /** What a pupil reads on a till's second display; empty while it is dark, or where there is none. */
  readonly beside: readonly string[];
  /** Index of the card on the reader, −1 for none. */
  readonly card: number;
  /** Switches of the catalogue that are on. */
  readonly faults: readonly FaultName[];
  readonly wires: Readonly<Record<Wired, WireTrouble | "">>;
  readonly acceptor: {
    readonly status: ccnet.Status["kind"] | id003.Status["kind"] | "off";
    readonly cassetteKopecks: number;
    readonly returnedKopecks: number;
  } | null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function viewOf(terminal: Terminal, cards: readonly Card[]): View {
  const { acceptor, board, cable, display, reader } = terminal;
  const status = acceptor?.status.kind ?? "off";
  return {
    powered: board.powered,
    plugged: cable.plugged,
    written: board.screen.inscriptions,
    beside: board.powered ? display.lines() : [],
    card: reader.card ? cards.indexOf(reader.card) : -1,
    faults: faultsOn(terminal),
    wires: wireTroubles(terminal),
    acceptor: acceptor && {
      status: board.powered ? status : "off",
      cassetteKopecks: sum(acceptor.truth().cassette),
      returnedKopecks: sum(acceptor.truth().returned),
    },
  };
}

/** Receipts that the page keeps in sight; older ones lie under the table. */
const RECEIPTS = 6;

/** Newest first; the first is what hangs out of the printer, and may be empty. */
export function paperOf(terminal: Terminal): readonly (readonly DrawnLine[])[] {
  const done = terminal.printer.receipts.slice(-RECEIPTS).reverse();
  return [terminal.printer.current, ...done].map(drawnReceipt);
}

/** Rows of the screen that differ from what was sent. */
export interface Strip {
  readonly top: number;
  /** RGB565, row by row, least significant byte first. */
  readonly rows: Uint16Array;
}

/** Compares the picture with `sent`, brings `sent` up to date and returns the strip between the first and the last changed row. */
export function changedRows(pixels: Uint16Array, sent: Uint16Array, width: number): Strip | null {
  const height = pixels.length / width;
  const differs = (y: number): boolean => {
    for (let i = y * width; i < (y + 1) * width; i++) if (pixels[i] !== sent[i]) return true;
    return false;
  };
  let top = 0;
  while (top < height && !differs(top)) top++;
  if (top === height) return null;
  let bottom = height - 1;
  while (!differs(bottom)) bottom--;
  const rows = pixels.slice(top * width, (bottom + 1) * width);
  sent.set(rows, top * width);
  return { top, rows };
}

/** A strip on the wire: terminal, zero, top row (2 bytes), rows. */
export function encodeStrip(terminal: number, strip: Strip): Buffer {
  const head = Buffer.from([terminal, 0, strip.top & 255, strip.top >> 8]);
  return Buffer.concat([head, Buffer.from(strip.rows.buffer, strip.rows.byteOffset, strip.rows.byteLength)]);
}
