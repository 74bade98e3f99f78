/** Accounts bound by somebody who is forgotten end, and no longer say whose they were; their own numbers stay, so that they cannot be bound by old news. */
import { sql } from "kysely";
import type { Kysely } from "kysely";

const bindings = `
  drop trigger "a binding only ends" on payment_bindings;
  create trigger "a binding only ends" before update on payment_bindings for each row
    when (not only_forgets(to_jsonb(old), to_jsonb(new), 'payment_bindings'::regclass)) execute function keep_binding();
  create trigger "a binding stays" before delete on payment_bindings for each row execute function keep_binding();
  create function forget_bindings(phones text[], at_ms bigint) returns void language plpgsql security definer set search_path from current as $$
  begin
    update payment_bindings set ended_ms = at_ms where payer = any (phones) and ended_ms is null;
    perform set_config('trapeza.forgetting', 'on', true);
    update payment_bindings set payer = '—' where payer = any (phones);
    perform set_config('trapeza.forgetting', 'off', true);
  end $$;`;

export const forgettingBindings = {
  async up(database: Kysely<unknown>): Promise<void> {
    await sql.raw(bindings).execute(database);
  },
};
