/**
 * What a gateway takes over from those before it: the closed epochs of its school, as the cloud holds them. They are folded before its own journal, so
 * balances, menus and receipt numbers go on; and what terminals said then is answered as it was answered then.
 *
 * Nothing of it is believed that is not signed: each epoch's entries must lead to a checkpoint that its gateway signed and the cloud cosigned, its first event
 * must name that key and the head of the epoch before.
 */
import {
  createTree,
  createVerifierKey,
  decodeEntry,
  decodeWhole,
  equalBytes,
  eventSchema,
  journalOrigin,
  leafHash,
  openCheckpoint,
  salvagedEvents,
  shortLeaf,
} from "@trapeza/protocol";
import type { Event, OperationId, Proof, TreeEdge, TreeHead, VerifierKey } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";
import type { InheritedLine, TerminalRow } from "./journal/store.js";
import { verifySignature } from "./signing.js";

/** One epoch as it was closed; without entries it was opened and never used. */
export interface ClosedEpoch {
  readonly epoch: number;
  /** Its gateway's Ed25519 public key. */
  readonly key: Uint8Array;
  /** The last checkpoint, signed by that gateway and cosigned by the cloud; "" when there are no entries. */
  readonly checkpoint: string;
  readonly entries: Iterable<Uint8Array>;
}

export interface Heir {
  readonly house: string;
  readonly school: number;
  /** The cloud's cosigning key. */
  readonly cosigner: VerifierKey;
}

/** An operation that was decided then. */
export interface InheritedOperation {
  readonly digest: Uint8Array | null;
  readonly events: Event[];
  readonly places: Proof[];
}

/** A closed epoch that is not what its gateway and the cloud signed; the message is a sentence. */
export class DamagedEpoch extends Error {}

/** A terminal asks again for what it had no answer to: its last operation. A few more are kept, because flash forgets marks. */
const KEPT_EACH = 32;

interface Line {
  upTo: number;
  readonly last: Map<number, InheritedOperation>;
}

export class Inheritance {
  readonly #lines = new Map<string, Line>();
  readonly #enrolled = new Map<number, { readonly enrolment: number; readonly incarnation: number }>();
  #previous: TreeHead | null = null;
  /** Name of the operation that the last directive brought from an epoch before. */
  #salvaged = "";

  private constructor(readonly directives: TreeEdge) {}

  /**
   * Checks and folds. `directives`: edge of the directive log as far as these epochs have applied it; it proves itself with the next page of that log.
   * Throws {@link DamagedEpoch}.
   */
  static take(epochs: Iterable<ClosedEpoch>, heir: Heir, directives: TreeEdge, fold: (event: Event) => void): Inheritance {
    const inheritance = new Inheritance(directives);
    for (const epoch of epochs) inheritance.#takeEpoch(epoch, heir, fold);
    return inheritance;
  }

  /** Head of the last epoch that holds anything: what this gateway's first event names. */
  get previous(): TreeHead | null {
    return this.#previous;
  }

  lines(): InheritedLine[] {
    return [...this.#lines].map(([key, { upTo }]) => {
      const [terminal, incarnation] = key.split(":").map(Number);
      return { terminal, incarnation, upTo };
    });
  }

  /** Every terminal that was enrolled, as this gateway has not met it yet. */
  rows(): TerminalRow[] {
    return [...this.#enrolled].map(([terminal, { enrolment, incarnation }]) => {
      const haveUpTo = this.upTo(terminal, incarnation);
      return { terminal, enrolment, incarnation, haveUpTo, bootEpoch: 0, k: 0, resumeIndex: 0 };
    });
  }

  /** The last operation of an incarnation that the closed epochs hold; 0 for none. */
  upTo(terminal: number, incarnation: number): number {
    return this.#lines.get(terminal + ":" + incarnation)?.upTo ?? 0;
  }

  /** One of an incarnation's last operations; `null` when it left no event, or too long ago. */
  operation(terminal: number, incarnation: number, n: number): InheritedOperation | null {
    return this.#lines.get(terminal + ":" + incarnation)?.last.get(n) ?? null;
  }

  #takeEpoch(closed: ClosedEpoch, heir: Heir, fold: (event: Event) => void): void {
    const { epoch, key, checkpoint } = closed;
    const damaged = (what: string): DamagedEpoch => new DamagedEpoch(`epoch ${epoch} of this school is not what was signed: ${what}`);
    const tree = createTree(sha256);
    for (const bytes of closed.entries) {
      const entry = decodeEntry(bytes);
      const decoded = entry.ok ? decodeWhole(eventSchema, entry.value.event) : entry;
      if (!decoded.ok || decoded.value.seq !== tree.size) throw damaged(`entry ${tree.size} is no event of that number`);
      const event = decoded.value;
      if (tree.size === 0 && !this.#follows(event, closed)) throw damaged("it does not follow the epoch before");
      const leaf = leafHash(sha256, bytes);
      fold(event);
      this.#note(event, { epoch, index: tree.size, leaf: shortLeaf(leaf) });
      tree.append(leaf);
    }
    if (tree.size === 0) return;
    const origin = journalOrigin(heir.house, heir.school, epoch);
    const opened = openCheckpoint(checkpoint, origin, createVerifierKey(sha256, origin, "ed25519", key), [heir.cosigner], verifySignature);
    if (!opened.ok) throw damaged("its checkpoint: " + opened.reason);
    if (!opened.attestations.some((attestation) => attestation.key.keyId === heir.cosigner.keyId))
      throw damaged("no cloud has cosigned it");
    const { size, root } = opened.checkpoint;
    if (size !== tree.size || !equalBytes(root, tree.root())) throw damaged("its entries do not lead to the signed root");
    this.#previous = { size, root };
  }

  #follows({ body }: Event, { epoch, key }: ClosedEpoch): boolean {
    if (body.kind !== "GatewayStarted" || body.epoch !== epoch || !equalBytes(body.key, key)) return false;
    const [named, known] = [body.previous, this.#previous];
    return named === null || known === null ? named === known : named.size === known.size && equalBytes(named.root, known.root);
  }

  #note(event: Event, place: Proof): void {
    const { body, operation, digest } = event;
    if (body.kind === "TerminalEnrolled") this.#enrolled.set(body.terminal, { enrolment: body.enrolment, incarnation: body.incarnation });
    if (body.kind === "DirectiveApplied") {
      const events = body.directive.kind === "Salvaged" && body.outcome === "applied" ? salvagedEvents(body.directive) : null;
      this.#salvaged = nameOf(events?.[0]?.operation ?? null);
    }
    if (!operation) return;
    const { terminal, incarnation, n } = operation;
    const key = terminal + ":" + incarnation;
    const line = this.#lines.get(key) ?? { upTo: 0, last: new Map() };
    this.#lines.set(key, line);
    const known = line.last.get(n) ?? { digest, events: [], places: [] };
    known.events.push(event);
    known.places.push(place);
    line.last.set(n, known);
    line.last.delete(n - KEPT_EACH);
    // What was salvaged may lie ahead of what the terminal itself had said by then.
    if (nameOf(operation) === this.#salvaged) return;
    this.#salvaged = "";
    line.upTo = Math.max(line.upTo, n);
  }
}

function nameOf(operation: OperationId | null): string {
  return operation ? [operation.terminal, operation.incarnation, operation.n].join() : "";
}
