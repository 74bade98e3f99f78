/**
 * A reader behind pcscd, spoken to over its socket. One question at a time: the answers have no numbers. Cards are looked for four times a second, because
 * the daemon's own waiting would need a second socket to be called off.
 */
import { connect, type Socket } from "node:net";
import { CardGone, type CardReader, type Contact } from "./contact.js";
import {
  ANY_PROTOCOL,
  codeIn,
  COMMANDS,
  headed,
  isNoCard,
  LONGEST_ANSWER,
  readersIn,
  READERS_BYTES,
  record,
  RESET_CARD,
  SHARE_EXCLUSIVE,
  VERSION,
  wordAt,
  type ReaderState,
} from "./pcsc-wire.js";

export const PCSCD_SOCKET = "/run/pcscd/pcscd.comm";
const LOOK_MS = 250;
/** A card needs milliseconds for an answer; a daemon that is stuck must not hold a desk up for ever. */
const PATIENCE_MS = 30_000;

/** What a person can put right: no daemon, no reader, another program at the card. */
export class ReaderTrouble extends Error {}

export interface PcscOptions {
  readonly socket?: string;
  /** Part of the reader's name; the first one when it is left out. */
  readonly reader?: string;
}

/** Throws {@link ReaderTrouble}. */
export async function openPcscReader({ socket: path = PCSCD_SOCKET, reader = "" }: PcscOptions): Promise<CardReader> {
  const line = await openLine(path);
  const version = await line.ask(COMMANDS.version, record(VERSION.major, VERSION.minor, 0));
  if (codeIn(version) !== 0) throw new ReaderTrouble(`pcscd ${wordAt(version, 0)}.${wordAt(version, 4)}`);
  const context = await line.ask(COMMANDS.establishContext, record(2, 0, 0));
  if (codeIn(context) !== 0) throw new ReaderTrouble("pcscd refuses: " + codeIn(context).toString(16));
  const states = async () => readersIn(await line.ask(COMMANDS.readersState, record(), READERS_BYTES));
  const found = (await states()).find(({ name }) => name.includes(reader));
  if (!found) throw new ReaderTrouble(reader === "" ? "no reader" : "no reader named " + reader);
  const { name } = found;
  const handle = wordAt(context, 4);
  const state = async (): Promise<ReaderState> => {
    const one = (await states()).find((each) => each.name === name);
    if (!one) throw new ReaderTrouble(name + " is gone");
    return one;
  };
  return {
    name,
    async card(signal) {
      for (; !signal.aborted; await pause(signal)) {
        const { hasCard, atr } = await state();
        if (!hasCard) continue;
        const contact = await connected(line, handle, name, atr);
        if (contact) return contact;
      }
      return null;
    },
    async removal(signal) {
      while (!signal.aborted && (await state()).hasCard) await pause(signal);
    },
    close: () => line.close(),
  };
}

/** `null`: it was taken away again before it could be spoken to. */
async function connected(line: Line, context: number, name: string, atr: Uint8Array): Promise<Contact | null> {
  const answer = await line.ask(COMMANDS.connect, record(context, name, SHARE_EXCLUSIVE, ANY_PROTOCOL, 0, 0, 0));
  const code = codeIn(answer);
  if (isNoCard(code)) return null;
  if (code !== 0) throw new ReaderTrouble("the card is not to be had: " + code.toString(16));
  const [card, protocol] = [wordAt(answer, answer.length - 12), wordAt(answer, answer.length - 8)];
  const check = (rc: number): void => {
    if (isNoCard(rc)) throw new CardGone();
    if (rc !== 0) throw new ReaderTrouble("pcscd: " + rc.toString(16));
  };
  return {
    atr,
    async transmit(apdu) {
      const body = record(card, protocol, 8, apdu.length, protocol, 8, LONGEST_ANSWER, 0);
      const said = await line.ask(COMMANDS.transmit, body, body.length, Buffer.from(apdu));
      check(codeIn(said));
      return new Uint8Array(await line.rest(wordAt(said, 24)));
    },
    async again() {
      check(codeIn(await line.ask(COMMANDS.reconnect, record(card, SHARE_EXCLUSIVE, ANY_PROTOCOL, RESET_CARD, 0, 0))));
    },
    async release() {
      await line.ask(COMMANDS.disconnect, record(card, RESET_CARD, 0));
    },
  };
}

interface Line {
  /** The answer's record, `bytes` long, which is as long as the question's unless told. */
  ask(command: number, body: Buffer, bytes?: number, tail?: Buffer): Promise<Buffer>;
  /** What follows an answer's record. */
  rest(bytes: number): Promise<Buffer>;
  close(): Promise<void>;
}

async function openLine(path: string): Promise<Line> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opening = connect(path, () => resolve(opening));
    opening.once("error", (error) => reject(new ReaderTrouble(`${path}: ${error.message}`)));
  });
  let got = Buffer.alloc(0);
  let broken: Error | null = null;
  let wake: () => void = () => undefined;
  const fail = (what: string): void => {
    broken ??= new ReaderTrouble("pcscd: " + what);
    wake();
  };
  socket.on("data", (data: Buffer) => {
    got = Buffer.concat([got, data]);
    wake();
  });
  socket.on("error", (error) => fail(error.message));
  socket.on("close", () => fail("closed"));
  const take = async (bytes: number): Promise<Buffer> => {
    const timer = setTimeout(() => fail("silent"), PATIENCE_MS);
    try {
      while (got.length < bytes) {
        if (broken) throw broken;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      clearTimeout(timer);
    }
    const taken = got.subarray(0, bytes);
    got = got.subarray(bytes);
    return taken;
  };
  return {
    ask(command, body, bytes = body.length, tail = Buffer.alloc(0)) {
      socket.write(Buffer.concat([headed(command, body), tail]));
      return take(bytes);
    },
    rest: take,
    async close() {
      await new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.once("close", () => resolve()).end()));
    },
  };
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, LOOK_MS);
    signal.addEventListener("abort", done, { once: true });
  });
}
