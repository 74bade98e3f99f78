/**
 * What the cloud remembers, as words. Each writing method is one transaction: after it everything is there, or nothing is.
 *
 * Two implementations keep this promise, PostgreSQL (postgres.ts) and memory (memory.ts, for the simulation), and pass the same contract tests.
 */
import type { BusinessDate, OperationId } from "@trapeza/protocol";
import type { LedgerAccount, LedgerTransaction, Posting } from "../ledger/posting.js";
import type { AnnouncementStore } from "../announcements/announcement.js";
import type { LetterStore } from "../letters/letter.js";
import type { OutgoingDirective } from "../outgoing.js";
import type { NoticeStore, ToTell } from "../notices/store.js";
import type { PaymentStore } from "../payments/store.js";
import type { StatementStore } from "../statements/store.js";
import type { PeopleStore } from "../people/store.js";
import type { Recipe } from "../recipe.js";

export interface SchoolRow {
  readonly id: number;
  /** A line for the operator; what people see comes from the school's own directives. */
  readonly label: string;
}

/** A gateway in one of its epochs. The newest epoch of a school is the live one. */
export interface GatewayRow {
  readonly id: string;
  readonly school: number;
  readonly epoch: number;
  /** Ed25519 public key, 32 bytes. */
  readonly key: Uint8Array;
  /** The highest request number taken so far, −1 at first. */
  readonly lastRequest: number;
  readonly size: number;
}

/** What of a gateway in one of its epochs never changes. */
export type GatewayIdentity = Pick<GatewayRow, "id" | "school" | "epoch" | "key">;

/** Leave for a school's next gateway to enrol itself. `codeHash`: SHA-256 of the code, hex. */
export interface EnrolmentRow {
  readonly codeHash: string;
  readonly school: number;
  readonly expiresMs: number;
}

export interface EntryRow {
  readonly epoch: number;
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
}

/** That an entry concerns an account, whether it moved its money or not. */
export interface AccountEntry {
  readonly account: number;
  readonly index: number;
  readonly date: BusinessDate;
}

/** Something an audit found wrong with an entry. Kept for ever beside it. */
export interface Finding {
  readonly epoch: number;
  readonly index: number;
  readonly what: string;
}

/** All that one upload adds, from `from` on; written whole or not at all. */
export interface Batch {
  readonly school: number;
  readonly epoch: number;
  readonly from: number;
  readonly entries: readonly EntryRow[];
  readonly root: Uint8Array;
  /** The gateway's signed note over all entries up to the last of these. */
  readonly checkpoint: string;
  readonly accountEntries: readonly AccountEntry[];
  readonly transactions: readonly LedgerTransaction[];
  readonly findings: readonly Finding[];
  /** Of whom guardians are to be told; each of these becomes a row for everybody who can be reached. */
  readonly notices: readonly ToTell[];
  /** What follows for this school or another; each waits in that school's outbox. */
  readonly directives: readonly OutgoingDirective[];
}

/** A child's `epoch`th move, counted through all schools: the last one says where it lives. */
export interface MoveRow {
  readonly school: number;
  readonly account: number;
  readonly epoch: number;
  readonly toSchool: number;
  readonly toAccount: number;
  readonly askedOn: BusinessDate;
}

export interface CheckpointRow {
  readonly size: number;
  readonly root: Uint8Array;
  readonly note: string;
}

export interface DirectiveRow {
  readonly number: number;
  /** Salt ‖ directive. */
  readonly bytes: Uint8Array;
  readonly leaf: Uint8Array;
}

/** Decided in the same transaction as what it follows from, and not yet in the school's log. */
export interface WaitingDirective {
  readonly id: number;
  readonly bytes: Uint8Array;
}

export interface TailRow {
  readonly epoch: number;
  /** Counted from the beginning of the epoch, like entries. */
  readonly accepted: number;
  readonly told: number;
}

export interface PostedRow extends Posting {
  /** Names the transaction within the school: "epoch/index" of its journal entry, or the reference of what happened outside. */
  readonly transaction: string;
  readonly date: BusinessDate;
}

/** What one kind of transaction did to one account: debits and credits apart, both positive. */
export interface Turnover {
  readonly kind: string;
  /** Of a journal's entry; otherwise of what happened outside the schools. */
  readonly isEntry: boolean;
  readonly account: LedgerAccount;
  readonly debit: number;
  readonly credit: number;
}

export interface StoredTransaction {
  /** Rises with every transaction of a school. */
  readonly id: number;
  /** As in {@link PostedRow}. */
  readonly transaction: string;
  readonly isEntry: boolean;
  readonly kind: string;
  readonly postings: readonly Posting[];
}

/** Money sent to a caterer for one decade, out of one of his accounts: for meals, or for the buffet. */
export interface Transfer {
  /** Of the ledger's transaction. */
  readonly id: number;
  /** The day on which it was sent. */
  readonly date: BusinessDate;
  readonly account: LedgerAccount;
  readonly amount: number;
  readonly caterer: number;
  /** The decade's days, both included. */
  readonly first: BusinessDate;
  readonly last: BusinessDate;
  /** What it pays: its own, and what transfers out of the same account were to pay that the bank had sent back by then. */
  readonly spans: readonly Span[];
}

/** What stands in the ledger before a transfer, of days up to a last one, and was not in the span of the transfer before. */
export interface Span {
  readonly to: Place;
  readonly from: Place | null;
}

interface Place {
  /** Of the transfer's transaction. */
  readonly id: number;
  readonly last: number;
}

