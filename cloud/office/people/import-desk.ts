/**
 * Lists from schools: read and shown before anything happens, carried out, mended row by row, taken back. A list is planned again when it is carried out:
 * between the look and the word the school may have changed.
 */
import { sql } from "kysely";
import { readTable } from "../../documents/sheet-in.js";
import { inSlices } from "../../store/slices.js";
import type { Office } from "../office.js";
import type { OfficeTransaction } from "../store/open.js";
import { carryOut, takeBack } from "./import-carry-out.js";
import type { RowDone } from "./import-carry-out.js";
import { planImport } from "./import-plan.js";
import type { Known, PlannedRow } from "./import-plan.js";
import { knownPupils, putPupils, replacePupil } from "./people-rows.js";
import { readRoster } from "./roster.js";
import type { RosterRow } from "./roster.js";

export interface ImportRow {
  readonly id: number;
  readonly atMs: number;
  readonly login: string;
  readonly file: string;
  readonly state: "previewed" | "done" | "undone";
}

export interface StoredRow {
  readonly line: number;
  readonly kind: PlannedRow["kind"] | "skipped";
  readonly planned: PlannedRow;
  readonly done: RowDone | null;
}

export interface StoredImport extends ImportRow {
  readonly rows: readonly StoredRow[];
}

/** Why there is nothing to show: it is no table, no row heads class and name, or it is longer than any school. */
export type NotRead = "no_table" | "no_header" | "too_long";

/** What a person says about a mismatch. `row`: as they have mended it. */
export type Verdict =
  | { readonly kind: "skip" }
  | { readonly kind: "new" }
  | { readonly kind: "is"; readonly account: number }
  | { readonly kind: "mended"; readonly row: RosterRow };

const MOST_ROWS = 20_000;

export async function previewImport(office: Office, who: Who, file: string, bytes: Uint8Array): Promise<number | NotRead> {
  const { login, school } = who;
  const table = readTable(bytes);
  if (table === null) return "no_table";
  if (table.length > MOST_ROWS) return "too_long";
  const roster = readRoster(table);
  if (roster === null) return "no_header";
  const planned = await planFor(office, school, roster);
  return office.change({ login, school, what: "people.preview", subject: "list " + file }, async (transaction) => {
    const row = { school, atMs: office.now(), login, file, state: "previewed" };
    const { id } = await transaction.insertInto("officeImports").values(row).returning("id").executeTakeFirstOrThrow();
    await writeRows(transaction, id, planned, new Map());
    return { before: null, after: { import: id, rows: planned.length }, value: id };
  });
}

/** Adds the rows of a list, or writes over them. */
function writeRows(
  transaction: OfficeTransaction,
  id: number,
  planned: readonly PlannedRow[],
  done: ReadonlyMap<number, RowDone>,
): Promise<void> {
  const rows = planned.map((one) => {
    const { line } = one.row;
    return { import: id, line, kind: one.kind, planned: JSON.stringify(one), done: JSON.stringify(done.get(line) ?? null) };
  });
  return inSlices(rows, (slice) =>
    transaction
      .insertInto("officeImportRows")
      .values(slice)
      .onConflict((conflict) =>
        conflict.columns(["import", "line"]).doUpdateSet((e) => ({
          kind: e.ref("excluded.kind"),
          planned: e.ref("excluded.planned"),
          done: e.ref("excluded.done"),
        })),
      ),
  );
}

export interface Who {
  readonly login: string;
  readonly school: number;
}

async function planFor(office: Office, school: number, rows: readonly RosterRow[]): Promise<PlannedRow[]> {
  const [told, known, today] = await Promise.all([office.told(school), knownPupils(office.database, school), office.today(school)]);
  return planImport(rows, { school: told.school, known, today });
}

export function listImports(office: Office, school: number): Promise<ImportRow[]> {
  const rows = office.database.selectFrom("officeImports").selectAll().where("school", "=", school).orderBy("id", "desc").limit(50);
  return rows.execute() as Promise<ImportRow[]>;
}

export async function readImport(office: Office, school: number, id: number): Promise<StoredImport | null> {
  const { database } = office;
  const found = await database.selectFrom("officeImports").selectAll().where("id", "=", id).where("school", "=", school).executeTakeFirst();
  if (!found) return null;
  const rows = await database.selectFrom("officeImportRows").selectAll().where("import", "=", id).orderBy("line").execute();
  return { ...(found as ImportRow), rows: rows as unknown as StoredRow[] };
}

/** Takes out of all lists the rows that are or may be about this account: names, phones, a day of birth. What a list did to others can still be taken back. */
export async function forgetRows(transaction: OfficeTransaction, school: number, account: number, words: readonly string[]): Promise<void> {
  const [number, one] = [String(account), JSON.stringify([account])];
  await sql`delete from office_import_rows where import in (select id from office_imports where school = ${school})
    and (planned->>'account' = ${number} or done->>'account' = ${number} or planned->'candidates' @> ${one}::jsonb
      or exists (select from jsonb_path_query(planned, 'strict $.**') as said where said #>> '{}' = any(${[...words]}))
      or concat_ws(' ', planned->'row'->>'surname', planned->'row'->>'given', nullif(planned->'row'->>'patronymic', '')) = any(${[...words]}))`.execute(
    transaction,
  );
}

