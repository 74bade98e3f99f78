/** Is each device there, and what does it say of itself? None of these questions moves a note or prints a line. */
import type { Wiring } from "@trapeza/firmware";
import { ccnet, escpos, id003, pn532, xpt2046, type TerminalKind } from "@trapeza/protocol";
import type { BoardConsole } from "../board/console.js";
import type { Identity } from "../board/identity.js";
import type { Words } from "../board/words.en.js";
import type { Check } from "./check.js";
import { openTalk, type Talk } from "./talk.js";

/** UARTs of an idle chip are looked at every 100 ms. */
const ANSWER_MS = 300;
/** A validator finds its feet after a reset. */
const READY_MS = 1500;
const READER_BAUD = 115200;
const ACCEPTOR_BAUD = 9600;
const PRINTER_BAUD = 19200;

export async function checkReader(board: BoardConsole, { reader }: Wiring, words: Words): Promise<Check> {
  const what = words.reader;
  const talk = await openTalk(board, reader, READER_BAUD, false);
  if (!talk) return { what, good: null, says: words.sharesConsole };
  await talk.say(pn532.wakeAndConfigure(), ANSWER_MS);
  const frames = pn532.scan(pn532.createScanner(), await talk.say(pn532.getFirmwareVersion(), ANSWER_MS));
  for (const frame of frames) {
    const version = frame.kind === "data" ? pn532.decodeFirmwareVersion(frame.data) : null;
    if (version)
      return { what, good: version.ic === PN532, says: words.readerIs(version.ic.toString(16), `${version.version}.${version.revision}`) };
  }
  return { what, good: false, says: frames.length > 0 ? words.unreadable : words.silent };
}
const PN532 = 0x32;

/** Both lines are tried, that of the enrolment first: a switch inside the unit is easily set wrong. */
export async function checkAcceptor(board: BoardConsole, { acceptor }: Wiring, line: string, words: Words): Promise<Check> {
  const what = words.acceptor;
  if (!acceptor) return { what, good: null, says: words.none };
  for (const spoken of line === "id003" ? (["id003", "ccnet"] as const) : (["ccnet", "id003"] as const)) {
    const talk = await openTalk(board, acceptor, ACCEPTOR_BAUD, spoken === "id003");
    if (!talk) return { what, good: null, says: words.sharesConsole };
    const says = spoken === "ccnet" ? await askCcnet(talk, words) : await askId003(talk, words);
    if (says !== null) return { what, good: spoken === line, says: spoken === line ? says : words.otherLine(spoken, line, says) };
  }
  return { what, good: false, says: words.silent };
}

function formatBills(bills: readonly { readonly valueKopecks: number; readonly currency?: string }[]): string {
  return bills.map(({ valueKopecks, currency }) => `${valueKopecks / 100} ${currency ?? ""}`.trim()).join(", ");
}

async function askCcnet(talk: Talk, words: Words): Promise<string | null> {
  const ask = async (code: number, waitMs = ANSWER_MS): Promise<Uint8Array | null> => {
    const frames = ccnet.scan(ccnet.createScanner(), await talk.say(ccnet.command(code), waitMs));
    const last = frames[frames.length - 1];
    return last?.kind === "frame" ? last.payload : null;
  };
  const first = await ask(ccnet.POLL);
  if (!first) return null;
  let status = ccnet.decodeStatus(first);
  if (status.kind.startsWith("power_up")) {
    await ask(ccnet.RESET, READY_MS);
    status = ccnet.decodeStatus((await ask(ccnet.POLL)) ?? first);
  }
  const name = await ask(ccnet.IDENTIFICATION);
  const bills = ccnet.decodeBillTable((await ask(ccnet.GET_BILL_TABLE)) ?? new Uint8Array(0)) ?? [];
  return words.acceptorIs("CCNET", readable(name), status.kind, formatBills(bills));
}

async function askId003(talk: Talk, words: Words): Promise<string | null> {
  const ask = async (code: number, waitMs = ANSWER_MS): Promise<Uint8Array | null> => {
    const frames = id003.scan(id003.createScanner(), await talk.say(id003.command(code), waitMs));
    const last = frames[frames.length - 1];
    return last?.kind === "frame" ? last.payload : null;
  };
  const first = await ask(id003.STATUS_REQUEST);
  if (!first) return null;
  const version = await ask(id003.GET_VERSION);
  const bills = id003.decodeCurrency((await ask(id003.GET_CURRENCY)) ?? new Uint8Array(0)) ?? [];
  return words.acceptorIs("ID003", readable(version), id003.decodeStatus(first).kind, formatBills(bills));
}

