import type { School } from "@trapeza/protocol";
import type { Seen } from "../gateway.js";
import type { Watched } from "./wave.js";

/** The school's terminals, as far as their programs go. */
export function watchedOf(school: School, seen: readonly Seen[], connected: readonly number[]): Watched[] {
  const heard = new Map(seen.map((one) => [one.terminal, one]));
  const there = new Set(connected);
  return [...school.terminals.values()].map(({ id, terminalKind }): Watched => {
    const one = heard.get(id);
    const runs = one && one.firmware !== "" ? { line: one.line, firmware: one.firmware } : null;
    const update = one?.health ? { state: one.health.update, atMs: one.health.atMs } : null;
    return { terminal: id, terminalKind, runs, connected: there.has(id), heardMs: one?.atMs ?? 0, update, fetched: one?.fetched ?? null };
  });
}
