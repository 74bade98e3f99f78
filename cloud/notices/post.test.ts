import { createECDH, randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import test from "ava";
import { kopecks } from "@trapeza/protocol";
import type { BusinessDate, Kopecks } from "@trapeza/protocol";
import { CASHIER_CARD, KIOSK, NOW_MS, PUPIL, PUPIL_CARD, SCHOOL, TEACHER_CARD, TILL, WALL } from "../_gateway.test.js";
import { openStreet } from "../payments/_street.test.js";
import { createPinboard } from "../people/messenger.js";
import type { Messenger } from "../people/messenger.js";
import { createNoticePost } from "./post.js";
import type { PushCarrier } from "./post.js";
import { USUAL_WISHES } from "./store.js";
import type { PushAddress } from "./store.js";
import { createWebPush } from "./web-push.js";

const PHONE = "79001234567";
const HOUR_MS = 3600 * 1000;
const ADDRESS = { endpoint: "https://fcm.googleapis.com/fcm/send/a", p256dh: "p", auth: "a" };

/** A school in which Ivan's mother has confirmed her address, and 400 roubles lie in each purse. */
async function opened() {
  const street = await openStreet();
  const { cloud, clock, gateway } = street;
  const { people, notices } = cloud.store;
  await cloud.registerGuardian({
    phone: PHONE,
    name: "Иванова Анна",
    password: "каша манная",
    children: [{ school: SCHOOL, account: PUPIL }],
  });
  await people.setContact(PHONE, { email: "anna@example.ru", isConfirmed: true, language: "ru" });
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: kopecks(40000), additional: kopecks(32000) });
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: kopecks(0) });
  await street.sync();
  const board = createPinboard(cloud.now);
  const rung: { address: PushAddress; payload: { title: string; body: string; tag: string } }[] = [];
  const state = { away: false, gone: false };
  const messenger: Messenger = { send: async (message) => (state.away ? Promise.reject(new Error("away")) : board.send(message)) };
  const push: PushCarrier = {
    ...{ publicKey: "", accepts: () => true },
    async send(address, payload) {
      rung.push({ address, payload: JSON.parse(payload) as (typeof rung)[number]["payload"] });
      return state.gone ? "gone" : "sent";
    },
  };
  const errors: Error[] = [];
  const options = {
    messenger,
    push,
    now: cloud.now,
    url: () => "https://meals.example",
    onError: (error: Error) => void errors.push(error),
  };
  const post = createNoticePost({ store: cloud.store, library: cloud.library, ...options });
  const later = async (ms: number) => {
    clock.nowMs += ms;
    await post.tick();
  };
  return { ...street, notices, board, rung, state, errors, post, later };
}

type Opened = Awaited<ReturnType<typeof opened>>;

const cash = ({ gateway }: Opened, note: number, purse: "main" | "additional" = "main") =>
  gateway.fact(KIOSK, {
    kind: "NoteStacked",
    payee: { kind: "card", uid: PUPIL_CARD },
    purse,
    note: note as Kopecks,
    visit: 1,
    happenedMs: null,
  });

function buy({ gateway }: Opened, quantity = 1): void {
  gateway.ask(TILL, {
    ...{ kind: "Sale", payer: { by: "card", uid: PUPIL_CARD }, lines: [{ dish: 11, quantity }], total: kopecks(3450 * quantity) },
    ...{ menuVersion: gateway.school.menuVersion, override: null },
  });
}

test("a purse that falls below the sum is told once by letter, in words and with a way to choose", async (t) => {
  const all = await opened();
  buy(all);
  buy(all);
  await all.sync();
  await all.post.tick();
  const [letter, ...others] = all.board.messages();
  t.is(others.length, 0);
  t.is(letter.to, "anna@example.ru");
  t.is(letter.subject, "Иван: пора пополнить счёт");
  t.regex(letter.text, /чт, 18 января, \d\d:\d\d — Иван: на дополнительном счёте осталось 285,50\u00a0₽, пора пополнить/);
  t.true(letter.text.includes("https://meals.example/notices"));
  buy(all);
  await all.sync();
  await all.later(HOUR_MS);
  t.is(all.board.messages().length, 1, "it was low before");
});

