/**
 * A gateway in whose place another one stands hands in what the cloud had not heard of before its epoch was closed, whole operations at a time. A crash costs
 * one upload sent twice, which the cloud knows by its place. What is handed in waits there for a person.
 */
import { decodeWhole, encode, eventsUpload, MAX_SYNC_BYTES, MAX_SYNC_ENTRIES, salvageAnswer } from "@trapeza/protocol";
import type { SalvageAnswer } from "@trapeza/protocol";
import { backoffMs } from "./backoff.js";
import type { CloudTransport } from "./cloud-client.js";
import type { Log } from "./desk.js";
import type { Journal } from "./journal/journal.js";
import type { UplinkStep } from "./uplink.js";

export interface SalvageOptions {
  readonly journal: Journal;
  readonly transport: CloudTransport;
  /** 0 ≤ x < 1, for the spread of retries. */
  readonly chance: () => number;
  readonly log: Log;
}

const TIMEOUT_MS = 30000;
/** Room in a body for everything that is not entries. */
const OVERHEAD_BYTES = 32768;
const DONE_MS = 60000;

export class Salvage {
  #from: number | null = null;
  #failures = 0;
  #isDone = false;

  constructor(private readonly options: SalvageOptions) {}

  /** Everything that was here is at the cloud. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Hands in what is due, once. `closedAt`: where the cloud has closed the epoch. Never rejects. */
  async step(closedAt: number): Promise<UplinkStep> {
    if (this.#isDone) return { kind: "stopped", waitMs: DONE_MS };
    const { journal, transport } = this.options;
    const from = this.#from ?? closedAt;
    const entries = journal.entries(from, journal.size, MAX_SYNC_BYTES - OVERHEAD_BYTES, MAX_SYNC_ENTRIES);
    const { note } = journal.checkpointAt(from + entries.length);
    const body = encode(eventsUpload, { epoch: journal.epoch, from, entries, checkpoint: note });
    let answer: SalvageAnswer;
    try {
      const { status, body: said } = await transport("POST", "/salvage", body, TIMEOUT_MS);
      const decoded = status === 200 || status === 409 ? decodeWhole(salvageAnswer, said) : null;
      if (!decoded?.ok) return this.#failed(`the cloud answered ${status}`);
      answer = decoded.value;
    } catch (error) {
      return this.#failed((error as Error).message);
    }
    if (answer.kind === "NotKept" && answer.size === from) return this.#failed(answer.what);
    this.#failures = 0;
    this.#from = answer.size;
    this.#isDone = answer.kind === "Kept" && answer.size >= journal.size;
    return this.#isDone ? { kind: "stopped", waitMs: DONE_MS } : { kind: "sent", waitMs: 0 };
  }

  #failed(what: string): UplinkStep {
    this.#failures++;
    if (this.#failures === 1 || this.#failures % 10 === 0) this.options.log.warn({ failures: this.#failures, what }, "salvage failed");
    return { kind: "failed", waitMs: backoffMs(this.#failures, this.options.chance()) };
  }
}
