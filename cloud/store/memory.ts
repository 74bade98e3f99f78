/**
 * The store in memory, for the simulation and for tests: the same laws as the database keeps, checked before anything changes, so that a call which
 * throws has changed nothing.
 */
import { directiveSchema, encode, equalBytes } from "@trapeza/protocol";
import { createAnnouncementMemory } from "../announcements/store-memory.js";
import { totalOf } from "../ledger/posting.js";
import type { LedgerAccount, LedgerTransaction, Posting } from "../ledger/posting.js";
import { createLetterMemory } from "../letters/store-memory.js";
import { createStatementMemory } from "../statements/store-memory.js";
import { createNoticeMemory } from "../notices/store-memory.js";
import type { NoticeMemory } from "../notices/store-memory.js";
import { createPaymentMemory } from "../payments/store-memory.js";
import type { OfficeMemory } from "../payments/store-memory.js";
import { createPeopleMemory } from "../people/store-memory.js";
import { operationKey } from "./store.js";
import type {
  AccountEntry,
  Batch,
  CheckpointRow,
  DirectiveRow,
  EnrolmentRow,
  EntryRow,
  Finding,
  GatewayRow,
  MoveRow,
  SchoolRow,
  Store,
  TailRow,
  Turnover,
} from "./store.js";

type Posted = Pick<LedgerTransaction, "date" | "kind" | "postings"> & { readonly name: string; readonly isEntry: boolean };

/** All that belongs to one school. */
interface Books {
  readonly row: SchoolRow;
  readonly gateways: GatewayRow[];
  readonly entries: Map<number, EntryRow[]>;
  readonly salvage: Map<number, EntryRow[]>;
  readonly tails: Map<number, TailRow>;
  /** By epoch, oldest first. */
  readonly checkpoints: Map<number, CheckpointRow[]>;
  readonly accountEntries: Map<number, (AccountEntry & { epoch: number })[]>;
  readonly findings: Finding[];
  readonly transactions: Posted[];
  /** The entry of each posted operation. */
  readonly operations: Map<string, EntryRow>;
  readonly directives: DirectiveRow[];
  readonly outbox: Map<number, Uint8Array>;
}

export function createMemoryStore(): Store {
  const schools = new Map<number, Books>();

  const books = (school: number): Books => {
    const found = schools.get(school);
    if (!found) throw new Error("no school " + school);
    return found;
  };
  const gatewayAt = (id: string, epoch: number): [Books, number] | null => {
    for (const school of schools.values()) {
      const at = school.gateways.findIndex((gateway) => gateway.id === id && gateway.epoch === epoch);
      if (at >= 0) return [school, at];
    }
    return null;
  };

  const office = officeOf(books);
  const people = createPeopleMemory();
  const notices = createNoticeMemory(people);
  return {
    payments: createPaymentMemory(office),
    ...{
      people,
      notices,
      letters: createLetterMemory(),
      statements: createStatementMemory(people),
      announcements: createAnnouncementMemory(),
    },
    ...enrolmentPart(books),
    ...journalPart(books, notices, office),
    ...movePart(),
    ...tailPart(books),
    ...ledgerPart(books),
    async addSchool(row) {
      if (schools.has(row.id)) throw new Error("school " + row.id + " is registered already");
      schools.set(row.id, emptyBooks(row));
    },
    ...{ recipes: async () => [], transfers: async () => [], fundedBy: async () => [] },
    async schools() {
      return [...schools.values()].map((school) => school.row);
    },
    async addGateway(gateway) {
      return nextEpoch(books(gateway.school), gateway);
    },
    async gateways(school) {
      return [...books(school).gateways];
    },
    async gateway(id, epoch) {
      const found = gatewayAt(id, epoch);
      return found ? found[0].gateways[found[1]] : null;
    },
    async takeRequestNumber(id, epoch, number) {
      const found = gatewayAt(id, epoch);
      if (!found) return null;
      const [{ gateways }, at] = found;
      if (number <= gateways[at].lastRequest) return null;
      gateways[at] = { ...gateways[at], lastRequest: number };
      return { living: gateways.length };
    },
    async close() {},
  };
}

function emptyBooks(row: SchoolRow): Books {
  return {
    row,
    gateways: [],
    entries: new Map(),
    salvage: new Map(),
    tails: new Map(),
    checkpoints: new Map(),
    accountEntries: new Map(),
    findings: [],
    transactions: [],
    operations: new Map(),
    directives: [],
    outbox: new Map(),
  };
}

function nextEpoch({ row: { id: school }, gateways }: Books, { id, key }: { id: string; key: Uint8Array }): GatewayRow {
  const row: GatewayRow = { id, school, key, epoch: gateways.length + 1, lastRequest: -1, size: 0 };
  gateways.push(row);
  return row;
}

