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
  encode,
  equalBytes,
  eventSchema,
  fixedBytes,
  HASH_BYTES,
  journalOrigin,
  leafHash,
  list,
  openCheckpoint,
  optional,
  proofSchema,
  record,
  salvagedEvents,
  shortLeaf,
  uint,
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

/** Of one incarnation; anything that no epoch holds is beyond the limits. */
const MOST = 4294967295;
const lineSchema = record({
  terminal: uint(),
  incarnation: uint(),
  upTo: uint(),
  last: list(
    record({ n: uint(), digest: optional(fixedBytes(8)), events: list(eventSchema, MOST), places: list(proofSchema, MOST) }),
    MOST,
  ),
});
const inheritedSchema = record({
  heads: list(record({ epoch: uint(), size: uint(), root: fixedBytes(HASH_BYTES) }), MOST),
  enrolled: list(record({ terminal: uint(), enrolment: uint(), incarnation: uint() }), MOST),
  lines: list(lineSchema, MOST),
});

function damaged({ epoch }: { readonly epoch: number }, what: string): DamagedEpoch {
  return new DamagedEpoch(`epoch ${epoch} of this school is not what was signed: ${what}`);
}

/** The head that an epoch's gateway signed and the cloud cosigned. Throws {@link DamagedEpoch}. */
export function closedHead(closed: Omit<ClosedEpoch, "entries">, { house, school, cosigner }: Heir): TreeHead {
  const { epoch, key, checkpoint } = closed;
  const origin = journalOrigin(house, school, epoch);
  const opened = openCheckpoint(checkpoint, origin, createVerifierKey(sha256, origin, "ed25519", key), [cosigner], verifySignature);
  if (!opened.ok) throw damaged(closed, "its checkpoint: " + opened.reason);
  if (!opened.attestations.some((attestation) => attestation.key.keyId === cosigner.keyId))
    throw damaged(closed, "no cloud has cosigned it");
  const { size, root } = opened.checkpoint;
  return { size, root };
}

interface Line {
  upTo: number;
  readonly last: Map<number, InheritedOperation>;
}

export class Inheritance {
  readonly #lines = new Map<string, Line>();
  readonly #enrolled = new Map<number, { readonly enrolment: number; readonly incarnation: number }>();
  readonly #heads = new Map<number, TreeHead>();
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

  /** What {@link bytes} gave, or `null` for anything else. `directives` as in {@link take}. */
  static from(bytes: Uint8Array, directives: TreeEdge): Inheritance | null {
    const decoded = decodeWhole(inheritedSchema, bytes);
    if (!decoded.ok) return null;
    const inheritance = new Inheritance(directives);
    const { heads, enrolled, lines } = decoded.value;
    for (const { epoch, size, root } of heads) inheritance.#heads.set(epoch, { size, root });
    for (const { terminal, enrolment, incarnation } of enrolled) inheritance.#enrolled.set(terminal, { enrolment, incarnation });
    for (const { terminal, incarnation, upTo, last } of lines)
      inheritance.#lines.set(terminal + ":" + incarnation, { upTo, last: new Map(last.map(({ n, ...operation }) => [n, operation])) });
    return inheritance;
  }

  /** All of it but the edge of the directives: the same epochs give the same bytes. */
  bytes(): Uint8Array {
    return encode(inheritedSchema, {
      heads: [...this.#heads].map(([epoch, head]) => ({ epoch, ...head })),
      enrolled: [...this.#enrolled].map(([terminal, row]) => ({ terminal, ...row })),
      lines: this.lines().map((line) => ({
        ...line,
        last: [...(this.#lines.get(line.terminal + ":" + line.incarnation)?.last ?? [])].map(([n, operation]) => ({ n, ...operation })),
      })),
    });
  }

  /** Head of the last epoch that holds anything: what this gateway's first event names. */
  get previous(): TreeHead | null {
    return [...this.#heads.values()].at(-1) ?? null;
  }

  /** Head of a closed epoch; `null` of one that was opened and never used. */
  headOf(epoch: number): TreeHead | null {
    return this.#heads.get(epoch) ?? null;
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
    const { epoch } = closed;
    const tree = createTree(sha256);
    for (const bytes of closed.entries) {
      const entry = decodeEntry(bytes);
      const decoded = entry.ok ? decodeWhole(eventSchema, entry.value.event) : entry;
      if (!decoded.ok || decoded.value.seq !== tree.size) throw damaged(closed, `entry ${tree.size} is no event of that number`);
      const event = decoded.value;
      if (tree.size === 0 && !this.#follows(event, closed)) throw damaged(closed, "it does not follow the epoch before");
      const leaf = leafHash(sha256, bytes);
      fold(event);
      this.#note(event, { epoch, index: tree.size, leaf: shortLeaf(leaf) });
      tree.append(leaf);
    }
    if (tree.size === 0) return;
    const { size, root } = closedHead(closed, heir);
    if (size !== tree.size || !equalBytes(root, tree.root())) throw damaged(closed, "its entries do not lead to the signed root");
    this.#heads.set(epoch, { size, root });
  }

  #follows({ body }: Event, { epoch, key }: ClosedEpoch): boolean {
    if (body.kind !== "GatewayStarted" || body.epoch !== epoch || !equalBytes(body.key, key)) return false;
    const [named, known] = [body.previous, this.previous];
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
