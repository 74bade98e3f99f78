import test from "ava";
import type { LedgerAccount } from "@trapeza/cloud";
import type { Event, EventBody } from "@trapeza/protocol";
import { createBookWatch, type Transaction } from "./books.js";
import { entryText, formatMoney, postingTexts } from "./describe-books.js";
import { ENGLISH } from "./words.en.js";
import { RUSSIAN } from "./words.ru.js";

const event = (seq: number, body: object): Event => ({ seq, atMs: 0, body }) as unknown as Event;
const NOTE = { kind: "TopUpCredited", note: 10000, account: 17, terminal: 1 };
const POSTINGS = [
  { account: "cash/kiosk/1" as LedgerAccount, amount: 10000 },
  { account: "holder/17/main" as LedgerAccount, amount: -10000 },
];

/** Both books in memory; a test writes into them. */
function shelf() {
  const journal: Event[] = [];
  const ledger: Transaction[] = [];
  let booked = 0;
  let asked = 0;
  const books = {
    epoch: 1,
    size: () => journal.length,
    stored: (from: number) => journal.slice(from),
    async booked() {
      asked++;
      return booked;
    },
    transactions: async (after: number) => ledger.filter(({ id }) => id > after).slice(0, 2),
  };
  return { journal, ledger, watch: createBookWatch(books), book: (upTo: number) => void (booked = upTo), asked: () => asked };
}

test("an event stands on the left when it is stored, on the right when it is booked, and the directives of a new school nowhere", async (t) => {
  const { journal, ledger, watch, book, asked } = shelf();
  journal.push(event(0, { kind: "DirectiveApplied" }), event(1, NOTE), event(2, { kind: "ReceiptPrinted" }));
  t.deepEqual(
    (await watch.look()).map((line) => [line.event.seq, line.isBooked]),
    [
      [1, false],
      [2, false],
    ],
  );
  t.deepEqual(await watch.look(), []);
  for (let id = 1; id < 6; id++) ledger.push({ id, transaction: `0/${id}`, postings: [] });
  ledger.push({ id: 6, transaction: "1/1", postings: POSTINGS });
  book(2);
  const [line, ...rest] = await watch.look();
  t.deepEqual(rest, []);
  t.like(line, { isBooked: true, postings: POSTINGS });
  book(3);
  t.deepEqual(
    (await watch.look()).map((one) => [one.event.seq, one.isBooked]),
    [[2, true]],
  );
  const before = asked();
  t.deepEqual(await watch.look(), []);
  t.is(asked(), before, "who waits for nothing asks nobody");
  t.is(watch.lines().length, 2);
});

test("a cloud that is away leaves the journal to be seen, and is asked again", async (t) => {
  const { journal, watch, book } = shelf();
  journal.push(event(0, NOTE));
  await watch.look();
  book(1);
  t.is((await watch.look()).length, 1);
});

test("entries and postings are told in words, every kind and account in both languages", (t) => {
  t.is(entryText(NOTE as unknown as EventBody, ENGLISH), "Note credited · 100,00 · account 17");
  const meal = { kind: "MealServed", account: 3, parts: { main: 4961, additional: 0, debt: 0, subsidy: 2500, fund: 0 } };
  t.is(entryText(meal as unknown as EventBody, ENGLISH), "Meal served · 74,61 · account 3");
  t.is(entryText({ kind: "ReceiptPrinted" } as EventBody, RUSSIAN), "Чек вышел");
  t.deepEqual(postingTexts({ event: event(0, NOTE), isBooked: true, postings: POSTINGS }, ENGLISH), [
    { account: "Dr notes in kiosk 1", sum: "100,00" },
    { account: "Cr main purse 17", sum: "100,00" },
  ]);
  t.is(formatMoney(-123456705).replace(/\s/g, " "), "−1 234 567,05");
  t.deepEqual(Object.keys(RUSSIAN.books.events), Object.keys(ENGLISH.books.events));
  t.deepEqual(Object.keys(RUSSIAN.books.accounts), Object.keys(ENGLISH.books.accounts));
});
