/**
 * A bank's list of payments to accounts, by file: the money is on the operator's account already, so each row credits a pupil, or lies in suspense until a
 * person finds whose it is. A row is known by the bank's own number of the operation: again in the same file or in another one it is the same payment.
 *
 * The file, its questions and what lies in suspense are one transaction. Orders follow row by row, each under its own key: after a crash between, the next
 * file, or a press on the page, carries on.
 */
import { isAccountNumber, kopecks } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import type { Office } from "../office/office.js";
import type { Who } from "../office/people/import-desk.js";
import type { OfficeTransaction } from "../office/store/open.js";
import type { PayeeFound } from "../payments/payments.js";
import { post } from "./books.js";
import { bankPayeeUnknown } from "./postings.js";
import type { Question } from "./reconcile.js";
import { readRegistry } from "./registry-file.js";
import type { RegistryRow } from "./registry-file.js";
import { digestOf, files, isTaken, putFile, putQuestions } from "./registry-desk.js";
import type { NotTaken } from "./registry-desk.js";

const MOST_ROWS = 50_000;

export interface BankFile {
  readonly name: string;
  readonly day: BusinessDate;
  readonly bytes: Uint8Array;
}

export async function takeBankFile(office: Office, { login, school }: Who, { name, day, bytes }: BankFile): Promise<number | NotTaken> {
  const read = readRegistry(bytes);
  if (read === null) return "no_registry";
  if (read.rows.length > MOST_ROWS) return "too_long";
  for (const left of await files(office, school)) if (!left.followed) await followBankFile(office, left.id);
  const digest = digestOf(bytes);
  if (await isTaken(office, digest)) return "taken";
  const known = await knownRows(office, school);
  const id = await office.change({ login, school, what: "money.bank", subject: "registry " + name }, async (transaction) => {
    const row = { way: "registry" as const, school, day, name, digest, login, atMs: office.now() };
    const file = await putFile(transaction, row, read.rows);
    const questions: Question[] = read.isShort ? [{ line: null, kind: "short_file", order: null, here: null, there: null }] : [];
    for (const one of read.rows) {
      const question = questionOf(office, one, known);
      if (question) questions.push(question);
      if (question?.kind === "unknown_account") await suspend(office, transaction, school, file, one);
      if (!known.has(one.name)) known.set(one.name, one);
    }
    await putQuestions(transaction, file, questions);
    return { before: null, after: { file, rows: read.rows.length, questions: questions.length }, value: file };
  });
  await followBankFile(office, id);
  return id;
}

/** Rows of this school's earlier files, by the bank's number. */
async function knownRows({ database }: Office, school: number): Promise<Map<string, RegistryRow>> {
  const query = database.selectFrom("registryRows as r").innerJoin("registryFiles as f", "f.id", "r.file").selectAll("r");
  const rows = await query.where("f.school", "=", school).orderBy("r.file", "desc").orderBy("r.line", "desc").execute();
  return new Map(rows.map((row) => [row.name, row as unknown as RegistryRow]));
}

/** A refund among a bank's payments is somebody's mistake: a person reads it, once. */
function questionOf(office: Office, row: RegistryRow, known: ReadonlyMap<string, RegistryRow>): Question | null {
  const ask = (kind: Question["kind"], here: number | null = null): Question => ({
    line: row.line,
    kind,
    order: null,
    here,
    there: row.sum,
  });
  const before = row.name === "" ? undefined : known.get(row.name);
  if (before && before.operation === row.operation && before.sum === row.sum && before.account === row.account) return null;
  if (row.name === "" || row.sum === null || row.operation !== "payment") return ask("not_a_row");
  if (before) return ask("differs", before.sum);
  return payeeOf(office, row.account) === null ? ask("unknown_account") : null;
}

export function payeeOf({ cloud }: Office, number: string): PayeeFound | null {
  return isAccountNumber(number) ? cloud.payments.findPayee(number) : null;
}

async function suspend(
  office: Office,
  transaction: OfficeTransaction,
  school: number,
  file: number,
  { line, sum }: RegistryRow,
): Promise<void> {
  const [reference, date, atMs] = [referenceOf(file, line), await office.today(school), office.now()];
  await post(transaction, school, { reference, date, atMs, ...bankPayeeUnknown(sum ?? 0) });
}

export const referenceOf = (file: number, line: number) => "bank/" + file + "/" + line;

/**
 * Numbers of rows whose money lay in suspense. Such a row may come again when its account has been opened meanwhile: the money is here already, and whoever
 * settles the question says whose it is.
 */
async function suspendedNames({ database }: Office, school: number): Promise<Set<string>> {
  const rows = await database
    .selectFrom("registryQuestions as q")
    .innerJoin("registryFiles as f", "f.id", "q.file")
    .innerJoin("registryRows as r", (join) => join.onRef("r.file", "=", "q.file").onRef("r.line", "=", "q.line"))
    .select("r.name")
    .where("f.school", "=", school)
    .where("q.kind", "=", "unknown_account")
    .execute();
  return new Set(rows.map(({ name }) => name));
}

/** Credits every row that nothing is to be asked about. */
export async function followBankFile(office: Office, id: number): Promise<void> {
  const { database, cloud } = office;
  const file = await database.selectFrom("registryFiles").selectAll().where("id", "=", id).executeTakeFirst();
  if (!file || file.school === null || file.followed) return;
  const asked = await database.selectFrom("registryQuestions").select("line").where("file", "=", id).execute();
  const doubtful = new Set(asked.map(({ line }) => line));
  const rows = await database.selectFrom("registryRows").selectAll().where("file", "=", id).orderBy("line").execute();
  const suspended = await suspendedNames(office, file.school);
  for (const row of rows as unknown as RegistryRow[]) {
    const { line, name, account: number, sum, operation } = row;
    if (doubtful.has(line) || suspended.has(name) || sum === null || operation !== "payment") continue;
    const [key, payee] = ["bank/" + file.school + "/" + name, payeeOf(office, number)];
    if (payee === null) {
      if ((await cloud.store.payments.orderByKey(key)) === null) await suspendLate(office, file.school, id, row);
      continue;
    }
    const lines = [{ school: payee.school, account: payee.account, purse: "main" as const, sum: kopecks(sum) }];
    await cloud.payments.receive({ key, way: "registry", lines, fee: kopecks(0), settled: true });
  }
  await database.updateTable("registryFiles").set({ followed: true }).where("id", "=", id).execute();
}

/** The account was there when the file was taken, and is gone now that its row's turn has come. */
async function suspendLate(office: Office, school: number, file: number, row: RegistryRow): Promise<void> {
  await office.database.transaction().execute(async (transaction) => {
    await suspend(office, transaction, school, file, row);
    await putQuestions(transaction, file, [{ line: row.line, kind: "unknown_account", order: null, here: null, there: row.sum }]);
  });
}
