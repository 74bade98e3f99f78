/**
 * The twin of a PN532 card reader on a UART: asleep until it is woken and configured, acknowledges at once, answers when it is done, forgets a card
 * that leaves the field. Frames are those of the protocol's room; what the chip does with them is NXP UM0701-02 §7.
 */
import { pn532 } from "@trapeza/protocol";
import type { SerialDevice } from "../board-serial.js";
import { memoryOf } from "../card-mifare.js";
import { talkWith } from "../card-talk.js";
import { sakOf } from "../card.js";
import type { Card, Talk } from "../card.js";
import type { Clock, Timer } from "../clock.js";
import { createRandom } from "../random.js";

/** What a block holds that was being written when its card was pulled away. */
export type Tear = (before: Uint8Array, after: Uint8Array) => Uint8Array;

/** A hand that pulls a card away at one certain exchange, the next being 1: before the card heard it, or while it was at it. */
export interface Pull {
  exchange: number;
  readonly tear: Tear | null;
  /** Only writes are counted. */
  readonly writes?: boolean;
}

export interface Pn532Twin extends SerialDevice {
  /** Another card in the field is taken away. */
  present(card: Card): void;
  remove(): void;
  readonly card: Card | null;
  /** Set by a story: happens once. */
  pull: Pull | null;
  /** The longest piece of an answer that goes in one frame. */
  pieceBytes: number;
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
/** So many searches find nothing, and the field counts as empty: a driver that wants to be sure has been told. */
const EMPTY = 4;
const FOREVER = 0xff;
/** Item of RFConfiguration that says how often to try. */
const MAX_RETRIES = 0x05;

/** Status bytes of InDataExchange (UM0701-02 §7.1). */
const OK = 0x00;
const TIMEOUT = 0x01;
const WRONG_CONTEXT = 0x27;
/** Beside the status: the answer goes on in another frame. */
const MORE = 0x40;
const MIFARE_WRITE = 0xa0;
const BLOCK_BYTES = 16;
/** UM0701-02 §7.3.8: 262 bytes of data at most. */
const PIECE_BYTES = 262;

interface Field {
  card: Card | null;
  /** With the card that InListPassiveTarget selected, until an error or a release. */
  talk: Talk | null;
  /** Took APDUs and was not let go: it does not answer to a new search. */
  stubborn: boolean;
  /** A write that is not finished yet. */
  writing: { readonly at: number; readonly before: Uint8Array } | null;
  /** What is left of an answer in pieces. */
  rest: readonly number[];
}

/** The chip behind the line. */
interface Reader {
  readonly field: Field;
  /** Configured since power-up; until then nothing is answered. */
  awake: boolean;
  /** A wake-up was heard, so the command behind it is, too. */
  hearing: boolean;
  retries: number;
  /** Searches in a row that found nothing. */
  misses: number;
  /** How long a search goes on when the field has been empty for a while; 0: as long as the tries take. */
  readonly patienceMs: number;
  /** The answer under way; a new command or an ACK from the host drops it. */
  pending: Timer | null;
  /** A search waits for a card without limit or end. */
  searching: boolean;
  last: Uint8Array;
  send(bytes: Uint8Array): void;
  /** What the card in the field says to a request: `[status, data…]`. */
  exchange(request: Uint8Array): readonly number[];
}

function drop(reader: Reader): void {
  reader.pending?.cancel();
  reader.searching = false;
}

function answer(reader: Reader, clock: Clock, delayMs: number, data: readonly number[]): void {
  reader.pending?.cancel();
  reader.pending = clock.after(delayMs, () => {
    reader.searching = false;
    reader.field.writing = null;
    reader.last = pn532.encodeFrame(pn532.FROM_READER, Uint8Array.from(data));
    reader.send(reader.last);
  });
}

function found(reader: Reader, clock: Clock, card: Card): void {
  const { field } = reader;
  reader.misses = 0;
  field.talk = talkWith(card);
  field.stubborn = (sakOf(card) & pn532.SPEAKS_APDU) !== 0;
  const atqa = card.uid.length > 4 ? 0x44 : 0x04;
  const target = [pn532.IN_LIST_PASSIVE_TARGET + 1, 1, 1, 0, atqa, sakOf(card), card.uid.length, ...card.uid];
  answer(reader, clock, SELECT_MS, target);
}

function search(reader: Reader, clock: Clock): void {
  letGo(reader.field);
  reader.searching = true;
  if (reader.field.card && !reader.field.stubborn) found(reader, clock, reader.field.card);
  else if (reader.retries !== FOREVER) {
    const triesMs = (reader.retries + 1) * TRY_MS;
    const isPatient = ++reader.misses > EMPTY && triesMs < reader.patienceMs;
    answer(reader, clock, isPatient ? reader.patienceMs : triesMs, [pn532.IN_LIST_PASSIVE_TARGET + 1, 0]);
  }
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
    case pn532.SET_PARAMETERS:
      return answer(reader, clock, COMMAND_MS, [code + 1]);
    case pn532.RF_CONFIGURATION:
      if (data[1] === MAX_RETRIES) reader.retries = data[4] ?? FOREVER;
      return answer(reader, clock, COMMAND_MS, [code + 1]);
    case pn532.IN_LIST_PASSIVE_TARGET:
      return search(reader, clock);
    case pn532.IN_RELEASE:
      letGo(reader.field);
      reader.field.stubborn = false;
      return answer(reader, clock, COMMAND_MS, [code + 1, OK]);
    case pn532.IN_DATA_EXCHANGE:
      return answer(reader, clock, EXCHANGE_MS, [code + 1, ...reader.exchange(data.subarray(2))]);
    default:
      clock.after(COMMAND_MS, () => reader.send(pn532.ERROR));
  }
}

