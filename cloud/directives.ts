/**
 * What a school is told, in order: a log of its own (entries and checkpoints, as the journal), durable before anybody hears of it. A gateway asks for
 * what follows the last one it knows, and is kept waiting a while when there is nothing.
 */
import {
  MAX_SYNC_ENTRIES,
  SALT_BYTES,
  createTree,
  directiveSchema,
  directivesOrigin,
  encode,
  encodeEntry,
  equalBytes,
  leafHash,
  readHead,
  signCheckpoint,
} from "@trapeza/protocol";
import type { Directive, DirectivesAnswer, Tree } from "@trapeza/protocol";
import { fittingAnswer } from "./answer-room.js";
import { sha256 } from "./crypto.js";
import type { CloudSigner } from "./crypto.js";
import type { DirectiveRow, Store } from "./store/store.js";

const ROWS_A_PAGE = 1000;

export interface DirectiveOptions {
  readonly store: Store;
  readonly signer: CloudSigner;
  readonly house: string;
  /** Bytes from a cryptographic generator, for salts. */
  readonly random: (bytes: number) => Uint8Array;
}

export interface DirectiveDesk {
  /** Stores them behind all earlier ones; resolves to how many the school has now. */
  readonly enqueue: (school: number, directives: readonly Directive[]) => Promise<number>;
  /** Stores what waits for the school in the outbox, each once: it leaves the outbox in the same transaction. */
  readonly deliver: (school: number) => Promise<void>;
  /** Entries from number `from` on, as many as fit an answer, and the checkpoint over exactly these and all before. */
  readonly page: (school: number, from: number) => Promise<DirectivesAnswer>;
  /** Resolves when the school has more than `from` directives, or when `signal` gives up. */
  readonly arrival: (school: number, from: number, signal: AbortSignal) => Promise<void>;
}

/** A school's log as far as it is stored: its tree, and the hash of every complete subtree, so that any earlier head can be signed again. */
interface Log {
  readonly tree: Tree;
  readonly nodes: Map<string, Uint8Array>;
  /** The head that was signed last: schools that have everything ask for the same one again and again. */
  signed: { readonly size: number; readonly note: string };
}

export function createDirectiveDesk(options: DirectiveOptions): DirectiveDesk {
  const { store, signer, house, random } = options;
  const logs = new Map<number, Promise<Log>>();
  const waiting = new Map<number, Set<() => void>>();
  /** What could not be opened, the database being away, is opened again by whoever comes next. */
  const keep = (school: number, log: Promise<Log>) => {
    logs.set(school, log);
    log.catch(() => logs.get(school) === log && logs.delete(school));
    return log;
  };
  const logOf = (school: number) => logs.get(school) ?? keep(school, openLog(store, school));
  const append = async (school: number, directives: readonly Uint8Array[], log: Log, outbox: readonly number[] = []): Promise<number> => {
    const from = log.tree.size;
    const rows = directives.map((directive, i) => row(from + i, directive, random(SALT_BYTES)));
    if (!(await store.addDirectives(school, from, rows, outbox))) throw new Error("another process writes directives for school " + school);
    for (const { leaf } of rows) grow(log, leaf);
    for (const wake of waiting.get(school) ?? []) wake();
    return log.tree.size;
  };
  /** One after the other: numbers are given out here. A failed write leaves the log as the store has it. */
  const inTurn = <T>(school: number, work: (log: Log) => Promise<T>): Promise<T> => {
    const before = logOf(school);
    const done = before.then(work);
    const after = done.then(
      () => before,
      () => openLog(store, school),
    );
    void keep(school, after);
    return done;
  };
  return {
    enqueue: (school, directives) =>
      inTurn(school, (log) =>
        append(
          school,
          directives.map((directive) => encode(directiveSchema, directive)),
          log,
        ),
      ),
    deliver: (school) =>
      inTurn(school, async (log) => {
        const waiting = await store.waitingDirectives(school, MAX_SYNC_ENTRIES);
        if (waiting.length === 0) return;
        const [bytes, ids] = [waiting.map((one) => one.bytes), waiting.map(({ id }) => id)];
        await append(school, bytes, log, ids);
      }),
    async page(school, from) {
      const log = await logOf(school);
      const start = Math.min(from, log.tree.size);
      const entries = fittingAnswer(await store.directives(school, start, MAX_SYNC_ENTRIES));
      const checkpoint = signedHead(log, start + entries.length, directivesOrigin(house, school), signer);
      return { from: start, entries, checkpoint };
    },
    async arrival(school, from, signal) {
      if ((await logOf(school)).tree.size > from || signal.aborted) return;
      const sleepers = waiting.get(school) ?? new Set();
      waiting.set(school, sleepers);
      await new Promise<void>((resolve) => {
        const wake = () => {
          sleepers.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        sleepers.add(wake);
        signal.addEventListener("abort", wake);
      });
    },
  };
}

/** The head of the first `size` entries as a note, signed anew only when it is not the one that was signed last. */
function signedHead(log: Log, size: number, origin: string, signer: CloudSigner): string {
  if (log.signed.size !== size) {
    const head = readHead(sha256, (level, index) => log.nodes.get(level + ":" + index) as Uint8Array, size);
    log.signed = { size, note: signCheckpoint({ ...head, origin }, signer.directives) };
  }
  return log.signed.note;
}

function row(number: number, event: Uint8Array, salt: Uint8Array): DirectiveRow {
  const bytes = encodeEntry({ salt, event });
  return { number, bytes, leaf: leafHash(sha256, bytes) };
}

async function openLog(store: Store, school: number): Promise<Log> {
  const log: Log = { tree: createTree(sha256), nodes: new Map(), signed: { size: -1, note: "" } };
  for (;;) {
    const rows = await store.directives(school, log.tree.size, ROWS_A_PAGE);
    for (const { bytes, leaf, number } of rows) {
      if (!equalBytes(leafHash(sha256, bytes), leaf))
        throw new Error("stored directive " + number + " of school " + school + " is damaged");
      grow(log, leaf);
    }
    if (rows.length < ROWS_A_PAGE) return log;
  }
}

function grow(log: Log, leaf: Uint8Array): void {
  for (const { level, index, hash } of log.tree.append(leaf)) log.nodes.set(level + ":" + index, hash);
}
