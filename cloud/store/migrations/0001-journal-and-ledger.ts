/**
 * The first tables. Every law that the database can keep is a constraint whose name is the sentence a person reads when it is broken.
 *
 * Money is bigint kopecks. Journal and ledger are append-only for everybody who speaks SQL: triggers refuse UPDATE, DELETE and TRUNCATE, so that even
 * the owner of the tables must first take a trigger away, which is a deed of its own.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const people = `
  create table guardians (
    phone text primary key,
    name text not null,
    password text not null,
    constraint "a phone is written as 10 to 15 digits" check (phone ~ '^[0-9]{10,15}$'),
    constraint "a password is kept as a salted scrypt hash" check (password like 'scrypt$%')
  );
  create table children (
    phone text not null references guardians,
    school integer not null references schools,
    account integer not null,
    primary key (phone, school, account)
  );
  create table portal_sessions (
    token_hash text primary key,
    phone text not null references guardians,
    expires_ms bigint not null,
    constraint "a session is kept by the SHA-256 of its token" check (token_hash ~ '^[0-9a-f]{64}$')
  );`;

const journal = `
  create table schools (
    id integer primary key,
    label text not null,
    constraint "a school has a positive number" check (id > 0)
  );
  create table gateways (
    school integer not null references schools,
    epoch integer not null,
    id text not null,
    key bytea not null,
    last_request bigint not null default -1,
    size bigint not null default 0,
    primary key (school, epoch),
    unique (id, epoch),
    constraint "epochs are counted from 1" check (epoch >= 1),
    constraint "a gateway key is an Ed25519 public key of 32 bytes" check (length(key) = 32),
    constraint "a journal does not shrink below nothing" check (size >= 0)
  );
  create table entries (
    school integer not null,
    epoch integer not null,
    index bigint not null,
    bytes bytea not null,
    leaf bytea not null,
    primary key (school, epoch, index),
    foreign key (school, epoch) references gateways,
    constraint "entries are counted from 0" check (index >= 0),
    constraint "a leaf hash has 32 bytes" check (length(leaf) = 32)
  );
  create table checkpoints (
    school integer not null,
    epoch integer not null,
    size bigint not null,
    root bytea not null,
    note text not null,
    primary key (school, epoch, size),
    foreign key (school, epoch) references gateways,
    constraint "a root hash has 32 bytes" check (length(root) = 32)
  );
  create table account_entries (
    school integer not null,
    account integer not null,
    epoch integer not null,
    index bigint not null,
    business_date integer not null,
    primary key (school, account, epoch, index),
    foreign key (school, epoch, index) references entries
  );
  create table findings (
    id bigint generated always as identity primary key,
    school integer not null,
    epoch integer not null,
    index bigint not null,
    what text not null,
    foreign key (school, epoch, index) references entries,
    constraint "a finding says something" check (what <> '')
  );
  create table directives (
    school integer not null references schools,
    number bigint not null,
    bytes bytea not null,
    leaf bytea not null,
    primary key (school, number),
    constraint "directives are counted from 0" check (number >= 0),
    constraint "a directive's leaf hash has 32 bytes" check (length(leaf) = 32)
  );`;

const ledger = `
  create table ledger_transactions (
    id bigint generated always as identity primary key,
    school integer not null,
    epoch integer not null,
    index bigint not null,
    kind text not null,
    business_date integer not null,
    at_ms bigint not null,
    terminal integer,
    incarnation bigint,
    n bigint,
    part integer,
    written_by xid8 not null default pg_current_xact_id(),
    foreign key (school, epoch, index) references entries,
    constraint "an entry is posted once" unique (school, epoch, index),
    constraint "an operation is posted once" unique (school, terminal, incarnation, n, part),
    constraint "an operation id is whole or absent" check (num_nulls(terminal, incarnation, n, part) in (0, 4))
  );
  create table ledger_postings (
    transaction bigint not null references ledger_transactions,
    line integer not null,
    school integer not null references schools,
    account text not null,
    amount bigint not null,
    primary key (transaction, line),
    constraint "a posting moves money" check (amount <> 0),
    constraint "a posting names its account" check (account ~ '^[a-z]+(/[A-Za-z0-9._-]+)+$'),
    constraint "an amount fits 53 bits" check (abs(amount) <= 9007199254740991)
  );
  create index ledger_postings_by_account on ledger_postings (school, account);

  create function refuse_unbalanced() returns trigger language plpgsql as $$
  declare found record;
  begin
    select count(*) as lines, coalesce(sum(p.amount), 0) as total, t.written_by = pg_current_xact_id() as fresh, t.school
      into found from ledger_transactions t left join ledger_postings p on p.transaction = t.id
      where t.id = case tg_table_name when 'ledger_postings' then to_jsonb(new) ->> 'transaction' else to_jsonb(new) ->> 'id' end::bigint
      group by t.id;
    if found.total <> 0 then raise exception 'postings of a transaction sum to zero, not to %', found.total using errcode = 'check_violation'; end if;
    if found.lines < 2 then raise exception 'a transaction has at least two postings' using errcode = 'check_violation'; end if;
    if not found.fresh then raise exception 'a transaction is written whole, once' using errcode = 'check_violation'; end if;
    if found.school <> new.school then raise exception 'a posting belongs to its transaction''s school' using errcode = 'check_violation'; end if;
    return null;
  end $$;
  create constraint trigger "a transaction is balanced" after insert on ledger_transactions
    deferrable initially deferred for each row execute function refuse_unbalanced();
  create constraint trigger "a posting keeps its transaction balanced" after insert on ledger_postings
    deferrable initially deferred for each row execute function refuse_unbalanced();`;

const APPEND_ONLY = ["entries", "checkpoints", "account_entries", "findings", "directives", "ledger_transactions", "ledger_postings"];

const appendOnly = `
  create function refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% is append-only: % is refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
  end $$;
${APPEND_ONLY.map(
  (table) => `
  create trigger "${table} is append-only" before update or delete or truncate on ${table}
    for each statement execute function refuse_change();`,
).join("")}`;

export const journalAndLedger = {
  async up(database: Kysely<unknown>): Promise<void> {
    for (const part of [journal, people, ledger, appendOnly]) await sql.raw(part).execute(database);
  },
};
