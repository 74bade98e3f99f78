/** Whether a letter's writer has been told that there is an answer. Who was answered before has read it by now. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  alter table letters add column answer_told boolean not null default false;
  update letters set answer_told = true where answer is not null;
  create index letters_to_tell on letters (id) where answer is not null and not answer_told;`;

export const answersTold = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
