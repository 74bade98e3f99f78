/**
 * The application's own role: what we work with once the tables stand. It owns nothing, so it can take no trigger away, and history it may only read and add
 * to. Its password is made anew at every start and written nowhere.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { RoamingClient, withLogin } from "./place.js";

/** Rows go on and are never thrown away. */
const STAYING = new Set([
  ...["gateways", "schools", "payment_orders", "payment_bindings", "directive_outbox", "registry_files", "registry_questions"],
  ...["payouts", "subsidy_claims", "refunds", "fiscal_receipts"],
]);
const NOT_ALLOWED = "42501";
const NOT_LET_IN = new Set(["28000", "28P01"]);

/**
 * The connection string of the role, made or renewed by the owner of the tables, who holds the database's lock. Where the owner may not make roles, or the
 * server does not let the new one in, the owner's own: then triggers alone keep history.
 */
export async function applicationUrl(owner: pg.Pool, url: string): Promise<string> {
  const client = await owner.connect();
  try {
    const password = randomBytes(24).toString("base64url");
    await client.query("begin");
    const mine = withLogin(url, await renewRole(client, password), password);
    await client.query("commit");
    return (await letsIn(mine)) ? mine : url;
  } catch (error) {
    await client.query("rollback");
    if (error instanceof pg.DatabaseError && error.code === NOT_ALLOWED) return url;
    throw error;
  } finally {
    client.release();
  }
}

/** Roles belong to the whole server: each database has its own, or two clouds would take each other's password away. */
async function renewRole(client: pg.PoolClient, password: string): Promise<string> {
  const { rows } = await client.query<{ role: string; known: boolean; schema: string }>(`
    select 'trapeza of ' || current_database() as role, current_schema() as schema,
      exists (select from pg_roles where rolname = 'trapeza of ' || current_database()) as known`);
  const [{ role, known, schema }] = rows;
  const [name, within] = [role, schema].map((text) => client.escapeIdentifier(text));
  await client.query((known ? "alter role " : "create role ") + name + " login password " + client.escapeLiteral(password));
  await client.query("grant usage on schema " + within + " to " + name);
  const tables = await client.query<{ table: string; history: boolean }>(`
    select c.relname as table, exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgname like '%is append-only') as history
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = current_schema() and c.relkind = 'r' and pg_get_userbyid(c.relowner) = current_user and c.relname not like 'kysely%'`);
  for (const { table, history } of tables.rows) {
    const rights = history ? "select, insert" : STAYING.has(table) ? "select, insert, update" : "select, insert, update, delete";
    const at = within + "." + client.escapeIdentifier(table);
    await client.query("revoke all on " + at + " from " + name);
    await client.query("grant " + rights + " on " + at + " to " + name);
  }
  return role;
}

async function letsIn(url: string): Promise<boolean> {
  const client = new RoamingClient({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    if (error instanceof pg.DatabaseError && NOT_LET_IN.has(error.code ?? "")) return false;
    throw error;
  }
}
