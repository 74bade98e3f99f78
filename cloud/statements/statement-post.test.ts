import test from "ava";
import { dateFromCivil, kopecks } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { PUPIL, SCHOOL, TODAY } from "../_gateway.test.js";
import { readTable } from "../documents/sheet-in.js";
import { openStreet } from "../payments/_street.test.js";
import { createPinboard } from "../people/messenger.js";
import type { Messenger } from "../people/messenger.js";
import { createStatementPost, lastDayBefore } from "./statement-post.js";

const PHONE = "79001234567";
const CHILD = { school: SCHOOL, account: PUPIL };
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

/** A mother whose address is proved, and 123,45 on the main purse since today. */
async function opened() {
  const street = await openStreet();
  const { cloud, gateway, clock } = street;
  await cloud.registerGuardian({ phone: PHONE, name: "Анна", password: "каша манная", children: [CHILD] });
  await cloud.store.people.setContact(PHONE, { email: "anna@example.ru", isConfirmed: true, language: "ru" });
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: kopecks(12345), additional: kopecks(0) });
  await street.sync();
  const board = createPinboard(cloud.now);
  const state = { away: false };
  const messenger: Messenger = { send: async (message) => (state.away ? Promise.reject(new Error("away")) : board.send(message)) };
  const errors: Error[] = [];
  const post = createStatementPost({
    ...{ store: cloud.store, library: cloud.library, messenger, now: cloud.now },
    ...{ url: () => "https://meals.example", onError: (error) => void errors.push(error) },
  });
  /** The clock stands at this day and hour where the school is. */
  const at = async (date: BusinessDate, hour: number) => {
    const zone = (await cloud.library.book(SCHOOL)).state.policy.zoneMinutes;
    clock.nowMs = date * DAY_MS + hour * HOUR_MS - zone * 60_000;
    await post.tick();
  };
  const book = await cloud.library.book(SCHOOL);
  /** The school is heard of, as its gateway asks for directives. */
  const heard = () => void (book.heardMs = clock.nowMs);
  /** As {@link at}, with all of a school's journal here. */
  const wholeAt = async (date: BusinessDate, hour: number) => {
    book.writtenMs = Infinity;
    await at(date, hour);
  };
  return { ...street, board, state, errors, post, at, wholeAt, heard, book };
}

test("a statement goes as PDF and as a spreadsheet, with the same sums as in the letter, to a proved address only", async (t) => {
  const { cloud, post, board } = await opened();
  t.true(await post.send(PHONE, CHILD, (TODAY - 3) as BusinessDate, TODAY));
  const [{ to, subject, text, attachments = [] }] = board.messages();
  t.is(to, "anna@example.ru");
  t.regex(subject, /^Выписка: Иван И\., 15\.01\.2018 – 18\.01\.2018$/);
  t.regex(text, /На начало: 0,00\s₽\n.*\n(.*\n)?Оплачено: .*\nНа конец: 123,45\s₽/);
  t.deepEqual(attachments.map(({ name }) => name.replace(/^.*\./, "")), ["pdf", "xlsx"]); // prettier-ignore
  t.is(Buffer.from(attachments[0].bytes.subarray(0, 5)).toString(), "%PDF-");
  t.is(readTable(attachments[1].bytes)?.at(-1)?.at(-1), "123.45");
  await cloud.store.people.setContact(PHONE, { email: "anna@example.ru", isConfirmed: false, language: "ru" });
  t.false(await post.send(PHONE, CHILD, TODAY, TODAY));
  await cloud.store.people.setContact(PHONE, { email: "anna@example.ru", isConfirmed: true, language: "ru" });
  await cloud.store.people.unlink(PHONE, CHILD);
  t.false(await post.send(PHONE, CHILD, TODAY, TODAY), "a child that was removed");
  t.is(board.messages().length, 1);
});

