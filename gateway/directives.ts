/**
 * What the office wants, on its way into the school: a second log, followed entry by entry. A page is believed when its entries, appended to the tree that
 * was applied so far, give the root that the cloud signed; so nothing can be left out, swapped or played twice, and a missing proof is no matter.
 */
import {
  createTree,
  decodeEntry,
  decodeWhole,
  directiveSchema,
  directivesAnswer,
  equalBytes,
  leafHash,
  MAX_WAIT_SECONDS,
  openCheckpoint,
} from "@trapeza/protocol";
import type { Checkpoint, Directive, DirectiveKind, DirectivesAnswer, TreeEdge, VerifierKey } from "@trapeza/protocol";
import { backoffMs } from "./backoff.js";
import { sha256 } from "./cipher.js";
import type { CloudTransport } from "./cloud-client.js";
import type { Log } from "./desk.js";
import { verifySignature } from "./signing.js";

export interface DirectiveFeedOptions {
  readonly transport: CloudTransport;
  /** The directive log's name and the key that signs it. */
  readonly origin: string;
  readonly key: VerifierKey;
  /** The log as far as it is applied and durable. */
  readonly applied: () => TreeEdge;
  /** Applies directives in order and makes them durable together with `edge`, the log's edge after them. `false` when the disk did not take them. */
  readonly apply: (directives: readonly Directive[], edge: TreeEdge) => boolean;
  /** Lets waiting taps go first between two slices of a long page. */
  readonly breathe: () => Promise<void>;
  readonly onHeard: () => void;
  /** The cloud says that another gateway has taken this one's place. */
  readonly onClosed: () => void;
  readonly chance: () => number;
  readonly log: Log;
}

/** A directive that was answered; `atMs`: since when it holds. */
export interface Answered {
  readonly kind: DirectiveKind;
  readonly outcome: "applied" | "refused" | "held";
  readonly atMs: number;
}

export type FeedStep = { readonly kind: "empty" | "applied" | "failed" | "stopped"; readonly count: number; readonly waitMs: number };

/** A directive with the edge of the log after it. */
interface Step {
  readonly directive: Directive;
  readonly edge: TreeEdge;
}

/** Directives committed at once: some 10 ms of the school's time. */
const SLICE = 100;
const TIMEOUT_MS = (MAX_WAIT_SECONDS + 15) * 1000;
const STOPPED_MS = 60000;

export class DirectiveFeed {
  #failures = 0;
  #alarm: string | null = null;
  /** The note that was good last, and what it says: a cloud that has nothing new sends it again. */
  #known: { readonly note: string; readonly head: Checkpoint } | null = null;

  constructor(private readonly options: DirectiveFeedOptions) {}

  /** Why nothing is taken any more, or `null`. */
  get alarm(): string | null {
    return this.#alarm;
  }

  /** Asks once, waiting at the cloud for up to `waitSeconds`, and applies what came. Never rejects. */
  async step(waitSeconds: number): Promise<FeedStep> {
    if (this.#alarm) return { kind: "stopped", count: 0, waitMs: STOPPED_MS };
    const from = this.options.applied().size;
    let page: DirectivesAnswer;
    try {
      const path = `/directives?from=${from}&wait=${Math.min(waitSeconds, MAX_WAIT_SECONDS)}`;
      const { status, body } = await this.options.transport("GET", path, null, TIMEOUT_MS);
      if (status === 409) {
        this.options.onClosed();
        return this.#stop("the cloud gives directives to the gateway that lives, which is another one");
      }
      const decoded = status === 200 ? decodeWhole(directivesAnswer, body) : null;
      if (!decoded?.ok) return this.#failed(`the cloud answered ${status}${decoded ? ", malformed" : ""}`);
      page = decoded.value;
    } catch (error) {
      return this.#failed((error as Error).message);
    }
    const steps = this.#believe(page);
    if (typeof steps === "string") return this.#stop(steps);
    this.#failures = 0;
    this.options.onHeard();
    for (let at = 0; at < steps.length; at += SLICE) {
      if (at > 0) await this.options.breathe();
      const slice = steps.slice(at, at + SLICE);
      const taken = this.options.apply(
        slice.map((step) => step.directive),
        slice[slice.length - 1].edge,
      );
      if (!taken) return this.#failed("the disk did not take them");
    }
    return { kind: steps.length > 0 ? "applied" : "empty", count: steps.length, waitMs: 0 };
  }

  /** The page's directives, or the words for why it is not believed. */
  #believe(page: DirectivesAnswer): Step[] | string {
    const { origin, key, applied } = this.options;
    if (this.#known?.note !== page.checkpoint) {
      const opened = openCheckpoint(page.checkpoint, origin, key, [], verifySignature);
      if (!opened.ok) return "the directives' checkpoint: " + opened.reason;
      this.#known = { note: page.checkpoint, head: opened.checkpoint };
    }
    const { size, root } = this.#known.head;
    const edge = applied();
    if (size < edge.size) return `the cloud has ${size} directives, ${edge.size} are applied here`;
    if (page.from !== edge.size) return `directives from ${page.from} came, from ${edge.size} were asked for`;
    const tree = createTree(sha256, edge);
    const steps: Step[] = [];
    for (const bytes of page.entries) {
      tree.append(leafHash(sha256, bytes));
      const entry = decodeEntry(bytes);
      const directive = entry.ok ? decodeWhole(directiveSchema, entry.value.event) : entry;
      if (!directive.ok) return `directive ${tree.size} is malformed at byte ${directive.malformed.offset}: ${directive.malformed.what}`;
      steps.push({ directive: directive.value as Directive, edge: tree.edge() });
    }
    return size === tree.size && equalBytes(root, tree.root()) ? steps : "the directives do not lead to the signed root";
  }

  #failed(what: string): FeedStep {
    this.#failures++;
    if (this.#failures === 1 || this.#failures % 10 === 0) this.options.log.warn({ failures: this.#failures, what }, "no directives");
    return { kind: "failed", count: 0, waitMs: backoffMs(this.#failures, this.options.chance()) };
  }

  #stop(what: string): FeedStep {
    this.#alarm = what;
    this.options.log.warn({ what }, "directives are not taken any more, somebody must look");
    return { kind: "stopped", count: 0, waitMs: STOPPED_MS };
  }
}
