/** The audit trail: every change of the office with its before and after, written in the transaction of the change itself; nobody can change it later. */
import type { OfficeDatabase, OfficeTransaction } from "./store/open.js";

export interface Change {
  /** Login of who did it. */
  readonly login: string;
  readonly school: number | null;
  /** Fixed words with a dot, "staff.put": what a person searches for. */
  readonly what: string;
  /** Whom or what it concerns, "account 7". */
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface TrailRow extends Change {
  readonly id: number;
  readonly atMs: number;
}

export interface TrailQuery {
  readonly school: number | null;
  /** Part of the subject, the login or the word. */
  readonly text: string;
  readonly limit: number;
}

export async function writeTrail(transaction: OfficeTransaction, atMs: number, change: Change): Promise<void> {
  const { login, school, what, subject, before, after } = change;
  const row = { atMs, login, school, what, subject, before: JSON.stringify(before ?? null), after: JSON.stringify(after ?? null) };
  await transaction.insertInto("officeTrail").values(row).execute();
}

/** Newest first. */
export function readTrail(database: OfficeDatabase, { school, text, limit }: TrailQuery): Promise<TrailRow[]> {
  const like = "%" + text.replace(/[\\%_]/g, "\\$&") + "%";
  return database
    .selectFrom("officeTrail")
    .selectAll()
    .$if(school !== null, (query) => query.where("school", "=", school))
    .$if(text !== "", (query) =>
      query.where((where) => where.or([where("subject", "ilike", like), where("login", "ilike", like), where("what", "ilike", like)])),
    )
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}
