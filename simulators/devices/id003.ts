/**
 * The twin of an ID003 bill validator: what a status request would say about the note's way (note-path.ts), and what it makes of commands. After "vend
 * valid" nothing moves until the host has acknowledged it, and an acknowledgement that comes too late is not taken.
 */
import { id003 } from "@trapeza/protocol";
import type { Clock } from "../clock.js";
import { ANSWER_MS, createMechanism, freshPath, handsOn, isFull, type AcceptorTwin, type Mechanism, type NotePath } from "../note-path.js";

export interface Id003Options {
  readonly clock: Clock;
  readonly bills?: readonly id003.Bill[];
  /** Whether a "vend valid" that nobody acknowledged is said again after RESET or a loss of power. */
  readonly recovers?: boolean;
  readonly cassetteHolds?: number;
  /** Fed beside the terminal: a terminal that falls does not take it along. */
  readonly ownSupply?: boolean;
}

export interface Id003Twin extends AcceptorTwin {
  /** What the escrow codes are worth from now on. */
  revalue(bills: readonly id003.Bill[]): void;
  readonly status: id003.Status;
}

/** A Russian set; the first code is not in use, as on many units. */
export const RUSSIAN_CODES: readonly id003.Bill[] = [10, 50, 100, 500, 1000, 5000].map((roubles, at) => ({
  billType: 0x62 + at,
  valueKopecks: roubles * 100,
  country: 0x52,
}));

const INHIBITED = 0x79;
/** A host that asks no more during acceptance gets the note given back. */
const HOST_GONE_MS = 3000;
/** Later than this an acknowledgement of "vend valid" is not taken any more. */
const ACK_MS = 60_000;
const FIRST_CODE = 0x61;

interface Unit extends NotePath {
  bills: readonly id003.Bill[];
  /** Bit 0 = code 0x61. */
  enabled: number;
  inhibited: boolean;
  /** When "vend valid" was first said; −1: not yet. */
  vendSince: number;
  /** Just acknowledged: "stacked" is said once. */
  concluded: boolean;
  heardAt: number;
}

function statusOf(unit: Unit): id003.Status {
  if (unit.mode === "power_up") {
    if (unit.committed || unit.event?.kind === "stacked") return { kind: "power_up_bill_in_stacker" };
    return { kind: unit.note ? "power_up_bill_in_acceptor" : "power_up" };
  }
  if (unit.cassette === "out") return { kind: "stacker_open" };
  if (unit.jammed) return { kind: unit.jammed === "validator" ? "acceptor_jammed" : "stacker_jammed" };
  if (unit.mode === "rejecting") return { kind: "rejecting", reason: INHIBITED };
  if (unit.mode === "escrow") return { kind: "escrow", billType: unit.note?.billType ?? 0 };
  if (unit.mode !== "ready" && unit.mode !== "off") return { kind: unit.mode };
  if (unit.event?.kind === "stacked") return { kind: "vend_valid" };
  if (unit.concluded) return { kind: "stacked" };
  if (isFull(unit)) return { kind: "stacker_full" };
  return { kind: unit.inhibited ? "disabled" : "idling" };
}

