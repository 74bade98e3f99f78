/** A cable to a board: bytes both ways, over a serial port or over TCP. */
import { connect } from "node:net";
import type { Words } from "./words.en.js";

export interface Line {
  /** For messages. */
  readonly name: string;
  send(text: string): void;
  /** One listener; a later one takes the place of the earlier. Text is one character a byte. */
  hear(take: (text: string) => void): void;
  /** Told once when the other end is gone; not when it is closed here. */
  onGone(told: () => void): void;
  close(): Promise<void>;
}

/** Which cable: one of the two. */
export interface Where {
  readonly port: string | null;
  readonly tcp: string | null;
  readonly baud: number;
  /** A parity bit, as ID003 has it. */
  readonly even?: boolean;
}

/** What a person can put right: told in one sentence, without a stack. */
export class BoardTrouble extends Error {}

const CONNECT_MS = 5000;

/** Rejects with {@link BoardTrouble} when the port or the address cannot be opened. */
export async function openLine(where: Where, words: Words): Promise<Line> {
  if (where.tcp !== null) return openTcp(where.tcp, words);
  if (where.port !== null) return openSerial(where.port, where.baud, where.even === true, words);
  throw new BoardTrouble(words.whichCable);
}

function openTcp(address: string, words: Words): Promise<Line> {
  const [, host, port] = /^(.+):([0-9]{1,5})$/.exec(address) ?? [];
  if (host === undefined || Number(port) > 65535) return Promise.reject(new BoardTrouble(words.badAddress(address)));
  return new Promise((done, fail) => {
    const socket = connect({ host, port: Number(port), noDelay: true });
    let gone: () => void = () => undefined;
    let isClosed = false;
    const late = setTimeout(() => socket.destroy(new Error("ETIMEDOUT")), CONNECT_MS);
    socket.once("error", (error) => {
      clearTimeout(late);
      fail(new BoardTrouble(words.cannotOpen(address, error.message)));
    });
    socket.once("close", () => isClosed || gone());
    socket.once("connect", () => {
      clearTimeout(late);
      done({
        name: address,
        send: (text) => void socket.write(text, "latin1"),
        hear: (take) => void socket.removeAllListeners("data").on("data", (chunk: Buffer) => take(chunk.toString("latin1"))),
        onGone: (told) => void (gone = told),
        async close() {
          isClosed = true;
          socket.destroy();
        },
      });
    });
  });
}

/** The native module is loaded only now: every other tool works without it. */
async function openSerial(path: string, baudRate: number, even: boolean, words: Words): Promise<Line> {
  const { SerialPort } = await import("serialport");
  const port = new SerialPort({ path, baudRate, parity: even ? "even" : "none", autoOpen: false });
  await new Promise<void>((done, fail) =>
    port.open((error) => (error ? fail(new BoardTrouble(words.cannotOpen(path, error.message))) : done())),
  );
  let isClosed = false;
  let gone: () => void = () => undefined;
  port.on("error", () => undefined);
  port.on("close", () => isClosed || gone());
  return {
    name: path,
    send: (text) => void port.write(text, "latin1"),
    hear: (take) => void port.removeAllListeners("data").on("data", (chunk: Buffer) => take(chunk.toString("latin1"))),
    onGone: (told) => void (gone = told),
    close() {
      isClosed = true;
      return new Promise((done) => (port.isOpen ? port.close(() => done()) : done()));
    },
  };
}
