/**
 * Drives a CCNET bill validator so that no note is lost and none is counted twice.
 *
 * The order that everything depends on: the terminal makes its INTENT durable, only then calls {@link stackNote}; the validator answers 0x81 (stacked),
 * the terminal makes the CREDIT durable inside `onStacked`, and only then does this driver send ACK. A power cut between any two of these leaves either
 * an intent that the next start settles, or a credit that the validator repeats and the next start recognises.
 *
 * The line has no sequence numbers, so 0x81 counts on its edge: once, and again only after the validator was seen doing something else with a note.
 */
import { ccnet } from "@trapeza/protocol/chip";
import type { Clock, Port } from "../board.js";

export type AcceptorHealth = "ok" | "full" | "removed" | "jammed" | "silent";

export interface AcceptorEvents {
  /** A note is in escrow. Within 8 s call {@link stackNote} or {@link returnNote}. */
  onOffered(valueKopecks: number): void;
  /** The note is in the cassette. When this returns it must be durable. `sinceStart`: an escrow was seen since this start, so it is no echo of an old one. */
  onStacked(valueKopecks: number, sinceStart: boolean): void;
  /** The note went back to the person. */
  onReturned(): void;
  /** It was sent to the cassette, and whether it arrived cannot be said. */
  onUnresolved(): void;
  onHealth(health: AcceptorHealth): void;
}

type Exchange = "poll" | "control" | "table";

export interface Acceptor {
  readonly port: Port;
  readonly clock: Clock;
  readonly events: AcceptorEvents;
  readonly scanner: ReturnType<typeof ccnet.createScanner>;
  /** What the terminal wants: notes, or none. */
  wanted: boolean;
  enabled: boolean;
  bills: ccnet.Bill[];
  /** Whether the table was read, or refused, since the unit last began anew. */
  tableAsked: boolean;
  /** Where the note is: with the person, held, on its way in, on its way out. */
  note: "none" | "offered" | "stacking" | "returning";
  /** Bill type held in escrow, for the value when it arrives. */
  billType: number;
  /** `false` right after a 0x81: the same answer again is a repeat, not a second note. */
  armed: boolean;
  sinceStart: boolean;
  /** The next control command to send, in place of a poll. */
  next: number;
  exchange: Exchange;
  command: number;
  tries: number;
  quietSince: number;
  offeredAt: number;
  faultSince: number;
  last: ccnet.PlainStatus | string;
  health: AcceptorHealth | "unknown";
  timer: number;
}

const POLL_MS = 200;
const IDLE_POLL_MS = 800;
const ANSWER_MS = 300;
const TABLE_MS = 1500;
const BUS_FREE_MS = 20;
const TRIES = 3;
/** The specification calls a peripheral absent after 5 s of silence. */
const SILENT_MS = 5000;
/** The validator gives a note back by itself 10 s after escrow; HOLD repeats the wait. */
const HOLD_MS = 4000;
/** A decision that has not come by now is a no. */
const DECIDE_MS = 8000;
/** How long a jam may last before the note in it is called unresolved, and before a reset is tried again. */
const JAM_MS = 10000;

const NOTES_KOPECKS = [1000, 5000, 10000, 50000, 100000];
const NONE = -1;

/** `intentIsOpen`: the last start ended between the intent and its end, so a note may be anywhere; the validator will say. */
export function createAcceptor(port: Port, clock: Clock, events: AcceptorEvents, intentIsOpen: boolean): Acceptor {
  return {
    port,
    clock,
    events,
    scanner: ccnet.createScanner(),
    wanted: false,
    enabled: false,
    bills: [],
    tableAsked: false,
    note: intentIsOpen ? "stacking" : "none",
    billType: NONE,
    armed: true,
    sinceStart: false,
    next: NONE,
    exchange: "poll",
    command: ccnet.POLL,
    tries: 0,
    quietSince: clock.now(),
    offeredAt: 0,
    faultSince: 0,
    last: "",
    health: "unknown",
    timer: 0,
  };
}

