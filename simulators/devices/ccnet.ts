/**
 * The twin of a CCNET bill validator: what POLL would say about the note's way (note-path.ts), and what it makes of commands. Positions at a loss of
 * power decide what it says when it comes back (0x10, 0x11, 0x12).
 */
import { ccnet } from "@trapeza/protocol";
import type { Clock } from "../clock.js";
import { ANSWER_MS, createMechanism, freshPath, handsOn, isFull, type AcceptorTwin, type Mechanism, type NotePath } from "../note-path.js";

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

export interface CcnetTwin extends AcceptorTwin {
  /** The firmware forgot how its notes are numbered; what it says from now on, it says by this table. */
  renumber(bills: readonly ccnet.Bill[]): void;
  readonly status: ccnet.Status;
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

const INHIBITED = 0x68;

interface Unit extends NotePath {
  bills: readonly ccnet.Bill[];
  enabled: number;
  escrowed: number;
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
  const mechanism = createMechanism(unit, options.clock, {
    escrowEnds: "returning",
    judge({ billType }) {
      const bit = billType < 0 ? 0 : 1 << billType;
      return unit.enabled & unit.escrowed & bit ? "escrow" : unit.enabled & bit ? "stack" : "reject";
    },
    forget: () => void (unit.enabled = 0),
  });
  const line = createLine(unit, mechanism, options);
  function supply(on: boolean): void {
    // A "stacked" that was never acknowledged is told again only by units with credit recovery.
    if (!on && options.recoversAfterPowerCut === false) unit.event = null;
    mechanism.enter(on ? "power_up" : "off");
    unit.enabled = 0;
    line.forget();
  }
  const twin: CcnetTwin = {
    ...handsOn(unit, mechanism),
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
    renumber(bills) {
      if (unit.note) unit.note = { ...unit.note, billType: numberOf(bills, unit.note.valueKopecks) };
      unit.bills = bills;
    },
    insert(valueKopecks) {
      if (twin.status.kind !== "idling") return false;
      mechanism.accept({ billType: numberOf(unit.bills, valueKopecks), valueKopecks });
      return true;
    },
  };
  return twin;
}

function freshUnit(options: CcnetOptions): Unit {
  return Object.assign(freshPath(options.cassetteHolds ?? 600), { bills: options.bills ?? RUSSIAN_BILLS, enabled: 0, escrowed: 0 });
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
  if (isFull(unit)) return { kind: "cassette_full" };
  return { kind: unit.enabled === 0 ? "disabled" : "idling" };
}

/** Part number (15), serial number (12), asset number (7). */
function identification(): Uint8Array {
  return Buffer.concat([Buffer.from("SM-RU1353".padEnd(15)), Buffer.from("21K0000001".padEnd(12)), Buffer.alloc(7)]);
}
