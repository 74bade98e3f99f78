/**
 * Sends an account's statement by mail, as PDF and as a spreadsheet: once when it is asked for, or each month for the month before. Only to a proved address,
 * and only to whoever sees the child at that moment. What was sent is written down afterwards, so a crash sends it twice and never not at all. A month waits
 * until its journal is here; when that takes too long, its statement says as of when it is.
 */
import { civilFromDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { SHEET_TYPE } from "../documents/sheet-out.js";
import type { ChildLink } from "../people/child.js";
import type { Messenger } from "../people/messenger.js";
import type { Library, SchoolBook } from "../school-book.js";
import type { Store } from "../store/store.js";
import { dateDigits, localMoment } from "../web/date-text.js";
import { moneyText } from "../web/money-text.js";
import { parentWords } from "../web/parent/words.js";
import { headFor, statementPdf, statementSheet } from "../web/statement-files.js";
import { statementFor } from "../web/statement.js";
import type { MonthlyStatement } from "./store.js";

export interface StatementPostOptions {
  readonly store: Store;
  readonly library: Library;
  readonly messenger: Messenger;
  readonly now: () => number;
  readonly url: () => string;
  readonly onError: (error: Error) => void;
}

export interface StatementPost {
  /** `false`: there is no proved address, or nothing that this guardian may see. Rejects when the messenger has not taken it. */
  readonly send: (phone: string, child: ChildLink, from: BusinessDate, to: BusinessDate) => Promise<boolean>;
  /** Sends what the last month asks for. */
  readonly tick: () => Promise<void>;
}

const MOST_AT_ONCE = 50;
const RETRY_MS = 3600_000;
const DAY_MS = 24 * RETRY_MS;
const MINUTE_MS = 60_000;
/** So long a month's statement waits for its journal. */
const PATIENCE_MS = 5 * DAY_MS;
/** The easternmost day: whatever is due anywhere is found, and looked at by its school's own clock. */
const EAST_MINUTES = 14 * 60;

export function createStatementPost(options: StatementPostOptions): StatementPost {
  const { store, library, now, onError } = options;
  const send: StatementPost["send"] = async (phone, child, from, to) =>
    (await sees(store, phone, child)) && sendStatement(options, phone, child, from, to);
  const tell = async (row: MonthlyStatement) => {
    const book = await library.book(row.school);
    const next = nextStep(book, row.toldThrough, now());
    if (next.kind === "rest") return store.statements.monthlyRests(row.phone, row, next.untilMs);
    if (!(await sees(store, row.phone, row))) return store.statements.endMonthly(row.phone, row);
    await sendStatement(options, row.phone, row, firstDayOf(next.to), next.to, next.asOfMs);
    await store.statements.monthlyTold(row.phone, row, next.to);
  };
  return {
    send,
    async tick() {
      const before = lastDayBefore(localMoment(now(), EAST_MINUTES).date);
      for (const row of await store.statements.monthlyDue(before, now(), MOST_AT_ONCE))
        await tell(row).catch(async (error: Error) => {
          onError(error);
          await store.statements.monthlyRests(row.phone, row, now() + RETRY_MS);
        });
    },
  };
}

type Step =
  | { readonly kind: "rest"; readonly untilMs: number }
  /** `asOfMs`: when the newest of what is here was written, where not all of the month is. */
  | { readonly kind: "send"; readonly to: BusinessDate; readonly asOfMs: number | null };

/** By the school's own clock. */
function nextStep({ state, writtenMs }: SchoolBook, toldThrough: BusinessDate, nowMs: number): Step {
  const zone = state.policy.zoneMinutes;
  const midnightMs = (date: number) => date * DAY_MS - zone * MINUTE_MS;
  const today = localMoment(nowMs, zone).date;
  const to = lastDayBefore(today);
  if (toldThrough >= to) return { kind: "rest", untilMs: midnightMs(today + 1) };
  const endMs = midnightMs(to + 1);
  // Only an event from behind its end proves a month to be whole: a gateway asks for directives while its journal waits, or is not taken. It opens each day.
  if (writtenMs >= endMs) return { kind: "send", to, asOfMs: null };
  return nowMs < endMs + PATIENCE_MS ? { kind: "rest", untilMs: nowMs + RETRY_MS } : { kind: "send", to, asOfMs: writtenMs };
}

async function sees(store: Store, phone: string, { school, account }: ChildLink): Promise<boolean> {
  const sights = await store.people.sights(phone);
  return sights.some((one) => one.school === school && one.account === account && one.rights.includes("see"));
}

/** The last day of the month before this day's. */
export function lastDayBefore(date: BusinessDate): BusinessDate {
  return (date - civilFromDate(date).day) as BusinessDate;
}

function firstDayOf(date: BusinessDate): BusinessDate {
  return (date - civilFromDate(date).day + 1) as BusinessDate;
}

/** To somebody who sees the child. */
async function sendStatement(
  { store, library, messenger, url }: StatementPostOptions,
  phone: string,
  { school, account }: ChildLink,
  from: BusinessDate,
  to: BusinessDate,
  asOfMs: number | null = null,
): Promise<boolean> {
  const contact = await store.people.contact(phone);
  const { state } = await library.book(school);
  const known = state.accounts.get(account);
  if (!contact?.email || !contact.isConfirmed || !known) return false;
  const words = parentWords(contact.language);
  const say = words.statements;
  const schoolNumber = state.policy.number;
  const statement = await statementFor(store, { school, account, schoolNumber, from, to, details: true, words });
  const head = headFor({ name: known.name, number: known.number, schoolNumber }, statement, words);
  const name = known.number + "-" + dateDigits(from) + "-" + dateDigits(to);
  const sums = [say.opening(moneyText(statement.opening)), say.charged(moneyText(statement.sums.charged))];
  if (statement.sums.recalculated !== 0) sums.push(say.recalculated(moneyText(statement.sums.recalculated)));
  sums.push(say.paid(moneyText(statement.sums.paid)), say.closing(moneyText(statement.closing)));
  const asOf = asOfMs === null ? null : localMoment(asOfMs, state.policy.zoneMinutes);
  const late = asOf ? [say.asOf(asOf.clock, dateDigits(asOf.date))] : [];
  await messenger.send({
    ...{ kind: "mail", to: contact.email, subject: say.subject(known.shortName, dateDigits(from), dateDigits(to)) },
    text: [say.greeting, ...late, sums.join("\n"), say.foot(url() + "/children/" + school + "/" + account)].join("\n\n"),
    attachments: [
      { name: name + ".pdf", type: "application/pdf", bytes: await statementPdf(statement, head, words) },
      { name: name + ".xlsx", type: SHEET_TYPE, bytes: statementSheet(statement, head, words) },
    ],
  });
  return true;
}
