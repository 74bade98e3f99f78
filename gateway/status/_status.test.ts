import type { GatewayStatus, Health, TerminalStatus } from "./status.js";

export const NOW = Date.UTC(2026, 10, 20, 23, 53);
export const HEALTH: Health = { paper: "ok", reader: "ok", acceptor: "ok", unsent: 0, freeMemory: 900, update: 0, atMs: NOW };
export const KIOSK: TerminalStatus = {
  ...{ terminal: 1, enrolment: 1, kind: "payment", place: "Вестибюль <1>", connected: true, seenMs: Date.UTC(2026, 10, 20, 23, 52, 48) },
  ...{ firmware: "0.1.0", health: HEALTH, cashBox: { notes: 12, kopecks: 123_400, capacity: 600 } },
};
export const TILL: TerminalStatus = {
  ...{ terminal: 2, enrolment: 1, kind: "settlement", place: "Касса", connected: true, seenMs: NOW },
  ...{ firmware: "", health: null, cashBox: null },
};
export const STATUS: GatewayStatus = {
  ...{ language: "ru", school: 24, zoneMinutes: 180, epoch: 1, nowMs: NOW, date: "2026-11-21", directives: 9, alarms: [] },
  journal: { size: 2302, cosigned: 2300, unsent: 2, unsentSinceMs: Date.UTC(2026, 10, 20, 23, 52, 48) },
  terminals: [KIOSK, TILL],
};