export interface Store {
  readonly payments: PaymentStore;
  addSchool(school: SchoolRow): Promise<void>;
  schools(): Promise<SchoolRow[]>;
  /** Opens the school's next epoch, from 1, for this gateway; the earlier ones are closed by it. */
  addGateway(gateway: { id: string; school: number; key: Uint8Array }): Promise<GatewayRow>;
  gateways(school: number): Promise<GatewayRow[]>;
  addEnrolment(row: EnrolmentRow): Promise<void>;
  enrolment(codeHash: string): Promise<EnrolmentRow | null>;
  /** Opens the next epoch as {@link addGateway} and uses the code up, in one; the same key again gets the same row. The code must exist. */
  takeEnrolment(codeHash: string, gateway: { id: string; key: Uint8Array }, nowMs: number): Promise<GatewayRow | "used" | "expired">;
  gateway(id: string, epoch: number): Promise<GatewayRow | null>;
  /** The school's newest epoch at that moment; `null`, and nothing changed, when `number` is not above the last one taken. */
  takeRequestNumber(id: string, epoch: number, number: number): Promise<{ readonly living: number } | null>;

  /** `false`, and nothing stored, when the epoch does not hold exactly `from` entries, or is closed. Throws what breaks the ledger's laws. */
  append(batch: Batch): Promise<boolean>;
  entries(school: number, epoch: number, from: number, limit: number): Promise<EntryRow[]>;
  lastCheckpoint(school: number, epoch: number): Promise<CheckpointRow | null>;
  /** Of at most `size` entries, the newest first. */
  checkpoints(school: number, epoch: number, size: number, limit: number): Promise<CheckpointRow[]>;
  /** Entries that concern an account, oldest first, of business dates `from` to `to`, both included. */
  entriesOf(school: number, account: number, from: BusinessDate, to: BusinessDate): Promise<EntryRow[]>;
  findings(school: number): Promise<Finding[]>;

  /** Evidence: what a closed epoch turned out to hold behind its last entry. `false`, and nothing stored, when rows do not follow on what is kept. */
  addSalvage(school: number, epoch: number, rows: readonly EntryRow[]): Promise<boolean>;
  salvage(school: number, epoch: number): Promise<EntryRow[]>;
  /** A person believes what is salvaged of this epoch before entry `upTo`; less than before changes nothing. */
  acceptTail(school: number, epoch: number, upTo: number): Promise<void>;
  /** Epochs of which something was accepted. */
  tails(school: number): Promise<TailRow[]>;
  /** The school has been told of the tail before entry `upTo`. */
  tailTold(school: number, epoch: number, upTo: number): Promise<void>;

  /** Of these operations, those that already have a transaction in the school's ledger. */
  postedOperations(school: number, operations: readonly OperationId[]): Promise<OperationId[]>;
  /** The journal entry of an operation that moved money; `null` for one that did not, or that nobody knows. */
  entryOf(
    school: number,
    operation: { readonly terminal: number; readonly incarnation: number; readonly n: number },
  ): Promise<EntryRow | null>;
  /** Sum of each account's postings, debit positive; accounts without postings are absent. `before`: only of earlier business dates. */
  balances(school: number, accounts?: readonly LedgerAccount[], before?: BusinessDate): Promise<Map<LedgerAccount, number>>;
  /** Balances kept at the end of a period that are not the sum of their postings: none, while nobody has forged anything. */
  staleBalances(school: number): Promise<{ readonly account: LedgerAccount; readonly last: BusinessDate }[]>;
  postings(school: number, account: LedgerAccount): Promise<PostedRow[]>;
  /** Of business dates `from` to `to`, both included. */
  turnovers(school: number, from: BusinessDate, to: BusinessDate): Promise<Turnover[]>;
  /** Whole transactions, oldest first, behind the one with this id. */
  transactions(school: number, after: number, limit: number): Promise<StoredTransaction[]>;

  /**
   * Appends at number `from`; `false`, and nothing stored, when the school does not have exactly `from` directives. `outbox`: the waiting ones that these
   * rows are, in the same order.
   */
  addDirectives(school: number, from: number, rows: readonly DirectiveRow[], outbox?: readonly number[]): Promise<boolean>;
  /** What waits to be appended, oldest first. */
  waitingDirectives(school: number, limit: number): Promise<WaitingDirective[]>;
  directives(school: number, from: number, limit: number): Promise<DirectiveRow[]>;
  directiveCount(school: number): Promise<number>;

  /** Where the balance goes when the school has packed it. Throws when this epoch of the account is there already. */
  addMove(move: MoveRow): Promise<void>;
  lastMove(school: number, account: number): Promise<MoveRow | null>;
  /** From and to the school, newest first. */
  moves(school: number): Promise<MoveRow[]>;

  /** What caterers have been sent for decades and the bank has not sent back, oldest first; nothing where there is no office. */
  transfers(school: number): Promise<Transfer[]>;
  /** Whose money a transfer was, in kopecks; of one account, or of all. `holder` null: no living purse's, as the school's fund. */
  fundedBy(
    school: number,
    transfer: Pick<Transfer, "account" | "spans">,
    holder: number | null,
  ): Promise<{ readonly holder: number | null; readonly amount: number }[]>;

  /** What the office has written down of dishes; nothing where there is no office. */
  recipes(school: number): Promise<Recipe[]>;

  readonly people: PeopleStore;
  readonly notices: NoticeStore;
  readonly letters: LetterStore;
  readonly statements: StatementStore;
  readonly announcements: AnnouncementStore;

  close(): Promise<void>;
}

/** Names an operation within a school: also the key of its uniqueness. */
export function operationKey(operation: { readonly [part in keyof OperationId]: number }): string {
  return [operation.terminal, operation.incarnation, operation.n, operation.part].join(".");
}
