/**
 * Drives a PN532 card reader: wakes it, looks for a card ten times a second, says when one comes and when it has gone, and carries requests to it.
 *
 * A reader that does not answer three times is woken anew every two seconds and reported as silent. Time-outs are of the 500 ms class: the chip looks
 * into its serial queue only every 100 ms when little happens.
 */
import { concat, NO_BYTES, pn532 } from "@trapeza/protocol/chip";
import type { Clock, Port } from "../board.js";
import { later } from "../later.js";

export interface ReaderEvents {
  /** `sun`: the message of a card that makes one at each tap; `null` from others, or when it was taken away too early. */
  onCard(uid: string, sun: Uint8Array | null): void;
  onGone(): void;
  /** A telephone or a uid made up anew at each tap: no school card. */
  onStranger(): void;
  onHealth(health: "ok" | "silent"): void;
}

/** Requests for the card in the field, one exchange each, up to the first that fails. */
interface Errand {
  readonly requests: ReadonlyArray<Uint8Array>;
  readonly answers: Uint8Array[];
  /** More may follow from the answers: the card stays selected for a moment. */
  readonly hold: boolean;
  /** `status`: 0, or the reader's error byte for the request behind the last answer. */
  done(status: number, answers: ReadonlyArray<Uint8Array>): void;
}

export interface Reader {
  readonly port: Port;
  readonly clock: Clock;
  readonly events: ReaderEvents;
  readonly scanner: ReturnType<typeof pn532.createScanner>;
  phase: "waking" | "tuning" | "fitting" | "looking" | "carrying" | "holding" | "releasing";
  /** Code of the answer that is waited for, 0 between two commands. */
  expected: number;
  /** Uid in the field, "" for none. */
  present: string;
  errand: Errand | null;
  /** The beginning of an answer in several frames. */
  part: Uint8Array | null;
  misses: number;
  failures: number;
  health: "unknown" | "ok" | "silent";
  acknowledged: boolean;
  timer: number;
}

const ANSWER_MS = 500;
const POLL_MS = 100;
/** What an answer leads to comes over the wire within this, and hands are quick. */
const HOLD_MS = 400;
const REVIVE_MS = 2000;
const TRIES = 3;
/** A card that a hand holds a little askew misses single polls; two in a row mean that it has gone. */
const MISSES = 2;
/** Tries per InListPassiveTarget: the answer "none" must come well within the time-out. */
const PASSIVE_RETRIES = 2;
/** The longest answer is 128 bytes of a file. */
const LONGEST = 300;

export function createReader(port: Port, clock: Clock, events: ReaderEvents): Reader {
  return {
    port,
    clock,
    events,
    scanner: pn532.createScanner(),
    phase: "waking",
    expected: 0,
    present: "",
    errand: null,
    part: null,
    misses: 0,
    failures: 0,
    health: "unknown",
    acknowledged: false,
    timer: 0,
  };
}

function report(reader: Reader, health: "ok" | "silent"): void {
  if (reader.health === health) return;
  reader.health = health;
  reader.events.onHealth(health);
}

/** The command of the phase, as a frame. */
function commandOf(reader: Reader): Uint8Array {
  const { phase, errand } = reader;
  if (phase === "tuning") return pn532.setPassiveRetries(PASSIVE_RETRIES);
  if (phase === "fitting") return pn532.setParameters();
  if (phase === "releasing") return pn532.release();
  if (phase === "carrying" && errand) return pn532.exchange(reader.part ? NO_BYTES : errand.requests[errand.answers.length]);
  return pn532.listPassiveTarget();
}

function send(reader: Reader): void {
  reader.scanner.pending = NO_BYTES;
  reader.acknowledged = false;
  const waking = reader.phase === "waking";
  const frame = waking ? pn532.wakeAndConfigure() : commandOf(reader);
  reader.expected = (waking ? pn532.SAM_CONFIGURATION : frame[6]) + 1;
  reader.port.write(frame);
  later(reader, ANSWER_MS, failed);
}

/** Looks again, at once when somebody wants something of the card. */
function look(reader: Reader): void {
  reader.phase = "looking";
  reader.expected = 0;
  later(reader, reader.errand ? 0 : POLL_MS, send);
}

function release(reader: Reader): void {
  reader.phase = "releasing";
  send(reader);
}

/** Nothing came, or nothing sensible. The first command after power-up is often lost, so one failure means nothing. */
function failed(reader: Reader): void {
  reader.failures++;
  if (reader.phase === "carrying" || reader.phase === "holding") reader.phase = "looking";
  finish(reader, pn532.NO_ANSWER);
  if (reader.failures < TRIES) {
    send(reader);
    return;
  }
  leave(reader);
  reader.phase = "waking";
  reader.expected = 0;
  report(reader, "silent");
  later(reader, REVIVE_MS, send);
}

