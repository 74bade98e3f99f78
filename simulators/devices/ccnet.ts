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
  enabled: number;
  escrowed: number;
  cassette: "in" | "out";
  jammed: "validator" | "cassette" | null;
  timers: Timer[];
}

export function createCcnetTwin(options: CcnetOptions): CcnetTwin {
  const { clock } = options;
  const bills = options.bills ?? RUSSIAN_BILLS;
  const inCassette: number[] = [];
  const returned: number[] = [];
  const collected: number[] = [];
  const unit: Unit = freshUnit();
  const scanner = ccnet.createScanner();
  let send: (bytes: Uint8Array) => void = () => {};
  let lastAnswer: Uint8Array | null = null;
  /** The last answer told of {@link Unit.event}. */
  let saidEvent = false;

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

  function giveBack(): void {
    const { note } = unit;
    if (!note) return;
    unit.note = null;
    returned.push(note.valueKopecks);
  }
  function swallow(): void {
    const { note } = unit;
    if (!note) return;
    unit.note = null;
    unit.committed = false;
    inCassette.push(note.valueKopecks);
    unit.event = { kind: "stacked", billType: note.billType };
  }

  function startStacking(): void {
    enter("stacking");
    unit.committed = false;
    then(NO_RETURN_MS, () => (unit.committed = true));
    then(STACK_MS, () => {
      swallow();
      enter("ready");
    });
  }
  function startReturning(): void {
    const billType = unit.note?.billType ?? 0;
    enter("returning");
    then(RETURN_MS, () => {
      giveBack();
      unit.event = { kind: "returned", billType };
      enter("ready");
    });
  }
  function enterEscrow(mode: "escrow" | "holding"): void {
    enter(mode);
    then(ESCROW_MS, startReturning);
  }
  function accepted(): void {
    const bit = 1 << (unit.note?.billType ?? 0);
    if (!unit.note || unit.note.billType < 0 || (unit.enabled & bit) === 0) {
      enter("rejecting");
      then(REJECT_MS, () => {
        giveBack();
        enter("ready");
      });
    } else if (unit.escrowed & bit) enterEscrow("escrow");
    else startStacking();
  }
  function reset(): void {
    const goesIn = unit.committed;
    enter("initialize");
    unit.enabled = 0;
    if (unit.jammed) return;
    then(INITIALIZE_MS, () => {
      if (goesIn) swallow();
      else giveBack();
      enter("ready");
    });
  }

  function answer(payload: Uint8Array): void {
    lastAnswer = ccnet.encodeFrame(payload);
    const bytes = lastAnswer;
    clock.after(ANSWER_MS, () => {
      if (!twin.silent && unit.mode !== "off") send(bytes);
    });
  }
  function control(allowed: boolean, act: () => void): void {
    answer(new Uint8Array([allowed ? ccnet.ACK : ccnet.ILLEGAL]));
    if (allowed) act();
  }

  function handle(payload: Uint8Array): void {
    const [code] = payload;
    const held = unit.mode === "escrow" || unit.mode === "holding";
    const idle = statusOf(unit, options.cassetteHolds ?? 600, inCassette.length).kind;
    const maySpeak =
      ["power_up", "initialize"].includes(unit.mode) || idle === "disabled" || unit.jammed !== null || unit.cassette === "out";
    if (code === ccnet.ACK) {
      if (saidEvent) unit.event = null;
      saidEvent = false;
    } else if (code === ccnet.NAK) {
      if (lastAnswer) send(lastAnswer);
    } else if (code === ccnet.POLL) poll();
    else if (code === ccnet.RESET) control(true, reset);
    else if (code === ccnet.ENABLE_BILL_TYPES)
      control(payload.length === 7, () => {
        unit.enabled = (payload[1] << 16) | (payload[2] << 8) | payload[3];
        unit.escrowed = (payload[4] << 16) | (payload[5] << 8) | payload[6];
      });
    else if (code === ccnet.STACK) control(held, startStacking);
    else if (code === ccnet.RETURN) control(held, startReturning);
    else if (code === ccnet.HOLD) control(held, () => enterEscrow("holding"));
    else if (code === ccnet.GET_BILL_TABLE && maySpeak) answer(ccnet.encodeBillTable(bills));
    else if (code === ccnet.IDENTIFICATION && maySpeak) answer(identification());
    else if (code === ccnet.GET_STATUS) {
      answer(new Uint8Array([unit.enabled >> 16, unit.enabled >> 8, unit.enabled, 0, 0, 0]));
    } else answer(new Uint8Array([ccnet.ILLEGAL]));
  }

  function poll(): void {
    const status = twin.status;
    // An ACK belongs to the answer just given, so that of an earlier state cannot take an event away.
    saidEvent = status.kind === "stacked" || status.kind === "returned";
    if (saidEvent && options.stackedIsSaid === "once") unit.event = null;
    answer(ccnet.encodeStatus(status));
  }

  const twin: CcnetTwin = {
    baud: 9600,
    silent: false,
    get status() {
      return statusOf(unit, options.cassetteHolds ?? 600, inCassette.length);
    },
    get isJammed() {
      return unit.jammed !== null;
    },
    get isCassetteOut() {
      return unit.cassette === "out";
    },
    connect: (back) => void (send = back),
    receive(bytes) {
      if (unit.mode === "off" || twin.silent) return;
      for (const frame of ccnet.scan(scanner, bytes)) {
        if (frame.kind === "bad") answer(new Uint8Array([ccnet.NAK]));
        else if (frame.address === ccnet.BILL_VALIDATOR) handle(frame.payload);
      }
    },
    power(on) {
      if (!on) {
        // A "stacked" that was never acknowledged is told again only by units with credit recovery.
        if (unit.event && options.recoversAfterPowerCut === false) unit.event = null;
        enter("off");
        return;
      }
      scanner.pending = new Uint8Array(0);
      saidEvent = false;
      unit.enabled = 0;
      enter("power_up");
    },
    insert(valueKopecks) {
      if (twin.status.kind !== "idling") return false;
      const bill = bills.find((known) => known.valueKopecks === valueKopecks);
      unit.note = { billType: bill?.billType ?? -1, valueKopecks };
      enter("accepting");
      then(ACCEPT_MS, accepted);
      return true;
    },
    removeCassette() {
      unit.cassette = "out";
      collected.push(...inCassette.splice(0));
    },
    returnCassette() {
      if (unit.cassette === "in") return;
      unit.cassette = "in";
      if (unit.mode !== "off") reset();
    },
    jam(where) {
      halt();
      unit.jammed = where;
    },
    clearJam() {
      if (!unit.jammed) return;
      unit.jammed = null;
      if (unit.mode !== "off") reset();
    },
    truth: () => ({ cassette: [...inCassette], returned: [...returned], collected: [...collected] }),
  };
  return twin;
}

function freshUnit(): Unit {
  return { mode: "off", note: null, committed: false, event: null, enabled: 0, escrowed: 0, cassette: "in", jammed: null, timers: [] };
}

function statusOf(unit: Unit, capacity: number, count: number): ccnet.Status {
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
  if (count >= capacity) return { kind: "cassette_full" };
  return { kind: unit.enabled === 0 ? "disabled" : "idling" };
}

/** Part number (15), serial number (12), asset number (7). */
function identification(): Uint8Array {
  return Buffer.concat([Buffer.from("SM-RU1353".padEnd(15)), Buffer.from("21K0000001".padEnd(12)), Buffer.alloc(7)]);
}
