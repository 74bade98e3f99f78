/** What a card desk is told to make: a batch begun on a page, and how far each of its cards has come. Which ones are made, the applications say. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table office_batches (
    id integer generated always as identity primary key,
    school integer not null references schools,
    desk integer not null references office_desks,
    chip text not null,
    state text not null default 'running',
    begun_ms bigint not null,
    begun_by text not null,
    constraint "a batch is of one kind of card" check (chip in ('mifare', 'ntag')),
    constraint "a batch runs, rests, or is given up" check (state in ('running', 'stopped', 'ended'))
  );
  create table office_batch_cards (
    batch integer not null references office_batches,
    application integer not null references office_applications,
    step text not null default 'waiting',
    step_ms bigint,
    uid text,
    refusal text,
    refused integer not null default 0,
    primary key (batch, application),
    constraint "a card waits, is asked for, lies on the reader, or is written" check (step in ('waiting', 'asked', 'laid', 'written'))
  );
  create index office_batch_cards_application on office_batch_cards (application);`;

export const cardBatches = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
