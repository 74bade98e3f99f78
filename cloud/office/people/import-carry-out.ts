/** A planned row as directives, and the way back. Decides what is to be told; who tells it and what is remembered stands in import-desk.ts. */
import { directiveSchema, encode, equalBytes } from "@trapeza/protocol";
import type { Account, Directive, DirectiveOf, School } from "@trapeza/protocol";
import type { Known, PlannedRow, Pupil } from "./import-plan.js";
import { className, fullName, numberMaker, shortName } from "./person.js";

type SetAccount = DirectiveOf<"SetAccount">;

/** What was done for a row: enough to take it back. */
export interface RowDone {
  readonly account: number;
  /** `null`: the account was made. */
  readonly before: SetAccount | null;
  readonly after: SetAccount;
  readonly known: Known | null;
}

export interface Carried {
  /** In the order in which the school must hear them. */
  readonly directives: readonly Directive[];
  readonly done: ReadonlyMap<number, RowDone>;
}

/** All rows of a plan that are new or a change. New classes come first, then accounts in the order of the list. */
export function carryOut(rows: readonly PlannedRow[], schoolNumber: number, school: School, known: ReadonlyMap<number, Known>): Carried {
  const classIds = new Map([...school.classes.values()].map(({ id, name }) => [className(name) ?? name, id]));
  const directives: Directive[] = [];
  const done = new Map<number, RowDone>();
  const nextNumber = numberMaker(schoolNumber, school);
  let nextClass = Math.max(0, ...school.classes.keys()) + 1;
  let nextAccount = Math.max(0, ...school.accounts.keys()) + 1;
  for (const { row, kind, pupil, account } of rows) {
    if (kind !== "new" && kind !== "change") continue;
    if (!classIds.has(pupil.class)) {
      directives.push({ kind: "SetClass", id: nextClass, name: pupil.class });
      classIds.set(pupil.class, nextClass++);
    }
    const schoolClass = classIds.get(pupil.class) as number;
    const before = account === null ? null : describe(school.accounts.get(account) as Account);
    const after = described(pupil, schoolClass, before ?? fresh(nextAccount++, nextNumber(), categoryFor(school, schoolClass)));
    directives.push(after);
    done.set(row.line, { account: after.id, before, after, known: known.get(after.id) ?? null });
  }
  return { directives, done };
}

/** An account as the directive that would make it what it is. */
export function describe({ id, number, holder, name, shortName: short, class: schoolClass, category, debtLimit }: Account): SetAccount {
  return { kind: "SetAccount", id, number, holder, name, shortName: short, class: schoolClass, category, debtLimit, status: "open" };
}

function fresh(id: number, number: SetAccount["number"], category: number): SetAccount {
  return {
    kind: "SetAccount",
    id,
    number,
    holder: "pupil",
    name: "",
    shortName: "",
    class: null,
    category,
    debtLimit: null,
    status: "open",
  };
}

function described(pupil: Pupil, schoolClass: number, base: SetAccount): SetAccount {
  return {
    ...base,
    name: fullName(pupil.name),
    shortName: shortName(pupil.name),
    class: schoolClass,
    category: pupil.category ?? base.category,
  };
}

/** What most of the class pays, else most of the grade, else the school's first category. */
export function categoryFor(school: School, schoolClass: number): number {
  const grade = (id: number | null) => parseInt(school.classes.get(id ?? -1)?.name ?? "", 10);
  const commonest = (belongs: (account: Account) => boolean) => {
    const counts = new Map<number, number>();
    for (const account of school.accounts.values()) {
      if (account.holder === "pupil" && belongs(account)) counts.set(account.category, (counts.get(account.category) ?? 0) + 1);
    }
    return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
  };
  const inClass = commonest((account) => account.class === schoolClass);
  return inClass ?? commonest((account) => grade(account.class) === grade(schoolClass)) ?? [...school.categories.keys()][0] ?? 0;
}

/**
 * Back to what was before. What has been changed since, or has seen money, stays: `kept` counts it. An account that was made cannot be unmade; it is
 * closed.
 */
export function takeBack(done: readonly RowDone[], school: School): { directives: Directive[]; undone: RowDone[]; kept: number } {
  const directives: Directive[] = [];
  const undone: RowDone[] = [];
  for (const one of done) {
    const account = school.accounts.get(one.account);
    const untouched = account !== undefined && isSame(describe(account), one.after);
    const hasMoney = account !== undefined && (account.seq > 0 || account.main !== 0 || account.additional !== 0);
    if (!untouched || (one.before === null && hasMoney)) continue;
    undone.push(one);
    directives.push(one.before ?? { kind: "Close", account: one.account });
  }
  return { directives, undone, kept: done.length - undone.length };
}

/** What comes back from a database has its fields in another order. */
function isSame(a: SetAccount, b: SetAccount): boolean {
  return equalBytes(encode(directiveSchema, a), encode(directiveSchema, b));
}
