/**
 * Payouts: what caterers have earned of families' own money, decade by decade; subsidies claimed, received and passed on. Each step is one transaction of
 * rows, trail and postings.
 *
 * What is owed is everything up to a day less all that has gone out, whenever it went: what reaches us late, is undone or repaid later stands in the next
 * decade, and nothing is paid twice.
 */
import type { BusinessDate } from "@trapeza/protocol";
import { sql } from "kysely";
import * as account from "../ledger/accounts.js";
import type { LedgerAccount, Posting } from "../ledger/posting.js";
import type { Office } from "../office/office.js";
import { programs } from "../office/menu/menu-desk.js";
import type { Who } from "../office/people/import-desk.js";
import type { OfficeTransaction } from "../office/store/open.js";
import { dateDigits } from "../web/date-text.js";
import { post } from "./books.js";
import { decadeOf } from "./decade.js";
import type { Decade } from "./decade.js";
import { decadeSettled, payoutReturned, subsidyPassedOn, subsidyReceived } from "./postings.js";
import type { Posted } from "./postings.js";
import { COLLECTOR, parties } from "./party.js";
import type { Requisites } from "./requisites.js";
import { PURPOSES } from "./words-exchange.js";

export interface Payout {
  readonly id: number;
  readonly reference: string;
  readonly madeOn: BusinessDate;
  readonly purpose: string;
  readonly sum: number;
  readonly payee: Requisites;
  readonly returnedOn: BusinessDate | null;
}

export interface Settled extends Decade {
  readonly caterer: number;
  readonly meals: number;
  readonly buffet: number;
  readonly payout: number;
}

/** What went out, or came back: it counts whenever it was posted. */
const OUTGOING = ["DecadeSettled", "PayoutReturned"];
/** What was paid in cash stays with the caterer and is never sent: not the sale, not its void, not the end of the shift. */
const NO_CASH = sql`not exists (select from ledger_postings x where x.transaction = t.id and x.school = t.school and x.account like 'cash/till/%')`;

/** Owed up to the end of a day, kopecks; negative where more went out than was earned. */
export async function owedBy(
  { database }: Office,
  school: number,
  accounts: readonly LedgerAccount[],
  last: BusinessDate,
): Promise<Map<string, number>> {
  const { rows } = await sql<{ account: string; owed: number }>`
    select p.account, -sum(p.amount) as owed from ledger_postings p join ledger_transactions t on t.school = p.school and t.id = p.transaction
    where p.school = ${school} and p.account = any(${[...accounts]}) and t.school = ${school}
      and (t.business_date <= ${last} or t.kind = any(${OUTGOING})) and ${NO_CASH}
    group by p.account`.execute(database);
  return new Map(rows.map((row) => [row.account, row.owed]));
}

/** `first` is the decade's first day. `"no_party"`: somebody's requisites are missing; `null`: it is not over, was settled, or there is nothing to pay. */
export async function settleDecade(
  office: Office,
  { login, school }: Who,
  caterer: number,
  first: BusinessDate,
): Promise<number | "no_party" | null> {
  const decade = decadeOf(first);
  const today = await office.today(school);
  const isSettled = (await settledDecades(office, school)).some((one) => one.caterer === caterer && one.first === decade.first);
  if (decade.last >= today || isSettled) return null;
  const [mealsAccount, buffetAccount] = [account.catererMeals(caterer), account.catererBuffet(caterer)];
  const owed = await owedBy(office, school, [mealsAccount, buffetAccount], decade.last);
  const [meals, buffet] = [mealsAccount, buffetAccount].map((name) => Math.max(owed.get(name) ?? 0, 0));
  if (meals + buffet === 0) return null;
  const known = await parties(office, school);
  const payee = known.get(caterer);
  if (!payee || !known.has(COLLECTOR)) return "no_party";
  const purpose = PURPOSES.decade(dateDigits(decade.first), dateDigits(decade.last));
  const reference = "decade/" + caterer + "/" + decade.first;
  return office.change({ login, school, what: "money.decade", subject: "caterer " + caterer }, async (transaction) => {
    const paying = { reference, purpose, payee, today, posted: decadeSettled(caterer, { meals, buffet }) };
    const payout = await pay(office, transaction, school, paying);
    const row = { school, caterer, first: decade.first, last: decade.last, meals, buffet, payout, login, atMs: office.now() };
    await transaction.insertInto("decades").values(row).execute();
    return { before: null, after: { first: decade.first, meals, buffet, payout }, value: payout };
  });
}

interface Paying {
  readonly reference: string;
  readonly purpose: string;
  readonly payee: Requisites;
  readonly posted: Posted;
  readonly today: BusinessDate;
}