/** Carries out what is no mismatch. `null` when it is done already. */
export async function applyImport(office: Office, { login, school }: Who, id: number): Promise<{ made: number; changed: number } | null> {
  const change = { login, school, what: "people.import", subject: "import " + id };
  return office.change(change, async (transaction) => {
    const stored = await readImport(office, school, id);
    if (stored?.state !== "previewed" || !(await turn(transaction, id, "previewed", "done")))
      return { before: null, after: null, value: null };
    const planned = await planFor(
      office,
      school,
      stored.rows.map((one) => one.planned.row),
    );
    const value = await carryOutRows(office, transaction, school, id, planned);
    return { before: null, after: value.counts, directives: value.directives, value: value.counts };
  });
}

async function carryOutRows(office: Office, transaction: OfficeTransaction, school: number, id: number, planned: readonly PlannedRow[]) {
  const [told, known] = await Promise.all([office.told(school), knownPupils(office.database, school)]);
  const { directives, done } = carryOut(planned, school, told.school, known);
  await writeRows(transaction, id, planned, done);
  const pupils = planned.flatMap(({ row, pupil }): [number, Known][] => {
    const carried = done.get(row.line);
    return carried ? [[carried.account, pupil]] : [];
  });
  await putPupils(transaction, school, new Map(pupils));
  const made = [...done.values()].filter(({ before }) => before === null).length;
  return { directives, counts: { made, changed: done.size - made } };
}

/** Settles one mismatch. The row as it stands afterwards; `null` when there is none to settle. */
export async function settleRow(
  office: Office,
  { login, school }: Who,
  id: number,
  line: number,
  verdict: Verdict,
): Promise<StoredRow | null> {
  const change = { login, school, what: "people.settle", subject: "import " + id + " row " + line };
  return office.change<StoredRow | null>(change, async (transaction) => {
    const stored = await readImport(office, school, id);
    const row = stored?.rows.find((one) => one.line === line);
    if (stored?.state !== "done" || row?.kind !== "mismatch") return { before: null, after: null, value: null };
    if (verdict.kind === "skip") {
      await transaction
        .updateTable("officeImportRows")
        .set({ kind: "skipped" })
        .where("import", "=", id)
        .where("line", "=", line)
        .execute();
      return { before: row.planned.faults, after: "skipped", value: { ...row, kind: "skipped" as const } };
    }
    const planned = await decided(office, school, row.planned, verdict);
    if (planned === null) return { before: null, after: null, value: null };
    const { directives } = await carryOutRows(office, transaction, school, id, [planned]);
    return { before: row.planned.faults, after: planned.kind, directives, value: { ...row, kind: planned.kind, planned } };
  });
}

/** A person's word beats a doubt about who is meant; it does not make a wrong class right. */
async function decided(
  office: Office,
  school: number,
  planned: PlannedRow,
  verdict: Exclude<Verdict, { kind: "skip" }>,
): Promise<PlannedRow | null> {
  if (verdict.kind === "mended") return (await planFor(office, school, [{ ...verdict.row, line: planned.row.line }]))[0];
  if (!planned.faults.every((fault) => DOUBTS.has(fault))) return null;
  if (verdict.kind === "new") return { ...planned, kind: "new", faults: [], account: null, candidates: [] };
  const { accounts } = (await office.told(school)).school;
  if (accounts.get(verdict.account)?.holder !== "pupil") return null;
  return { ...planned, kind: "change", faults: [], account: verdict.account, candidates: [] };
}

const DOUBTS: ReadonlySet<string> = new Set(["unknown_account", "other_person", "twice", "ambiguous", "similar"]);
export const isDoubt = (planned: PlannedRow) => planned.faults.every((fault) => DOUBTS.has(fault));

/** Takes a whole list back. `null` when it is not done. */
export async function undoImport(office: Office, { login, school }: Who, id: number): Promise<{ undone: number; kept: number } | null> {
  const change = { login, school, what: "people.undo", subject: "import " + id };
  return office.change(change, async (transaction) => {
    const stored = await readImport(office, school, id);
    if (stored?.state !== "done" || !(await turn(transaction, id, "done", "undone"))) return { before: null, after: null, value: null };
    const told = await office.told(school);
    const done = stored.rows.flatMap((row) => row.done ?? []);
    const { directives, undone, kept } = takeBack(done, told.school);
    for (const one of undone) await replacePupil(transaction, school, one.account, one.known);
    return { before: null, after: { undone: undone.length, kept }, directives, value: { undone: undone.length, kept } };
  });
}

/** Of two that press the button at once only one moves the list on. */
async function turn(transaction: OfficeTransaction, id: number, from: string, to: string): Promise<boolean> {
  const moved = await transaction
    .updateTable("officeImports")
    .set({ state: to })
    .where("id", "=", id)
    .where("state", "=", from)
    .executeTakeFirst();
  return moved.numUpdatedRows === 1n;
}
