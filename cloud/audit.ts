/**
 * The rules played again over what a gateway says happened. A difference is never a reason to throw an event away: the cash is in the box and the child has
 * eaten. It is written down beside the entry, for a person.
 */
import { audit } from "@trapeza/protocol";
import type { Event } from "@trapeza/protocol";
import { carriedBy, foreignNote } from "./carrying.js";
import { accountsOf } from "./ledger/concerned.js";
import { accountsToTell } from "./notices/notice.js";
import { postingsFor, unexplained } from "./ledger/postings-for.js";
import type { ToTell } from "./notices/store.js";
import type { Books } from "./ledger/postings-for.js";
import type { LedgerTransaction } from "./ledger/posting.js";
import { findHome, foldEvent } from "./school-book.js";
import type { Library, SchoolBook } from "./school-book.js";
import type { OutgoingDirective } from "./outgoing.js";
import type { AccountEntry, Finding, Store } from "./store/store.js";
import { operationKey } from "./store/store.js";

export interface Audited {
  readonly accountEntries: readonly AccountEntry[];
  readonly transactions: readonly LedgerTransaction[];
  readonly findings: readonly Finding[];
  readonly notices: readonly ToTell[];
  readonly directives: readonly OutgoingDirective[];
}

/** Replays the events into the book and returns what to store of them. `from`: index of the first. */
export async function auditBatch(
  store: Store,
  library: Library,
  book: SchoolBook,
  events: readonly Event[],
  from: number,
): Promise<Audited> {
  const operations = events.flatMap(({ operation }) => (operation && book.operations.isOld(operation) ? [operation] : []));
  const posted = new Set((await store.postedOperations(book.id, operations)).map(operationKey));
  const books: Books = { school: book.id, homeOf: (number) => findHome(library, number)?.school ?? null, tillCash: book.tills.cash };
  const accountEntries: AccountEntry[] = [];
  const transactions: LedgerTransaction[] = [];
  const findings: Finding[] = [];
  const notices: ToTell[] = [];
  const directives: OutgoingDirective[] = [];
  const { epoch } = book;
  events.forEach((event, i) => {
    const index = from + i;
    const find = (what: string) => findings.push({ epoch, index, what });
    audit(book.state, event).forEach(find);
    const postings = postingsFor(event, books);
    if (event.body.kind === "ForeignTopUp") directives.push(...foreignNote(book, index, event.body, findHome(library, event.body.number)));
    foldEvent(book, event);
    for (const account of accountsOf(event)) accountEntries.push({ account, index, date: event.date });
    for (const account of accountsToTell(event)) notices.push({ account, index });
    if (postings.length === 0) return;
    if (unexplained(postings) !== 0) find("the event's own figures leave " + unexplained(postings) + " kopecks open");
    const key = event.operation && operationKey(event.operation);
    if (key !== null && posted.has(key)) return void find("the operation " + key + " is posted already");
    if (key !== null) posted.add(key);
    const { date, atMs, operation } = event;
    transactions.push({ epoch, index, date, atMs, kind: event.body.kind, operation, postings });
  });
  const carried = await carriedBy(store, book, events, from);
  findings.push(...carried.findings.map((finding) => ({ epoch, ...finding })));
  return { accountEntries, transactions, findings, notices, directives: [...directives, ...carried.directives] };
}
