/**
 * Drives a CCNET bill validator so that no note is lost and none is counted twice; the order of steps is told in acceptor.ts.
 *
 * The line has no sequence numbers, so 0x81 counts on its edge: once, and again only for another type of note or after the validator was seen doing
 * something else with a note.
 */
import { ccnet, equalBytes, NO_BYTES } from "@trapeza/protocol/chip";
import {
  ANSWER_MS,
  cheated,
  faulty,
  freshAcceptor,
  goneBack,
  IDLE_POLL_MS,
  isTaken,
  mayEnable,
  NONE,
  offer,
  POLL_MS,
  quiet,
  rested,
  TRIES,
  whileHeld,
} from "../acceptor.js";
import type { Acceptor, AcceptorEvents, Driver } from "../acceptor.js";
import type { Clock, Port } from "../board.js";
import { later } from "../later.js";

type Exchange = "poll" | "control" | "table";

interface Ccnet extends Acceptor {
  readonly scanner: ReturnType<typeof ccnet.createScanner>;
  bills: ccnet.Bill[];
  /** The table as it was first read in this start: a unit that changes its mind about what its notes are worth takes no more. */
  table: Uint8Array | null;
  changed: boolean;
  /** Whether the table was read, or refused, since the unit last began anew. */
  tableAsked: boolean;
  /** Bill type held in escrow or on its way into the cassette. */
  billType: number;
  stackedType: number;
  exchange: Exchange;
  command: number;
  last: ccnet.PlainStatus | string;
}

const TABLE_MS = 1500;
const BUS_FREE_MS = 20;

/** Types of roubles that are accepted, as a mask; anything else the validator gives back by itself. */
function maskOf(bills: ReadonlyArray<ccnet.Bill>): number {
  let mask = 0;
  for (let i = 0; i < bills.length; i++) {
    const rouble = bills[i].currency === "RUS" || bills[i].currency === "RUB";
    if (rouble && isTaken(bills[i].valueKopecks)) mask += 1 << bills[i].billType;
  }
  return mask;
}

/** Value of a type in kopecks by the table of this start; 0 = not in it. */
function valueOf(acceptor: Ccnet, billType: number): number {
  for (let i = 0; i < acceptor.bills.length; i++) if (acceptor.bills[i].billType === billType) return acceptor.bills[i].valueKopecks;
  return 0;
}

function wants(acceptor: Ccnet): boolean {
  return mayEnable(acceptor) && !acceptor.changed;
}

function transmit(acceptor: Ccnet): void {
  acceptor.scanner.pending = NO_BYTES;
  if (acceptor.command === ccnet.ENABLE_BILL_TYPES)
    acceptor.port.write(ccnet.enableBillTypes(wants(acceptor) ? maskOf(acceptor.bills) : 0));
  else acceptor.port.write(ccnet.command(acceptor.command));
  later(acceptor, acceptor.exchange === "table" ? TABLE_MS : ANSWER_MS, unanswered);
}

function begin(acceptor: Ccnet): void {
  const command = acceptor.next === NONE ? ccnet.POLL : acceptor.next;
  acceptor.next = NONE;
  acceptor.command = command;
  acceptor.exchange = command === ccnet.POLL ? "poll" : command === ccnet.GET_BILL_TABLE ? "table" : "control";
  acceptor.tries = 0;
  transmit(acceptor);
}

function unanswered(acceptor: Ccnet): void {
  // Another unit may come back in its place: the table must be read again before notes are taken.
  if (quiet(acceptor)) acceptor.tableAsked = false;
  if (++acceptor.tries < TRIES) transmit(acceptor);
  else later(acceptor, POLL_MS, begin);
}

/** The wish and the state meet here: the table first, then enable or disable, never while a note is inside. */
function atRest(acceptor: Ccnet): void {
  // Refused at a moment when it was not legal: now it is.
  if (acceptor.bills.length === 0) acceptor.tableAsked = false;
  const usable = !acceptor.changed && (!acceptor.tableAsked || maskOf(acceptor.bills) !== 0);
  rested(acceptor, usable);
  if (acceptor.next !== NONE) return;
  if (!acceptor.tableAsked) acceptor.next = ccnet.GET_BILL_TABLE;
  else if (wants(acceptor) !== acceptor.enabled) acceptor.next = ccnet.ENABLE_BILL_TYPES;
}

function escrowed(acceptor: Ccnet, billType: number): void {
  acceptor.armed = true;
  acceptor.sinceStart = true;
  acceptor.billType = billType;
  if (acceptor.note === "none") offer(acceptor, acceptor.changed ? 0 : valueOf(acceptor, billType));
  if (acceptor.next === NONE) acceptor.next = whileHeld(acceptor, ccnet.STACK, ccnet.RETURN, ccnet.HOLD);
}

function stacked(acceptor: Ccnet, billType: number): void {
  if (!acceptor.armed && (acceptor.stackedType === NONE || acceptor.stackedType === billType)) return;
  acceptor.armed = false;
  acceptor.stackedType = billType;
  // Of two answers glued together one may speak of a note that we never sent: it is money all the same, but not this person's.
  const ours = acceptor.billType === NONE || acceptor.billType === billType;
  if (ours) acceptor.note = "none";
  // Durable before the ACK that follows this call: a crash here makes the validator or the open intent tell again.
  acceptor.events.onStacked(valueOf(acceptor, billType), ours, acceptor.sinceStart);
}

