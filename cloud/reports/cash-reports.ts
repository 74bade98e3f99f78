/** Cash boxes, what was fetched from them and counted, the tills' shifts, and the sales of each. */
import { RETENTION_DAYS } from "@trapeza/protocol";
import type { BusinessDate, EventOf } from "@trapeza/protocol";
import { cashInTransit } from "../ledger/accounts.js";
import type { Turnover } from "../store/store.js";
import { dateDigits, localMoment } from "../web/date-text.js";
import { eventsBetween } from "./journal-days.js";
import { count, figure, inOrder, made, money, pupilNameOf, staffNameOf, sumOf, text } from "./report.js";
import type { Ask, Made } from "./report.js";

const placeOf = ({ school, words }: Ask, terminal: number) =>
  words.cell.terminal(terminal, school.terminals.get(terminal as never)?.place ?? "");

const receiptName = ({ school }: Ask, receipt: number) => school.policy.number + "-" + String(receipt).padStart(6, "0");

interface Box {
  readonly name: string;
  readonly opening: number;
  readonly incoming: number;
  readonly outgoing: number;
  readonly closing: number;
}

/** Where cash lies: kiosks' cassettes, tills' drawers, bags on their way to the bank. */
export async function cashBoxes(ask: Ask): Promise<Made> {
  const { store, id, school, words, from, to, today } = ask;
  const [before, after, turnovers] = await Promise.all([
    store.balances(id, undefined, from),
    store.balances(id, undefined, (to + 1) as BusinessDate),
    store.turnovers(id, from, to),
  ]);
  const accounts = inOrder(
    [...after.keys()].filter((account) => account.startsWith("cash/")),
    (account) => account,
  );
  const rows = accounts.map((account): Box => {
    const own = turnovers.filter((turnover) => turnover.account === account);
    const terminal = Number(account.split("/")[2]);
    const name = account === cashInTransit ? words.cell.inTransit : placeOf(ask, terminal);
    const moved = { incoming: sumOf(own, ({ debit }) => debit), outgoing: sumOf(own, ({ credit }) => credit) };
    return { name, opening: before.get(account) ?? 0, ...moved, closing: after.get(account) ?? 0 };
  });
  // What the kiosks themselves have counted since they were last emptied; what a gateway knows now says nothing of an earlier day.
  const notes = sumOf([...school.terminals.values()], (terminal) => sumOf(terminal.notes, (one) => one.note * one.count));
  const inKiosks = sumOf(accounts, (account) => (account.startsWith("cash/kiosk/") ? (after.get(account) ?? 0) : 0));
  return made<Box>(
    [
      text(words.head.box, 34, ({ name }) => name),
      money(words.head.opening, ({ opening }) => opening),
      money(words.head.incoming, ({ incoming }) => incoming),
      money(words.head.outgoing, ({ outgoing }) => outgoing),
      money(words.head.closing, ({ closing }) => closing),
    ],
    rows,
    {
      total: words.total,
      checks: [
        {
          what: words.check.boxes,
          here: sumOf(rows, ({ opening, incoming, outgoing }) => opening + incoming - outgoing),
          ledger: sumOf(rows, ({ closing }) => closing),
        },
        ...(to >= today ? [{ what: words.check.notes, here: notes, ledger: inKiosks }] : []),
      ],
    },
  );
}

interface Collected {
  readonly date: BusinessDate;
  readonly clock: string;
  readonly body: EventOf<"CashCollected">;
  counted: number | null;
}

/** Bags fetched in the period; they may be counted after it. */
export async function collections(ask: Ask): Promise<Made> {
  const { store, id, school, words, from, to } = ask;
  const rows = new Map<string, Collected>();
  for await (const { body, date, atMs } of eventsBetween(store, id, from, (to + RETENTION_DAYS) as BusinessDate)) {
    if (body.kind === "CashCollected" && date <= to) {
      const { clock } = localMoment(atMs, school.policy.zoneMinutes);
      rows.set(body.terminal + ":" + body.collection, { date, clock, body, counted: null });
    }
    if (body.kind !== "DirectiveApplied" || body.directive.kind !== "CountCollection" || body.outcome !== "applied") continue;
    const row = rows.get(body.directive.terminal + ":" + body.directive.collection);
    if (row) row.counted = body.directive.counted;
  }
  const all = [...rows.values()];
  const fetched = (await store.turnovers(id, from, to)).filter(
    ({ kind, account }) => kind === "CashCollected" && account === cashInTransit,
  );
  return made<Collected>(
    [
      text(words.head.date, 17, ({ date, clock }) => dateDigits(date) + " " + clock),
      text(words.head.box, 24, ({ body }) => placeOf(ask, body.terminal)),
      text(words.head.collector, 24, ({ body }) => staffNameOf(school, body.collector)),
      text(words.head.witness, 24, ({ body }) => staffNameOf(school, body.witness)),
      text(words.head.seal, 10, ({ body }) => body.seal),
      money(words.head.expected, ({ body }) => body.expected),
      money(words.head.counted, ({ counted }) => counted ?? 0),
      money(words.head.difference, ({ body, counted }) => (counted === null ? 0 : counted - body.expected)),
      text(words.head.state, 14, ({ counted }) => (counted === null ? words.cell.notCounted : null)),
    ],
    all,
    {
      total: words.total,
      checks: [
        {
          what: words.check.collections,
          here: sumOf(all, ({ body }) => body.expected),
          ledger: sumOf(fetched, ({ debit, credit }) => debit - credit),
        },
      ],
    },
  );
}

interface ShiftRow {
  readonly date: BusinessDate;
  readonly body: EventOf<"ShiftClosed">;
}

