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

export function createPn532Twin(clock: Clock): Pn532Twin {
  const scanner = pn532.createScanner();
  const field: Field = { card: null, selected: false, sector: -1 };
  let send: (bytes: Uint8Array) => void = () => {};
  let awake = false;
  let retries = FOREVER;
  let last: Uint8Array = pn532.NACK;
  /** The answer under way; a new command or an ACK from the host drops it. */
  let pending: Timer | null = null;
  /** `true` while a search waits for a card without limit or end. */
  let searching = false;

  function answer(delayMs: number, data: readonly number[] | Uint8Array): void {
    pending?.cancel();
    pending = clock.after(delayMs, () => {
      searching = false;
      last = pn532.encodeFrame(pn532.FROM_READER, Uint8Array.from(data));
      if (!twin.silent) send(last);
    });
  }

  function found(): void {
    const { card } = field;
    if (!card) return;
    field.selected = true;
    field.sector = -1;
    const head = [pn532.IN_LIST_PASSIVE_TARGET + 1, 1, 1, 0x00, card.uid.length > 4 ? 0x44 : 0x04, card.sak ?? 0x08, card.uid.length];
    answer(SELECT_MS, [...head, ...card.uid]);
  }

  function search(): void {
    field.selected = false;
    searching = true;
    if (field.card) found();
    else if (retries !== FOREVER) answer((retries + 1) * TRY_MS, [pn532.IN_LIST_PASSIVE_TARGET + 1, 0]);
  }

  function command(data: Uint8Array): void {
    pending?.cancel();
    searching = false;
    const [code] = data;
    if (!awake && code !== pn532.SAM_CONFIGURATION) return;
    if (!twin.silent) clock.after(ACK_MS, () => send(pn532.ACK));
    if (code === pn532.SAM_CONFIGURATION) {
      awake = true;
      answer(COMMAND_MS, [code + 1]);
    } else if (code === pn532.GET_FIRMWARE_VERSION) answer(COMMAND_MS, [code + 1, 0x32, 1, 6, 7]);
    else if (code === pn532.RF_CONFIGURATION) {
      if (data[1] === 0x05) retries = data[4] ?? FOREVER;
      answer(COMMAND_MS, [code + 1]);
    } else if (code === pn532.IN_LIST_PASSIVE_TARGET) search();
    else if (code === pn532.IN_RELEASE) {
      field.selected = false;
      answer(COMMAND_MS, [code + 1, OK]);
    } else if (code === pn532.IN_DATA_EXCHANGE) answer(EXCHANGE_MS, [code + 1, ...exchange(field, data.subarray(2))]);
    else {
      clock.after(COMMAND_MS, () => send(pn532.ERROR));
    }
  }

  /** A wake-up was heard, so the command behind it is, too. */
  let hearing = false;
  const twin: Pn532Twin = {
    baud: 115200,
    silent: false,
    get card() {
      return field.card;
    },
    connect: (back) => void (send = back),
    power(on) {
      awake = false;
      hearing = false;
      retries = FOREVER;
      scanner.pending = new Uint8Array(0);
      if (!on) pending?.cancel();
      searching = false;
      field.selected = false;
    },
    receive(bytes) {
      // Out of LowVbat only 0x55 wakes the line, and what comes before it is not heard.
      if (!awake && !hearing && !bytes.includes(0x55)) return;
      hearing = true;
      for (const frame of pn532.scan(scanner, bytes)) {
        if (frame.kind === "ack") {
          pending?.cancel();
          searching = false;
        } else if (frame.kind === "nack" && !twin.silent) send(last);
        else if (frame.kind === "data" && frame.tfi === pn532.FROM_HOST) command(frame.data);
      }
    },
    present(card) {
      twin.remove();
      field.card = card;
      if (searching) found();
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