function poweredUp(acceptor: Ccnet, kind: ccnet.PlainStatus): void {
  // A note past the point of no return comes back as 0x81 after RESET; one still in escrow is given back.
  if (kind === "power_up_bill_in_stacker") acceptor.note = "stacking";
  else if (kind === "power_up_bill_in_validator") goneBack(acceptor);
  acceptor.enabled = false;
  // Types are numbered by the table, which may be another one now: the one note on its way is ours, and the one just counted is repeated, whatever its
  // number.
  acceptor.billType = NONE;
  acceptor.stackedType = NONE;
  // The table first, while it may be asked for: the 0x81 that follows RESET names its note by type only. After RESET it is read once more.
  if (!acceptor.tableAsked) acceptor.next = ccnet.GET_BILL_TABLE;
  else {
    acceptor.tableAsked = false;
    acceptor.next = ccnet.RESET;
  }
}

function polled(acceptor: Ccnet, status: ccnet.Status): void {
  const before = acceptor.last;
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
    case "cheated":
      if (before !== "cheated") cheated(acceptor);
      return;
    case "cassette_full":
      return faulty(acceptor, "full", ccnet.RESET);
    case "cassette_out":
      return faulty(acceptor, "removed", ccnet.RESET);
    case "validator_jammed":
    case "cassette_jammed":
    case "failure":
    case "paused":
    case "unknown":
      return faulty(acceptor, "jammed", ccnet.RESET);
    default:
      // Initialising, busy, holding, returning: wait for what comes next.
      return;
  }
}

function pollPause(acceptor: Ccnet): number {
  if (acceptor.next !== NONE) return BUS_FREE_MS;
  return acceptor.wanted || acceptor.note !== "none" || acceptor.last === "initialize" ? POLL_MS : IDLE_POLL_MS;
}

function tabled(acceptor: Ccnet, payload: Uint8Array): void {
  const bills = ccnet.decodeBillTable(payload);
  acceptor.tableAsked = true;
  acceptor.bills = bills || [];
  if (bills) {
    if (!acceptor.table) acceptor.table = payload;
    else if (!acceptor.changed && !equalBytes(acceptor.table, payload)) {
      acceptor.changed = true;
      acceptor.events.onOddity("another table of notes");
    }
    return;
  }
  // Refused: not legal in this state. Disabling, or else RESET, leads to one in which it is; nothing is taken without a table.
  if (acceptor.last === "idling") acceptor.next = ccnet.ENABLE_BILL_TYPES;
  if (acceptor.last === "idling" || acceptor.last === "disabled") acceptor.tableAsked = false;
}

/** `true` when this was the answer that the open exchange waits for, rather than a late one to an earlier poll. */
function isControlAnswer(kind: ccnet.Status["kind"]): boolean {
  return kind === "ack" || kind === "nak" || kind === "illegal";
}

function answered(acceptor: Ccnet, payload: Uint8Array): void {
  acceptor.quietSince = acceptor.clock.now();
  const status = ccnet.decodeStatus(payload);
  const isTable = acceptor.exchange === "table" && ccnet.decodeBillTable(payload) !== null;
  if (acceptor.exchange !== "poll" && (isTable || isControlAnswer(status.kind))) {
    // An illegal STACK or RETURN is settled by the next poll, an illegal ENABLE by trying again; only ENABLE is taken at its word.
    if (acceptor.exchange === "table") tabled(acceptor, payload);
    else if (acceptor.command === ccnet.ENABLE_BILL_TYPES && status.kind === "ack") acceptor.enabled = wants(acceptor);
    if (!isTable) return;
  } else polled(acceptor, status);
  acceptor.port.write(ccnet.command(ccnet.ACK));
}

function received(acceptor: Ccnet, bytes: Uint8Array): void {
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

/**
 * A line that is looped back says our own words to us. An answer never begins with the byte of the command that it answers, save for RESET, which
 * is never refused and so never answered by 0x30; and ACK and NAK answer commands only, never a question.
 */
function isEcho(acceptor: Ccnet, payload: Uint8Array): boolean {
  if (payload.length === 0) return false;
  const code = payload[0];
  return (
    code === acceptor.command || (acceptor.exchange !== "control" && payload.length === 1 && (code === ccnet.ACK || code === ccnet.NAK))
  );
}

function start(port: Port, clock: Clock, events: AcceptorEvents, intentIsOpen: boolean): Acceptor {
  const acceptor: Ccnet = Object.assign(freshAcceptor(port, clock, events, intentIsOpen), {
    scanner: ccnet.createScanner(),
    bills: [],
    table: null,
    changed: false,
    tableAsked: false,
    billType: NONE,
    stackedType: NONE,
    exchange: "poll" as Exchange,
    command: ccnet.POLL,
    last: "",
  });
  port.onData(function (bytes) {
    received(acceptor, bytes);
  });
  begin(acceptor);
  return acceptor;
}

function stack(acceptor: Acceptor): void {
  if (acceptor.note !== "offered") return;
  acceptor.note = "stacking";
  acceptor.next = ccnet.STACK;
}

function giveBack(acceptor: Acceptor): void {
  if (acceptor.note !== "offered") return;
  acceptor.note = "returning";
  acceptor.next = ccnet.RETURN;
}

export const CCNET: Driver = { start, stack, giveBack, reset: ccnet.RESET };
