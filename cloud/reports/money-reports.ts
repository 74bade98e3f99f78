/** Who owes, what was sold, and whose the money is. */
import { debtLimitOf, isBlocked } from "@trapeza/protocol";
import type { Account, BusinessDate, EventOf } from "@trapeza/protocol";
import { catererBuffet, catererMeals, catererSubsidy, catererUnfunded, holderMain } from "../ledger/accounts.js";
import type { Turnover } from "../store/store.js";
import { dateDigits } from "../web/date-text.js";
import { eventsBetween } from "./journal-days.js";
import { catererNameOf, classNameOf, count, figure, inOrder, made, money, rate, sumOf, text } from "./report.js";
import type { Ask, Made } from "./report.js";

interface Debtor {
  readonly account: Account;
  readonly debt: number;
}

/** Main purses below zero at the end of the day `to`, by the ledger. Since when and whether it blocks is known for today only. */
export async function debtors(ask: Ask): Promise<Made> {
  const { store, id, school, words, to, today } = ask;
  const balances = await store.balances(id, undefined, (to + 1) as BusinessDate);
  const rows = [...school.accounts.values()].flatMap((account): Debtor[] => {
    const debt = balances.get(holderMain(account.id)) ?? 0;
    return debt > 0 && (ask.class === null || account.class === ask.class) ? [{ account, debt }] : [];
  });
  const isNow = to >= today;
  const since = ({ account }: Debtor) => (isNow && account.owed.length > 0 && account.owed[0].date > 0 ? account.owed[0].date : null);
  const byRules = sumOf([...school.accounts.values()], ({ main }) => Math.max(-main, 0));
  return made<Debtor>(
    [
      text(words.head.class, 7, ({ account }) => classNameOf(school, account.class)),
      text(words.head.pupil, 34, ({ account }) => account.name),
      figure(words.head.account, 13, ({ account }) => account.number),
      text(words.head.since, 11, (row) => (since(row) === null ? null : dateDigits(since(row)!))),
      text(words.head.state, 14, ({ account }) => (isNow && isBlocked(school, account) ? words.cell.blocked : null)),
      rate(words.head.limit, ({ account }) => debtLimitOf(school, account)),
      money(words.head.debt, ({ debt }) => debt),
    ],
    inOrder(
      rows,
      ({ account }) => classNameOf(school, account.class),
      ({ account }) => account.name,
    ),
    {
      total: words.total,
      checks: isNow && ask.class === null ? [{ what: words.check.debts, here: byRules, ledger: sumOf(rows, ({ debt }) => debt) }] : [],
    },
  );
}

export interface DishRow {
  readonly caterer: number;
  readonly dish: number;
  readonly name: string;
  sold: number;
  voided: number;
  /** Kopecks: from purses, in cash, given back for voids. */
  card: number;
  cash: number;
  back: number;
}

type Sold = EventOf<"BuffetSold"> | EventOf<"CashSold">;

/** A void names lines of a receipt by number; receipts older than this are voided no more. */
const VOID_DAYS = 62;

export async function dishTurnover(ask: Ask): Promise<Made> {
  const { store, id, school, words, from, to, caterer } = ask;
  const rows = new Map<string, DishRow>();
  const rowOf = ({ caterer: whose, dish, name }: Sold["lines"][number]): DishRow => {
    const key = [whose, dish, name].join(" ");
    const row = rows.get(key) ?? { caterer: whose, dish, name, sold: 0, voided: 0, card: 0, cash: 0, back: 0 };
    rows.set(key, row);
    return row;
  };
  const receipts = new Map<number, Sold["lines"]>();
  const voids: EventOf<"SaleVoided">[] = [];
  for await (const { body } of eventsBetween(store, id, from, to)) {
    if (body.kind === "SaleVoided") voids.push(body);
    if (body.kind !== "BuffetSold" && body.kind !== "CashSold") continue;
    receipts.set(body.receipt, body.lines);
    for (const line of body.lines) {
      const row = rowOf(line);
      row.sold += line.quantity;
      row[body.kind === "CashSold" ? "cash" : "card"] += line.price * line.quantity;
    }
  }
  if (voids.some(({ receipt }) => !receipts.has(receipt))) await recallReceipts(ask, receipts);
  for (const { receipt, lines } of voids) {
    for (const { line, quantity, price, caterer: whose } of lines) {
      const sold = receipts.get(receipt)?.[line];
      const row = rowOf(sold ?? ({ caterer: whose, dish: 0, name: words.cell.unknownDish, price, quantity } as Sold["lines"][number]));
      row.voided += quantity;
      row.back += price * quantity;
    }
  }
  const own = [...rows.values()].filter((row) => caterer === null || row.caterer === caterer);
  const total = sumOf(own, ({ card, cash, back }) => card + cash - back);
  return made<DishRow>(
    [
      text(words.head.caterer, 20, (row) => catererNameOf(school, row.caterer)),
      figure(words.head.dish, 6, (row) => row.dish || null),
      text(words.head.name, 34, (row) => row.name),
      count(words.head.sold, 9, (row) => row.sold),
      count(words.head.voided, 9, (row) => row.voided),
      money(words.head.fromPurses, (row) => row.card),
      money(words.head.inCash, (row) => row.cash),
      money(words.head.givenBack, (row) => -row.back),
      money(words.head.sum, (row) => row.card + row.cash - row.back),
    ],
    inOrder(
      own,
      (row) => catererNameOf(school, row.caterer),
      (row) => row.dish,
    ),
    { total: words.total, checks: [{ what: words.check.buffet, here: total, ledger: await postedBuffet(ask) }] },
  );
}

