/** The gateway's own words, a line of JSON each: people read them with what the system keeps logs with. */
import { createWriteStream, writeSync } from "node:fs";
import { pino } from "pino";
import type { Logger } from "pino";

/** What a reader that has stalled may leave behind; later lines are lost, the gateway does not wait for them. */
const MAX_WAITING_BYTES = 1048576;

export interface GatewayLog {
  readonly log: Logger;
  /** Resolves when all lines have left, or nobody is there to take them. */
  readonly flush: () => Promise<void>;
  /** Says something at once: the process ends without waiting for anything. */
  readonly fatal: (what: Readonly<Record<string, unknown>>, message: string) => void;
}

/**
 * Writes to a file descriptor, never waiting for it. Pino's own destination writes again and again, for ever, when its reader has gone just before
 * the process ends (sonic-boom 4.2.1, `flushSync` after EPIPE): a gateway must end when it is told to.
 */
export function createLog(level: string, school: number, fd = 1): GatewayLog {
  const out = createWriteStream("", { fd, autoClose: false });
  // Whoever read the log is gone; that is no reason to do anything else than before.
  out.on("error", () => undefined);
  const write = (line: string): void => {
    if (!out.destroyed && out.writableLength < MAX_WAITING_BYTES) out.write(line);
  };
  const options = { level, base: { school } };
  const flush = (): Promise<void> =>
    new Promise((done) => {
      if (out.destroyed) return done();
      out.once("close", done);
      out.write("", () => done());
    });
  const atOnce = {
    write: (line: string): void => {
      try {
        writeSync(fd, line);
      } catch {
        return;
      }
    },
  };
  return { log: pino(options, { write }), flush, fatal: (what, message) => pino(options, atOnce).fatal(what, message) };
}
