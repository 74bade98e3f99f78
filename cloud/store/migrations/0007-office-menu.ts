/** What a caterer keeps beside the menus that schools are told: what a dish is made of, the cycle of two weeks, the budgets that subsidise. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_compositions (
    school integer not null references schools,
    dish text not null,
    composition text not null,
    primary key (school, dish)
  );
  create table office_cycle (
    school integer not null references schools,
    meal integer not null,
    day integer not null,
    dishes jsonb not null,
    primary key (school, meal, day),
    constraint "a cycle has ten school days" check (day between 0 and 9)
  );
  create table office_programs (
    id integer primary key,
    name text not null,
    constraint "a budget has a name" check (name <> '')
  );`;

export const officeMenu = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
