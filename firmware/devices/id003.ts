/**
 * Drives an ID003 bill validator so that no note is lost and none is counted twice; the order of steps is told in acceptor.ts.
 *
 * "Vend valid" is the one proof of money. It names no note and stays until it is acknowledged, so a unit that was not heard waits with the next note: but
 * an acknowledgement that comes a minute late is not taken any more, and only RESET helps then.
 */
import { equalBytes, id003, NO_BYTES } from "@trapeza/protocol/chip";
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

interface Id003 extends Acceptor {
  readonly scanner: ReturnType<typeof id003.createScanner>;
  bills: id003.Bill[];
  /** What the escrow codes were worth when first read in this start. */
  table: Uint8Array | null;
  /** They are worth something else now, or the line says our own words back, where "status?" reads as "idling". No cash on either. */
  untrue: boolean;
  tableAsked: boolean;
  /** The unit was told which notes to take. */
  masked: boolean;
  /** Of the note that was last in escrow; "vend valid" does not say. */
  valueKopecks: number;
  /** Since when it has said "vend valid" in spite of our acknowledgements; 0: it does not. */
  vendSince: number;
  command: number;
  last: string;
}

const BUS_FREE_MS = 20;
/** So long after the first acknowledgement a unit that still says "vend valid" will not hear another. */
const DEAF_MS = 5000;
const FIRST_CODE = 0x61;

/** The notes that are taken, as a mask of escrow codes: all of one country, because the maker's numbers for countries are nobody's standard. */
function maskOf(bills: ReadonlyArray<id003.Bill>): number {
  let mask = 0;
  for (let i = 0; i < bills.length; i++) {
    if (bills[i].country === bills[0].country && isTaken(bills[i].valueKopecks)) mask += 1 << (bills[i].billType - FIRST_CODE);
  }
  return mask;
}

function valueOf(acceptor: Id003, billType: number): number {
  for (let i = 0; i < acceptor.bills.length; i++) if (acceptor.bills[i].billType === billType) return acceptor.bills[i].valueKopecks;
  return 0;
}

function wants(acceptor: Id003): boolean {
  return mayEnable(acceptor) && !acceptor.untrue && maskOf(acceptor.bills) !== 0;
}

function transmit(acceptor: Id003): void {
  acceptor.scanner.pending = NO_BYTES;
  if (acceptor.command === id003.SET_INHIBIT) acceptor.port.write(id003.inhibit(!wants(acceptor)));
  else if (acceptor.command === id003.SET_ENABLE) acceptor.port.write(id003.enable(maskOf(acceptor.bills)));
  else acceptor.port.write(id003.command(acceptor.command));
  later(acceptor, ANSWER_MS, unanswered);
}

function begin(acceptor: Id003): void {
  acceptor.command = acceptor.next === NONE ? id003.STATUS_REQUEST : acceptor.next;
  acceptor.next = NONE;
  acceptor.tries = 0;
  transmit(acceptor);
}

function unanswered(acceptor: Id003): void {
  if (quiet(acceptor)) acceptor.tableAsked = false;
  if (++acceptor.tries < TRIES) transmit(acceptor);
  else later(acceptor, POLL_MS, begin);
}

/** After a restart of the unit its settings are gone; the codes' values are asked for again, because it may be another unit. */
function begunAnew(acceptor: Id003): void {
  acceptor.enabled = false;
  acceptor.tableAsked = false;
  acceptor.masked = false;
}

/** The values first, then which notes, then the door: never while a note is inside. */
function atRest(acceptor: Id003): void {
  rested(acceptor, !acceptor.untrue && (!acceptor.tableAsked || maskOf(acceptor.bills) !== 0));
  if (acceptor.next !== NONE) return;
  if (!acceptor.tableAsked) acceptor.next = id003.GET_CURRENCY;
  else if (!acceptor.masked) acceptor.next = id003.SET_ENABLE;
  else if (wants(acceptor) !== acceptor.enabled) acceptor.next = id003.SET_INHIBIT;
}

function escrowed(acceptor: Id003, billType: number): void {
  acceptor.armed = true;
  acceptor.sinceStart = true;
  if (acceptor.note === "none") {
    acceptor.valueKopecks = acceptor.untrue ? 0 : valueOf(acceptor, billType);
    offer(acceptor, acceptor.valueKopecks);
  }
  if (acceptor.next === NONE) acceptor.next = whileHeld(acceptor, id003.STACK_1, id003.RETURN, id003.HOLD);
}

function vendValid(acceptor: Id003): void {
  const now = acceptor.clock.now();
  if (acceptor.vendSince === 0) acceptor.vendSince = now;
  else if (now - acceptor.vendSince > DEAF_MS) {
    acceptor.vendSince = now;
    acceptor.next = id003.RESET;
  }
  if (acceptor.armed) {
    acceptor.armed = false;
    acceptor.note = "none";
    // Durable before the ACK that follows: a crash here leaves a unit that waits, and an open intent or a credit that the next start finds.
    acceptor.events.onStacked(acceptor.valueKopecks, true, acceptor.sinceStart);
  }
  acceptor.port.write(id003.command(id003.ACK));
}

