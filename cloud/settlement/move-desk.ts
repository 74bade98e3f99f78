/**
 * A child changes schools (rule 12, P2.3). The new school is told of the account at once, so that the child eats on the first day; the old one
 * packs the balance when its gateway hears of it, and what it packed is carried by itself (../carrying.ts), whoever of the two is away meanwhile.
 */
import type { AccountNumber, Directive, DirectiveOf, School } from "@trapeza/protocol";
import { sql } from "kysely";
import type { Transaction } from "kysely";
import type { Office } from "../office/office.js";
import { categoryFor, describe } from "../office/people/import-carry-out.js";
import type { Who } from "../office/people/import-desk.js";
import { knownPupils, replacePupil } from "../office/people/people-rows.js";
import { className } from "../office/people/person.js";
import type { OfficeTransaction } from "../office/store/open.js";
import { sharesOf } from "../payments/order.js";
import { writeMove } from "../store/postgres-move.js";
import { writeDirectives } from "../store/postgres-office.js";
import type { MoveRow } from "../store/store.js";
import type { Tables } from "../store/tables.js";

export interface NewHome {
  readonly toSchool: number;
  /** As somebody writes a class. */
  readonly class: string;
}

/** `not_here`: no such pupil, or one who is leaving, has left, or has not quite arrived. `pending`: money is on its way to the account. */
export type NotMoved = "not_here" | "no_school" | "no_class" | "pending";

/** Called in turn with the office's other changes, as every form is: two at once would give two children one account. */
export async function moveAccount(
  office: Office,
  { login, school }: Who,
  number: AccountNumber,
  home: NewHome,
): Promise<MoveRow | NotMoved> {
  const { cloud } = office;
  const { toSchool } = home;
  if (toSchool === school || !(await cloud.store.schools()).some(({ id }) => id === toSchool)) return "no_school";
  const [here, there] = [(await office.told(school)).school, (await office.told(toSchool)).school];
  const account = here.accounts.get(here.accountByNumber.get(number) ?? -1);
  if (account?.holder !== "pupil" || account.status !== "open") return "not_here";
  const classId = [...there.classes.values()].find(({ name }) => sameClass(name, home.class))?.id;
  if (classId === undefined) return "no_class";
  const moves = await movesOfAccount(office, school, account.id);
  if (moves[0]?.school === school) return "not_here";
  if (await isAwaited(office, school, account.id)) return "pending";
  const known = (await knownPupils(office.database, school)).get(account.id) ?? null;
  const move: MoveRow = {
    ...{ school, account: account.id, epoch: (moves[0]?.epoch ?? 0) + 1, toSchool },
    ...{ toAccount: idFor(there, number), askedOn: await office.today(school) },
  };
  const arriving: DirectiveOf<"SetAccount"> = {
    ...{ ...describe(account), id: move.toAccount, class: classId, category: categoryFor(there, classId) },
    ...{ debtLimit: null, status: "arriving" },
  };
  const guardians = await linkedTo(office, school, account.id);
  await office.change({ login, school, what: "people.move", subject: "account " + account.id }, async (transaction) => {
    const tables = transaction as unknown as Transaction<Tables>;
    await writeMove(tables, move);
    // In the queue in which the balance will follow, so that it never comes before its account.
    const reference = ["move", school, account.id, move.epoch, "account"].join("/");
    await writeDirectives(tables, [{ school: toSchool, reference, directive: arriving }]);
    await replacePupil(transaction, toSchool, move.toAccount, known && { born: known.born, guardians: known.guardians });
    await markLeft(transaction, move);
    await carryEndedLinks(transaction, move);
    const { toAccount, epoch } = move;
    const directives: Directive[] = [...blocked(here, account.id), { kind: "MoveOut", account: account.id, toSchool, epoch }];
    return { before: { school, account: account.id }, after: { school: toSchool, account: toAccount, epoch }, directives, value: move };
  });
  await cloud.directives.deliver(toSchool);
  // After the account is the child's in the books: a link to a number that another child might get would show a stranger's.
  for (const phone of guardians) await cloud.store.people.link(phone, { school: toSchool, account: move.toAccount });
  return move;
}

