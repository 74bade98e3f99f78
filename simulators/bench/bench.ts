/**
 * The technician's bench: a page on this machine that shows each virtual terminal as it is, pixel for pixel, and gives a person hands: touch, cards,
 * notes, the power switch and the network cable. It acts on the twins only; no terminal can tell it from a wall in a school.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import { fromHex, toHex } from "@trapeza/protocol";
import Fastify, { type FastifyInstance } from "fastify";
import { WebSocketServer, type WebSocket } from "ws";
import type { Clock } from "../clock.js";
import type { Card } from "../card.js";
import type { Terminal, Traffic } from "../terminal.js";
import { createHands, parseAction } from "./action.js";
import { createBookWatch, type BookLine, type Books, type BookWatch } from "./books.js";
import { entryText, postingTexts } from "./describe-books.js";
import { describe } from "./describe.js";
import { houseViewOf, isHouseAction, performInHouse, type House } from "./house.js";
import type { Meaning } from "./meaning.js";
import { benchPage } from "./page.js";
import { changedRows, encodeStrip, paperOf, viewOf } from "./watch.js";
import { createWireReader, type Told, type WireReader } from "./wire-reader.js";
import { ENGLISH } from "./words.en.js";
import { RUSSIAN, type Words } from "./words.ru.js";

export interface BenchOptions {
  readonly terminals: readonly Terminal[];
  readonly cards: readonly Card[];
  /** Notes in the technician's hand, in kopecks. */
  readonly notes?: readonly number[];
  /** 0: any free port. */
  readonly port: number;
  /** The terminals' clock. */
  readonly clock: Clock;
  /** Journal and ledger; without them the page shows none. */
  readonly books?: Books;
  readonly house?: House;
}

export interface Bench {
  /** Where a browser finds it. */
  readonly address: string;
  close(): Promise<void>;
}

/** 10 to 1000 roubles, and 5000, which the terminals refuse. */
const NOTES = [1000, 5000, 10000, 50000, 100000, 500000];
/** How often the page is brought up to date. */
const LOOK_MS = 50;
/** How often somebody looks into the books while anybody is there to see it. */
const BOOKS_MS = 250;
/** Lines of the wires that a newcomer is shown. */
const REMEMBERED = 400;
/** Bytes of a burst that are shown. */
const SHOWN_BYTES = 96;

interface Line {
  readonly terminal: number;
  readonly atMs: number;
  readonly traffic: Traffic;
  /** The same bytes as the last time this side of this wire said something of interest. */
  readonly repeated: boolean;
  /** Packets and frames of the network, opened as they came: the bench knows its terminals' keys. */
  readonly told: readonly Told[] | null;
}

interface Visitor {
  readonly socket: WebSocket;
  readonly words: Words;
}

/** The page is for this machine's own browser: a page from elsewhere must not reach the switches. */
function isOwnPage(origin: string | undefined, host: string | undefined): boolean {
  return origin === undefined || origin === `http://${host ?? ""}`;
}

/** The page, its scripts and its letters. */
async function servePage(app: FastifyInstance, { terminals, cards, notes = NOTES, house, books }: BenchOptions): Promise<void> {
  await app.register(fastifyStatic, { root: fileURLToPath(new URL("../../bench/page/", import.meta.url)), prefix: "/page/" });
  await app.register(fastifyStatic, { root: packageFolder("@expo-google-fonts/pt-sans", ""), prefix: "/font/", decorateReply: false });
  await app.register(fastifyStatic, { root: packageFolder("@espruino-tools/core", "min/"), prefix: "/espruino/", decorateReply: false });
  app.get("/", (request, reply) => {
    void reply
      .type("text/html; charset=utf-8")
      .send(benchPage({ terminals, cards, notes, house: house ?? {}, hasBooks: books !== undefined, words: wordsFor(request.url) }));
  });
}

