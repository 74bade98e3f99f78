/**
 * Money that goes out: to caterers by decades, from budgets through us to caterers, to families that leave. A payout is one payment order; what it pays for
 * points at it. Whoever was paid stands in the payout as he was then, whatever his requisites become.
 */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const tables = `
  create table settlement_parties (
    school integer not null references schools,
    party integer not null,
    name text not null,
    inn text not null,
    kpp text not null,
    account text not null,
    bank text not null,
    bic text not null,
    correspondent text not null,
    primary key (school, party),
    constraint "an INN has 10 or 12 digits" check (inn ~ '^([0-9]{10}|[0-9]{12})$'),
    constraint "a KPP has 9 digits, or there is none" check (kpp ~ '^([0-9]{9})?$'),
    constraint "a bank account has 20 digits" check (account ~ '^[0-9]{20}$' and correspondent ~ '^([0-9]{20})?$'),
    constraint "a BIC has 9 digits" check (bic ~ '^[0-9]{9}$')
  );
  create table payouts (
    school integer not null references schools,
    id integer generated always as identity,
    reference text not null,
    made_on integer not null,
    purpose text not null,
    sum bigint not null,
    payee jsonb not null,
    returned_on integer,
    primary key (school, id),
    constraint "a payout pays something" check (sum > 0),
    constraint "a payout is made once" unique (school, reference)
  );
  create table decades (
    school integer not null references schools,
    caterer integer not null,
    first integer not null,
    last integer not null,
    meals bigint not null,
    buffet bigint not null,
    payout integer not null,
    login text not null,
    at_ms bigint not null,
    primary key (school, caterer, first),
    foreign key (school, payout) references payouts,
    constraint "a decade ends behind its beginning" check (last >= first),
    constraint "a caterer is sent money, never asked for it" check (meals >= 0 and buffet >= 0 and meals + buffet > 0)
  );
  create table subsidy_claims (
    school integer not null references schools,
    id integer generated always as identity,
    program integer not null,
    last integer not null,
    made_on integer not null,
    login text not null,
    received_on integer,
    primary key (school, id),
    constraint "a budget is asked once for a time" unique (school, program, last)
  );
  create table subsidy_lines (
    school integer not null,
    claim integer not null,
    caterer integer not null,
    portions integer not null,
    amount bigint not null,
    primary key (school, claim, caterer),
    foreign key (school, claim) references subsidy_claims
  );
  create table refunds (
    school integer not null references schools,
    id integer generated always as identity,
    account integer not null,
    applicant text not null,
    payee jsonb not null,
    costs bigint not null,
    asked_on integer not null,
    due_on integer not null,
    payout integer,
    ended text,
    primary key (school, id),
    foreign key (school, payout) references payouts,
    constraint "costs are not negative" check (costs >= 0),
    constraint "a refund is paid, or ends without a payment" check (num_nonnulls(payout, ended) <= 1)
  );
  create function keep_payout() returns trigger language plpgsql as $$
  declare what_comes_later text[] := '{returned_on,received_on,payout,ended}';
  begin
    if tg_op = 'UPDATE' and (to_jsonb(new) - what_comes_later) = (to_jsonb(old) - what_comes_later) then return new; end if;
    raise exception '% stays as it was made: % is refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
  end $$;
${["payouts", "subsidy_claims", "refunds"]
  .map(
    (table) => `
  create trigger "${table} stays as it was made" before update or delete on ${table} for each row execute function keep_payout();`,
  )
  .join("")}
${["decades", "subsidy_lines"]
  .map(
    (table) => `
  create trigger "${table} is append-only" before update or delete or truncate on ${table} for each statement execute function refuse_change();`,
  )
  .join("")}`;

export const waysOut = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(tables).execute(database);
  },
};
