/**
 * The twin of a CCNET bill validator: where the note is, what POLL would say about it, and the truth that no wire tells: which notes really lie in the
 * cassette and which went back to a hand. Positions at a loss of power decide what it says when it comes back (0x10, 0x11, 0x12).
 */
import { ccnet } from "@trapeza/protocol";
import type { SerialDevice } from "../board-serial.js";
import type { Clock, Timer } from "../clock.js";

export interface CcnetOptions {
  readonly clock: Clock;
  readonly bills?: readonly ccnet.Bill[];
  /** Whether "stacked" is repeated until the host acknowledges it or said once; units differ. */
  readonly stackedIsSaid?: "until-ack" | "once";
  /** Whether a "stacked" that nobody acknowledged is said again after a loss of power. */
  readonly recoversAfterPowerCut?: boolean;
  readonly cassetteHolds?: number;
  /** Fed beside the terminal: a terminal that falls does not take it along. */
  readonly ownSupply?: boolean;
}

/** Notes by value in kopecks, in the order in which they came. */
export interface Truth {
  readonly cassette: readonly number[];
  readonly returned: readonly number[];
  /** What left with the cassettes that were taken out. */
  readonly collected: readonly number[];
}

export interface CcnetTwin extends SerialDevice {
  /** A hand pushes a note into the slot. `false`: the slot does not take it (dark, busy, disabled), and the hand keeps it. */
  insert(valueKopecks: number): boolean;
  removeCassette(): void;
  returnCassette(): void;
  /** Somebody pulls at a string: said at the next question, before anything else. */
  cheat(): void;
  /** The firmware forgot how its notes are numbered; what it says from now on, it says by this table. */
  renumber(bills: readonly ccnet.Bill[]): void;
  /** Its own supply fails and comes back, whatever the terminal does. */
  blink(): void;
  /** What is on its way stops where it is. */
  jam(where: "validator" | "cassette"): void;
  /** A technician frees the path: the note falls to the side that it was nearer to. */
  clearJam(): void;
  truth(): Truth;
  /** What POLL would answer now. */
  readonly status: ccnet.Status;
  readonly isJammed: boolean;
  readonly isCassetteOut: boolean;
  /** Hears and says nothing. */
  silent: boolean;
}

const ROUBLE = 100;

/** A Russian set: types 2…7 and the two late ones. 5000 is in the table; whether it is taken is the host's mask. */
export const RUSSIAN_BILLS: readonly ccnet.Bill[] = [
  [2, 10],
  [3, 50],
  [4, 100],
  [5, 500],
  [6, 1000],
  [7, 5000],
  [12, 200],
  [13, 2000],
].map(([billType, roubles]) => ({ billType, valueKopecks: roubles * ROUBLE, currency: "RUS" }));

/** Typical mechanical times, in milliseconds. */
const ANSWER_MS = 5;
const ACCEPT_MS = 1300;
const STACK_MS = 1600;
/** Within the stacking: from here on the note cannot come back. */
const NO_RETURN_MS = 500;
const RETURN_MS = 1000;
const REJECT_MS = 900;
const INITIALIZE_MS = 3000;
/** Without a decision the unit gives the note back by itself. */
const ESCROW_MS = 10_000;
const INHIBITED = 0x68;

interface Note {
  readonly billType: number;
  readonly valueKopecks: number;
}

type Mode = "off" | "power_up" | "initialize" | "ready" | "accepting" | "rejecting" | "escrow" | "holding" | "stacking" | "returning";

interface Unit {
  mode: Mode;
  note: Note | null;
  /** During stacking: beyond the point of no return. */
  committed: boolean;
  /** "Stacked" or "returned", not yet acknowledged. Survives a loss of power in units that recover. */
  event: { readonly kind: "stacked" | "returned"; readonly billType: number } | null;
  cheated: boolean;
  bills: readonly ccnet.Bill[];
  enabled: number;
  escrowed: number;
  cassette: "in" | "out";
  jammed: "validator" | "cassette" | null;
  timers: Timer[];
  /** Notes that the cassette holds when it is full. */
  readonly capacity: number;
  readonly inCassette: number[];
  readonly returned: number[];
  readonly collected: number[];
}

/** The note's way through the unit. */
interface Mechanism {
  enter(mode: Mode): void;
  halt(): void;
  accept(note: Note): void;
  stack(): void;
  giveBack(): void;
  hold(): void;
  reset(): void;
}