/** Letters, digits and dots of an answer: part and serial numbers stand in it as text. */
function readable(payload: Uint8Array | null): string {
  return Buffer.from(payload ?? [])
    .toString("latin1")
    .replace(/[^\x20-\x7e]+/g, " ")
    .trim();
}

type Model = NonNullable<Identity["config"]>["printer"];

/** Asked as its profile says it may be; which profile that is stands before what it says. */
export async function checkPrinter(board: BoardConsole, { printer }: Wiring, model: Model, words: Words): Promise<Check> {
  const what = words.printer;
  const talk = await openTalk(board, printer, PRINTER_BAUD, false);
  if (!talk) return { what, good: null, says: words.sharesConsole };
  const { name, traits } = model ?? { name: USUAL_PRINTER, ...escpos.MODELS[USUAL_PRINTER] };
  const { good, says } = await askPrinter(talk, traits, words);
  return { what, good, says: words.printerIs(name, says) };
}
const USUAL_PRINTER = "clone-58";

async function askPrinter(talk: Talk, traits: number, words: Words): Promise<Omit<Check, "what">> {
  if (traits & escpos.ANSWERS_IN_TURN) {
    const [byte] = await talk.say(escpos.askInTurn(), READY_MS);
    if (byte === undefined) return { good: false, says: words.silent };
    if (!escpos.isPaperByte(byte)) return { good: false, says: words.unreadable };
    const { end, nearEnd } = escpos.decodePaperInTurn(byte);
    return { good: !end, says: end ? words.paperEnd : nearEnd ? words.paperLow : words.paperThere };
  }
  if ((traits & escpos.ANSWERS_AT_ONCE) === 0) return { good: null, says: words.printsUnseen };
  const [cause] = await talk.say(escpos.askStatus(2), ANSWER_MS);
  const [paper] = await talk.say(escpos.askStatus(4), ANSWER_MS);
  if (cause === undefined || paper === undefined) return { good: false, says: words.silent };
  if (!escpos.isStatusByte(cause) || !escpos.isStatusByte(paper)) return { good: false, says: words.unreadable };
  const offline = escpos.decodeOfflineCause(cause);
  const { end, nearEnd } = escpos.decodePaper(paper);
  if (offline.coverOpen) return { good: false, says: words.coverOpen };
  if (end || offline.paperEnd) return { good: false, says: words.paperEnd };
  if (offline.error) return { good: false, says: words.printerError };
  return { good: true, says: nearEnd ? words.paperLow : words.paperThere };
}

/** Nobody touches it now: then its pen line is high and its pressure nil. */
export async function checkTouch(board: BoardConsole, { panel }: Wiring, words: Words): Promise<Check> {
  const what = words.touch;
  const { sck, mosi, miso, select, pen } = panel;
  await board.ask(`(SPI2.setup({sck:${sck},mosi:${mosi},miso:${miso},baud:1000000}),pinMode(${pen},"input"),0)`);
  const request = [...xpt2046.request(xpt2046.READ_Z1)].join();
  const answer = (await board.ask(`[].slice.call(SPI2.send([${request}],${select}))`)) as number[];
  const isUp = (await board.ask(`digitalRead(${pen})`)) === 1;
  const pressure = xpt2046.decodeReading(new Uint8Array(answer)) ?? NO_PRESSURE;
  const good = isUp && pressure < NO_PRESSURE;
  return { what, good, says: good ? words.touchRests : isUp ? words.unreadable : words.touchPressed };
}
/** A line that hangs in the air reads as all ones. */
const NO_PRESSURE = 500;

/** 320 × 240, from the build's own driver. */
export async function checkDisplay(board: BoardConsole, words: Words): Promise<Check> {
  const size = (await board.ask('typeof g=="undefined"?null:[g.getWidth(),g.getHeight()]')) as [number, number] | null;
  if (!size) return { what: words.display, good: false, says: words.noDisplay };
  return { what: words.display, good: size[0] === 320 && size[1] === 240, says: size.join(" × ") };
}

export const boardOf: Readonly<Record<TerminalKind, string>> = { payment: "ESP32S3", settlement: "ESP32_CYD", information: "ESP32_CYD" };