/** A payment order and its postings; returns the order's number. */
export async function pay(office: Office, transaction: OfficeTransaction, school: number, paying: Paying): Promise<number> {
  const { reference, purpose, payee, posted, today } = paying;
  const sum = posted.postings.reduce((total, { account: name, amount }) => total - (name === account.bank ? amount : 0), 0);
  const row = { school, reference, madeOn: today, purpose, sum, payee: JSON.stringify(payee), returnedOn: null };
  const { id } = await transaction.insertInto("payouts").values(row).returning("id").executeTakeFirstOrThrow();
  await post(transaction, school, { reference, date: today, atMs: office.now(), ...posted });
  return id;
}

/** The bank could not deliver it: what it paid for is owed again. `null`: there is no such payout, or it came back before. */
export async function returnPayout(office: Office, { login, school }: Who, id: number): Promise<true | null> {
  const found = (await payouts(office, school)).find((payout) => payout.id === id);
  if (!found || found.returnedOn !== null) return null;
  const today = await office.today(school);
  const { rows } = await sql<Posting>`
    select p.account, p.amount from ledger_postings p join ledger_transactions t on t.school = p.school and t.id = p.transaction
    where t.school = ${school} and p.school = ${school} and t.reference = ${found.reference}`.execute(office.database);
  return office.change({ login, school, what: "money.returned", subject: "payout " + id }, async (transaction) => {
    const reference = found.reference + "/returned";
    await post(transaction, school, { reference, date: today, atMs: office.now(), ...payoutReturned(rows) });
    await transaction.updateTable("payouts").set({ returnedOn: today }).where("school", "=", school).where("id", "=", id).execute();
    const reopened = transaction.updateTable("refunds").set({ payout: null }).where("school", "=", school);
    await reopened.where("payout", "=", id).execute();
    return { before: { returned: false }, after: { returned: found.sum }, value: true as const };
  });
}

const SUBSIDY = /^(subsidy\/[0-9]+\/([0-9]+))(?:\/again\/([0-9]+))?$/;

/** Whether a subsidy came back from the bank and has not been sent again: unlike a decade's money, no later payout would take it along. */
export function isStranded({ reference, returnedOn }: Payout, all: readonly Payout[]): boolean {
  return returnedOn !== null && SUBSIDY.test(reference) && !all.some((other) => other.reference === againOf(reference));
}

function againOf(reference: string): string {
  const [, first, , tries = "0"] = SUBSIDY.exec(reference) as RegExpExecArray;
  return first + "/again/" + (Number(tries) + 1);
}

/** By the requisites of today: wrong ones are why it came back. `null`: nothing of the kind waits. */
export async function payAgain(office: Office, { login, school }: Who, id: number): Promise<number | "no_party" | null> {
  const all = await payouts(office, school);
  const found = all.find((payout) => payout.id === id);
  if (!found || !isStranded(found, all)) return null;
  const caterer = Number(SUBSIDY.exec(found.reference)?.[2]);
  const [today, known] = [await office.today(school), await parties(office, school)];
  const payee = known.get(caterer);
  if (!payee || !known.has(COLLECTOR)) return "no_party";
  return office.change({ login, school, what: "money.again", subject: "payout " + id }, async (transaction) => {
    const { purpose, reference, sum } = found;
    const paying = { reference: againOf(reference), purpose, payee, today, posted: subsidyPassedOn(caterer, sum) };
    const payout = await pay(office, transaction, school, paying);
    return { before: { returned: sum }, after: { payout }, value: payout };
  });
}

/** Newest first. */
export async function payouts({ database }: Office, school: number): Promise<Payout[]> {
  const rows = database.selectFrom("payouts").selectAll().where("school", "=", school).orderBy("id", "desc");
  return (await rows.execute()) as unknown as Payout[];
}

/** Newest first. */
export async function settledDecades({ database }: Office, school: number): Promise<Settled[]> {
  const rows = database.selectFrom("decades").selectAll().where("school", "=", school).orderBy("first", "desc").orderBy("caterer");
  return (await rows.execute()) as unknown as Settled[];
}

/** Days of a decade as the ledger has them, for the act. */
export async function daysOf(
  { database }: Office,
  school: number,
  { caterer, first, last }: Settled,
): Promise<{ date: BusinessDate; meals: number; buffet: number }[]> {
  const [meals, buffet] = [account.catererMeals(caterer), account.catererBuffet(caterer)];
  const { rows } = await sql<{ date: BusinessDate; meals: number; buffet: number }>`
    select t.business_date as date, coalesce(-sum(p.amount) filter (where p.account = ${meals}), 0) as meals,
      coalesce(-sum(p.amount) filter (where p.account = ${buffet}), 0) as buffet
    from ledger_postings p join ledger_transactions t on t.school = p.school and t.id = p.transaction
    where p.school = ${school} and t.school = ${school} and p.account = any(${[meals, buffet]}) and t.business_date between ${first} and ${last}
      and not t.kind = any(${OUTGOING}) and ${NO_CASH}
    group by t.business_date order by t.business_date`.execute(database);
  return rows;
}

export interface ClaimLine {
  readonly caterer: number;
  readonly portions: number;
  readonly amount: number;
}