function createMechanism(unit: Unit, clock: Clock): Mechanism {
  function then(delayMs: number, task: () => void): void {
    unit.timers.push(clock.after(delayMs, task));
  }
  function halt(): void {
    for (const timer of unit.timers) timer.cancel();
    unit.timers = [];
  }
  function enter(mode: Mode): void {
    halt();
    unit.mode = mode;
  }
  function stack(): void {
    enter("stacking");
    unit.committed = false;
    then(NO_RETURN_MS, () => (unit.committed = true));
    then(STACK_MS, () => {
      drop(unit, "inCassette");
      enter("ready");
    });
  }
  function giveBack(): void {
    const billType = unit.note?.billType ?? 0;
    enter("returning");
    then(RETURN_MS, () => {
      drop(unit, "returned");
      unit.event = { kind: "returned", billType };
      enter("ready");
    });
  }
  function wait(mode: "escrow" | "holding"): void {
    enter(mode);
    then(ESCROW_MS, giveBack);
  }
  function judge(note: Note): void {
    const bit = 1 << note.billType;
    if (note.billType >= 0 && unit.enabled & unit.escrowed & bit) return wait("escrow");
    if (note.billType >= 0 && unit.enabled & bit) return stack();
    enter("rejecting");
    then(REJECT_MS, () => {
      drop(unit, "returned");
      enter("ready");
    });
  }
  return {
    enter,
    halt,
    stack,
    giveBack,
    hold: () => wait("holding"),
    accept(note) {
      unit.note = note;
      enter("accepting");
      then(ACCEPT_MS, () => judge(note));
    },
    reset() {
      enter("initialize");
      unit.enabled = 0;
      if (unit.jammed) return;
      then(INITIALIZE_MS, () => {
        drop(unit, unit.committed ? "inCassette" : "returned");
        enter("ready");
      });
    },
  };
}

/** The note, if there is one, leaves the path for good. In the cassette it becomes an event that the host must hear of. */
function drop(unit: Unit, where: "inCassette" | "returned"): void {
  const { note } = unit;
  if (!note) return;
  unit.note = null;
  unit.committed = false;
  unit[where].push(note.valueKopecks);
  if (where === "inCassette") unit.event = { kind: "stacked", billType: note.billType };
}

/** Takes commands and answers them. */
interface Line {
  connect(send: (bytes: Uint8Array) => void): void;
  receive(bytes: Uint8Array): void;
  /** After a loss of power: what was said before counts no more. */
  forget(): void;
}

function createLine(unit: Unit, mechanism: Mechanism, options: CcnetOptions): Line {
  const scanner = ccnet.createScanner();
  let send: (bytes: Uint8Array) => void = () => {};
  let lastAnswer: Uint8Array | null = null;
  /** The last answer told of {@link Unit.event}. */
  let saidEvent = false;

  function answer(payload: Uint8Array): void {
    const bytes = ccnet.encodeFrame(payload);
    lastAnswer = bytes;
    options.clock.after(ANSWER_MS, () => unit.mode !== "off" && send(bytes));
  }
  function control(allowed: boolean, act: () => void): void {
    answer(new Uint8Array([allowed ? ccnet.ACK : ccnet.ILLEGAL]));
    if (allowed) act();
  }
  function poll(): void {
    const status = unit.cheated ? ({ kind: "cheated" } as const) : statusOf(unit);
    unit.cheated = false;
    // An ACK belongs to the answer just given, so that of an earlier state cannot take an event away.
    saidEvent = status.kind === "stacked" || status.kind === "returned";
    if (saidEvent && options.stackedIsSaid === "once") unit.event = null;
    answer(ccnet.encodeStatus(status));
  }
  function acknowledged(): void {
    if (saidEvent) unit.event = null;
    saidEvent = false;
  }
  function obey(payload: Uint8Array): void {
    const [code] = payload;
    const held = unit.mode === "escrow" || unit.mode === "holding";
    if (code === ccnet.RESET) control(true, mechanism.reset);
    else if (code === ccnet.ENABLE_BILL_TYPES) control(payload.length === 7, () => setMasks(unit, payload));
    else if (code === ccnet.STACK) control(held, mechanism.stack);
    else if (code === ccnet.RETURN) control(held, mechanism.giveBack);
    else if (code === ccnet.HOLD) control(held, mechanism.hold);
    else if (code === ccnet.GET_BILL_TABLE && mayDescribeItself(unit)) answer(ccnet.encodeBillTable(unit.bills));
    else if (code === ccnet.IDENTIFICATION && mayDescribeItself(unit)) answer(identification());
    else if (code === ccnet.GET_STATUS) answer(new Uint8Array([unit.enabled >> 16, unit.enabled >> 8, unit.enabled, 0, 0, 0]));
    else answer(new Uint8Array([ccnet.ILLEGAL]));
  }
  return {
    connect: (back) => void (send = back),
    forget() {
      scanner.pending = new Uint8Array(0);
      saidEvent = false;
    },
    receive(bytes) {
      for (const frame of ccnet.scan(scanner, bytes)) {
        if (frame.kind === "bad") answer(new Uint8Array([ccnet.NAK]));
        else if (frame.address !== ccnet.BILL_VALIDATOR) continue;
        else if (frame.payload[0] === ccnet.ACK) acknowledged();
        else if (frame.payload[0] === ccnet.NAK && lastAnswer) send(lastAnswer);
        else if (frame.payload[0] === ccnet.POLL) poll();
        else obey(frame.payload);
      }
    },
  };
}

