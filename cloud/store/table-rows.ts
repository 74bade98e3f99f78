/**
 * Rows of whole tables as text, out and in again. A row is written as PostgreSQL itself writes a composite value, and it reads that back to the same
 * bytes whatever its columns are; so nothing here knows the tables, and a column more needs no line here.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type pg from "pg";

const ROWS_A_PAGE = 2000;
/** No living transaction ever has this number: what is brought in again was written whole, once, and nothing can be added to it. */
const NO_TRANSACTION = "'0'::xid8";

/** Our tables, each behind those that its foreign keys point at. Which migrations have run is not a row to copy: migrations make it. */
export async function tablesInOrder(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ table: string; needs: string[] }>(`
    select c.relname::text as table, array(select distinct f.confrelid::regclass::text from pg_constraint f
      where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid) as needs
    from pg_class c where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace and c.relname not like 'kysely%' order by 1`);
  const ordered: string[] = [];
  while (ordered.length < rows.length) {
    const next = rows.find(({ table, needs }) => !ordered.includes(table) && needs.every((need) => ordered.includes(need)));
    if (!next) throw new Error("tables point at each other in a circle");
    ordered.push(next.table);
  }
  return ordered;
}

/** How a row is written: `composite` as PostgreSQL itself does, to the byte, for PostgreSQL alone; `named` as a JSON object, which anybody can read. */
export type Writing = "composite" | "named";
const OUT = { composite: "to_json(t::text)", named: "to_json(t)" } as const;
const IN: { readonly [writing in Writing]: (table: string) => string } = {
  composite: (table) => `((u.line::json #>> '{}')::${table})`,
  named: (table) => `json_populate_record(null::${table}, u.line::json)`,
};

export interface RowFile {
  readonly table: string;
  readonly path: string;
  readonly writing: Writing;
}

/** Into a gzip file, JSON a line. The caller's transaction decides which moment is read. `where` is SQL of ours. Returns the number of rows. */
export async function writeRows(client: pg.ClientBase, { table, path, writing }: RowFile, where = "true"): Promise<number> {
  let count = 0;
  const name = client.escapeIdentifier(table);
  async function* lines(): AsyncGenerator<string> {
    await client.query(`declare leaving no scroll cursor for select ${OUT[writing]}::text as row from ${name} t where ${where}`);
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`fetch ${ROWS_A_PAGE} from leaving`);
      if (rows.length === 0) break;
      count += rows.length;
      yield rows.map(({ row }) => row + "\n").join("");
    }
    await client.query("close leaving");
  }
  await pipeline(Readable.from(lines()), createGzip(), createWriteStream(path, { mode: 0o600 }));
  return count;
}

/** Puts the rows of a file in, within the caller's transaction. Triggers of ours must be asleep: they ask who wrote what when. */
export async function readRows(client: pg.ClientBase, { table, path, writing }: RowFile): Promise<number> {
  const columns = await client.query<{ name: string; type: string }>(
    `select attname as name, atttypid::regtype::text as type from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  const [name, into] = [client.escapeIdentifier(table), columns.rows.map((column) => client.escapeIdentifier(column.name))];
  const values = columns.rows.map(({ type }, i) => (type === "xid8" ? NO_TRANSACTION : "r." + into[i]));
  const insert = `
    insert into ${name} (${into.join(", ")}) overriding system value
    select ${values.join(", ")} from unnest($1::text[]) as u (line), lateral (select (${IN[writing](name)}).*) as r`;
  let [count, page] = [0, [] as string[]];
  const put = async () => {
    await client.query(insert, [page]);
    count += page.length;
    page = [];
  };
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()), crlfDelay: Infinity })) {
    page.push(line);
    if (page.length === ROWS_A_PAGE) await put();
  }
  if (page.length > 0) await put();
  return count;
}

/** Runs `work` while the triggers of these tables sleep; foreign keys and checks stay awake. The role must own the tables. */
export async function withoutTriggers(client: pg.ClientBase, tables: readonly string[], work: () => Promise<void>): Promise<void> {
  for (const table of tables) await client.query(`alter table ${client.escapeIdentifier(table)} disable trigger user`);
  await work();
  for (const table of tables) await client.query(`alter table ${client.escapeIdentifier(table)} enable trigger user`);
}
