/**
 * The cash box is taken away: a collector's card, the number of the bag's seal, a second person's card, the cassette out, a paper. Pure.
 *
 * Nothing is stored before the cassette has left, and then it is: a collection is a fact like a stacked note. With the gateway away the cards are taken at
 * their word; who they were is decided, and flagged, when it is back.
 */
import type { CardUid } from "@trapeza/protocol/chip";
import { collectionPaper } from "./collection-paper.js";
import { mustAsk, wantsTwo } from "./collection-state.js";
import type { Collected, Collection, Holder } from "./collection-state.js";
import { paperOf } from "./receipt.js";
import { change } from "./terminal.js";
import type { Common, Effect, Input, OperationDraft, Result } from "./terminal.js";
import { COLLECTION } from "./words.js";
import type { Word } from "./words.js";

/** `collection` null: over. */
export interface CollectionStep {
  readonly collection: Collection | null;
  readonly effects: ReadonlyArray<Effect>;
}

const IDLE_MS = 120000;
const SETTLE_MS = 4000;
const CODE_MS = 60000;
const MOST_DIGITS = 16;
export const COLLECTION_TAG = "collection";

const WAIT: Effect = { kind: "timer", ms: IDLE_MS };

function go(collection: Collection, fields: Partial<Collection>, effects: ReadonlyArray<Effect>): CollectionStep {
  return { collection: change(change(collection, { notice: null }), fields), effects };
}

function told(collection: Collection, notice: Word): CollectionStep {
  return go(collection, { notice }, [{ kind: "beep", tone: "refused" }]);
}

/** `holder` null: the cassette is out and nobody has shown a card yet, or the gateway is away. */
export function beginCollection(uid: string, holder: Holder | null): CollectionStep {
  const collection: Collection = {
    phase: uid === "" ? "card" : "seal",
    uid,
    name: holder ? holder.name : "",
    box: holder ? holder.box : null,
    seal: "",
    witness: "",
    second: "",
    n: 0,
    collected: null,
    printed: false,
    notice: null,
  };
  return { collection, effects: [{ kind: "accept", on: false }, { kind: "beep", tone: "good" }, WAIT] };
}

/** The power went between the cassette and its paper, and now the gateway has answered once more: all that the paper needs is in the answer. */
export function lateCollection(common: Common, n: number, collected: Collected): CollectionStep {
  const { collection } = beginCollection("", null);
  return print(change(collection as Collection, { n }), common, collected);
}

function toCassette(collection: Collection, common: Common, fields: Partial<Collection>): CollectionStep {
  const next = change(collection, fields);
  return common.acceptor === "removed" ? store(next) : go(next, { phase: "cassette" }, [{ kind: "beep", tone: "good" }, WAIT]);
}

function store(collection: Collection): CollectionStep {
  const { uid, seal, witness } = collection;
  const operation: OperationDraft = {
    kind: "Collection",
    uid: uid as CardUid,
    seal,
    witness: witness === "" ? null : (witness as CardUid),
  };
  return go(collection, { phase: "saved" }, [
    { kind: "submit", tag: COLLECTION_TAG, operation },
    { kind: "timer", ms: SETTLE_MS },
  ]);
}

function carded(collection: Collection, common: Common, uid: string): CollectionStep {
  const { phase } = collection;
  if (phase !== "card" && phase !== "witness") return { collection, effects: [] };
  if (phase === "witness" && uid === collection.uid) return told(collection, COLLECTION.another);
  if (!common.up) return accepted(collection, common, uid, null);
  const next = phase === "card" ? { uid } : { witness: uid };
  const message = { kind: "Tap", uid: uid as CardUid, total: null, sun: null } as const;
  return go(collection, next, [{ kind: "ask", tag: COLLECTION_TAG, message }]);
}

function accepted(collection: Collection, common: Common, uid: string, holder: Holder | null): CollectionStep {
  if (collection.phase === "card") return beginCollection(uid, holder);
  return toCassette(collection, common, { witness: uid, second: holder ? holder.name : "" });
}