test("debt is said to whoever pays, with its sum, in a letter; a screen that others see asks to top up", async (t) => {
  const all = await opened();
  const { gateway, cloud, sync, post, board, rung, notices } = all;
  await notices.addAddress(PHONE, ADDRESS);
  gateway.direct(
    { kind: "ForcedDebit", account: PUPIL, amount: kopecks(72000), purse: "main", cause: "correction", reference: "empty" },
    {
      kind: "SetMeal",
      id: 1,
      name: "Завтрак",
      servedFrom: 0,
      closes: 1440,
      cutOffDays: 0,
      cutOffMinute: 1440,
    },
  );
  await sync();
  await post.tick();
  board.messages();
  const before = board.messages().length;
  gateway.ask(WALL, { kind: "MealConfirm", uid: TEACHER_CARD, class: 3, meal: 1, date: gateway.school.date, ids: [PUPIL], admitted: [] });
  await sync();
  await all.later(HOUR_MS);
  const [letter] = board.messages();
  t.is(board.messages().length, before + 1);
  t.regex(letter.text, /питание отпущено в долг, долг теперь 49,61\s₽/);
  t.notRegex(letter.text, /осталось/, "and it is not called low as well");
  t.notRegex(JSON.stringify(rung), /долг/i);
  const [only] = [await notices.wishes(PHONE)];
  await notices.setWishes(PHONE, { ...only, mail: only.mail.filter((kind) => kind !== "debt"), push: ["debt"] });
  rung.length = 0;
  gateway.openDay((gateway.school.date + 1) as BusinessDate);
  gateway.ask(WALL, { kind: "MealConfirm", uid: TEACHER_CARD, class: 3, meal: 1, date: gateway.school.date, ids: [PUPIL], admitted: [] });
  await sync();
  await all.later(HOUR_MS);
  t.deepEqual(rung.map(({ payload }) => payload.body), ["Пополните основной счёт"]); // prettier-ignore
  t.is((await cloud.store.notices.due(cloud.now(), 10)).length, 0);
});

test("only what a guardian has ticked is told, and several things at once are one letter", async (t) => {
  const all = await opened();
  await all.notices.setWishes(PHONE, { ...USUAL_WISHES, mail: ["purchase", "topUp"] });
  buy(all, 2);
  cash(all, 5000, "additional");
  const [salt, digest, validThrough] = [new Uint8Array(16), new Uint8Array(32), all.gateway.school.date];
  all.gateway.write({ kind: "AccessCodeIssued", terminal: TILL, staff: 2, account: PUPIL, salt, digest, validThrough });
  await all.sync();
  await all.post.tick();
  const [letter] = all.board.messages();
  t.is(letter.subject, "Иван: 2 новости");
  t.regex(letter.text, /покупка в буфете, Пицца 125 г, 69,00\u00a0₽/);
  t.regex(letter.text, /зачислено 50,00\u00a0₽/);
  t.false(letter.text.includes("пароль"));
  t.deepEqual(await all.notices.waiting(PHONE, "mail", 10), []);
});

test("a second letter waits some minutes; what the messenger has not taken is sent again", async (t) => {
  const all = await opened();
  await all.notices.setWishes(PHONE, { ...USUAL_WISHES, mail: ["topUp"] });
  all.state.away = true;
  cash(all, 5000);
  await all.sync();
  await all.post.tick();
  t.is(all.errors.length, 1);
  all.state.away = false;
  await all.post.tick();
  t.is(all.board.messages().length, 0, "not asked again at once");
  await all.later(3 * 60_000);
  t.is(all.board.messages().length, 1);
  cash(all, 10000);
  await all.sync();
  await all.later(60_000);
  t.is(all.board.messages().length, 1);
  await all.later(5 * 60_000);
  t.is(all.board.messages().length, 2);
});

