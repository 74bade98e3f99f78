import test from "ava";
import { kopecks } from "@trapeza/protocol";
import { PUPIL, SCHOOL } from "../_gateway.test.js";
import type { Message } from "../people/messenger.js";
import { openStreet } from "./_street.test.js";
import { createReceiptPost } from "./receipt.js";

const DAY_MS = 86_400_000;

async function openPost() {
  const street = await openStreet();
  const { store, library } = street.cloud;
  const sent: Message[] = [];
  const errors: string[] = [];
  const carrier = { away: false };
  const send = async (message: Message) => {
    if (carrier.away) throw new Error("away");
    sent.push(message);
  };
  const now = () => street.clock.nowMs;
  const open = () => createReceiptPost({ store, library, messenger: { send }, now, onError: ({ message }) => void errors.push(message) });
  const pay = async (email: string | null, key = "k") => {
    const lines = (["main", "additional"] as const).map((purse) => ({ school: SCHOOL, account: PUPIL, purse, sum: kopecks(35000) }));
    const begun = await street.cloud.payments.begin({ key, way: "card", payer: null, lines, returnUrl: null, email });
    if (!begun.ok) throw new Error(begun.trouble);
    return begun.order;
  };
  return { ...street, sent, errors, carrier, open, pay };
}

test("whoever leaves an address gets a receipt when the money is taken, once, whatever restarts", async (t) => {
  const street = await openPost();
  const order = await street.pay("anna@example.ru");
  await street.open().tick();
  t.is(street.sent.length, 0, "nothing is paid yet");
  street.provider.say(order.number, { amount: order.total });
  await street.cloud.payments.check(order.number);
  for (let tick = 0; tick < 2; tick++) await street.open().tick();
  t.is(street.sent.length, 1);
  const [{ kind, to, subject, text }] = street.sent;
  t.deepEqual([kind, to, subject], ["mail", "anna@example.ru", "Школьное питание: оплачен заказ № " + order.number]);
  t.is(
    text.split("\n\n").slice(0, 2).join("\n").replaceAll("\u00a0", " "),
    "Оплачен заказ № " + order.number + ", 18.01.2018, 10:00, банковской картой.\n" +
      "Иван И., Школа №24, основной счёт: 350,00 ₽\nИван И., Школа №24, дополнительный счёт: 350,00 ₽\n" +
      "Плата за услугу: 14,00 ₽\nВсего: 714,00 ₽",
  ); // prettier-ignore
  t.regex(text, /не кассовый чек/);
});

test("to a telephone goes one line with sum, number and time, and no name", async (t) => {
  const street = await openPost();
  const order = await street.pay("79001234567");
  street.provider.say(order.number, { amount: order.total });
  await street.cloud.payments.check(order.number);
  for (let tick = 0; tick < 2; tick++) await street.open().tick();
  t.is(street.sent.length, 1);
  const [{ kind, to, text }] = street.sent;
  t.deepEqual([kind, to], ["sms", "79001234567"]);
  const said = "Школьное питание: оплачено 714,00 ₽, заказ № " + order.number + ", 18.01.2018, 10:00. Это не кассовый чек.";
  t.is(text.replaceAll("\u00a0", " "), said);
});

test("a carrier who is away is asked again after a while, others' receipts go meanwhile, and yesterday's are no news", async (t) => {
  const street = await openPost();
  const post = street.open();
  const order = await street.pay("anna@example.ru");
  street.provider.say(order.number, { amount: order.total });
  await street.cloud.payments.check(order.number);
  street.carrier.away = true;
  for (let tick = 0; tick < 3; tick++) await post.tick();
  t.deepEqual(street.errors, ["away"]);
  street.carrier.away = false;
  await post.tick();
  t.is(street.sent.length, 0);
  street.clock.nowMs += 121_000;
  await post.tick();
  t.is(street.sent.length, 1);

  for (const [email, key] of [
    ["late@example.ru", "late"],
    [null, "nobody"],
  ] as const) {
    // prettier-ignore
    const next = await street.pay(email, key);
    street.provider.say(next.number, { amount: next.total });
    await street.cloud.payments.check(next.number);
  }
  street.clock.nowMs += DAY_MS + 1;
  await post.tick();
  t.is(street.sent.length, 1);
});