async function recallReceipts({ store, id, from }: Ask, receipts: Map<number, Sold["lines"]>): Promise<void> {
  for await (const { body } of eventsBetween(store, id, (from - VOID_DAYS) as BusinessDate, (from - 1) as BusinessDate)) {
    if (body.kind === "BuffetSold" || body.kind === "CashSold") receipts.set(body.receipt, body.lines);
  }
}

const SALES = new Set(["BuffetSold", "CashSold", "SaleVoided"]);

async function postedBuffet({ store, id, from, to, caterer }: Ask): Promise<number> {
  const isSale = ({ kind, account }: Turnover) =>
    SALES.has(kind) && (caterer === null ? /^caterer\/[0-9]+\/buffet$/.test(account) : account === catererBuffet(caterer));
  return sumOf((await store.turnovers(id, from, to)).filter(isSale), ({ debit, credit }) => credit - debit);
}

interface CatererRow {
  readonly caterer: number;
  readonly opening: number;
  readonly closing: number;
  /** What the caterer earned and was given, by cause; together with `opening` it makes `closing`. */
  readonly moved: Readonly<Record<Cause, number>>;
  /** Served on debt by the end of the period: no money yet. */
  readonly unfunded: number;
}

type Cause = "card" | "cash" | "voids" | "meals" | "repaid" | "subsidy" | "kept" | "paid";
const CAUSES: readonly Cause[] = ["card", "cash", "voids", "meals", "repaid", "subsidy", "kept", "paid"];

function causeOf({ kind, account, isEntry }: Turnover): Cause {
  if (!isEntry) return "paid";
  if (kind === "BuffetSold") return "card";
  if (kind === "CashSold") return "cash";
  if (kind === "ShiftClosed") return "kept";
  if (account.endsWith("/subsidy")) return "subsidy";
  if (account.endsWith("/buffet")) return "voids";
  return kind === "MealServed" || kind === "MealUndone" ? "meals" : "repaid";
}

/** What each caterer is owed: at the beginning, by what it grew and shrank, at the end. */
export async function catererTurnover(ask: Ask): Promise<Made> {
  const { store, id, school, words, from, to } = ask;
  const [before, after, turnovers] = await Promise.all([
    store.balances(id, undefined, from),
    store.balances(id, undefined, (to + 1) as BusinessDate),
    store.turnovers(id, from, to),
  ]);
  const named = [...after.keys()].flatMap((account) => /^caterer\/([0-9]+)\//.exec(account)?.[1] ?? []).map(Number);
  const caterers = [...new Set([...school.caterers.keys(), ...named])].filter((one) => ask.caterer === null || one === ask.caterer);
  const rows = caterers.map((caterer): CatererRow => {
    const accounts = [catererMeals(caterer), catererBuffet(caterer), catererSubsidy(caterer)];
    const owed = (balances: typeof before) => -sumOf(accounts, (account) => balances.get(account) ?? 0);
    const moved = Object.fromEntries(CAUSES.map((cause) => [cause, 0])) as Record<Cause, number>;
    for (const turnover of turnovers) {
      if (accounts.includes(turnover.account)) moved[causeOf(turnover)] += turnover.credit - turnover.debit;
    }
    return { caterer, opening: owed(before), closing: owed(after), moved, unfunded: -(after.get(catererUnfunded(caterer)) ?? 0) };
  });
  const reckoned = sumOf(rows, ({ opening, moved }) => opening + sumOf(CAUSES, (cause) => moved[cause]));
  return made<CatererRow>(
    [
      text(words.head.caterer, 18, (row) => catererNameOf(school, row.caterer)),
      money(words.head.opening, (row) => row.opening),
      ...CAUSES.map((cause) => money<CatererRow>(words.cause[cause], (row) => row.moved[cause])),
      money(words.head.closing, (row) => row.closing),
      money(words.head.unfunded, (row) => row.unfunded),
    ],
    inOrder(rows, (row) => catererNameOf(school, row.caterer)),
    {
      total: words.total,
      checks: [{ what: words.check.caterers, here: reckoned, ledger: sumOf(rows, ({ closing }) => closing) }],
      notes: [words.note.unfunded],
    },
  );
}
