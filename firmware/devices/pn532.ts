/**
 * Drives a PN532 card reader: wakes it, looks for a card ten times a second, says when one comes and when it has gone.
 *
 * A reader that does not answer three times is woken anew every two seconds and reported as silent. Time-outs are of the 500 ms class: the chip looks
 * into its serial queue only every 100 ms when little happens.
 */
import { pn532 } from "@trapeza/protocol/chip";
import type { Clock, Port } from "../board.js";

export interface ReaderEvents {
  onCard(uid: string): void;
  onGone(): void;
  /** A telephone or a uid made up anew at each tap: no school card. */
  onStranger(): void;
  onHealth(health: "ok" | "silent"): void;
}

export interface Reader {
  readonly port: Port;
  readonly clock: Clock;
  readonly events: ReaderEvents;
  readonly scanner: ReturnType<typeof pn532.createScanner>;
  phase: "waking" | "tuning" | "looking";
  /** Uid in the field, "" for none. */
  present: string;
  misses: number;
  failures: number;
  health: "unknown" | "ok" | "silent";
  acknowledged: boolean;
  timer: number;
}

const ANSWER_MS = 500;
const POLL_MS = 100;
const REVIVE_MS = 2000;
const TRIES = 3;
/** A card that a hand holds a little askew misses single polls; two in a row mean that it has gone. */
const MISSES = 2;
/** Tries per InListPassiveTarget: the answer "none" must come well within the time-out. */
const PASSIVE_RETRIES = 2;

export function createReader(port: Port, clock: Clock, events: ReaderEvents): Reader {
  return {
    port,
    clock,
    events,
    scanner: pn532.createScanner(),
    phase: "waking",
    present: "",
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

function later(reader: Reader, delayMs: number, run: (reader: Reader) => void): void {
  if (reader.timer) reader.clock.cancel(reader.timer);
  const own = reader.clock.after(delayMs, function () {
    // After a standstill (a connection being tried) a timer that was cancelled meanwhile may still be delivered.
    if (reader.timer !== own) return;
    reader.timer = 0;
    run(reader);
  });
  reader.timer = own;
}

function send(reader: Reader): void {
  reader.scanner.pending = new Uint8Array(0);
  reader.acknowledged = false;
  if (reader.phase === "waking") reader.port.write(pn532.wakeAndConfigure());
  else if (reader.phase === "tuning") reader.port.write(pn532.setPassiveRetries(PASSIVE_RETRIES));
  else reader.port.write(pn532.listPassiveTarget());
  later(reader, ANSWER_MS, failed);
}

/** Nothing came, or nothing sensible. The first command after power-up is often lost, so one failure means nothing. */
function failed(reader: Reader): void {
  reader.failures++;
  if (reader.failures < TRIES) {
    send(reader);
    return;
  }
  leave(reader);
  reader.phase = "waking";
  report(reader, "silent");
  later(reader, REVIVE_MS, send);
}

function leave(reader: Reader): void {
  reader.misses = 0;
  if (reader.present === "") return;
  reader.present = "";
  reader.events.onGone();
}

function seen(reader: Reader, uid: string): void {
  reader.misses = 0;
  if (reader.present === uid) return;
  if (reader.present !== "") reader.events.onGone();
  reader.present = uid;
  if (pn532.isRandomUid(uid)) reader.events.onStranger();
  else reader.events.onCard(uid);
}

function looked(reader: Reader, data: Uint8Array): void {
  const target = pn532.decodeTarget(data);
  if (target.kind === "malformed") {
    failed(reader);
    return;
  }
  reader.failures = 0;
  report(reader, "ok");
  if (target.kind === "card") seen(reader, target.uid);
  else if (reader.present !== "" && ++reader.misses >= MISSES) leave(reader);
  later(reader, POLL_MS, send);
}

function answered(reader: Reader, data: Uint8Array): void {
  const expected =
    reader.phase === "waking" ? pn532.SAM_CONFIGURATION : reader.phase === "tuning" ? pn532.RF_CONFIGURATION : pn532.IN_LIST_PASSIVE_TARGET;
  // A late answer to the command before: the one we wait for may still come.
  if (data.length === 0 || data[0] !== expected + 1) return;
  if (reader.phase === "looking") {
    looked(reader, data);
    return;
  }
  reader.failures = 0;
  reader.phase = reader.phase === "waking" ? "tuning" : "looking";
  later(reader, 0, send);
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

/** Begins; never ends. */
export function startReader(reader: Reader): void {
  reader.port.onData(function (bytes) {
    received(reader, bytes);
  });
  send(reader);
}