function answered(collection: Collection, common: Common, result: Result | null): CollectionStep {
  const { phase, uid, witness } = collection;
  if (phase !== "card" && phase !== "witness") return { collection, effects: [] };
  const shown = phase === "card" ? uid : witness;
  if (!result) return accepted(collection, common, shown, null);
  const good = result.kind === "Holder" && result.account === "" && (phase === "witness" || result.holder === "collector");
  if (good && result.kind === "Holder") return accepted(collection, common, shown, result);
  const step = told(collection, phase === "card" ? COLLECTION.noCollector : COLLECTION.noWitness);
  return { collection: change(step.collection as Collection, phase === "card" ? { uid: "" } : { witness: "" }), effects: step.effects };
}

function pressed(collection: Collection, common: Common, key: string): CollectionStep {
  const { phase, seal } = collection;
  if (phase === "done" && key === "done") return { collection: null, effects: [] };
  if (phase === "saved" || phase === "printing" || phase === "done") return { collection, effects: [] };
  if (key === "cancel") return { collection: null, effects: [] };
  const beep: Effect = { kind: "beep", tone: "key" };
  if (phase === "seal") {
    if (key === "next") return seal === "" ? told(collection, COLLECTION.typeSeal) : go(collection, { phase: "witness" }, [beep, WAIT]);
    if (key === "back") return go(collection, { seal: seal.slice(0, Math.max(seal.length - 1, 0)) }, [beep, WAIT]);
    return key.length === 1 && seal.length < MOST_DIGITS ? go(collection, { seal: seal + key }, [beep, WAIT]) : { collection, effects: [] };
  }
  if (phase === "witness" && key === "alone" && !wantsTwo(common)) return toCassette(collection, common, { witness: "", second: "" });
  if (phase === "cassette" && key === "taken" && mustAsk(common)) return store(collection);
  return { collection, effects: [] };
}

function print(collection: Collection, common: Common, collected: Collected | null): CollectionStep {
  return go(collection, { phase: "printing", collected }, [
    { kind: "timer", ms: 0 },
    { kind: "print", tag: COLLECTION_TAG, paper: paperOf(collectionPaper(common, collection, collected)) },
  ]);
}

/** `collection` stays as it is for whatever does not concern it. */
export function stepCollection(collection: Collection, common: Common, input: Input): CollectionStep {
  const { phase, n } = collection;
  switch (input.kind) {
    case "key":
      return pressed(collection, common, input.key);
    case "card":
      return carded(collection, common, input.uid);
    case "answer":
      return input.tag === COLLECTION_TAG ? answered(collection, common, input.result) : { collection, effects: [] };
    case "common":
      if (phase === "cassette" && common.acceptor === "removed") return store(collection);
      // The empty one is in: the next person may come.
      return phase === "done" && collection.printed && common.acceptor === "ok"
        ? { collection: null, effects: [] }
        : { collection, effects: [] };
    case "stored":
      if (input.tag !== COLLECTION_TAG) return { collection, effects: [] };
      return input.n > 0 ? go(collection, { n: input.n }, []) : go(collection, { phase: "cassette", notice: COLLECTION.notStored }, [WAIT]);
    case "outcome":
      if (input.n !== n || phase !== "saved") return { collection, effects: [] };
      return print(collection, common, input.result.kind === "Collected" ? input.result : null);
    case "printed":
      return go(collection, { phase: "done", printed: input.ok }, [
        { kind: "submit", tag: "receipt", operation: { kind: "Receipt", of: n, outcome: input.ok ? "printed" : "failed" } },
        { kind: "beep", tone: input.ok ? "good" : "refused" },
        { kind: "timer", ms: CODE_MS },
      ]);
    case "timer":
      if (phase === "saved") return print(collection, common, null);
      return phase === "printing" ? { collection, effects: [] } : { collection: null, effects: [] };
    default:
      return { collection, effects: [] };
  }
}