function enrolmentPart(books: (school: number) => Books): Pick<Store, "addEnrolment" | "enrolment" | "takeEnrolment"> {
  const enrolments = new Map<string, { readonly row: EnrolmentRow; epoch: number | null }>();
  return {
    async addEnrolment(row) {
      enrolments.set(row.codeHash, { row, epoch: null });
    },
    async enrolment(codeHash) {
      return enrolments.get(codeHash)?.row ?? null;
    },
    async takeEnrolment(codeHash, gateway, nowMs) {
      const found = enrolments.get(codeHash);
      if (!found) throw new Error("there is no such code");
      const school = books(found.row.school);
      if (found.epoch !== null) {
        const row = school.gateways[found.epoch - 1];
        return row.id === gateway.id && equalBytes(row.key, gateway.key) ? row : "used";
      }
      if (nowMs >= found.row.expiresMs) return "expired";
      const row = nextEpoch(school, gateway);
      found.epoch = row.epoch;
      return row;
    },
  };
}

type JournalPart = Pick<
  Store,
  | "append"
  | "entries"
  | "lastCheckpoint"
  | "checkpoints"
  | "entriesOf"
  | "findings"
  | "addDirectives"
  | "waitingDirectives"
  | "directives"
  | "directiveCount"
>;

function journalPart(books: (school: number) => Books, notices: NoticeMemory, { tell }: OfficeMemory): JournalPart {
  return {
    async append(batch) {
      const school = books(batch.school);
      const at = school.gateways.findIndex((gateway) => gateway.epoch === batch.epoch);
      if (at < 0 || at !== school.gateways.length - 1 || school.gateways[at].size !== batch.from) return false;
      checkTransactions(school, batch);
      const size = batch.from + batch.entries.length;
      school.gateways[at] = { ...school.gateways[at], size };
      const entries = school.entries.get(batch.epoch) ?? [];
      for (const entry of batch.entries) entries.push(entry);
      school.entries.set(batch.epoch, entries);
      // An upload without entries repeats the checkpoint that is there.
      const checkpoints = school.checkpoints.get(batch.epoch) ?? [];
      school.checkpoints.set(batch.epoch, checkpoints);
      if (checkpoints.at(-1)?.size === size) checkpoints.pop();
      checkpoints.push({ size, root: batch.root, note: batch.checkpoint });
      for (const entry of batch.accountEntries) {
        const list = school.accountEntries.get(entry.account) ?? [];
        list.push({ ...entry, epoch: batch.epoch });
        school.accountEntries.set(entry.account, list);
      }
      school.findings.push(...batch.findings);
      for (const { epoch, index, date, kind, postings } of batch.transactions)
        school.transactions.push({ name: epoch + "/" + index, isEntry: true, date, kind, postings });
      await notices.add(batch.school, batch.epoch, batch.notices);
      batch.directives.forEach(tell);
      for (const { operation, index } of batch.transactions) if (operation) school.operations.set(operationKey(operation), entries[index]);
      return true;
    },
    async entries(school, epoch, from, limit) {
      return (books(school).entries.get(epoch) ?? []).slice(from, from + limit);
    },
    async lastCheckpoint(school, epoch) {
      return books(school).checkpoints.get(epoch)?.at(-1) ?? null;
    },
    async checkpoints(school, epoch, size, limit) {
      const known = (books(school).checkpoints.get(epoch) ?? []).filter((one) => one.size <= size);
      return known.reverse().slice(0, limit);
    },
    async entriesOf(school, account, from, to) {
      const { accountEntries, entries } = books(school);
      return (accountEntries.get(account) ?? [])
        .filter((entry) => entry.date >= from && entry.date <= to)
        .map((entry) => entries.get(entry.epoch)![entry.index]);
    },
    async findings(school) {
      return [...books(school).findings];
    },
    async addDirectives(school, from, rows, emptied = []) {
      const { directives, outbox } = books(school);
      if (directives.length !== from) return false;
      directives.push(...rows);
      for (const id of emptied) outbox.delete(id);
      return true;
    },
    async waitingDirectives(school, limit) {
      return [...books(school).outbox].slice(0, limit).map(([id, bytes]) => ({ id, bytes }));
    },
    async directives(school, from, limit) {
      return books(school).directives.slice(from, from + limit);
    },
    async directiveCount(school) {
      return books(school).directives.length;
    },
  };
}