function report(acceptor: Acceptor, health: AcceptorHealth): void {
  if (acceptor.health === health) return;
  acceptor.health = health;
  acceptor.events.onHealth(health);
}

function later(acceptor: Acceptor, delayMs: number, run: (acceptor: Acceptor) => void): void {
  if (acceptor.timer) acceptor.clock.cancel(acceptor.timer);
  const own = acceptor.clock.after(delayMs, function () {
    // After a standstill (a connection being tried) a timer that was cancelled meanwhile may still be delivered.
    if (acceptor.timer !== own) return;
    acceptor.timer = 0;
    run(acceptor);
  });
  acceptor.timer = own;
}

/** Types of roubles that are accepted, as a mask; anything else the validator gives back by itself. */
function maskOf(bills: ReadonlyArray<ccnet.Bill>): number {
  let mask = 0;
  for (let i = 0; i < bills.length; i++) {
    const rouble = bills[i].currency === "RUS" || bills[i].currency === "RUB";
    if (rouble && NOTES_KOPECKS.indexOf(bills[i].valueKopecks) >= 0) mask += 1 << bills[i].billType;
  }
  return mask;
}

/** Value of a type in kopecks by the table of this start; 0 = not in it. */
function valueOf(acceptor: Acceptor, billType: number): number {
  for (let i = 0; i < acceptor.bills.length; i++) if (acceptor.bills[i].billType === billType) return acceptor.bills[i].valueKopecks;
  return 0;
}

function transmit(acceptor: Acceptor): void {
  acceptor.scanner.pending = new Uint8Array(0);
  if (acceptor.command === ccnet.ENABLE_BILL_TYPES)
    acceptor.port.write(ccnet.enableBillTypes(acceptor.wanted ? maskOf(acceptor.bills) : 0));
  else acceptor.port.write(ccnet.command(acceptor.command));
  later(acceptor, acceptor.exchange === "table" ? TABLE_MS : ANSWER_MS, unanswered);
}

function begin(acceptor: Acceptor): void {
  const command = acceptor.next === NONE ? ccnet.POLL : acceptor.next;
  acceptor.next = NONE;
  acceptor.command = command;
  acceptor.exchange = command === ccnet.POLL ? "poll" : command === ccnet.GET_BILL_TABLE ? "table" : "control";
  acceptor.tries = 0;
  transmit(acceptor);
}

function unanswered(acceptor: Acceptor): void {
  const quietMs = acceptor.clock.now() - acceptor.quietSince;
  if (quietMs >= SILENT_MS) {
    // Another unit may come back in its place: the table must be read again before notes are taken.
    acceptor.enabled = false;
    acceptor.tableAsked = false;
    report(acceptor, "silent");
  }
  if (quietMs >= SILENT_MS + JAM_MS && acceptor.note === "stacking") lose(acceptor);
  if (++acceptor.tries < TRIES) transmit(acceptor);
  else later(acceptor, POLL_MS, begin);
}

function order(acceptor: Acceptor, command: number): void {
  acceptor.next = command;
}

/** The wish and the state meet here: the table first, then enable or disable, never while a note is inside. */
function arrange(acceptor: Acceptor): void {
  if (acceptor.next !== NONE || acceptor.note !== "none") return;
  if (!acceptor.tableAsked) order(acceptor, ccnet.GET_BILL_TABLE);
  else if (acceptor.wanted !== acceptor.enabled) order(acceptor, ccnet.ENABLE_BILL_TYPES);
}

/** What a jam, an open cassette or a failure leaves behind: a fault for the screen, and after a while an unresolved note. */
function faulty(acceptor: Acceptor, health: AcceptorHealth): void {
  const now = acceptor.clock.now();
  acceptor.enabled = false;
  if (acceptor.faultSince === 0) acceptor.faultSince = now;
  report(acceptor, health);
  if (now - acceptor.faultSince < JAM_MS) return;
  acceptor.faultSince = now;
  if (acceptor.note === "stacking") lose(acceptor);
  order(acceptor, ccnet.RESET);
}

