/** `npm run tool -- sniff`: what runs over a wire, in words. */
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { fromHex, toHex } from "@trapeza/protocol";
import { createWireReader, describe, WIRE_WORDS_EN, WIRE_WORDS_RU, type Traffic } from "@trapeza/simulators";
import { enrolmentFrom, loadEnrolment } from "./board/enrolment.js";
import { BoardTrouble, openLine } from "./board/line.js";
import { told, wordsHere } from "./board/option.js";
import type { Words } from "./board/words.en.js";
import { createBursts } from "./sniff/burst.js";
import { openProxy } from "./sniff/proxy.js";
import { parseLine, WIRES, type Wire } from "./sniff/text.js";

/** Between two bytes of one frame there are 5 ms at most, between two frames 100. */
const PAUSE_MS = 20;
const SHOWN_BYTES = 32;
const SPEEDS: Readonly<Record<Wire, number>> = { pn532: 115200, ccnet: 9600, id003: 9600, escpos: 19200, network: 115200 };

const OPTIONS = {
  line: { type: "string" },
  out: { type: "string" },
  in: { type: "string" },
  baud: { type: "string" },
  text: { type: "string" },
  listen: { type: "string" },
  to: { type: "string" },
  key: { type: "string" },
  gateway: { type: "string" },
  terminal: { type: "string" },
  all: { type: "boolean", default: false },
} as const;

type Print = (traffic: Traffic, time?: string) => void;

/**
 * `--line pn532|ccnet|id003|escpos` with `--out <serial port>` on the wire from the board, `--in <serial port>` on the wire to it, or both;
 * `--text <file>`, `-` for standard input, for what was written down; `--listen <port> --to <gateway>` stands between a terminal and its gateway.
 * Frames are read with `--key <enrolment file>`, or `--gateway <folder> --terminal <number>`. `--all` shows the endless asking too. Ctrl-C ends a live one.
 */
export async function run(args: string[], ended: Promise<unknown> = interrupted()): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const words = wordsHere();
  return told(async () => {
    const print = createPrint(await keyFrom(values, words), values.all);
    if (values.text !== undefined) return readText(values.text, print, words);
    if (values.listen !== undefined) return standBetween(values.listen, values.to ?? "", print, words, ended);
    return tap(values, print, words, ended);
  });
}

function interrupted(): Promise<unknown> {
  return new Promise((done) => process.once("SIGINT", done));
}

async function keyFrom(
  { key, gateway, terminal }: { readonly key?: string; readonly gateway?: string; readonly terminal?: string },
  words: Words,
): Promise<Uint8Array | null> {
  if (key !== undefined) return fromHex(loadEnrolment(key, words).key);
  if (gateway === undefined) return null;
  // Only the key is wanted: any address will do.
  const enrolment = await enrolmentFrom({ settings: gateway, terminal: Number(terminal ?? 0), host: "-" }, words);
  return fromHex(enrolment.key);
}

function createPrint(key: Uint8Array | null, all: boolean): Print {
  const words = process.env.LANG?.startsWith("ru") ? WIRE_WORDS_RU : WIRE_WORDS_EN;
  const reader = createWireReader(key);
  return (traffic, time = new Date().toISOString().slice(11, 23)) => {
    const { line, direction, bytes } = traffic;
    if (direction === "open") reader.begin();
    const passes = direction === "out" || direction === "in";
    const read = line === "network" && passes ? reader.take(direction === "out" ? "up" : "down", bytes) : null;
    const { text, routine } = describe(traffic, words, read);
    if (routine && !all) return;
    const hex = toHex(bytes.slice(0, SHOWN_BYTES)) + (bytes.length > SHOWN_BYTES ? "…" : "");
    const arrow = direction === "out" ? "→" : direction === "in" ? "←" : "·";
    console.log(`${time} ${arrow} ${line.padEnd(7)} ${text}${read && read.some((one) => one.read) ? "" : `  ${hex}`}`.trimEnd());
  };
}

async function readText(path: string, print: Print, words: Words): Promise<number> {
  const input = path === "-" ? process.stdin : createReadStream(path);
  let lines = 0;
  const failed = new Promise<never>((_, fail) =>
    input.once("error", (error: Error) => fail(new BoardTrouble(words.cannotOpen(path, error.message)))),
  );
  const reading = (async () => {
    for await (const line of createInterface({ input })) {
      const written = parseLine(line);
      if (!written) continue;
      lines++;
      print(written.traffic, written.time);
    }
  })();
  await Promise.race([reading, failed]);
  if (lines === 0) throw new BoardTrouble(words.nothingWritten(path));
  return 0;
}

async function standBetween(listen: string, to: string, print: Print, words: Words, ended: Promise<unknown>): Promise<number> {
  const port = Number(listen);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new BoardTrouble(words.badAddress(listen));
  const server = await openProxy(port, to, words, (_connection, traffic) => print(traffic));
  console.log(words.between(listen, to));
  await ended;
  server.close();
  return 0;
}

async function tap(
  values: { readonly line?: string; readonly out?: string; readonly in?: string; readonly baud?: string },
  print: Print,
  words: Words,
  ended: Promise<unknown>,
): Promise<number> {
  const wire = WIRES.find((one) => one === values.line);
  if (!wire || (values.out === undefined && values.in === undefined)) throw new BoardTrouble(words.whichWire(WIRES));
  const baud = Number(values.baud ?? SPEEDS[wire]);
  const lines = [];
  for (const direction of ["out", "in"] as const) {
    const port = values[direction];
    if (port === undefined) continue;
    const bursts = createBursts(PAUSE_MS, (bytes) => print({ line: wire, direction, bytes }));
    const line = await openLine({ port, tcp: null, baud, even: wire === "id003" }, words);
    line.hear((text) => bursts.take(new Uint8Array(Buffer.from(text, "latin1"))));
    lines.push(line);
  }
  console.log(words.listening);
  await ended;
  for (const line of lines) await line.close();
  return 0;
}
