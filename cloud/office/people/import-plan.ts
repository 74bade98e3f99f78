/**
 * What a list would change in a school: a row is new, a change, the same, or a mismatch with its reasons. Nothing is guessed: a row that could mean two
 * pupils, or almost means one, waits for a person.
 */
import { luhnIsValid } from "@trapeza/protocol";
import type { Account, BusinessDate, School } from "@trapeza/protocol";
import { parsePhone } from "../../people/phone.js";
import { birthDate, className, fullName, isName, nameCase, nameKey, splitName } from "./person.js";
import type { Name } from "./person.js";
import type { RosterRow } from "./roster.js";

/** Numbers never change: they stand in stored imports. */
export const FAULTS = {
  no_name: 1,
  bad_name: 2,
  no_class: 3,
  bad_class: 4,
  bad_born: 5,
  bad_account: 6,
  unknown_account: 7,
  other_person: 8,
  twice: 9,
  bad_phone: 10,
  unknown_category: 11,
  ambiguous: 12,
  similar: 13,
} as const;
export type Fault = keyof typeof FAULTS;

export interface Pupil {
  readonly name: Name;
  readonly class: string;
  readonly born: BusinessDate | null;
  readonly category: number | null;
  readonly guardians: readonly { readonly name: string; readonly phone: string }[];
}

export interface PlannedRow {
  readonly row: RosterRow;
  readonly kind: "new" | "change" | "same" | "mismatch";
  readonly faults: readonly Fault[];
  readonly pupil: Pupil;
  /** The account that the row is about; `null` for a new pupil and for a mismatch. */
  readonly account: number | null;
  /** Whom a mismatch may mean. */
  readonly candidates: readonly number[];
}

/** What the office knows of a pupil beside the school's state. */
export interface Known {
  readonly born: BusinessDate | null;
  readonly guardians: readonly { readonly name: string; readonly phone: string }[];
}

export interface PlanOptions {
  readonly school: School;
  readonly known: ReadonlyMap<number, Known>;
  readonly today: BusinessDate;
}

/** In the order of the rows. */
export function planImport(rows: readonly RosterRow[], options: PlanOptions): PlannedRow[] {
  const index = indexOf(options.school);
  const seen = new Set<string>();
  return rows.map((row) => {
    const { pupil, faults } = pupilIn(row, options);
    if (faults.length > 0) return { row, kind: "mismatch", faults, pupil, account: null, candidates: [] };
    const found = match(row, pupil, index, options);
    const key = found.account === null ? nameKey(pupil.name) + " " + (pupil.born ?? pupil.class) : "account " + found.account;
    const reasons: readonly Fault[] = found.faults.length > 0 ? found.faults : seen.has(key) ? ["twice"] : [];
    if (reasons.length > 0) return { row, kind: "mismatch", faults: reasons, pupil, account: null, candidates: found.candidates };
    seen.add(key);
    const account = found.account === null ? null : (options.school.accounts.get(found.account) ?? null);
    const kind = account === null ? "new" : changes(account, pupil, options) ? "change" : "same";
    return { row, kind, faults: [], pupil, account: found.account, candidates: [] };
  });
}

/** The row as a pupil, and everything that is wrong with what is written in it. */
function pupilIn(row: RosterRow, { school, today }: PlanOptions): { pupil: Pupil; faults: Fault[] } {
  const name = { surname: nameCase(row.surname), given: nameCase(row.given), patronymic: nameCase(row.patronymic) };
  const schoolClass = className(row.class);
  const born = row.born === "" ? null : birthDate(row.born, today);
  const category = row.category === "" ? null : categoryNamed(school, row.category);
  const guardians = row.guardians.map(({ name: text, phone }) => ({ name: nameCase(text), phone: parsePhone(phone) ?? "" }));
  const faults: Fault[] = [];
  if (name.surname === "" || name.given === "") faults.push("no_name");
  else if (![name.surname, name.given, name.patronymic].every((part) => part === "" || isName(part))) faults.push("bad_name");
  if (row.class === "") faults.push("no_class");
  else if (schoolClass === null) faults.push("bad_class");
  if (row.born !== "" && born === null) faults.push("bad_born");
  if (row.account !== "" && !isWrittenRight(row.account)) faults.push("bad_account");
  if (guardians.some(({ phone }) => !/^7[0-9]{10}$/.test(phone))) faults.push("bad_phone");
  if (category === undefined) faults.push("unknown_category");
  return { pupil: { name, class: schoolClass ?? row.class, born, category: category ?? null, guardians }, faults };
}