function wordsFor(url: string | undefined): Words {
  return url?.includes("lang=en") ? ENGLISH : RUSSIAN;
}

export async function openBench(options: BenchOptions): Promise<Bench> {
  const { cards, clock, terminals, house = {} } = options;
  // A browser keeps its connections; closing the bench does not wait for it.
  const app = Fastify({ forceCloseConnections: true });
  const visitors = new Set<Visitor>();
  const perform = createHands(terminals, cards, clock);

  await servePage(app, options);
  const wires = tapWires(options, visitors);
  const display = createDisplay(options);
  const looking = setInterval(() => {
    const messages = display.changes();
    for (const { socket } of visitors) for (const message of messages) socket.send(message);
  }, LOOK_MS);
  const books = options.books ? createBookWatch(options.books) : null;
  const reading = setInterval(() => void (books && visitors.size > 0 && readBooks(books, visitors)), BOOKS_MS);

  const server = new WebSocketServer({ noServer: true, maxPayload: 4096 });
  app.server.on("upgrade", (request, socket, head) => {
    if (!isOwnPage(request.headers.origin, request.headers.host)) return void socket.destroy();
    server.handleUpgrade(request, socket, head, (ws) => {
      const visitor = { socket: ws, words: wordsFor(request.url) };
      for (const message of display.everything()) ws.send(message);
      for (const message of wires.history(visitor.words)) ws.send(message);
      for (const line of books?.lines() ?? []) ws.send(bookText(line, visitor.words));
      visitors.add(visitor);
      ws.on("close", () => visitors.delete(visitor));
      ws.on("error", () => ws.terminate());
      ws.on("message", (data) => {
        const action = parseAction(String(data), terminals.length, cards.length);
        if (action) return isHouseAction(action) ? performInHouse(house, action) : perform(action);
      });
    });
  });
  const address = await app.listen({ host: "127.0.0.1", port: options.port });

  return {
    address,
    async close() {
      clearInterval(looking);
      clearInterval(reading);
      wires.stop();
      for (const { socket } of visitors) socket.terminate();
      server.close();
      await app.close();
    },
  };
}

interface Wires {
  /** Lines of interest so far, as messages. */
  history(words: Words): string[];
  stop(): void;
}

/** Listens at every terminal's lines and tells everybody there, each in his own words. */
function tapWires({ terminals, clock, house }: BenchOptions, visitors: ReadonlySet<Visitor>): Wires {
  const history: Line[] = [];
  const isRepeated = createRepeats();
  const lineText = (line: Line, words: Words): string => {
    const meaning = meaningOf(line, words);
    const { bytes, direction, line: wire } = line.traffic;
    const hex = wire === "console" ? "" : toHex(bytes.slice(0, SHOWN_BYTES)) + (bytes.length > SHOWN_BYTES ? "…" : "");
    const routine = meaning.routine || line.repeated;
    return JSON.stringify({ kind: "line", terminal: line.terminal, atMs: line.atMs, wire, direction, hex, text: meaning.text, routine });
  };
  const deaf = terminals.map((terminal, index) => {
    const reader = createWireReader(fromHex(terminal.config.key));
    terminal.buzzer.onTone = (tone) => {
      for (const { socket } of visitors) socket.send(JSON.stringify({ kind: "tone", terminal: index, ...tone }));
    };
    return terminal.listen((traffic) => {
      const line = { terminal: index, atMs: clock.now(), traffic, repeated: isRepeated(index, traffic), told: toldBy(reader, traffic) };
      const isRoutine = line.repeated || meaningOf(line, RUSSIAN).routine;
      // The endless asking and answering would push everything of interest out of memory within seconds.
      if (!isRoutine) history.push(line);
      if (history.length > REMEMBERED) history.shift();
      // And when time hurries, it would be most of what the machine has to do.
      if (isRoutine && (house?.pace?.rate ?? 1) > 1) return;
      for (const visitor of visitors) visitor.socket.send(lineText(line, visitor.words));
    });
  });
  return { history: (words) => history.map((line) => lineText(line, words)), stop: () => deaf.forEach((stop) => stop()) };
}

