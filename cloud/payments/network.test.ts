import test from "ava";
import { PUPIL, SCHOOL } from "../_gateway.test.js";
import { createApp } from "../web/app.js";
import { openStreet } from "./_street.test.js";

const NUMBER = "0242013137";

async function opened() {
  const street = await openStreet();
  const app = await createApp({ cloud: street.cloud, secureCookies: false, onError: () => undefined, networkPassword: "secret" });
  const ask = async (query: string, login = "network:secret") => {
    const headers = { authorization: "Basic " + Buffer.from(login).toString("base64") };
    const answer = await app.inject({ url: "/payments/network?" + query, headers });
    return { status: answer.statusCode, body: answer.body, result: Number(/<result>(\d+)</.exec(answer.body)?.[1] ?? -1) };
  };
  return { street, app, ask };
}

test("a terminal checks an account, sees only a short name, and pays it", async (t) => {
  const { street, ask } = await opened();
  const checked = await ask(`command=check&txn_id=1234567&account=${NUMBER}&sum=100.45`);
  t.is(checked.result, 0);
  t.regex(checked.body, /<field1 name="name">Иван И\.<\/field1>/);
  t.false(checked.body.includes("Иванов"));
  t.is((await street.cloud.payments.ordersFor(SCHOOL, PUPIL, 9)).length, 0);
  const paid = await ask(`command=pay&txn_id=1234567&txn_date=20180118100000&account=${NUMBER}&sum=100.45`);
  t.regex(paid.body, /<osmp_txn_id>1234567<\/osmp_txn_id><prv_txn>100001<\/prv_txn><sum>100\.45<\/sum><result>0<\/result>/);
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 10045, additional: 0, pending: 0 });
});

test("a payment said many times comes once, and the same number for something else is refused", async (t) => {
  const { street, ask } = await opened();
  const pay = `command=pay&txn_id=77&txn_date=20180118100000&account=${NUMBER}&sum=50.00`;
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(pay)));
  t.deepEqual(new Set(answers.map(({ body }) => body)).size, 1);
  t.is((await ask(pay.replace("50.00", "51.00"))).result, 300);
  await street.sync();
  t.deepEqual(await street.purses(PUPIL), { main: 5000, additional: 0, pending: 0 });
});

test("what cannot be paid is answered by its number", async (t) => {
  const { street, ask } = await opened();
  const cases: [query: string, result: number][] = [
    ["command=check&txn_id=1&account=0242013138&sum=100", 5],
    ["command=check&txn_id=1&account=abc&sum=100", 4],
    [`command=pay&txn_id=1&account=${NUMBER}&sum=9.99`, 241],
    [`command=pay&txn_id=1&account=${NUMBER}&sum=15000.01`, 242],
    [`command=pay&txn_id=1&account=${NUMBER}&sum=-5`, 300],
    [`command=pay&txn_id=1&account=${NUMBER}&sum=100.455`, 300],
    [`command=pay&txn_id=x&account=${NUMBER}&sum=100`, 300],
    [`command=cancel&txn_id=1&account=${NUMBER}&sum=100`, 300],
    ["", 300],
  ];
  for (const [query, result] of cases) t.is((await ask(query)).result, result, query);
  t.regex((await ask("command=check&txn_id=%3Cb%3E")).body, /<osmp_txn_id>&#60;b&#62;<\/osmp_txn_id>/);
  street.cloud.store.payments.addOrder = () => Promise.reject(new Error("no database"));
  t.is((await ask(`command=pay&txn_id=1&account=${NUMBER}&sum=100`)).result, 1);
});

test("a stranger is not answered, and without a password nobody is", async (t) => {
  const { street, ask } = await opened();
  t.is((await ask("command=check", "network:guess")).status, 401);
  t.is((await ask("command=check", "")).status, 401);
  const closed = await createApp({ cloud: street.cloud, secureCookies: false, onError: () => undefined });
  t.is((await closed.inject("/payments/network?command=check")).statusCode, 401);
});