/** Our own numbers have ten digits and end in a check digit; those of an older system are as they are. */
function isWrittenRight(number: string): boolean {
  return /^[0-9]{1,20}$/.test(number) && (number.length !== 10 || luhnIsValid(number));
}

function categoryNamed(school: School, text: string): number | undefined {
  const key = text.toLowerCase();
  for (const { id, name } of school.categories.values()) if (name.toLowerCase() === key || String(id) === key) return id;
  return undefined;
}

interface Index {
  readonly byName: ReadonlyMap<string, readonly Account[]>;
  readonly byClass: ReadonlyMap<string, readonly Account[]>;
  readonly classNames: ReadonlyMap<number, string>;
}

function indexOf(school: School): Index {
  const classNames = new Map([...school.classes.values()].map(({ id, name }) => [id, className(name) ?? name]));
  const byName = new Map<string, Account[]>();
  const byClass = new Map<string, Account[]>();
  const add = (map: Map<string, Account[]>, key: string, account: Account) => map.set(key, [...(map.get(key) ?? []), account]);
  for (const account of school.accounts.values()) {
    if (account.holder !== "pupil" || account.status === "closed" || account.status === "moved") continue;
    add(byName, nameKey(splitName(account.name)), account);
    add(byClass, classNames.get(account.class ?? -1) ?? "", account);
  }
  return { byName, byClass, classNames };
}

interface Match {
  readonly account: number | null;
  readonly faults: Fault[];
  readonly candidates: readonly number[];
}

function match(row: RosterRow, pupil: Pupil, index: Index, options: PlanOptions): Match {
  if (row.account !== "") return byNumber(row.account, pupil, options.school);
  const born = (account: Account) => options.known.get(account.id)?.born ?? null;
  const named = index.byName.get(nameKey(pupil.name)) ?? [];
  // A birth date that both know tells namesakes apart; one that only one side knows says nothing.
  const possible = named.filter((account) => pupil.born === null || born(account) === null || born(account) === pupil.born);
  const sameClass = possible.filter((account) => index.classNames.get(account.class ?? -1) === pupil.class);
  const chosen = possible.length > 1 ? sameClass : possible;
  if (chosen.length === 1) return { account: chosen[0].id, faults: [], candidates: [] };
  if (possible.length > 1) return { account: null, faults: ["ambiguous"], candidates: possible.map(({ id }) => id) };
  const similar = (index.byClass.get(pupil.class) ?? []).filter((account) =>
    isOneSlip(nameKey(splitName(account.name)), nameKey(pupil.name)),
  );
  return { account: null, faults: similar.length > 0 ? ["similar"] : [], candidates: similar.map(({ id }) => id) };
}

function byNumber(number: string, pupil: Pupil, school: School): Match {
  const id = school.accountByNumber.get(number);
  const account = id === undefined ? undefined : school.accounts.get(id);
  if (!account) return { account: null, faults: ["unknown_account"], candidates: [] };
  const before = splitName(account.name);
  const [was, is] = [before, pupil.name].map((name) => [name.surname, name.given].map((part) => part.toLowerCase()));
  // People marry and mend a letter; nobody changes both names at once.
  if (was[0] !== is[0] && was[1] !== is[1]) return { account: null, faults: ["other_person"], candidates: [account.id] };
  return { account: account.id, faults: [], candidates: [] };
}

/** One letter typed wrong, left out, doubled, or two changed places. */
export function isOneSlip(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false;
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  const rest = (text: string, skip: number) => text.slice(from + skip);
  if (a.length !== b.length) return a.length > b.length ? rest(a, 1) === rest(b, 0) : rest(a, 0) === rest(b, 1);
  if (rest(a, 1) === rest(b, 1)) return true;
  return a[from] === b[from + 1] && a[from + 1] === b[from] && rest(a, 2) === rest(b, 2);
}

function changes(account: Account, pupil: Pupil, { school, known }: PlanOptions): boolean {
  const schoolClass = school.classes.get(account.class ?? -1)?.name ?? "";
  const before = known.get(account.id);
  const phones = new Set(before?.guardians.map(({ phone }) => phone));
  return (
    account.name !== fullName(pupil.name) ||
    (className(schoolClass) ?? schoolClass) !== pupil.class ||
    (pupil.category !== null && pupil.category !== account.category) ||
    (pupil.born !== null && pupil.born !== (before?.born ?? null)) ||
    pupil.guardians.some(({ phone }) => !phones.has(phone))
  );
}