function tailPart(books: (school: number) => Books): Pick<Store, "addSalvage" | "salvage" | "acceptTail" | "tails" | "tailTold"> {
  return {
    async addSalvage(school, epoch, rows) {
      const { gateways, salvage } = books(school);
      const kept = salvage.get(epoch) ?? [];
      const next = (gateways.find((gateway) => gateway.epoch === epoch)?.size ?? 0) + kept.length;
      if (rows.some(({ index }, i) => index !== next + i)) return false;
      salvage.set(epoch, [...kept, ...rows]);
      return true;
    },
    async salvage(school, epoch) {
      return books(school).salvage.get(epoch) ?? [];
    },
    async acceptTail(school, epoch, upTo) {
      const { accepted = 0, told = 0 } = books(school).tails.get(epoch) ?? {};
      books(school).tails.set(epoch, { epoch, accepted: Math.max(accepted, upTo), told });
    },
    async tails(school) {
      return [...books(school).tails.values()];
    },
    async tailTold(school, epoch, upTo) {
      const { tails } = books(school);
      const known = tails.get(epoch);
      if (known) tails.set(epoch, { ...known, told: Math.max(known.told, Math.min(upTo, known.accepted)) });
    },
  };
}

function movePart(): Pick<Store, "addMove" | "lastMove" | "moves"> {
  const rows: MoveRow[] = [];
  return {
    async addMove(row) {
      if (rows.some(({ school, account, epoch }) => school === row.school && account === row.account && epoch === row.epoch))
        throw new Error("this move is there already");
      rows.push(row);
    },
    lastMove: async (school, account) => rows.findLast((row) => row.school === school && row.account === account) ?? null,
    moves: async (school) => rows.filter((row) => row.school === school || row.toSchool === school).reverse(),
  };
}

function checkTransactions(school: Books, batch: Batch): void {
  const seen = new Set<string>();
  for (const transaction of batch.transactions) {
    checkPostings(transaction.postings);
    if (!transaction.operation) continue;
    const key = operationKey(transaction.operation);
    if (seen.has(key) || school.operations.has(key)) throw new Error("an operation is posted once");
    seen.add(key);
  }
}

function checkPostings(postings: readonly Posting[]): void {
  if (postings.length < 2) throw new Error("a transaction has at least two postings");
  if (postings.some(({ amount }) => amount === 0)) throw new Error("a posting moves money");
  if (totalOf(postings) !== 0) throw new Error("postings of a transaction sum to zero, not to " + totalOf(postings));
}

/** The ledger and the outbox as rooms beside the journal write them. */
function officeOf(books: (school: number) => Books): OfficeMemory {
  let ids = 0;
  return {
    post(school, { reference, date, kind, postings }) {
      checkPostings(postings);
      const { transactions } = books(school);
      if (transactions.some(({ name }) => name === reference)) throw new Error("a reference is posted once");
      transactions.push({ name: reference, isEntry: false, date, kind, postings });
    },
    tell: ({ school, directive }) => void books(school).outbox.set(++ids, encode(directiveSchema, directive)),
  };
}

function ledgerPart(
  books: (school: number) => Books,
): Pick<Store, "postedOperations" | "entryOf" | "balances" | "staleBalances" | "postings" | "turnovers" | "transactions"> {
  return {
    async turnovers(school, from, to) {
      const sums = new Map<string, Turnover>();
      for (const { date, kind, isEntry, postings } of books(school).transactions) {
        if (date < from || date > to) continue;
        for (const { account, amount } of postings) {
          const key = [account, kind, isEntry ? 1 : 0].join(" ");
          const { debit, credit } = sums.get(key) ?? { debit: 0, credit: 0 };
          sums.set(key, { kind, isEntry, account, debit: debit + Math.max(amount, 0), credit: credit - Math.min(amount, 0) });
        }
      }
      return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
    },
    async transactions(school, after, limit) {
      const page = books(school).transactions.slice(after, after + limit);
      return page.map(({ name, isEntry, kind, postings }, i) => ({ id: after + i + 1, transaction: name, isEntry, kind, postings }));
    },
    async entryOf(school, { terminal, incarnation, n }) {
      return books(school).operations.get(operationKey({ terminal, incarnation, n, part: 0 })) ?? null;
    },
    async postedOperations(school, operations) {
      const posted = books(school).operations;
      return operations.filter((operation) => posted.has(operationKey(operation)));
    },
    // Nothing is kept here, so nothing can differ.
    async staleBalances() {
      return [];
    },
    async balances(school, accounts, before) {
      const wanted = accounts && new Set(accounts);
      const sums = new Map<LedgerAccount, number>();
      for (const { date, postings } of books(school).transactions) {
        if (before !== undefined && date >= before) continue;
        for (const { account, amount } of postings) {
          if (!wanted || wanted.has(account)) sums.set(account, (sums.get(account) ?? 0) + amount);
        }
      }
      return sums;
    },
    async postings(school, account) {
      return books(school).transactions.flatMap(({ name, date, postings }) =>
        postings.filter((posting) => posting.account === account).map((posting) => ({ ...posting, transaction: name, date })),
      );
    },
  };
}