function sameClass(name: string, typed: string): boolean {
  return (className(name) ?? name) === (className(typed) ?? typed.trim());
}

async function isAwaited({ cloud }: Office, school: number, account: number): Promise<boolean> {
  const shares = (await cloud.payments.pendingIn(school)).flatMap((order) => sharesOf(order));
  return shares.some((share) => share.school === school && share.account === account);
}

/** From this account and to it, newest first: one that leads away and is the newest has been asked for already. */
async function movesOfAccount({ cloud }: Office, school: number, account: number): Promise<MoveRow[]> {
  const own = (await cloud.store.moves(school)).filter((move) =>
    move.school === school ? move.account === account : move.toAccount === account,
  );
  return own.sort((a, b) => b.epoch - a.epoch);
}

/** Whoever comes back gets the account that was theirs. */
function idFor({ accounts, accountByNumber }: School, number: AccountNumber): number {
  return accountByNumber.get(number) ?? Math.max(0, ...accounts.keys()) + 1;
}

/** The old card is of no use at the new school, and must be of none at the old one. */
function blocked({ cards }: School, account: number): Directive[] {
  return [...cards.values()]
    .filter((card) => card.account === account && card.state !== "returned")
    .map(({ uid, number, holder, staff, validThrough }) => ({
      ...{ kind: "SetCard" as const, uid, number, holder, account, staff, validThrough },
      ...{ state: "blocked" as const, by: "school" as const },
    }));
}

/** Who sees the child's account by a link of their own. */
async function linkedTo({ cloud }: Office, school: number, account: number): Promise<string[]> {
  const { people } = cloud.store;
  const phones: string[] = [];
  for (const { phone } of await people.guardiansOf({ school, account })) {
    if ((await people.children(phone)).some((child) => child.school === school && child.account === account)) phones.push(phone);
  }
  return phones;
}

/** Who is not to see the child here does not see it there: the new school's list has come from this one. */
async function carryEndedLinks(transaction: OfficeTransaction, { school, account, toSchool, toAccount }: MoveRow): Promise<void> {
  await sql`insert into office_ended_links
    select ${toSchool}, ${toAccount}, phone, reason, ended_ms, ended_by from office_ended_links where school = ${school} and account = ${account}
    on conflict do nothing`.execute(transaction);
}

async function markLeft(transaction: OfficeTransaction, { school, account, toSchool, toAccount, askedOn }: MoveRow): Promise<void> {
  const left = transaction.insertInto("officePupils").values({ school, account, born: null, leftOn: askedOn, erasedMs: null });
  await left.onConflict((conflict) => conflict.columns(["school", "account"]).doUpdateSet({ leftOn: askedOn })).execute();
  const here = transaction.updateTable("officePupils").set({ leftOn: null });
  await here.where("school", "=", toSchool).where("account", "=", toAccount).execute();
}

/** `asked`: the old school has not packed yet. `underway`: the balance is between the two. */
export type MoveState = "asked" | "underway" | "arrived";

export interface ShownMove extends MoveRow {
  readonly name: string;
  readonly number: string;
  readonly state: MoveState;
}

/** From and to the school, newest first. */
export async function movesOf({ cloud }: Office, school: number): Promise<ShownMove[]> {
  const rows = await cloud.store.moves(school);
  return Promise.all(
    rows.map(async (row) => {
      const [from, to] = [(await cloud.library.book(row.school)).state, (await cloud.library.book(row.toSchool)).state];
      const [old, now] = [from.accounts.get(row.account), to.accounts.get(row.toAccount)];
      const isLast = !rows.some((other) => other.epoch > row.epoch && other.school === row.toSchool && other.account === row.toAccount);
      const arrived = !isLast || (now !== undefined && now.status !== "arriving" && now.status !== "moved");
      const state: MoveState = arrived ? "arrived" : old?.status === "moved" ? "underway" : "asked";
      return { ...row, name: (now ?? old)?.name ?? "", number: (now ?? old)?.number ?? "", state };
    }),
  );
}
