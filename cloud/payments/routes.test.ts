import test from "ava";
import { kopecks } from "@trapeza/protocol";
import { PUPIL, SCHOOL } from "../_gateway.test.js";
import { createApp } from "../web/app.js";
import { checksumOf, readCallback } from "./acquirer.js";
import { openStreet } from "./_street.test.js";

const KEY = "callback key";
const acquirer = { url: "https://bank.example/payment/rest", user: "school", password: "secret", callbackKey: KEY };

async function opened() {
  const street = await openStreet();
  const app = await createApp({ cloud: street.cloud, secureCookies: false, onError: () => undefined, acquirer });
  const lines = [{ school: SCHOOL, account: PUPIL, purse: "main" as const, sum: kopecks(50000) }];
  const begun = await street.cloud.payments.begin({ key: "k", way: "card", payer: null, returnUrl: null, email: null, lines });
  if (!begun.ok) throw new Error(begun.trouble);
  const call = async (fields: { [name: string]: string }, key = KEY) => {
    const query = new URLSearchParams({ ...fields, checksum: checksumOf(fields, key) }).toString();
    return (await app.inject("/payments/callback?" + query)).statusCode;
  };
  const fields = { mdOrder: "p1", orderNumber: String(begun.order.number), operation: "deposited", status: "1", amount: "51000" };
  return { street, app, call, fields, order: begun.order };
}

test("a checksum covers every field, wherever it stands, and is read in both cases", (t) => {
  const fields = {
    orderNumber: "10747",
    mdOrder: "3ff6962a-7dcc-4283-ab50-a6d7dd3386fe",
    operation: "deposited",
    status: "1",
    amount: "123456",
  };
  const checksum = checksumOf(fields, "yourSecretToken");
  t.regex(checksum, /^[0-9A-F]{64}$/);
  t.is(readCallback({ ...fields, checksum }, "yourSecretToken"), 10747);
  t.is(readCallback({ ...fields, checksum: checksum.toLowerCase() }, "yourSecretToken"), 10747);
  t.is(readCallback({ ...fields, orderNumber: "10747-2", checksum: checksumOf({ ...fields, orderNumber: "10747-2" }, "k") }, "k"), 10747);
  for (const wrong of [{ amount: "123457" }, { checksum: "" }, { extra: "1" }, { orderNumber: "10748" }])
    t.is(readCallback({ ...fields, checksum, ...wrong }, "yourSecretToken"), null);
});

test("a callback before the payment changes nothing; after it, ten times, it credits once", async (t) => {
  const { street, call, fields, order } = await opened();
  t.is(await call(fields), 200);
  t.like(await street.cloud.payments.order(order.number), { state: "registered" });
  street.provider.say(order.number, { amount: order.total });
  t.deepEqual(new Set(await Promise.all(Array.from({ length: 10 }, () => call(fields)))), new Set([200]));
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 50000, additional: 0, pending: 0 });
  t.is(await call(fields), 200);
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 50000, additional: 0, pending: 0 });
});

test("a forged callback is not even a reason to ask", async (t) => {
  const { street, app, call, fields, order } = await opened();
  street.provider.say(order.number, { amount: order.total });
  t.is(await call(fields, "guess"), 403);
  t.is((await app.inject("/payments/callback")).statusCode, 403);
  t.is((await app.inject("/payments/callback?orderNumber=a&orderNumber=b&checksum=c")).statusCode, 403);
  t.like(await street.cloud.payments.order(order.number), { state: "registered" });
  t.is(await call({ ...fields, orderNumber: "999999" }), 200);
});