function lose(acceptor: Acceptor): void {
  acceptor.note = "none";
  acceptor.billType = NONE;
  acceptor.events.onUnresolved();
}

function goneBack(acceptor: Acceptor): void {
  if (acceptor.note === "none") return;
  acceptor.note = "none";
  acceptor.billType = NONE;
  acceptor.events.onReturned();
}

function escrowed(acceptor: Acceptor, billType: number): void {
  acceptor.armed = true;
  acceptor.sinceStart = true;
  const now = acceptor.clock.now();
  if (acceptor.note === "none") {
    const value = valueOf(acceptor, billType);
    acceptor.note = "offered";
    acceptor.billType = billType;
    acceptor.offeredAt = now;
    if (!acceptor.wanted || NOTES_KOPECKS.indexOf(value) < 0) returnNote(acceptor);
    else acceptor.events.onOffered(value);
  } else if (acceptor.note === "offered" && now - acceptor.offeredAt > DECIDE_MS) returnNote(acceptor);
  else if (acceptor.note === "offered" && now - acceptor.offeredAt > HOLD_MS && acceptor.next === NONE) order(acceptor, ccnet.HOLD);
  else if (acceptor.note === "stacking" && acceptor.next === NONE) order(acceptor, ccnet.STACK);
  else if (acceptor.note === "returning" && acceptor.next === NONE) order(acceptor, ccnet.RETURN);
}

function stacked(acceptor: Acceptor, billType: number): void {
  if (!acceptor.armed) return;
  acceptor.armed = false;
  const sinceStart = acceptor.sinceStart;
  acceptor.note = "none";
  acceptor.billType = NONE;
  // Durable before the ACK that follows this call: a crash here makes the validator or the open intent tell again.
  acceptor.events.onStacked(valueOf(acceptor, billType), sinceStart);
}

/** Standing idle after STACK without having said 0x81: the one answer that mattered was lost, and nobody may guess it. */
function atRest(acceptor: Acceptor): void {
  acceptor.faultSince = 0;
  if (acceptor.note === "stacking") lose(acceptor);
  else goneBack(acceptor);
  // A unit without a single rouble note that we take is of no use, however well it feels.
  report(acceptor, acceptor.tableAsked && maskOf(acceptor.bills) === 0 ? "jammed" : "ok");
  arrange(acceptor);
}

function poweredUp(acceptor: Acceptor, kind: ccnet.PlainStatus): void {
  // A note past the point of no return comes back as 0x81 after RESET; one still in escrow is given back.
  if (kind === "power_up_bill_in_stacker") acceptor.note = "stacking";
  else if (kind === "power_up_bill_in_validator") goneBack(acceptor);
  acceptor.armed = true;
  acceptor.enabled = false;
  // The table first, while it may be asked for: the 0x81 that follows RESET names its note by type only. After RESET it is read once more.
  if (!acceptor.tableAsked) order(acceptor, ccnet.GET_BILL_TABLE);
  else {
    acceptor.tableAsked = false;
    order(acceptor, ccnet.RESET);
  }
}

function polled(acceptor: Acceptor, status: ccnet.Status): void {
  acceptor.last = status.kind;
  switch (status.kind) {
    case "power_up":
    case "power_up_bill_in_validator":
    case "power_up_bill_in_stacker":
      return poweredUp(acceptor, status.kind);
    case "escrow":
      return escrowed(acceptor, status.billType);
    case "stacked":
      return stacked(acceptor, status.billType);
    case "returned":
    case "rejecting":
      return goneBack(acceptor);
    case "idling":
      acceptor.armed = true;
      acceptor.enabled = true;
      return atRest(acceptor);
    case "disabled":
      acceptor.enabled = false;
      return atRest(acceptor);
    case "accepting":
    case "stacking":
      acceptor.armed = true;
      return;
    case "cassette_full":
      return faulty(acceptor, "full");
    case "cassette_out":
      return faulty(acceptor, "removed");
    case "validator_jammed":
    case "cassette_jammed":
    case "failure":
    case "paused":
    case "unknown":
      return faulty(acceptor, "jammed");
    default:
      // Initialising, busy, holding, returning, cheated: wait for what comes next.
      return;
  }
}