function meaningOf({ traffic, told }: Line, words: Words): Meaning {
  return describe(traffic, words, told);
}

/** A cloud that is away has booked nothing; the next look may find it there. */
async function readBooks(books: BookWatch, visitors: ReadonlySet<Visitor>): Promise<void> {
  const lines = await books.look().catch(() => []);
  for (const { socket, words } of visitors) for (const line of lines) socket.send(bookText(line, words));
}

function bookText(line: BookLine, words: Words): string {
  const { body, seq, atMs } = line.event;
  const stored = entryText(body, words);
  return JSON.stringify({
    kind: "book",
    seq,
    atMs,
    event: body.kind,
    stored,
    isBooked: line.isBooked,
    postings: postingTexts(line, words),
  });
}

function toldBy(reader: WireReader, { line, direction, bytes }: Traffic): readonly Told[] | null {
  if (line !== "network") return null;
  if (direction === "open") reader.begin();
  return direction === "out" || direction === "in" ? reader.take(direction === "out" ? "up" : "down", bytes) : null;
}

/** A card that lies on a reader is reported ten times a second: only what differs from the last interesting burst is news. */
function createRepeats(): (terminal: number, traffic: Traffic) => boolean {
  const last = new Map<string, string>();
  return (terminal, traffic) => {
    if (traffic.line === "console" || traffic.line === "network" || describe(traffic, RUSSIAN).routine) return false;
    const side = `${terminal} ${traffic.line} ${traffic.direction}`;
    const hex = toHex(traffic.bytes);
    const repeated = last.get(side) === hex;
    last.set(side, hex);
    return repeated;
  };
}

/** A folder of an installed package: the letters of public signs, the browser's way to a real board. */
function packageFolder(name: string, folder: string): string {
  return fileURLToPath(new URL(folder || ".", "file://" + createRequire(import.meta.url).resolve(`${name}/package.json`)));
}

interface Display {
  /** Messages that bring a page up to date that has seen everything before. */
  changes(): (string | Buffer)[];
  /** Messages for a page that has seen nothing. */
  everything(): (string | Buffer)[];
}

function createDisplay({ terminals, cards, clock, house = {} }: BenchOptions): Display {
  const sent = terminals.map(({ board }) => ({
    pixels: new Uint16Array(board.screen.pixels.length),
    screen: -1,
    view: "",
    paper: -1,
    receipts: -1,
  }));
  const view = (terminal: Terminal, index: number): string => JSON.stringify({ kind: "view", terminal: index, ...viewOf(terminal, cards) });
  const school = (): string => JSON.stringify({ kind: "house", ...houseViewOf(house, clock) });
  let lastSchool = "";
  const paper = (terminal: Terminal, index: number): string =>
    JSON.stringify({ kind: "paper", terminal: index, receipts: paperOf(terminal) });

  return {
    changes() {
      const messages: (string | Buffer)[] = [];
      terminals.forEach((terminal, index) => {
        const last = sent[index];
        const { screen } = terminal.board;
        const strip = screen.version === last.screen ? null : changedRows(screen.pixels, last.pixels, screen.width);
        last.screen = screen.version;
        if (strip) messages.push(encodeStrip(index, strip));
        const now = view(terminal, index);
        if (now !== last.view) messages.push((last.view = now));
        if (terminal.printer.version !== last.paper) messages.push(paper(terminal, index));
        last.paper = terminal.printer.version;
      });
      if (school() !== lastSchool) messages.push((lastSchool = school()));
      return messages;
    },
    everything() {
      const seen = terminals.flatMap((terminal, index) => [
        encodeStrip(index, { top: 0, rows: sent[index].pixels }),
        view(terminal, index),
        paper(terminal, index),
      ]);
      return [...seen, school()];
    },
  };
}
