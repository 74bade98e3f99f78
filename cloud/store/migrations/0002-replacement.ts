/** One gateway in another's place: codes with which a new one enrols, and what a replaced one had journalled beyond what the cloud held of it. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table enrolments (
    code_hash text primary key,
    school integer not null references schools,
    expires_ms bigint not null,
    epoch integer,
    foreign key (school, epoch) references gateways,
    constraint "a code is kept by its SHA-256" check (code_hash ~ '^[0-9a-f]{64}$'),
    constraint "an epoch is opened by one code" unique (school, epoch)
  );
  create table salvage (
    school integer not null,
    epoch integer not null,
    index bigint not null,
    bytes bytea not null,
    leaf bytea not null,
    primary key (school, epoch, index),
    foreign key (school, epoch) references gateways,
    constraint "a salvaged leaf hash has 32 bytes" check (length(leaf) = 32)
  );
  create trigger "salvage is append-only" before update or delete or truncate on salvage
    for each statement execute function refuse_change();`;

export const replacement = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