export interface Claim {
  readonly id: number;
  readonly program: number;
  readonly last: BusinessDate;
  readonly madeOn: BusinessDate;
  readonly receivedOn: BusinessDate | null;
  readonly lines: readonly ClaimLine[];
}

/** Newest first. */
export async function claims({ database }: Office, school: number): Promise<Claim[]> {
  const rows = await database.selectFrom("subsidyClaims").selectAll().where("school", "=", school).orderBy("id", "desc").execute();
  const lines = await database.selectFrom("subsidyLines").selectAll().where("school", "=", school).orderBy("caterer").execute();
  return rows.map((row) => ({ ...row, lines: lines.filter(({ claim }) => claim === row.id) })) as unknown as Claim[];
}

/** What a budget owes by its meals up to a day, caterer by caterer, and has not been asked for. */
async function unclaimed(office: Office, school: number, program: number, last: BusinessDate): Promise<ClaimLine[]> {
  const { rows } = await sql<{ account: string; portions: number; amount: number }>`
    select c.account, sum(case when c.amount < 0 then 1 else -1 end) as portions, -sum(c.amount) as amount
    from ledger_postings b join ledger_postings c on c.transaction = b.transaction and c.school = b.school
    join ledger_transactions t on t.school = b.school and t.id = b.transaction
    where b.school = ${school} and t.school = ${school} and b.account = ${account.budget(program)} and c.account like 'caterer/%/subsidy'
      and t.business_date <= ${last}
    group by c.account`.execute(office.database);
  const before = (await claims(office, school)).filter((claim) => claim.program === program).flatMap((claim) => claim.lines);
  const asked = (caterer: number, of: "portions" | "amount") =>
    before.reduce((sum, line) => sum + (line.caterer === caterer ? line[of] : 0), 0);
  return rows
    .map((row) => ({ ...row, caterer: Number(row.account.split("/")[1]) }))
    .map(({ caterer, portions, amount }) => ({
      caterer,
      portions: portions - asked(caterer, "portions"),
      amount: amount - asked(caterer, "amount"),
    }))
    .filter(({ amount, portions }) => amount !== 0 || portions !== 0);
}

/** Claims of all budgets that owe something up to `last`; returns how many. */
export async function claimSubsidies(office: Office, { login, school }: Who, last: BusinessDate): Promise<number | null> {
  const today = await office.today(school);
  if (last >= today) return null;
  const told = (await office.told(school)).school;
  const known = new Set([...told.tariffs.values()].flat().map(({ program }) => program));
  const asked = await Promise.all([...known].map(async (program) => ({ program, lines: await unclaimed(office, school, program, last) })));
  const owed = asked.filter(({ lines }) => lines.reduce((sum, { amount }) => sum + amount, 0) > 0);
  if (owed.length === 0) return 0;
  return office.change({ login, school, what: "money.claim", subject: "subsidies up to " + last }, async (transaction) => {
    for (const { program, lines } of owed) {
      const insert = transaction.insertInto("subsidyClaims").values({ school, program, last, madeOn: today, login, receivedOn: null });
      const { id } = await insert.returning("id").executeTakeFirstOrThrow();
      await transaction
        .insertInto("subsidyLines")
        .values(lines.map((line) => ({ ...line, school, claim: id })))
        .execute();
    }
    return { before: null, after: { last, programs: owed.map(({ program }) => program) }, value: owed.length };
  });
}

/** The budget has paid: each caterer gets his part by a payment order. `"no_party"`: a caterer has no requisites. `null`: nothing of the kind waits. */
export async function receiveSubsidy(office: Office, { login, school }: Who, id: number): Promise<true | "no_party" | null> {
  const claim = (await claims(office, school)).find((one) => one.id === id);
  if (!claim || claim.receivedOn !== null) return null;
  const [today, known, budgets] = [await office.today(school), await parties(office, school), await programs(office)];
  const payees = claim.lines.filter(({ amount }) => amount > 0);
  if (!known.has(COLLECTOR) || payees.some(({ caterer }) => !known.has(caterer))) return "no_party";
  const name = budgets.find((one) => one.id === claim.program)?.name ?? String(claim.program);
  const total = claim.lines.reduce((sum, { amount }) => sum + amount, 0);
  return office.change({ login, school, what: "money.subsidy", subject: "claim " + id }, async (transaction) => {
    const reference = "subsidy/" + id;
    await post(transaction, school, { reference, date: today, atMs: office.now(), ...subsidyReceived(claim.program, total) });
    for (const { caterer, amount } of payees) {
      const payee = known.get(caterer) as Requisites;
      const purpose = PURPOSES.subsidy(name, dateDigits(claim.last));
      const posted = subsidyPassedOn(caterer, amount);
      await pay(office, transaction, school, { reference: reference + "/" + caterer, purpose, payee, today, posted });
    }
    await transaction.updateTable("subsidyClaims").set({ receivedOn: today }).where("school", "=", school).where("id", "=", id).execute();
    return { before: { received: false }, after: { received: total }, value: true as const };
  });
}
