/**
 * The MQTT password: good once, for one terminal. Its counters must be above the last ones, so what was overheard opens nothing, and nobody on the school's
 * network can put a till out by connecting under its name.
 */
import { equalBytes, mqttPassword, readUint32, createReader } from "@trapeza/protocol";
import { sha256, terminalKey } from "./cipher.js";
import type { ConnectionRow } from "./journal/store.js";
import type { Enrolments } from "./sessions.js";

const PASSWORD_BYTES = 24;

export interface AdmissionOptions {
  readonly schoolSecret: Uint8Array;
  readonly enrolmentOf: Enrolments;
  /** The last password of each terminal. */
  readonly connections: readonly ConnectionRow[];
  /** Makes the counters durable; on the disk before the bearer is let in, so that after a crash the same password opens nothing. */
  readonly remember: (row: ConnectionRow) => void;
}

/** Whether this terminal may connect with this password; a password is used up by asking. */
export type Admit = (terminal: number, password: Uint8Array) => boolean;

export function createAdmission(options: AdmissionOptions): Admit {
  const last = new Map(options.connections.map((row) => [row.terminal, row]));
  return (terminal, password) => {
    const enrolment = options.enrolmentOf(terminal);
    if (enrolment === null || password.length !== PASSWORD_BYTES) return false;
    const reader = createReader(password);
    const [bootEpoch, k] = [readUint32(reader), readUint32(reader)];
    const wanted = mqttPassword(sha256, terminalKey(options.schoolSecret, terminal, enrolment), bootEpoch, k);
    if (!equalBytes(wanted, password)) return false;
    const before = last.get(terminal);
    // A terminal enrolled anew has another key and counts from the beginning.
    const rises = before?.enrolment !== enrolment || bootEpoch > before.bootEpoch || (bootEpoch === before.bootEpoch && k > before.k);
    if (!rises) return false;
    const row = { terminal, enrolment, bootEpoch, k };
    options.remember(row);
    last.set(terminal, row);
    return true;
  };
}
