/** The bench's page before the first message: everything that does not change while it is open. */
import { PAYMENT, SHARED, wiringFor } from "@trapeza/firmware";
import { ccnet, escpos, id003, pn532, toHex } from "@trapeza/protocol";
import type { Card } from "../card.js";
import type { Terminal } from "../terminal.js";
import { faultsOf } from "./fault.js";
import { RATES, type House } from "./house.js";
import type { Words } from "./words.ru.js";

export interface PageParts {
  readonly terminals: readonly Terminal[];
  readonly cards: readonly Card[];
  /** In kopecks. */
  readonly notes: readonly number[];
  readonly house: House;
  readonly hasBooks: boolean;
  readonly words: Words;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Harmless questions to the devices of a real board, in hex. */
const PROBES = {
  wake: toHex(pn532.wakeAndConfigure()),
  reader: toHex(pn532.getFirmwareVersion()),
  printer: toHex(escpos.askStatus(1)),
  ccnet: toHex(ccnet.command(ccnet.POLL)),
  id003: toHex(id003.command(id003.STATUS_REQUEST)),
};

/** Words of the terminals' screens that the tour looks for, in both languages. */
const SCREENS = { additional: SHARED.additional, insert: PAYMENT.insert, confirm: SHARED.confirm };

/** What the page's script needs, as JSON that cannot close its own element. */
function pageData({ terminals, cards, notes, words }: PageParts): string {
  const data = {
    words,
    notes,
    wirings: { payment: wiringFor("payment"), settlement: wiringFor("settlement"), information: wiringFor("information") },
    probes: PROBES,
    screens: SCREENS,
    terminals: terminals.map((terminal) => ({ kind: terminal.config.kind, number: terminal.config.terminal, faults: faultsOf(terminal) })),
    cards: cards.map((card) => ({ label: card.label, kind: card.kind, uid: Buffer.from(card.uid).toString("hex") })),
  };
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

export function benchPage(parts: PageParts): string {
  const { words } = parts;
  const other = words.language === "ru" ? "en" : "ru";
  return `<!doctype html>
<html lang="${words.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(words.title)} · Trapeza</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page/bench.css">
<link rel="stylesheet" href="/page/device.css">
<link rel="stylesheet" href="/page/board.css">
</head>
<body>
<header class="top">
  <h1>${escape(words.title)}</h1>
  <p>${escape(words.lead)}</p>
  ${houseControls(parts)}
  <label class="switch"><input type="checkbox" id="sound"><span>${escape(words.sound)}</span></label>
  ${hasTour(parts) ? `<button class="real" id="tour-open" type="button">${escape(words.tour.open)}</button>` : ""}
  <button class="real" id="real" type="button">${escape(words.board)}</button>
  <a href="/?lang=${other}" hreflang="${other}" lang="${other}">${escape(words.otherLanguage)}</a>
</header>
<aside class="tour" id="tour" aria-label="${escape(words.tour.open)}" hidden></aside>
<main class="table" id="table"></main>
<section class="tray">
  <section class="cards" aria-label="${escape(words.cards)}">
    <div class="tray-head">
      <h2>${escape(words.cards)}</h2>
      <input type="search" id="search" placeholder="${escape(words.search)}" aria-label="${escape(words.search)}">
      <p>${escape(words.cardsHint)}</p>
    </div>
    <div class="fan" id="fan"></div>
  </section>
  ${parts.hasBooks ? booksSection(words) : ""}
  <section class="wires" aria-label="${escape(words.wires)}">
    <div class="tray-head">
      <h2>${escape(words.wires)}</h2>
      <div class="chips" id="chips"></div>
      <label class="switch"><input type="checkbox" id="routine"><span>${escape(words.routine)}</span></label>
    </div>
    <ol class="log" id="log" tabindex="0" aria-label="${escape(words.wires)}"><li class="empty">${escape(words.wiresEmpty)}</li></ol>
  </section>
</section>
${boardDialog(words)}
<p class="lost" id="lost" role="status" hidden>${escape(words.lost)}</p>
<script type="application/json" id="data">${pageData(parts)}</script>
<script type="module" src="/page/bench.js"></script>
</body>
</html>
`;
}

/** The tour goes to a kiosk and to a wall, looks into the books and cuts the internet. */
function hasTour({ terminals, house, hasBooks }: PageParts): boolean {
  const kinds = terminals.map(({ config }) => config.kind);
  return hasBooks && house.internet !== undefined && kinds.includes("payment") && kinds.includes("information");
}

/** The school's switches and the table's time: what the bench was given of it. */
function houseControls({ house, words: { house: words } }: PageParts): string {
  const box = (id: "gateway" | "internet"): string =>
    house[id] ? `<label class="switch"><input type="checkbox" id="${id}" checked><span>${escape(words[id])}</span></label>` : "";
  const rate = (value: number): string =>
    `<button type="button" data-rate="${value}" aria-pressed="${value === 1}">${escape(words.rates[String(value)])}</button>`;
  const time = `<div class="pace" role="group" aria-label="${escape(words.time)}" title="${escape(words.timeHint)}"><time id="clock"></time>
    ${RATES.map(rate).join("")}<button type="button" id="step" title="${escape(words.stepHint)}" disabled>${escape(words.step)}</button></div>`;
  return box("gateway") + box("internet") + (house.pace ? time : "");
}

function booksSection({ books }: Words): string {
  return `<section class="books" aria-label="${escape(books.title)}">
    <div class="tray-head"><h2>${escape(books.title)}</h2><output id="underway"></output></div>
    <div class="book-heads"><b>${escape(books.stored)}</b><b>${escape(books.booked)}</b></div>
    <ol class="book" id="book" tabindex="0" aria-label="${escape(books.title)}"><li class="empty">${escape(books.empty)}</li></ol>
  </section>`;
}

function boardDialog(words: Words): string {
  const button = (part: string, label: string): string => `<button type="button" data-part="${part}">${escape(label)}</button>`;
  return `<dialog class="board" id="board" aria-labelledby="board-title">
  <h2 id="board-title">${escape(words.board)}</h2>
  <p>${escape(words.boardLead)}</p>
  <ul data-part="ways"></ul>
  <table><tbody data-part="rows"></tbody></table>
  <p data-part="state" role="status"></p>
  <form method="dialog"><menu>
    ${button("connect", words.connectBoard)}${button("test", words.testBoard)}${button("leave", words.leaveBoard)}
    <button>${escape(words.closeDialog)}</button>
  </menu></form>
</dialog>`;
}
