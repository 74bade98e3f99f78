/** What rooms beside the journal write in their own transactions: postings under a reference, and directives that follow from them. */
import { directiveSchema, encode } from "@trapeza/protocol";
import { sql } from "kysely";
import type { Kysely, Transaction } from "kysely";
import type { OfficeTransaction } from "../ledger/posting.js";
import type { OutgoingDirective } from "../outgoing.js";
import type { Store } from "./store.js";
import type { Tables } from "./tables.js";

export interface OfficeWork {
  readonly transactions: readonly { readonly school: number; readonly transaction: OfficeTransaction }[];
  readonly directives: readonly OutgoingDirective[];
}

/** Throws a law's name when a reference is used again or postings do not balance; the caller's transaction is then lost whole. */
export async function writeOffice(transaction: Transaction<Tables>, { transactions, directives }: OfficeWork): Promise<void> {
  // By school: whoever locks rows of several takes them in one order.
  for (const { school, transaction: one } of [...transactions].sort((first, second) => first.school - second.school)) {
    const { reference, kind, date, atMs, postings } = one;
    const { id } = await transaction
      .insertInto("ledgerTransactions")
      .values({ school, reference, kind, businessDate: date, atMs })
      .returning("id")
      .executeTakeFirstOrThrow();
    const rows = postings.map(({ account, amount }, line) => ({ transaction: id, line, school, account, amount }));
    await transaction.insertInto("ledgerPostings").values(rows).execute();
  }
  await writeDirectives(transaction, directives);
}

/** They wait for their numbers. Throws a law's name when a school has been told of a reference before. */
export async function writeDirectives(transaction: Transaction<Tables>, directives: readonly OutgoingDirective[]): Promise<void> {
  for (const { school, reference, directive } of directives) {
    const bytes = encode(directiveSchema, directive);
    await transaction.insertInto("directiveOutbox").values({ school, reference, bytes }).execute();
  }
}

/** Gives waiting directives their numbers, in the transaction that appends them. Throws when one has a number already. */
export async function emptyOutbox(transaction: Transaction<Tables>, school: number, from: number, ids: readonly number[]): Promise<void> {
  const { numAffectedRows } = await sql`
    update directive_outbox o set number = ${from} + w.place - 1 from unnest(${[...ids]}::bigint[]) with ordinality as w (id, place)
    where o.school = ${school} and o.id = w.id and o.number is null`.execute(transaction);
  if (numAffectedRows !== BigInt(ids.length))
    throw new Error("a waiting directive of school " + school + " has been appended by somebody else");
}

export function outboxPart(database: Kysely<Tables>): Pick<Store, "waitingDirectives"> {
  return {
    waitingDirectives: (school, limit) =>
      database
        .selectFrom("directiveOutbox")
        .select(["id", "bytes"])
        .where("school", "=", school)
        .where("number", "is", null)
        .orderBy("id")
        .limit(limit)
        .execute(),
  };
}
