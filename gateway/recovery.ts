/**
 * The first minutes of a gateway that has taken another's place. Terminals may hold sales and notes that it has not heard of, so a purse may be emptier than it
 * looks: buffet sales wait until every terminal has said what it has, or three minutes have passed, or a person has had enough. Facts and meals go on.
 */
import type { School } from "@trapeza/protocol";
import type { TerminalRow } from "./journal/store.js";
import type { Session } from "./sessions.js";

/** Longer than a terminal needs to boot, connect and empty a full outbox; a machine that is switched off must not keep the buffet closed. */
export const RECOVERY_MS = 180000;

export interface Recovery {
  /** Terminals that are still waited for; none once it is over. */
  waitingFor(nowMs: number): readonly number[];
  /** A person's word: do not wait any longer. */
  end(): void;
}

export interface RecoveryOptions {
  /** Unix ms at which the epoch began; `null` when no gateway was before this one. */
  readonly beganMs: number | null;
  readonly school: School;
  readonly rows: ReadonlyMap<number, TerminalRow>;
  readonly living: () => readonly Session[];
}

export function createRecovery({ beganMs, school, rows, living }: RecoveryOptions): Recovery {
  let isOver = beganMs === null;
  return {
    waitingFor(nowMs) {
      if (isOver || beganMs === null) return [];
      const said = new Set(living().flatMap((session) => (hasSaidAll(session, rows.get(session.terminal)) ? [session.terminal] : [])));
      const silent = [...school.terminals.values()].filter(({ id, incarnation, service }) => {
        return incarnation > 0 && service !== "closed" && !said.has(id);
      });
      isOver = silent.length === 0 || nowMs - beganMs >= RECOVERY_MS;
      return isOver ? [] : silent.map(({ id }) => id);
    },
    end: () => void (isOver = true),
  };
}

function hasSaidAll({ suspect, drains, hello }: Session, row: TerminalRow | undefined): boolean {
  return !suspect && drains === null && row !== undefined && row.haveUpTo >= hello.lastN;
}
