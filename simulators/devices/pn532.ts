/**
 * The twin of a PN532 card reader on a UART: asleep until it is woken and configured, acknowledges at once, answers when it is done, forgets a card
 * that leaves the field. Frames are those of the protocol's room; what the chip does with them is NXP UM0701-02 §7.
 */
import { concat, copyOf, pn532 } from "@trapeza/protocol";
import type { SerialDevice } from "../board-serial.js";
import type { Clock, Timer } from "../clock.js";

/** A thing held to the reader. */
export interface Card {
  /** 4, 7 or 10 bytes. */
  readonly uid: Uint8Array;
  /** Whose it is: "pupil", "teacher", "cashier", "collector" …; the reader does not know. */
  readonly kind: string;
  /** What stands on it, for people. */
  readonly label: string;
  /** 0x08 MIFARE Classic 1K, when left out; 0x20 a telephone or another ISO 14443-4 card. */
  readonly sak?: number;
}

export interface Pn532Twin extends SerialDevice {
  /** Another card in the field is taken away. */
  present(card: Card): void;
  remove(): void;
  readonly card: Card | null;
  /** A reader that hears and says nothing: a broken wire, a hung chip. */
  silent: boolean;
}

/** Times in milliseconds; radio shares are estimates. */
const ACK_MS = 1;
const COMMAND_MS = 2;
const SELECT_MS = 8;
const EXCHANGE_MS = 5;
/** One try to find a card in an empty field. */
const TRY_MS = 6;
const FOREVER = 0xff;
/** Item of RFConfiguration that says how often to try. */
const MAX_RETRIES = 0x05;

/** Status bytes of InDataExchange (UM0701-02 §7.1). */
const OK = 0x00;
const TIMEOUT = 0x01;
const INVALID_PARAMETER = 0x10;
const AUTHENTICATION = 0x14;
const WRONG_CONTEXT = 0x27;

const MIFARE_AUTH_A = 0x60;
const MIFARE_AUTH_B = 0x61;
const MIFARE_READ = 0x30;
const MIFARE_WRITE = 0xa0;
const BLOCK_BYTES = 16;
const BLOCKS = 64;

/** Memory of a new card: manufacturer's block, transport keys FF…FF and access bytes FF 07 80 in each trailer. */
function freshMemory(card: Card): Uint8Array {
  const memory = new Uint8Array(BLOCKS * BLOCK_BYTES);
  memory.set(card.uid.subarray(0, 7), 0);
  for (let trailer = 3; trailer < BLOCKS; trailer += 4) {
    memory.fill(0xff, trailer * BLOCK_BYTES, (trailer + 1) * BLOCK_BYTES);
    memory.set([0xff, 0x07, 0x80, 0x69], trailer * BLOCK_BYTES + 6);
  }
  return memory;
}

/** The sectors of every card that was ever held to a reader: a card keeps its bytes when it goes to another one. */
const memories = new WeakMap<Card, Uint8Array>();

/** A card's 64 blocks of 16 bytes. */
export function memoryOf(card: Card): Uint8Array {
  const memory = memories.get(card) ?? freshMemory(card);
  memories.set(card, memory);
  return memory;
}

interface Field {
  card: Card | null;
  /** Selected by InListPassiveTarget and not halted since. */
  selected: boolean;
  /** Sector with a running session, −1 for none. */
  sector: number;
}

/** The chip behind the line. */
interface Reader {
  readonly field: Field;
  /** Configured since power-up; until then nothing is answered. */
  awake: boolean;
  /** A wake-up was heard, so the command behind it is, too. */
  hearing: boolean;
  retries: number;
  /** The answer under way; a new command or an ACK from the host drops it. */
  pending: Timer | null;
  /** A search waits for a card without limit or end. */
  searching: boolean;
  last: Uint8Array;
  send(bytes: Uint8Array): void;
}

function drop(reader: Reader): void {
  reader.pending?.cancel();
  reader.searching = false;
}

function answer(reader: Reader, clock: Clock, delayMs: number, data: readonly number[]): void {
  reader.pending?.cancel();
  reader.pending = clock.after(delayMs, () => {
    reader.searching = false;
    reader.last = pn532.encodeFrame(pn532.FROM_READER, Uint8Array.from(data));
    reader.send(reader.last);
  });
}

function found(reader: Reader, clock: Clock, card: Card): void {
  reader.field.selected = true;
  reader.field.sector = -1;
  const atqa = card.uid.length > 4 ? 0x44 : 0x04;
  answer(reader, clock, SELECT_MS, [pn532.IN_LIST_PASSIVE_TARGET + 1, 1, 1, 0, atqa, card.sak ?? 0x08, card.uid.length, ...card.uid]);
}