test("a month's statement comes on the first of the next where the school is, once, and again when nobody had taken it", async (t) => {
  const { cloud, board, state, errors, wholeAt: at, clock, post } = await opened();
  const february = dateFromCivil(2018, 2, 1);
  await cloud.store.statements.beginMonthly(PHONE, CHILD, lastDayBefore(TODAY));
  await at((february - 1) as BusinessDate, 23);
  t.is(board.messages().length, 0, "it is February in the east already");
  state.away = true;
  await at(february, 1);
  t.is(errors.length, 1);
  await post.tick();
  t.is(errors.length, 1, "it rests");
  state.away = false;
  clock.nowMs += HOUR_MS;
  for (let again = 0; again < 3; again++) await post.tick();
  t.deepEqual(board.messages().map(({ subject }) => subject), ["Выписка: Иван И., 01.01.2018 – 31.01.2018"]); // prettier-ignore
  const march = dateFromCivil(2018, 3, 1);
  await at(march, 1);
  t.regex(board.messages()[0].subject, /01\.02\.2018 – 28\.02\.2018/);
  await cloud.store.statements.endMonthly(PHONE, CHILD);
  await at((march + 31) as BusinessDate, 1);
  t.is(board.messages().length, 2);
});

test("a month waits for its journal, and after five days its statement says as of when it is", async (t) => {
  const { cloud, board, at, heard, book } = await opened();
  const february = dateFromCivil(2018, 2, 1);
  await cloud.store.statements.beginMonthly(PHONE, CHILD, lastDayBefore(TODAY));
  await at(february, 1);
  heard();
  await at(february, 3);
  t.is(board.messages().length, 0, "it is heard of, and what it has written is not here");
  const writtenMs = book.writtenMs;
  book.writtenMs = cloud.now();
  await at(february, 5);
  book.writtenMs = writtenMs;
  t.notRegex(board.messages()[0].text, /по состоянию/);
  const march = dateFromCivil(2018, 3, 1);
  await at((march + 4) as BusinessDate, 23);
  t.is(board.messages().length, 1);
  await at((march + 5) as BusinessDate, 1);
  t.regex(board.messages()[0].subject, /01\.02\.2018 – 28\.02\.2018/);
  t.regex(board.messages()[0].text, /по состоянию на [0-9]{2}:[0-9]{2}, 18\.01\.2018/);
  await cloud.store.people.setContact(PHONE, { email: "anna@example.ru", isConfirmed: true, language: "en" });
  await at((dateFromCivil(2018, 4, 1) + 5) as BusinessDate, 1);
  t.regex(board.messages()[0].text, /as of [0-9]{2}:[0-9]{2}, 18\.01\.2018/);
});

test("one statement that cannot be sent, and many that are not due yet, hold up nobody else's", async (t) => {
  const { cloud, board, errors, wholeAt, clock, post } = await opened();
  const { people, statements } = cloud.store;
  const phones = Array.from({ length: 90 }, (_, i) => "7900200" + String(1000 + i));
  const bad = { school: SCHOOL + 999, account: PUPIL };
  await statements.beginMonthly(PHONE, bad, 1 as BusinessDate);
  for (const phone of phones) {
    await people.putGuardian({ phone, name: "Анна", password: "scrypt$1" }, [CHILD]);
    await people.setContact(phone, { email: phone + "@example.ru", isConfirmed: true, language: "ru" });
    await statements.beginMonthly(phone, CHILD, lastDayBefore(TODAY));
  }
  const { book } = cloud.library;
  t.teardown(() => Object.assign(cloud.library, { book }));
  Object.assign(cloud.library, { book: async (id: number) => (id === bad.school ? Promise.reject(new Error("damaged")) : book(id)) });
  await wholeAt(dateFromCivil(2018, 2, 1), 1);
  for (let again = 0; again < 3; again++) await post.tick();
  t.deepEqual([new Set(board.messages().map(({ to }) => to)).size, board.messages().length], [90, 90]);
  t.is(errors.length, 1, "it rests");
  clock.nowMs += HOUR_MS;
  await post.tick();
  t.is(errors.length, 2, "and is tried again");
});

test("whoever no longer sees the child is no longer in the list of those who get its statement", async (t) => {
  const { cloud, board, wholeAt } = await opened();
  await cloud.store.statements.beginMonthly(PHONE, CHILD, lastDayBefore(TODAY));
  await cloud.store.people.unlink(PHONE, CHILD);
  await wholeAt(dateFromCivil(2018, 2, 1), 1);
  t.is(board.messages().length, 0);
  t.false(await cloud.store.statements.isMonthly(PHONE, CHILD));
});
