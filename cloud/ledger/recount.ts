/**
 * The ledger looked at from the journal: every stored transaction beside what its event gives. It is for finding a row that somebody changed past all laws,
 * and for naming it.
 */
import type { Event } from "@trapeza/protocol";
import type { Look } from "../school-book.js";
import type { Store, StoredTransaction } from "../store/store.js";
import * as account from "./accounts.js";
import { postingsFor } from "./postings-for.js";
import type { Posting } from "./posting.js";
import { totalOf } from "./posting.js";

const TRANSACTIONS_A_PAGE = 2000;

export interface Recount {
  /** To be shown each event before it is folded. `tillCash` as the book has it then. */
  readonly look: Look;
  /** One sentence for each row that is not as its event gives; to be asked once, after the last event. */
  readonly troubles: (store: Store) => Promise<string[]>;
}

/** `isSkipped`: entries that were refused a posting when they came, because their operation was posted before. */
export function createRecount(school: number, isSkipped: (epoch: number, index: number) => boolean): Recount {
  const expected = new Map<string, string>();
  return {
    look(_, event, epoch, tillCash) {
      if (isSkipped(epoch, event.seq)) return;
      const postings = postingsFor(event, { school, homeOf: () => null, tillCash });
      if (postings.length > 0) expected.set(epoch + "/" + event.seq, spelled(event, postings));
    },
    async troubles(store) {
      const found: string[] = [];
      for (let after = 0; ;) {
        const page = await store.transactions(school, after, TRANSACTIONS_A_PAGE);
        for (const one of page) found.push(...troubleWith(one, expected));
        if (page.length < TRANSACTIONS_A_PAGE) break;
        after = page[page.length - 1].id;
      }
      for (const name of expected.keys()) found.push("ledger, entry " + name + ": its postings are missing");
      return found;
    },
  };
}

function troubleWith(one: StoredTransaction, expected: Map<string, string>): string[] {
  const what = "ledger, " + (one.isEntry ? "entry " : "") + one.transaction + " (" + one.kind + ")";
  const total = totalOf(one.postings);
  if (total !== 0) return [what + ": its postings come to " + total + " instead of nothing: " + listed(one.postings)];
  if (!one.isEntry) return [];
  const wanted = expected.get(one.transaction);
  expected.delete(one.transaction);
  if (wanted === undefined) return [what + ": no event gives this"];
  const postings = one.kind === "ForeignTopUp" ? one.postings.map(withoutHome) : one.postings;
  return listed(postings) === wanted ? [] : [what + ": the ledger has " + listed(one.postings) + "; the event gives " + wanted];
}

/** Whose money a note fed elsewhere is was known when it came; the journal of one school does not tell. */
function withoutHome(posting: Posting): Posting {
  return posting.account.startsWith("clearing/") ? { ...posting, account: account.claimsSuspense } : posting;
}

function spelled(event: Event, postings: readonly Posting[]): string {
  return listed(event.body.kind === "ForeignTopUp" ? postings.map(withoutHome) : postings);
}

function listed(postings: readonly Posting[]): string {
  return postings
    .map(({ account: name, amount }) => name + " " + amount)
    .sort()
    .join(", ");
}
