/** Letters of families and their answers. A letter stays when its writer's account is erased, without saying whose it was; an answer is given once. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table letters (
    id integer generated always as identity primary key,
    phone text references guardians on delete set null,
    school integer not null references schools,
    account integer not null,
    kind text not null,
    recipient text not null,
    text text not null,
    written_ms bigint not null,
    due_on integer not null,
    answer text,
    answered_ms bigint,
    answered_by text references office_staff,
    constraint "a letter is a question or a complaint" check (kind in ('question', 'complaint')),
    constraint "a letter goes to the school or the operator" check (recipient in ('school', 'operator')),
    constraint "an answer has its moment and its writer" check ((answer is null) = (answered_ms is null) and (answer is null) = (answered_by is null))
  );
  create index letters_by_phone on letters (phone);
  create index letters_by_school on letters (school, id);`;

export const letters = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