/** What such a block holds in life: the old bytes, the new ones, some of each, or nothing that anybody wrote. */
function anyTear(seed: Uint8Array): Tear {
  const random = createRandom(seed.reduce((sum, byte) => sum * 31 + byte, 7));
  return (before, after) => {
    const cut = random.below(BLOCK_BYTES);
    const mixed = after.map((byte, i) => (i < cut ? byte : before[i]));
    return random.pick([before, after, mixed, random.bytes(BLOCK_BYTES)]);
  };
}

function letGo(field: Field): void {
  field.talk = null;
  field.rest = [];
}

/** Takes the card out of the field; a block that was being written is torn. */
function takeAway(field: Field, tear: Tear | null): void {
  const { card, writing } = field;
  if (card && writing) {
    const memory = memoryOf(card);
    const after = memory.slice(writing.at, writing.at + BLOCK_BYTES);
    memory.set((tear ?? anyTear(after))(writing.before, after), writing.at);
  }
  field.writing = null;
  field.card = null;
  field.stubborn = false;
  letGo(field);
}

/** `[status, data…]`; any error puts the card to sleep until it is looked for again. */
function exchange(twin: Pn532Twin, field: Field, request: Uint8Array): readonly number[] {
  if (!field.talk) return [WRONG_CONTEXT];
  const isWrite = field.card !== null && sakOf(field.card) === 0x08 && request[0] === MIFARE_WRITE;
  const { pull } = twin;
  const isPulled = pull !== null && (isWrite || !pull.writes) && --pull.exchange === 0;
  if (isPulled && pull.tear === null) takeAway(field, null);
  const { card, talk } = field;
  if (!card || !talk) return [TIMEOUT];
  if (request.length > 0) {
    const at = request[1] * BLOCK_BYTES;
    const before = isWrite ? memoryOf(card).slice(at, at + BLOCK_BYTES) : null;
    const [status, ...data] = talk.exchange(request);
    if (status !== OK) {
      letGo(field);
      return [status];
    }
    if (before) field.writing = { at, before };
    field.rest = data;
  }
  if (isPulled) {
    takeAway(field, pull.tear);
    return [TIMEOUT];
  }
  const piece = field.rest.slice(0, twin.pieceBytes);
  field.rest = field.rest.slice(twin.pieceBytes);
  return [field.rest.length > 0 ? MORE : OK, ...piece];
}

/** `patienceMs`: a search in a field that has been empty for a while lasts so long, which spares a simulated day most of them. */
export function createPn532Twin(clock: Clock, patienceMs = 0): Pn532Twin {
  const scanner = pn532.createScanner();
  const field: Field = { card: null, talk: null, stubborn: false, writing: null, rest: [] };
  const asleep = { awake: false, hearing: false, retries: FOREVER, misses: 0, searching: false };
  const reader: Reader = {
    ...asleep,
    ...{ field, patienceMs },
    pending: null,
    last: pn532.NACK,
    send: () => {},
    exchange: (request) => exchange(twin, field, request),
  };
  const twin: Pn532Twin = {
    baud: 115200,
    silent: false,
    pull: null,
    pieceBytes: PIECE_BYTES,
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
      letGo(field);
      field.stubborn = false;
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
    remove: () => takeAway(field, null),
  };
  return twin;
}