function search(reader: Reader, clock: Clock): void {
  reader.field.selected = false;
  reader.searching = true;
  if (reader.field.card) found(reader, clock, reader.field.card);
  else if (reader.retries !== FOREVER) answer(reader, clock, (reader.retries + 1) * TRY_MS, [pn532.IN_LIST_PASSIVE_TARGET + 1, 0]);
}

function command(reader: Reader, clock: Clock, data: Uint8Array): void {
  const [code] = data;
  drop(reader);
  if (!reader.awake && code !== pn532.SAM_CONFIGURATION) return;
  clock.after(ACK_MS, () => reader.send(pn532.ACK));
  switch (code) {
    case pn532.SAM_CONFIGURATION:
      reader.awake = true;
      return answer(reader, clock, COMMAND_MS, [code + 1]);
    case pn532.GET_FIRMWARE_VERSION:
      return answer(reader, clock, COMMAND_MS, [code + 1, 0x32, 1, 6, 7]);
    case pn532.RF_CONFIGURATION:
      if (data[1] === MAX_RETRIES) reader.retries = data[4] ?? FOREVER;
      return answer(reader, clock, COMMAND_MS, [code + 1]);
    case pn532.IN_LIST_PASSIVE_TARGET:
      return search(reader, clock);
    case pn532.IN_RELEASE:
      reader.field.selected = false;
      return answer(reader, clock, COMMAND_MS, [code + 1, OK]);
    case pn532.IN_DATA_EXCHANGE:
      return answer(reader, clock, EXCHANGE_MS, [code + 1, ...exchange(reader.field, data.subarray(2))]);
    default:
      clock.after(COMMAND_MS, () => reader.send(pn532.ERROR));
  }
}

export function createPn532Twin(clock: Clock): Pn532Twin {
  const scanner = pn532.createScanner();
  const field: Field = { card: null, selected: false, sector: -1 };
  const asleep = { awake: false, hearing: false, retries: FOREVER, searching: false };
  const reader: Reader = { ...asleep, field, pending: null, last: pn532.NACK, send: () => {} };
  const twin: Pn532Twin = {
    baud: 115200,
    silent: false,
    get card() {
      return field.card;
    },
    connect(send) {
      reader.send = (bytes) => twin.silent || send(bytes);
    },
    power() {
      drop(reader);
      Object.assign(reader, asleep);
      scanner.pending = new Uint8Array(0);
      field.selected = false;
    },
    receive(bytes) {
      // Out of LowVbat only 0x55 wakes the line, and what comes before it is not heard.
      if (!reader.hearing && !bytes.includes(0x55)) return;
      reader.hearing = true;
      for (const frame of pn532.scan(scanner, bytes)) {
        if (frame.kind === "ack") drop(reader);
        else if (frame.kind === "nack") reader.send(reader.last);
        else if (frame.kind === "data" && frame.tfi === pn532.FROM_HOST) command(reader, clock, frame.data);
      }
    },
    present(card) {
      twin.remove();
      field.card = card;
      if (reader.searching) found(reader, clock, card);
    },
    remove() {
      field.card = null;
      field.selected = false;
      field.sector = -1;
    },
  };
  return twin;
}

/** MIFARE Classic behind InDataExchange: `[status, data…]`. Access bits are kept but not enforced; any error halts the card. */
function exchange(field: Field, request: Uint8Array): number[] {
  const { card } = field;
  const [code, block] = request;
  if (!field.selected) return [WRONG_CONTEXT];
  if (!card || (card.sak ?? 0x08) !== 0x08) return halt(field, TIMEOUT);
  const memory = memoryOf(card);
  const at = block * BLOCK_BYTES;
  if (!(block < BLOCKS)) return halt(field, INVALID_PARAMETER);
  if (code === MIFARE_AUTH_A || code === MIFARE_AUTH_B) {
    const trailer = (block | 3) * BLOCK_BYTES;
    const key = copyOf(memory, trailer + (code === MIFARE_AUTH_A ? 0 : 10), trailer + (code === MIFARE_AUTH_A ? 6 : 16));
    const proof = concat([key, card.uid.subarray(card.uid.length - 4)]);
    if (Buffer.compare(proof, request.subarray(2)) !== 0) return halt(field, AUTHENTICATION);
    field.sector = block >> 2;
    return [OK];
  }
  if (field.sector !== block >> 2) return halt(field, AUTHENTICATION);
  if (code === MIFARE_READ) {
    const data = copyOf(memory, at, at + BLOCK_BYTES);
    // Key A never leaves the card.
    if ((block & 3) === 3) data.fill(0, 0, 6);
    return [OK, ...data];
  }
  if (code !== MIFARE_WRITE || request.length !== 2 + BLOCK_BYTES || block === 0) return halt(field, TIMEOUT);
  memory.set(request.subarray(2), at);
  return [OK];
}

function halt(field: Field, status: number): number[] {
  field.selected = false;
  field.sector = -1;
  return [status];
}
