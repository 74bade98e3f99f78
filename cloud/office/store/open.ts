/** The office's own connections to the cloud's database. The cloud has opened and migrated it before. */
import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import type { Transaction } from "kysely";
import { openPool } from "../../store/place.js";
import { getTypeParser } from "../../store/postgres.js";
import type { PostgresOptions } from "../../store/postgres.js";
import type { OfficeTables } from "./tables.js";

export type OfficeDatabase = Kysely<OfficeTables>;
export type OfficeTransaction = Transaction<OfficeTables>;

const CONNECTIONS = 6;

export function openOfficeDatabase({ url, onError }: PostgresOptions): OfficeDatabase {
  const pool = openPool(url, onError, { max: CONNECTIONS, types: { getTypeParser } });
  // What stands inside a JSON column is a person's data and keeps the names it was given.
  const plugins = [new CamelCasePlugin({ maintainNestedObjectKeys: true })];
  return new Kysely<OfficeTables>({ dialect: new PostgresDialect({ pool }), plugins });
}
