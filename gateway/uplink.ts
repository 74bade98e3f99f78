/**
 * The journal on its way to the cloud. Nothing in the school waits for it: it reads what is committed, sends it in order, and keeps the cosigned
 * checkpoint that comes back. A crash anywhere costs one upload sent twice, which the cloud knows by its place.
 */
import { decodeWhole, encode, eventsAnswer, eventsUpload, MAX_SYNC_BYTES } from "@trapeza/protocol";
import type { EventsAnswer } from "@trapeza/protocol";
import { backoffMs } from "./backoff.js";
import type { CloudTransport } from "./cloud-client.js";
import type { Log } from "./desk.js";
import type { Journal, SignedHead } from "./journal/journal.js";

export interface UplinkOptions {
  readonly journal: Journal;
  readonly transport: CloudTransport;
  readonly nowMs: () => number;
  /** 0 ≤ x < 1, for the spread of retries. */
  readonly chance: () => number;
  /** The cloud holds more than before. */
  readonly onCosigned: () => void;
  /** The cloud says that another gateway has taken this one's place. */
  readonly onClosed: () => void;
  /** The cloud holds more entries of this epoch than lie here, or others: this disk was put back to an older copy. */
  readonly onOutrun?: (size: number) => void;
  readonly log: Log;
}

/** What one step came to, and how long to wait before the next. `stopped`: a person must look; the school goes on selling. */
export type UplinkStep = { readonly kind: "idle" | "sent" | "again" | "failed" | "stopped"; readonly waitMs: number };

const TIMEOUT_MS = 30000;
/** Entries in one body: reading, hashing and encoding more of them at a time would keep a card at the till waiting. */
const MOST_ENTRIES = 512;
/** Room in a body for everything that is not entries. */
const OVERHEAD_BYTES = 16384;
const IDLE_MS = 1000;
const STOPPED_MS = 60000;
/** So often the cloud may answer something else than what it holds. */
const MOST_UNANSWERED = 5;

export class Uplink {
  #from: number;
  #failures = 0;
  #alarm: string | null = null;
  #closedAt: number | null = null;
  #isHeard = false;
  #unanswered = 0;

  constructor(private readonly options: UplinkOptions) {
    this.#from = options.journal.cosigned?.size ?? 0;
  }

  /** Why nothing is sent any more, or `null`. */
  get alarm(): string | null {
    return this.#alarm;
  }

  /**
   * The cloud has said what it holds. Before, nobody can know that this disk is not an older copy, and directives are better not written on it. A cloud that is
   * there and cannot say it does not keep blocked cards from the school for ever.
   */
  get isHeard(): boolean {
    return this.#isHeard || this.#unanswered >= MOST_UNANSWERED;
  }

  /** Where the cloud has closed this epoch: what lies behind is to be salvaged; `null` while it lives. */
  get closedAt(): number | null {
    return this.#closedAt;
  }

  /** Sends what is due, once. Never rejects. */
  async step(): Promise<UplinkStep> {
    if (this.#alarm) return { kind: "stopped", waitMs: STOPPED_MS };
    const { journal, transport, nowMs } = this.options;
    const head = journal.checkpoint(nowMs());
    if (journal.cosigned?.size === head.size && this.#isHeard) return { kind: "idle", waitMs: IDLE_MS };
    const { body, size } = this.#upload(head);
    let answer: EventsAnswer | null;
    try {
      const { status, body: said } = await transport("POST", "/events", body, TIMEOUT_MS);
      const decoded = status === 200 || status === 409 ? decodeWhole(eventsAnswer, said) : null;
      if (!decoded?.ok) this.#unanswered++;
      if (!decoded?.ok) return this.#failed(`the cloud answered ${status}${decoded ? ", malformed" : ""}`);
      answer = decoded.value;
      this.#isHeard = true;
    } catch (error) {
      return this.#failed((error as Error).message);
    }
    return answer.kind === "Stored" ? this.#stored(answer.checkpoint, size) : this.#notStored(answer);
  }

  #upload(head: SignedHead): { body: Uint8Array; size: number } {
    const { journal } = this.options;
    const from = Math.min(this.#from, head.size);
    const entries = journal.entries(from, head.size, MAX_SYNC_BYTES - OVERHEAD_BYTES - 3 * MOST_ENTRIES, MOST_ENTRIES);
    const size = from + entries.length;
    // What ends before the newest entry needs a head of its own: a checkpoint covers exactly what is sent.
    const { note } = size === head.size ? head : journal.checkpointAt(size);
    return { body: encode(eventsUpload, { epoch: journal.epoch, from, entries, checkpoint: note }), size };
  }

  #stored(note: string, size: number): UplinkStep {
    const { journal, onCosigned } = this.options;
    const trouble = journal.rememberCosigned(note);
    if (trouble) return this.#failed("the cosigned checkpoint is not good: " + trouble);
    this.#failures = 0;
    this.#from = size;
    onCosigned();
    return { kind: "sent", waitMs: 0 };
  }

  #notStored(answer: Extract<EventsAnswer, { kind: "NotStored" }>): UplinkStep {
    const { journal } = this.options;
    const { trouble, size, at, what } = answer;
    if (size > journal.size || trouble === "fork") {
      journal.noteOutrun({ size, by: "the cloud" });
      this.options.onOutrun?.(size);
    }
    if (size > journal.size)
      return this.#stop(`the cloud holds ${size} entries of this epoch, this disk only ${journal.size}: nothing may be added here`);
    switch (trouble) {
      case "gap":
      case "ahead":
        // What the cloud has cosigned may be forgotten here (the file beside the journal was lost); what it holds it has just compared with what was sent.
        // Sent from where the cloud ends; the same answer twice in a row would be a loop, so the second waits like a failure.
        if (this.#from === size) return this.#failed(`${trouble} at ${size} again: ${what}`);
        this.#from = size;
        return { kind: "again", waitMs: 0 };
      case "invalid":
      case "signature":
        return this.#failed(`entry ${at} was not accepted (${trouble}): ${what}`);
      case "epoch_closed":
        this.#closedAt = size;
        this.options.onClosed();
        return this.#stop(`${trouble} at entry ${at}: ${what}`);
      case "fork":
        return this.#stop(`${trouble} at entry ${at}: ${what}`);
    }
  }

  #failed(what: string): UplinkStep {
    this.#failures++;
    // Once at the beginning and then every few minutes: a month without internet must not fill the disk with complaints.
    if (this.#failures === 1 || this.#failures % 10 === 0) this.options.log.warn({ failures: this.#failures, what }, "uplink failed");
    return { kind: "failed", waitMs: backoffMs(this.#failures, this.options.chance()) };
  }

  #stop(what: string): UplinkStep {
    this.#alarm = what;
    this.options.log.warn({ what }, "uplink stopped, somebody must look");
    return { kind: "stopped", waitMs: STOPPED_MS };
  }
}
