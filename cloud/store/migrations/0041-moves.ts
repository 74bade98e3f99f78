/** Accounts that change their home: which account of which school takes the balance. A child's moves are counted through all its schools: the epoch. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table account_moves (
    school integer not null references schools,
    account integer not null,
    epoch integer not null,
    to_school integer not null references schools,
    to_account integer not null,
    asked_on integer not null,
    primary key (school, account, epoch),
    constraint "a move leads to another school" check (to_school <> school),
    constraint "moves of a child are counted from 1" check (epoch >= 1)
  );
  create index account_moves_by_target on account_moves (to_school, to_account);
  create trigger "account_moves is append-only" before update or delete or truncate on account_moves
    for each statement execute function refuse_change();`;

export const moves = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