function setMasks(unit: Unit, payload: Uint8Array): void {
  unit.enabled = (payload[1] << 16) | (payload[2] << 8) | payload[3];
  unit.escrowed = (payload[4] << 16) | (payload[5] << 8) | payload[6];
}

/** Part number and bill table are told only while nothing can happen to a note. */
function mayDescribeItself(unit: Unit): boolean {
  const resting = unit.mode === "power_up" || unit.mode === "initialize" || statusOf(unit).kind === "disabled";
  return resting || unit.jammed !== null || unit.cassette === "out";
}

export function createCcnetTwin(options: CcnetOptions): CcnetTwin {
  const unit = freshUnit(options);
  const mechanism = createMechanism(unit, options.clock);
  const line = createLine(unit, mechanism, options);
  function supply(on: boolean): void {
    // A "stacked" that was never acknowledged is told again only by units with credit recovery.
    if (!on && options.recoversAfterPowerCut === false) unit.event = null;
    mechanism.enter(on ? "power_up" : "off");
    unit.enabled = 0;
    line.forget();
  }
  const twin: CcnetTwin = {
    baud: 9600,
    silent: false,
    get status() {
      return statusOf(unit);
    },
    get isJammed() {
      return unit.jammed !== null;
    },
    get isCassetteOut() {
      return unit.cassette === "out";
    },
    connect: (send) => line.connect((bytes) => twin.silent || send(bytes)),
    receive(bytes) {
      if (unit.mode !== "off" && !twin.silent) line.receive(bytes);
    },
    power(on) {
      if (!options.ownSupply || unit.mode === "off") supply(on);
    },
    blink() {
      supply(false);
      supply(true);
    },
    cheat: () => void (unit.cheated = true),
    renumber(bills) {
      if (unit.note) unit.note = { ...unit.note, billType: numberOf(bills, unit.note.valueKopecks) };
      unit.bills = bills;
    },
    insert(valueKopecks) {
      if (twin.status.kind !== "idling") return false;
      mechanism.accept({ billType: numberOf(unit.bills, valueKopecks), valueKopecks });
      return true;
    },
    removeCassette() {
      unit.cassette = "out";
      unit.collected.push(...unit.inCassette.splice(0));
    },
    returnCassette() {
      if (unit.cassette === "in") return;
      unit.cassette = "in";
      if (unit.mode !== "off") mechanism.reset();
    },
    jam(where) {
      mechanism.halt();
      unit.jammed = where;
    },
    clearJam() {
      if (!unit.jammed) return;
      unit.jammed = null;
      if (unit.mode !== "off") mechanism.reset();
    },
    truth: () => ({ cassette: [...unit.inCassette], returned: [...unit.returned], collected: [...unit.collected] }),
  };
  return twin;
}

function freshUnit(options: CcnetOptions): Unit {
  const nothing = { note: null, committed: false, event: null, cheated: false, enabled: 0, escrowed: 0, jammed: null };
  const { cassetteHolds: capacity = 600, bills = RUSSIAN_BILLS } = options;
  return { ...nothing, mode: "off", cassette: "in", bills, capacity, inCassette: [], returned: [], collected: [], timers: [] };
}

/** What the unit calls a note of this value; −1: nothing. */
function numberOf(bills: readonly ccnet.Bill[], valueKopecks: number): number {
  return bills.find((known) => known.valueKopecks === valueKopecks)?.billType ?? -1;
}

function statusOf(unit: Unit): ccnet.Status {
  if (unit.mode === "power_up") {
    if (unit.committed || unit.event?.kind === "stacked") return { kind: "power_up_bill_in_stacker" };
    return { kind: unit.note ? "power_up_bill_in_validator" : "power_up" };
  }
  if (unit.cassette === "out") return { kind: "cassette_out" };
  if (unit.jammed) return { kind: unit.jammed === "validator" ? "validator_jammed" : "cassette_jammed" };
  if (unit.mode === "rejecting") return { kind: "rejecting", reason: INHIBITED };
  if (unit.mode === "escrow") return { kind: "escrow", billType: unit.note?.billType ?? 0 };
  if (unit.mode !== "ready" && unit.mode !== "off") return { kind: unit.mode };
  if (unit.event) return { kind: unit.event.kind, billType: unit.event.billType };
  if (unit.inCassette.length >= unit.capacity) return { kind: "cassette_full" };
  return { kind: unit.enabled === 0 ? "disabled" : "idling" };
}

/** Part number (15), serial number (12), asset number (7). */
function identification(): Uint8Array {
  return Buffer.concat([Buffer.from("SM-RU1353".padEnd(15)), Buffer.from("21K0000001".padEnd(12)), Buffer.alloc(7)]);
}
