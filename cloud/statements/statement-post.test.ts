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
  return { ...street, board, state, errors, post, at };
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
  const { cloud, board, state, errors, at, clock, post } = await opened();
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