function poweredUp(acceptor: Id003, kind: string): void {
  // A note past the point of no return comes back as "vend valid" after RESET, if it was not heard before; one in the head is given back.
  if (kind === "power_up_bill_in_acceptor") goneBack(acceptor);
  begunAnew(acceptor);
  acceptor.next = id003.RESET;
}

function asked(acceptor: Id003, status: id003.Status): void {
  const before = acceptor.last;
  acceptor.last = status.kind;
  if (status.kind !== "vend_valid") acceptor.vendSince = 0;
  switch (status.kind) {
    case "power_up":
    case "power_up_bill_in_acceptor":
    case "power_up_bill_in_stacker":
      return poweredUp(acceptor, status.kind);
    case "initialize":
      return begunAnew(acceptor);
    case "escrow":
      return escrowed(acceptor, status.billType);
    case "vend_valid":
      return vendValid(acceptor);
    case "rejecting":
    case "returning":
      return goneBack(acceptor);
    case "idling":
      acceptor.enabled = true;
      return atRest(acceptor);
    case "disabled":
      acceptor.enabled = false;
      return atRest(acceptor);
    case "cheated":
      if (before !== "cheated") cheated(acceptor);
      return;
    case "stacker_full":
      return faulty(acceptor, "full", id003.RESET);
    case "stacker_open":
      return faulty(acceptor, "removed", id003.RESET);
    case "acceptor_jammed":
    case "stacker_jammed":
    case "failure":
    case "paused":
    case "communication_error":
    case "unknown":
      return faulty(acceptor, "jammed", id003.RESET);
    default:
      // Accepting, stacking, stacked, holding, an answer meant for a command: wait for what comes next.
      return;
  }
}

/** The values of the codes, or what stands in their place on a line that says our own words back. */
function tabled(acceptor: Id003, payload: Uint8Array): void {
  const bills = id003.decodeCurrency(payload);
  const changed = acceptor.table !== null && !equalBytes(acceptor.table, payload);
  acceptor.tableAsked = true;
  acceptor.bills = bills || [];
  if (bills && !acceptor.table) acceptor.table = payload;
  if (acceptor.untrue || (bills && !changed)) return;
  acceptor.untrue = true;
  acceptor.events.onOddity(bills ? "another table of notes" : "the acceptor's line is looped back");
}

function answered(acceptor: Id003, payload: Uint8Array): void {
  acceptor.quietSince = acceptor.clock.now();
  const { command } = acceptor;
  const code = payload.length > 0 ? payload[0] : NONE;
  // Our own control command on a looped line, or a status that comes too late: neither is an answer.
  if (code === command && command >= id003.RESET && command <= id003.HOLD) return;
  if (command === id003.STATUS_REQUEST) return asked(acceptor, id003.decodeStatus(payload));
  // Refused commands are settled by the next status; an acceptor that cannot tell its values while it takes notes may tell them when it takes none.
  if (command === id003.GET_CURRENCY && code === command) tabled(acceptor, payload);
  else if (command === id003.SET_ENABLE && code === command) acceptor.masked = true;
  else if (command === id003.SET_INHIBIT && code === command) acceptor.enabled = payload[1] === 0;
  else if (command === id003.GET_CURRENCY && code === id003.INVALID_COMMAND) acceptor.next = acceptor.enabled ? id003.SET_INHIBIT : NONE;
  else if (code !== id003.ACK && code !== id003.INVALID_COMMAND) asked(acceptor, id003.decodeStatus(payload));
}

function pollPause(acceptor: Id003): number {
  if (acceptor.next !== NONE) return BUS_FREE_MS;
  return acceptor.wanted || acceptor.note !== "none" || acceptor.last === "initialize" ? POLL_MS : IDLE_POLL_MS;
}

function received(acceptor: Id003, bytes: Uint8Array): void {
  if (acceptor.timer === 0) return;
  const frames = id003.scan(acceptor.scanner, bytes);
  let good = false;
  // Every frame in order: of two glued answers the first may be the one that says "vend valid". A damaged one is asked for again.
  for (let i = 0; i < frames.length; i++) {
    const frame = frames[i];
    if (frame.kind === "bad") continue;
    good = true;
    answered(acceptor, frame.payload);
  }
  if (good) later(acceptor, pollPause(acceptor), begin);
}

function start(port: Port, clock: Clock, events: AcceptorEvents, intentIsOpen: boolean): Acceptor {
  const acceptor: Id003 = Object.assign(freshAcceptor(port, clock, events, intentIsOpen), {
    scanner: id003.createScanner(),
    bills: [],
    table: null,
    untrue: false,
    tableAsked: false,
    masked: false,
    valueKopecks: 0,
    vendSince: 0,
    command: id003.STATUS_REQUEST,
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
  acceptor.next = id003.STACK_1;
}

function giveBack(acceptor: Acceptor): void {
  if (acceptor.note !== "offered") return;
  acceptor.note = "returning";
  acceptor.next = id003.RETURN;
}

export const ID003: Driver = { start, stack, giveBack, reset: id003.RESET };