function finish(reader: Reader, status: number): void {
  const { errand } = reader;
  reader.errand = null;
  reader.part = null;
  if (errand) errand.done(status, errand.answers);
}

function leave(reader: Reader): void {
  reader.misses = 0;
  finish(reader, pn532.NO_ANSWER);
  if (reader.present === "") return;
  reader.present = "";
  reader.events.onGone();
}

/** A card that takes APDUs may have something to say before anybody is told of it. */
function seen(reader: Reader, uid: string, sak: number): void {
  reader.misses = 0;
  if (reader.present === uid) return;
  if (reader.present !== "") leave(reader);
  reader.present = uid;
  if (pn532.isRandomUid(uid)) reader.events.onStranger();
  else if ((sak & pn532.SPEAKS_APDU) === 0) reader.events.onCard(uid, null);
  else {
    carry(reader, uid, pn532.readNdef(), false, function (_status, answers) {
      reader.events.onCard(uid, answers.length === 3 ? pn532.sunIn(answers[2]) : null);
    });
  }
}

function looked(reader: Reader, data: Uint8Array): void {
  const target = pn532.decodeTarget(data);
  if (target.kind === "malformed") {
    failed(reader);
    return;
  }
  reader.failures = 0;
  report(reader, "ok");
  if (target.kind === "none") {
    if (reader.present !== "" && ++reader.misses >= MISSES) leave(reader);
    look(reader);
    return;
  }
  seen(reader, target.uid, target.sak);
  if (reader.errand) reader.phase = "carrying";
  // A card that takes APDUs would not be found again without being let go first.
  else if (target.sak & pn532.SPEAKS_APDU) reader.phase = "releasing";
  else {
    look(reader);
    return;
  }
  later(reader, 0, send);
}

function carried(reader: Reader, data: Uint8Array): void {
  const { errand } = reader;
  const heard = pn532.decodeExchange(data);
  if (!heard || !errand) {
    failed(reader);
    return;
  }
  reader.failures = 0;
  const whole = reader.part ? concat([reader.part, heard.data]) : heard.data;
  // A card that never comes to an end has nothing to say to us, and would fill the memory.
  const status = whole.length > LONGEST ? pn532.NO_ANSWER : heard.status;
  if (status === 0) {
    reader.part = heard.more ? whole : null;
    if (!heard.more) errand.answers.push(whole);
    if (errand.answers.length < errand.requests.length) {
      later(reader, 0, send);
      return;
    }
  }
  reader.phase = "holding";
  reader.expected = 0;
  later(reader, errand.hold && status === 0 ? HOLD_MS : 0, release);
  finish(reader, status);
}

function answered(reader: Reader, data: Uint8Array): void {
  // A late answer to the command before: the one we wait for may still come.
  if (data.length === 0 || data[0] !== reader.expected) return;
  // After a standstill the answers to a command and to its repetition come together: taken for two, they would skip a step.
  reader.expected = 0;
  const { phase } = reader;
  if (phase === "looking") looked(reader, data);
  else if (phase === "carrying") carried(reader, data);
  else if (phase === "releasing") look(reader);
  else {
    reader.failures = 0;
    reader.phase = phase === "waking" ? "tuning" : phase === "tuning" ? "fitting" : "looking";
    later(reader, 0, send);
  }
}

function received(reader: Reader, bytes: Uint8Array): void {
  const frames = pn532.scan(reader.scanner, bytes);
  for (let i = 0; i < frames.length; i++) {
    const frame = frames[i];
    if (frame.kind === "ack") reader.acknowledged = true;
    else if (frame.kind === "data" && frame.tfi === pn532.FROM_READER && reader.acknowledged) answered(reader, frame.data);
    else if (frame.kind === "error" && reader.acknowledged) later(reader, 0, failed);
  }
}

/**
 * Carries requests to the card with this uid, when it is still there and nothing else is under way; `done` is told in any case, once, and perhaps at
 * once. The card is let go afterwards; with `hold`, only when nothing more follows soon.
 */
export function carry(reader: Reader, uid: string, requests: Errand["requests"], hold: boolean, done: Errand["done"]): void {
  if (reader.present !== uid || reader.errand) {
    done(pn532.NO_ANSWER, []);
    return;
  }
  reader.errand = { requests, answers: [], hold, done };
  // Between two looks it is still selected by the last; while a look is under way its answer begins the errand.
  if ((reader.phase !== "looking" && reader.phase !== "holding") || reader.expected !== 0) return;
  reader.phase = "carrying";
  later(reader, 0, send);
}

/** Begins; never ends. */
export function startReader(reader: Reader): void {
  reader.port.onData(function (bytes) {
    received(reader, bytes);
  });
  send(reader);
}