test("at night only a blocked card is told; the rest waits for the morning, and what is a day old is no news", async (t) => {
  const all = await opened();
  await all.notices.setWishes(PHONE, { ...USUAL_WISHES, mail: ["topUp", "blocked"] });
  all.clock.nowMs = NOW_MS + 12 * HOUR_MS + 5;
  cash(all, 5000);
  const validThrough = all.gateway.school.date;
  const card = { uid: PUPIL_CARD, number: "24-0007", holder: "pupil", account: PUPIL, staff: null, validThrough } as const;
  all.gateway.direct({ kind: "SetCard", ...card, state: "blocked", by: "parent" });
  await all.sync();
  await all.post.tick();
  t.deepEqual(all.board.messages().map(({ subject }) => subject), ["Иван: карта заблокирована"]); // prettier-ignore
  await all.later(9 * HOUR_MS);
  t.is(all.board.messages()[0].subject, "Иван: счёт пополнен");
  cash(all, 5000);
  await all.sync();
  await all.later(30 * HOUR_MS);
  t.is(all.board.messages().length, 2);
});

test("a push says a first name and what has happened, and a browser that is gone is forgotten", async (t) => {
  const all = await opened();
  await all.notices.addAddress(PHONE, ADDRESS);
  buy(all);
  await all.sync();
  await all.post.tick();
  const [{ address, payload }] = all.rung;
  t.deepEqual(address, ADDRESS);
  t.is(payload.title, "Иван");
  t.is(payload.body, "2 новости");
  t.notRegex(JSON.stringify(payload), /Иванов|34|₽|Пицца/);
  all.state.gone = true;
  buy(all);
  await all.sync();
  await all.later(HOUR_MS);
  t.is(all.rung[1].payload.body, "Покупка в буфете");
  t.deepEqual(await all.notices.addresses(PHONE), []);
});

test("a push is encrypted for the browser that asked for it, and goes to a known service only", async (t) => {
  // The receiver of RFC 8291, by the library that browsers' makers publish vectors with.
  const { decrypt } = createRequire(import.meta.url)("http_ece") as {
    decrypt: (body: Buffer, keys: { version: string; privateKey: unknown; authSecret: string }) => Buffer;
  };
  const browser = createECDH("prime256v1");
  const [p256dh, auth] = [browser.generateKeys("base64url"), randomBytes(16).toString("base64url")];
  const asked: { url: string; init: RequestInit }[] = [];
  let status = 201;
  const push = createWebPush({
    ...{ secret: new Uint8Array(32).fill(7), house: "trapeza.example" },
    fetch: async (url, init) => {
      asked.push({ url: url as string, init: init ?? {} });
      return new Response(null, { status });
    },
  });
  t.is(await push.send({ ...ADDRESS, p256dh, auth }, "Привет", "notice-1"), "sent");
  const [{ url, init }] = asked;
  t.is(url, ADDRESS.endpoint);
  t.regex((init.headers as { Authorization: string }).Authorization, new RegExp("^vapid t=[^,]+, k=" + push.publicKey + "$"));
  const body = Buffer.from(init.body as Uint8Array);
  t.is(decrypt(body, { version: "aes128gcm", privateKey: browser, authSecret: auth }).toString(), "Привет");
  t.is(
    await push.send({ ...ADDRESS, p256dh: "B".repeat(87), auth }, "x", "notice-1"),
    "gone",
    "no point of the curve: nobody can be there",
  );
  t.is(asked.length, 1);
  status = 410;
  t.is(await push.send({ ...ADDRESS, p256dh, auth }, "x", "notice-2"), "gone");
  status = 500;
  await t.throwsAsync(push.send({ ...ADDRESS, p256dh, auth }, "x", "notice-3"));
  for (const wrong of [
    "http://fcm.googleapis.com/a",
    "https://127.0.0.1/",
    "https://fcm.googleapis.com.evil.example/",
    "https://fcm.googleapis.com:81/",
    "x",
  ])
    t.false(push.accepts(wrong), wrong);
  t.true(push.accepts("https://updates.push.services.mozilla.com/wpush/v2/a"));
});
