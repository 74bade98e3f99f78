/** How much of a closed epoch's tail a person has accepted, and how much of that the school has been told. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table tails (
    school integer not null,
    epoch integer not null,
    accepted bigint not null,
    told bigint not null,
    primary key (school, epoch),
    foreign key (school, epoch) references gateways,
    constraint "nothing is told that nobody has accepted" check (told <= accepted)
  );`;

export const tails = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