/** Takes commands and answers them. */
function createLine(
  unit: Unit,
  mechanism: Mechanism,
  clock: Clock,
): { connect(to: (bytes: Uint8Array) => void): void; receive(bytes: Uint8Array): void } {
  const scanner = id003.createScanner();
  let send: (bytes: Uint8Array) => void = () => {};
  function answer(payload: Uint8Array): void {
    const bytes = id003.encodeFrame(payload);
    clock.after(ANSWER_MS, () => unit.mode !== "off" && send(bytes));
  }
  function control(allowed: boolean, act: () => void): void {
    answer(new Uint8Array([allowed ? id003.ACK : id003.INVALID_COMMAND]));
    if (allowed) act();
  }
  function tell(): void {
    const status = unit.cheated ? ({ kind: "cheated" } as const) : statusOf(unit);
    unit.cheated = false;
    if (status.kind === "vend_valid" && unit.vendSince < 0) unit.vendSince = clock.now();
    if (status.kind === "stacked") unit.concluded = false;
    answer(id003.encodeStatus(status));
  }
  function acknowledged(): void {
    if (unit.mode !== "ready" || unit.event?.kind !== "stacked" || unit.vendSince < 0 || clock.now() - unit.vendSince > ACK_MS) return;
    Object.assign(unit, { event: null, vendSince: -1, concluded: true });
  }
  function set(payload: Uint8Array): void {
    const allowed = unit.mode === "initialize" || unit.mode === "ready";
    if (allowed && payload[0] === id003.SET_ENABLE) unit.enabled = ~payload[1] & 255;
    else if (allowed) unit.inhibited = payload[1] !== 0;
    answer(allowed ? payload : new Uint8Array([id003.INVALID_COMMAND]));
  }
  function obey(payload: Uint8Array): void {
    const [code] = payload;
    const held = unit.mode === "escrow" || unit.mode === "holding";
    if (code === id003.STATUS_REQUEST) tell();
    else if (code === id003.ACK) acknowledged();
    else if (code === id003.RESET) control(true, mechanism.reset);
    else if (code === id003.STACK_1) control(held, mechanism.stack);
    else if (code === id003.RETURN) control(held, mechanism.giveBack);
    else if (code === id003.HOLD) control(held, mechanism.hold);
    else if ((code === id003.SET_ENABLE || code === id003.SET_INHIBIT) && payload.length > 1) set(payload);
    else if (code === id003.GET_CURRENCY) answer(id003.encodeCurrency(unit.bills));
    else answer(new Uint8Array([id003.INVALID_COMMAND]));
  }
  return {
    connect: (to) => void (send = to),
    receive(bytes) {
      // A damaged frame gets no answer at all: the host asks again.
      for (const frame of id003.scan(scanner, bytes)) if (frame.kind === "frame") obey(frame.payload);
      if (unit.mode === "off") scanner.pending = new Uint8Array(0);
    },
  };
}

export function createId003Twin(options: Id003Options): Id003Twin {
  const { clock } = options;
  const unit: Unit = Object.assign(freshPath(options.cassetteHolds ?? 600), {
    ...{ bills: options.bills ?? RUSSIAN_CODES, enabled: 255, inhibited: true, vendSince: -1, concluded: false, heardAt: 0 },
  });
  const mechanism = createMechanism(unit, clock, {
    escrowEnds: "rejecting",
    judge: ({ billType }) => (billType >= 0 && unit.enabled & (1 << (billType - FIRST_CODE)) ? "escrow" : "reject"),
    forget() {
      Object.assign(unit, { enabled: 255, inhibited: true, vendSince: -1, concluded: false });
      if (options.recovers === false) unit.event = null;
    },
  });
  const line = createLine(unit, mechanism, clock);
  function supply(on: boolean): void {
    if (!on && options.recovers === false) unit.event = null;
    mechanism.enter(on ? "power_up" : "off");
    Object.assign(unit, { enabled: 255, inhibited: true, vendSince: -1, concluded: false });
  }
  function listenForHost(): void {
    const taking = unit.mode === "accepting" || unit.mode === "escrow" || unit.mode === "holding";
    if (!taking) return;
    if (clock.now() - unit.heardAt > HOST_GONE_MS) mechanism.reject();
    else clock.after(HOST_GONE_MS / 10, listenForHost);
  }
  const twin: Id003Twin = {
    ...handsOn(unit, mechanism),
    ...{ baud: 9600, parity: "even", silent: false },
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
      unit.heardAt = clock.now();
      if (unit.mode !== "off" && !twin.silent) line.receive(bytes);
    },
    power(on) {
      if (!options.ownSupply || unit.mode === "off") supply(on);
    },
    blink() {
      supply(false);
      supply(true);
    },
    revalue: (bills) => void (unit.bills = bills),
    insert(valueKopecks) {
      if (twin.status.kind !== "idling") return false;
      unit.event = null;
      mechanism.accept({ billType: unit.bills.find((known) => known.valueKopecks === valueKopecks)?.billType ?? -1, valueKopecks });
      listenForHost();
      return true;
    },
  };
  return twin;
}
