/**
 * What a terminal knows of the world around it: the link, the time that the gateway told, the health of its devices, and the report of all that.
 */
import { hearDown } from "@trapeza/protocol/chip";
import type { Up, Welcome } from "@trapeza/protocol/chip";
import type { Board, Config } from "./board.js";
import { ask } from "./link.js";
import { hasRoom, kept, POLICY, unsent } from "./outbox.js";
import type { Outbox } from "./outbox.js";
import { post } from "./runner.js";
import type { Runner } from "./runner.js";
import { change, menuOf } from "./terminal.js";
import type { Common, Down } from "./terminal.js";
import { offered, proveRelease, received } from "./update.js";

/** As protocol/wire/down.ts numbers it. */
const POLICY_KIND = 4;
const CLOCK_MS = 10000;
const STATUS_MS = 60000;

/** Tells the terminal of its surroundings when they differ from what it was told before. */
export function tell<S>(runner: Runner<S>, fields: Partial<Common>): void {
  runner.common = change(runner.common, fields);
  post(runner, { kind: "common", common: runner.common });
}

/** Tells the terminal when the outbox has run out of room, or has room again. */
export function refresh<S>(runner: Runner<S>): void {
  const room = hasRoom(runner.outbox);
  if (room !== runner.common.room) tell(runner, { room });
}

function localMs<S>(runner: Runner<S>): number | null {
  if (runner.toldAt < 0) return null;
  return runner.toldMs + (runner.board.clock.now() - runner.toldAt) + runner.zoneMinutes * 60000;
}

function toldTime<S>(runner: Runner<S>, atMs: number, date: number): void {
  runner.toldAt = runner.board.clock.now();
  runner.toldMs = atMs;
  runner.date = date;
}

/** Reports devices, memory and what is unsent, when the gateway hears us. */
export function sendStatus<S>(runner: Runner<S>): void {
  const { common, link, outbox, board, reader } = runner;
  if (!link || !common.up) return;
  const paper = common.paper === "unknown" ? "silent" : common.paper === "open" ? "out" : common.paper;
  const status: Up = {
    kind: "Status",
    paper,
    reader,
    acceptor: common.acceptor,
    unsent: unsent(outbox),
    freeMemory: board.freeMemory(),
    update: runner.update ? runner.update.state : 0,
  };
  ask(link, "status", status);
}

/** For the school's technician; lost when the gateway is away. */
export function log<S>(runner: Runner<S>, text: string): void {
  if (runner.link) ask(runner.link, "log", { kind: "Log", text: text as Extract<Up, { kind: "Log" }>["text"] });
}

/** What the gateway says unasked. */
export function heard<S>(runner: Runner<S>, message: Down): void {
  if (message.kind === "Policy") {
    tell(runner, { policy: message, language: message.language === "en" ? "en" : "ru" });
  } else if (message.kind === "Menu") tell(runner, { menu: menuOf(message) });
  else if (message.kind === "Time") {
    toldTime(runner, message.atMs, message.date);
    tell(runner, { localMs: localMs(runner) });
  } else if (message.kind === "Safe") refresh(runner);
  else if (runner.update && message.kind === "Firmware") offered(runner.update, message);
  else if (runner.update && message.kind === "Chunk") received(runner.update, message);
}

/** A session has begun. */
export function welcomed<S>(runner: Runner<S>, welcome: Welcome, service: Welcome["service"]): void {
  runner.zoneMinutes = welcome.zoneMinutes;
  toldTime(runner, welcome.atMs, welcome.date);
  tell(runner, { up: true, service, incarnation: runner.outbox.state.incarnation, localMs: localMs(runner), room: hasRoom(runner.outbox) });
  if (runner.update) proveRelease(runner.update);
  // The first frame of a session proves to the gateway that we have its keys.
  sendStatus(runner);
}

/** The clock on the screen, and the report each minute. `elapsedMs`: since the last report. */
export function keepTime<S>(runner: Runner<S>, elapsedMs: number): void {
  if (runner.toldAt >= 0) tell(runner, { localMs: localMs(runner) });
  const since = elapsedMs >= STATUS_MS ? 0 : elapsedMs;
  if (since !== elapsedMs) sendStatus(runner);
  runner.board.clock.after(CLOCK_MS, function () {
    keepTime(runner, since + CLOCK_MS);
  });
}

/** What is known before any device or gateway has spoken. */
export function commonAtStart(board: Board, config: Config, outbox: Outbox): Common {
  const told = kept(outbox, POLICY);
  const message = told ? hearDown({ kind: POLICY_KIND, body: told }) : null;
  const policy = message && message.ok && message.value.kind === "Policy" ? message.value : null;
  return {
    terminal: config.terminal,
    bootEpoch: outbox.state.bootEpoch,
    incarnation: outbox.state.incarnation,
    up: false,
    service: policy ? outbox.state.service : "starting",
    paper: "unknown",
    acceptor: board.acceptor ? "silent" : "none",
    // Believed until it has been silent: a sentence at each start would be read and forgotten.
    reader: "ok",
    aside: "ok",
    room: hasRoom(outbox),
    policy,
    menu: null,
    language: policy && policy.language === "en" ? "en" : "ru",
    localMs: null,
  };
}