export async function shifts(ask: Ask): Promise<Made> {
  const { store, id, school, words, from, to, today, cashier } = ask;
  const rows: ShiftRow[] = [];
  for await (const { body, date } of eventsBetween(store, id, from, to)) {
    if (body.kind === "ShiftClosed" && (cashier === null || body.cashier === cashier)) rows.push({ date, body });
  }
  const open = [...school.terminals.values()].filter(({ shift }) => shift && (cashier === null || shift.cashier === cashier));
  const isVariance = ({ kind, account }: Turnover) => kind === "ShiftClosed" && account.startsWith("variance/till/");
  const variances = (await store.turnovers(id, from, to)).filter(isVariance);
  const difference = ({ body }: ShiftRow) => body.cashDeclared - body.cashExpected;
  const receipts = ({ firstReceipt, lastReceipt }: ShiftRow["body"]) =>
    firstReceipt === 0 ? "—" : receiptName(ask, firstReceipt) + " … " + receiptName(ask, lastReceipt);
  return made<ShiftRow>(
    [
      text(words.head.date, 11, ({ date }) => dateDigits(date)),
      figure(words.head.shift, 7, ({ body }) => body.shift),
      text(words.head.till, 20, ({ body }) => placeOf(ask, body.terminal)),
      text(words.head.cashier, 26, ({ body }) => staffNameOf(school, body.cashier)),
      text(words.head.receipts, 20, ({ body }) => receipts(body)),
      count(words.head.sales, 8, ({ body }) => body.sales),
      money(words.head.fromPurses, ({ body }) => body.salesTotal),
      money(words.head.inCash, ({ body }) => body.cashTotal),
      money(words.head.givenBack, ({ body }) => -body.voidsTotal),
      money(words.head.fees, ({ body }) => body.fees),
      money(words.head.expectedCash, ({ body }) => body.cashExpected),
      money(words.head.declared, ({ body }) => body.cashDeclared),
      money(words.head.difference, difference),
    ],
    rows,
    {
      total: words.total,
      checks:
        cashier === null
          ? [{ what: words.check.variance, here: sumOf(rows, difference), ledger: sumOf(variances, ({ debit, credit }) => credit - debit) }]
          : [],
      notes: to >= today ? open.map(({ id: terminal, shift }) => words.note.openShift(placeOf(ask, terminal), shift!.number)) : [],
    },
  );
}

type Deal = EventOf<"BuffetSold"> | EventOf<"CashSold"> | EventOf<"SaleVoided"> | EventOf<"FeePaid">;

interface SaleRow {
  readonly date: BusinessDate;
  readonly clock: string;
  readonly body: Deal;
}

/** Receipt by receipt what went through the tills. */
export async function sales(ask: Ask): Promise<Made> {
  const { store, id, school, words, from, to, cashier } = ask;
  const rows: SaleRow[] = [];
  for await (const { body, date, atMs } of eventsBetween(store, id, from, to)) {
    if (body.kind !== "BuffetSold" && body.kind !== "CashSold" && body.kind !== "SaleVoided" && body.kind !== "FeePaid") continue;
    if (cashier === null || body.cashier === cashier) rows.push({ date, clock: localMoment(atMs, school.policy.zoneMinutes).clock, body });
  }
  const receipt = (body: Deal) => (body.kind === "FeePaid" ? "—" : receiptName(ask, body.receipt));
  const who = (body: Deal) => ("account" in body && body.account !== null ? pupilNameOf(school, body.account) : words.cell.cash);
  const posted = (await store.turnovers(id, from, to)).filter(isTillMoney);
  return made<SaleRow>(
    [
      text(words.head.date, 17, ({ date, clock }) => dateDigits(date) + " " + clock),
      figure(words.head.shift, 7, ({ body }) => body.shift),
      text(words.head.receipt, 12, ({ body }) => receipt(body)),
      text(words.head.payer, 26, ({ body }) => who(body)),
      text(words.head.what, 50, ({ body }) => whatOf(body, ask)),
      money(words.head.fromPurses, ({ body }) => purseSum(body)),
      money(words.head.inCash, ({ body }) => cashSum(body)),
    ],
    rows,
    {
      total: words.total,
      checks:
        cashier === null
          ? [
              {
                what: words.check.sales,
                here: sumOf(rows, ({ body }) => purseSum(body) + cashSum(body)),
                ledger: sumOf(posted, ({ debit, credit }) => credit - debit),
              },
            ]
          : [],
    },
  );
}

function purseSum(body: Deal): number {
  if (body.kind === "BuffetSold") return body.total;
  return body.kind === "SaleVoided" ? body.cash - body.amount : 0;
}

function cashSum(body: Deal): number {
  if (body.kind === "CashSold") return body.total;
  if (body.kind === "FeePaid") return body.amount;
  return body.kind === "SaleVoided" ? -body.cash : 0;
}

function whatOf(body: Deal, { words }: Ask): string {
  if (body.kind === "FeePaid") return words.services[body.service];
  if (body.kind === "SaleVoided") return words.cell.voided(body.reason);
  return body.lines.map(({ name, quantity }) => (quantity > 1 ? quantity + " × " + name : name)).join(", ");
}

/** What tills took and gave back, by whose it became: the caterers' and, for services, the operator's. */
function isTillMoney({ kind, account }: Turnover): boolean {
  const isSale = kind === "BuffetSold" || kind === "CashSold" || kind === "SaleVoided";
  return (isSale && /^caterer\/[0-9]+\/buffet$/.test(account)) || (kind === "FeePaid" && account.startsWith("income/"));
}
