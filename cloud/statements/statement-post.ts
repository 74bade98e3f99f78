/**
 * Sends an account's statement by mail, as PDF and as a spreadsheet: once when it is asked for, or each month for the month before. Only to a proved address,
 * and only to whoever sees the child at that moment. What was sent is written down afterwards, so a crash sends it twice and never not at all.
 */
import { civilFromDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { SHEET_TYPE } from "../documents/sheet-out.js";
import type { ChildLink } from "../people/child.js";
import type { Messenger } from "../people/messenger.js";
import type { Library } from "../school-book.js";
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
/** The easternmost day: whatever is due anywhere is found, and looked at by its school's own clock. */
const EAST_MINUTES = 14 * 60;

export function createStatementPost(options: StatementPostOptions): StatementPost {
  const { store, library, now, onError } = options;
  const send: StatementPost["send"] = (phone, child, from, to) => sendStatement(options, phone, child, from, to);
  let restsUntilMs = 0;
  const tell = async (row: MonthlyStatement) => {
    const zone = (await library.book(row.school)).state.policy.zoneMinutes;
    const to = lastDayBefore(localMoment(now(), zone).date);
    if (row.toldThrough >= to) return;
    await send(row.phone, row, firstDayOf(to), to);
    await store.statements.monthlyTold(row.phone, row, to);
  };
  return {
    send,
    async tick() {
      if (now() < restsUntilMs) return;
      for (const row of await store.statements.monthlyDue(lastDayBefore(localMoment(now(), EAST_MINUTES).date), MOST_AT_ONCE))
        await tell(row).catch((error: Error) => {
          restsUntilMs = now() + RETRY_MS;
          onError(error);
        });
    },
  };
}

/** The last day of the month before this day's. */
export function lastDayBefore(date: BusinessDate): BusinessDate {
  return (date - civilFromDate(date).day) as BusinessDate;
}

function firstDayOf(date: BusinessDate): BusinessDate {
  return (date - civilFromDate(date).day + 1) as BusinessDate;
}

async function sendStatement(
  { store, library, messenger, url }: StatementPostOptions,
  phone: string,
  { school, account }: ChildLink,
  from: BusinessDate,
  to: BusinessDate,
): Promise<boolean> {
  const contact = await store.people.contact(phone);
  const sight = (await store.people.sights(phone)).find((one) => one.school === school && one.account === account);
  const { state } = await library.book(school);
  const known = state.accounts.get(account);
  if (!contact?.email || !contact.isConfirmed || !sight?.rights.includes("see") || !known) return false;
  const words = parentWords(contact.language);
  const say = words.statements;
  const schoolNumber = state.policy.number;
  const statement = await statementFor(store, { school, account, schoolNumber, from, to, details: true, words });
  const head = headFor({ name: known.name, number: known.number, schoolNumber }, statement, words);
  const name = known.number + "-" + dateDigits(from) + "-" + dateDigits(to);
  const sums = [say.opening(moneyText(statement.opening)), say.charged(moneyText(statement.sums.charged))];
  if (statement.sums.recalculated !== 0) sums.push(say.recalculated(moneyText(statement.sums.recalculated)));
  sums.push(say.paid(moneyText(statement.sums.paid)), say.closing(moneyText(statement.closing)));
  await messenger.send({
    ...{ kind: "mail", to: contact.email, subject: say.subject(known.shortName, dateDigits(from), dateDigits(to)) },
    text: [say.greeting, sums.join("\n"), say.foot(url() + "/children/" + school + "/" + account)].join("\n\n"),
    attachments: [
      { name: name + ".pdf", type: "application/pdf", bytes: await statementPdf(statement, head, words) },
      { name: name + ".xlsx", type: SHEET_TYPE, bytes: statementSheet(statement, head, words) },
    ],
  });
  return true;
}
