/**
 * A school as the cloud knows it: the fold of every epoch's journal, in memory, made again from the entries at start. The database stays the truth; when a
 * write fails, the book is thrown away and folded anew.
 */
import { apply, createSchool, createTree, decodeEntry, decodeWhole, equalBytes, eventSchema, leafHash } from "@trapeza/protocol";
import type { AccountNumber, Event, School, Tree, TreeHead } from "@trapeza/protocol";
import { createAppliedBook } from "./applied-book.js";
import type { AppliedBook } from "./applied-book.js";
import { sha256 } from "./crypto.js";
import { createHeldBook } from "./held-book.js";
import type { HeldBook } from "./held-book.js";
import { createOperationBook } from "./operation-book.js";
import type { OperationBook } from "./operation-book.js";
import { createTerminalBook } from "./terminal-book.js";
import type { TerminalBook } from "./terminal-book.js";
import { createTillBook } from "./ledger/till-book.js";
import type { TillBook } from "./ledger/till-book.js";
import type { Store } from "./store/store.js";
import { createTurns } from "./turns.js";

const ENTRIES_A_PAGE = 2000;

export interface SchoolBook {
  readonly id: number;
  readonly state: School;
  readonly tills: TillBook;
  readonly applied: AppliedBook;
  readonly held: HeldBook;
  readonly terminals: TerminalBook;
  readonly operations: OperationBook;
  /** The live epoch's tree; replaced when a batch was stored, and when a new epoch begins. */
  tree: Tree;
  epoch: number;
  /** Head of the epoch before, when there was one. */
  previous: TreeHead | null;
  /** When the school was last heard of, in Unix ms: its newest event or its newest upload. */
  heardMs: number;
  /** When the newest event that has come was written, in Unix ms; 0: none has. */
  writtenMs: number;
  /** Since when nothing is taken of what the living gateway sends, in Unix ms; not stored: the gateway's next try tells it again. */
  refusedMs: number | null;
}

/** Sees each event before it is folded, and the state that it meets. */
export type Look = (before: School, event: Event, epoch: number, tillCash: TillBook["cash"]) => void;

/** Folds all that is stored. Throws when what is stored is not what was signed: then the database is damaged and nothing may be built on it. */
export async function openSchoolBook(store: Store, school: number, look: Look = () => undefined): Promise<SchoolBook> {
  const book: SchoolBook = {
    ...{
      id: school,
      state: createSchool(),
      tills: createTillBook(),
      applied: createAppliedBook(),
      held: createHeldBook(),
      terminals: createTerminalBook(),
      operations: createOperationBook(),
    },
    ...{ tree: createTree(sha256), epoch: 0, previous: null, heardMs: 0, writtenMs: 0, refusedMs: null },
  };
  for (const { epoch } of await store.gateways(school)) {
    beginEpoch(book, epoch);
    await foldEpoch(store, book, look);
  }
  return book;
}

/** Turns to a new epoch's journal; the state goes on. */
export function beginEpoch(book: SchoolBook, epoch: number): void {
  if (book.tree.size > 0) book.previous = { size: book.tree.size, root: book.tree.root() };
  book.tree = createTree(sha256);
  book.epoch = epoch;
  book.refusedMs = null;
}

/** One event folded into everything that is derived from events. */
export function foldEvent(book: SchoolBook, event: Event): void {
  apply(book.state, event);
  book.tills.apply(event);
  book.applied.apply(event);
  book.held.apply(event, book.epoch);
  book.terminals.apply(event);
  book.operations.apply(event);
  book.writtenMs = Math.max(book.writtenMs, event.atMs);
  book.heardMs = Math.max(book.heardMs, event.atMs);
}

async function foldEpoch(store: Store, book: SchoolBook, look: Look): Promise<void> {
  const { id, epoch, tree } = book;
  for (;;) {
    const rows = await store.entries(id, epoch, tree.size, ENTRIES_A_PAGE);
    for (const { index, bytes, leaf } of rows) {
      const event = equalBytes(leafHash(sha256, bytes), leaf) ? decodeEvent(bytes) : null;
      if (index !== tree.size || event === null)
        throw new Error("stored entry " + index + " of school " + id + ", epoch " + epoch + ", is damaged");
      tree.append(leaf);
      look(book.state, event, epoch, book.tills.cash);
      foldEvent(book, event);
    }
    if (rows.length < ENTRIES_A_PAGE) break;
  }
  const checkpoint = await store.lastCheckpoint(id, epoch);
  if (checkpoint && (checkpoint.size !== tree.size || !equalBytes(checkpoint.root, tree.root()))) {
    throw new Error("the stored journal of school " + id + ", epoch " + epoch + ", does not lead to its last checkpoint");
  }
}

/** The event in an entry; null when it is none. */
export function decodeEvent(entry: Uint8Array): Event | null {
  const opened = decodeEntry(entry);
  const event = opened.ok ? decodeWhole(eventSchema, opened.value.event) : opened;
  return event.ok && "body" in event.value ? event.value : null;
}

/** Keeps the books of all schools, opens each once, and lets one hand at a time write in it. */
export interface Library {
  readonly book: (school: number) => Promise<SchoolBook>;
  /** Runs `work` alone on the school's book. When it throws, the book is folded anew next time. */
  readonly exclusively: <T>(school: number, work: (book: SchoolBook) => Promise<T>) => Promise<T>;
  /** Books that are open: all schools after {@link openLibrary}. */
  readonly opened: () => readonly SchoolBook[];
}

export async function openLibrary(store: Store): Promise<Library> {
  const books = new Map<number, SchoolBook>();
  const turns = createTurns<number>();
  const open = async (school: number) => {
    const found = books.get(school) ?? (await openSchoolBook(store, school));
    books.set(school, found);
    return found;
  };
  for (const { id } of await store.schools()) await open(id);
  return {
    book: open,
    opened: () => [...books.values()],
    exclusively: (school, work) =>
      turns(school, async () => {
        const book = await open(school);
        try {
          return await work(book);
        } catch (error) {
          books.delete(school);
          throw error;
        }
      }),
  };
}

/** The school whose books know this number as an account that is not moved away; `null` when none does. */
export function findHome(library: Library, number: AccountNumber): { school: number; account: number; shortName: string } | null {
  for (const { id: school, state } of library.opened()) {
    const account = state.accounts.get(state.accountByNumber.get(number) ?? -1);
    if (account && account.status !== "moved") return { school, account: account.id, shortName: account.shortName };
  }
  return null;
}