function pollPause(acceptor: Acceptor): number {
  if (acceptor.next !== NONE) return BUS_FREE_MS;
  return acceptor.wanted || acceptor.note !== "none" || acceptor.last === "initialize" ? POLL_MS : IDLE_POLL_MS;
}

function tabled(acceptor: Acceptor, payload: Uint8Array): void {
  const bills = ccnet.decodeBillTable(payload);
  acceptor.tableAsked = true;
  if (bills) {
    acceptor.bills = bills;
    acceptor.port.write(ccnet.command(ccnet.ACK));
    return;
  }
  // Refused: not legal in this state. Disabling, or else RESET, leads to one in which it is; nothing is taken without a table.
  acceptor.bills = [];
  if (acceptor.last === "idling") order(acceptor, ccnet.ENABLE_BILL_TYPES);
  else if (acceptor.last === "disabled") acceptor.tableAsked = false;
}

function answered(acceptor: Acceptor, payload: Uint8Array): void {
  acceptor.quietSince = acceptor.clock.now();
  if (acceptor.exchange === "control") {
    const status = ccnet.decodeStatus(payload);
    // An illegal STACK or RETURN is settled by the next poll, an illegal ENABLE by trying again; only ENABLE is taken at its word.
    if (acceptor.command === ccnet.ENABLE_BILL_TYPES && status.kind === "ack") acceptor.enabled = acceptor.wanted;
  } else if (acceptor.exchange === "table") {
    tabled(acceptor, payload);
  } else {
    polled(acceptor, ccnet.decodeStatus(payload));
    acceptor.port.write(ccnet.command(ccnet.ACK));
  }
}

function received(acceptor: Acceptor, bytes: Uint8Array): void {
  if (acceptor.timer === 0) return;
  const frames = ccnet.scan(acceptor.scanner, bytes);
  let good = false;
  let bad = false;
  // Every frame in order: of two glued answers the first may be the one that says 0x81.
  for (let i = 0; i < frames.length; i++) {
    const frame = frames[i];
    if (frame.kind === "bad") bad = true;
    else if (frame.address === ccnet.BILL_VALIDATOR && !isEcho(acceptor, frame.payload)) {
      good = true;
      answered(acceptor, frame.payload);
    }
  }
  if (good) later(acceptor, pollPause(acceptor), begin);
  else if (bad) acceptor.port.write(ccnet.command(ccnet.NAK));
}

/** A looped-back line sends our own command first; only POLL's 0x33 and the like are never an answer, the rest is told apart by the exchange. */
function isEcho(acceptor: Acceptor, payload: Uint8Array): boolean {
  return payload.length >= 1 && payload[0] === acceptor.command && acceptor.command !== ccnet.RESET && acceptor.exchange !== "table";
}

/** Begins; never ends. */
export function startAcceptor(acceptor: Acceptor): void {
  acceptor.port.onData(function (bytes) {
    received(acceptor, bytes);
  });
  begin(acceptor);
}

/** Notes are wanted, or no longer. A note that is already inside is finished first. */
export function acceptNotes(acceptor: Acceptor, wanted: boolean): void {
  acceptor.wanted = wanted;
}

/** The intent is durable: into the cassette. Without effect when the note has gone meanwhile. */
export function stackNote(acceptor: Acceptor): void {
  if (acceptor.note !== "offered") return;
  acceptor.note = "stacking";
  order(acceptor, ccnet.STACK);
}

export function returnNote(acceptor: Acceptor): void {
  if (acceptor.note !== "offered") return;
  acceptor.note = "returning";
  order(acceptor, ccnet.RETURN);
}
