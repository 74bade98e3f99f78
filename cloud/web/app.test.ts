import test from "ava";
import {
  SYNC_HEADERS,
  decodeWhole,
  directivesAnswer,
  encode,
  eventsAnswer,
  eventsUpload,
  requestToSign,
  toBase64,
  toHex,
} from "@trapeza/protocol";
import type { DirectiveOf, Kopecks } from "@trapeza/protocol";
import { KIOSK, PUPIL, PUPIL_CARD, SCHOOL, createTestSchool } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import { sha256 } from "../crypto.js";
import { createApp } from "./app.js";

const PASSWORD = "каша манная";
const PHONE = "+7 900 123-45-67";

async function opened() {
  const { cloud, gateway } = await createTestSchool();
  const errors: Error[] = [];
  const app = await createApp({ cloud, secureCookies: false, onError: (error) => errors.push(error) });
  return { app, cloud, gateway, errors };
}

type Opened = Awaited<ReturnType<typeof opened>>;

/** A request signed as a gateway signs it, with whatever is to be wrong about it. */
function signed(
  gateway: TestGateway,
  method: "GET" | "POST",
  url: string,
  number: number,
  body: Uint8Array = new Uint8Array(0),
  wrong: { body?: Uint8Array; url?: string } = {},
) {
  const identity = { gateway: gateway.row.id, epoch: gateway.row.epoch, number };
  const covered = requestToSign(method, "cloud.example", url, toHex(sha256(body)), identity);
  return {
    ...{ method, url: wrong.url ?? url, payload: Buffer.from(wrong.body ?? body) },
    headers: {
      host: "cloud.example",
      "content-type": "application/octet-stream",
      [SYNC_HEADERS.gateway]: identity.gateway,
      [SYNC_HEADERS.epoch]: String(identity.epoch),
      [SYNC_HEADERS.number]: String(number),
      [SYNC_HEADERS.signature]: toBase64(gateway.sign(covered)),
    },
  };
}

const EVENTS = "/gateways/g24/events";

test("a gateway's signed upload is stored, and told so in bytes", async (t) => {
  const { app, gateway } = await opened();
  const body = encode(eventsUpload, gateway.upload());
  const answer = await app.inject(signed(gateway, "POST", EVENTS, 1000000, body));
  t.is(answer.statusCode, 200, answer.body);
  const read = decodeWhole(eventsAnswer, new Uint8Array(answer.rawPayload));
  t.is(read.ok && read.value.kind, "Stored");
  const gap = { ...gateway.upload(), from: gateway.entries.length, entries: [] };
  const refused = await app.inject(signed(gateway, "POST", EVENTS, 1000001, encode(eventsUpload, { ...gap, from: gap.from + 1 })));
  t.is(refused.statusCode, 409);
  const why = decodeWhole(eventsAnswer, new Uint8Array(refused.rawPayload));
  t.is(why.ok && why.value.kind === "NotStored" && why.value.size, gateway.entries.length);
});

test("a request played again, changed or unsigned changes nothing", async (t) => {
  const { app, cloud, gateway } = await opened();
  const body = encode(eventsUpload, gateway.upload());
  const changed = body.slice();
  changed[40] ^= 1;
  const status = async (request: Omit<ReturnType<typeof signed>, "headers"> & { headers: { [name: string]: string } }) =>
    (await app.inject(request)).statusCode;
  t.is(await status(signed(gateway, "POST", EVENTS, 5, body, { body: changed })), 401);
  t.is(await status(signed(gateway, "POST", EVENTS, 5, body, { url: EVENTS + "?x=1" })), 401);
  t.is(await status(signed(gateway, "POST", "/gateways/g25/events", 5, body)), 403);
  t.is(await status({ ...signed(gateway, "POST", EVENTS, 5, body), headers: { "content-type": "application/octet-stream" } }), 401);
  t.is((await cloud.store.entries(SCHOOL, 1, 0, 10)).length, 0);
  t.is(await status(signed(gateway, "POST", EVENTS, 5, body)), 200);
  t.is(await status(signed(gateway, "POST", EVENTS, 5, body)), 403);
  t.is(await status(signed(gateway, "POST", EVENTS, 4, body)), 403);
  t.is(await status(signed(gateway, "POST", EVENTS, 6, body.slice(0, 100))), 400);
});

test("a gateway hears its directives at once, or when they come", async (t) => {
  const { app, cloud, gateway } = await opened();
  const read = async (url: string, number: number) => {
    const answer = await app.inject(signed(gateway, "GET", url, number));
    const page = decodeWhole(directivesAnswer, new Uint8Array(answer.rawPayload));
    return page.ok ? page.value.entries.length : answer.statusCode;
  };
  t.is(await read("/gateways/g24/directives?from=0", 1), 0);
  const waiting = read("/gateways/g24/directives?from=0&wait=20", 2);
  await cloud.enqueueDirectives(SCHOOL, [{ kind: "SetCaterer", id: 1, name: "Столовая" }]);
  t.is(await waiting, 1);
  t.is(await read("/gateways/g24/directives?from=0&wait=26", 3), 400);
  t.is(await read("/gateways/g24/directives?from=x", 4), 400);
});

const form = (fields: { [name: string]: string }) => ({
  payload: new URLSearchParams(fields).toString(),
  headers: { "content-type": "application/x-www-form-urlencoded" },
});

async function loggedIn({ app, cloud, gateway }: Opened) {
  await cloud.registerGuardian({
    phone: PHONE,
    name: "Анна <Иванова>",
    password: PASSWORD,
    children: [{ school: SCHOOL, account: PUPIL }],
  });
  await cloud.intake.receive(gateway.row, gateway.upload());
  const answer = await app.inject({ method: "POST", url: "/login", ...form({ phone: PHONE, password: PASSWORD }) });
  const cookie = String(answer.headers["set-cookie"]).split(";")[0];
  const get = async (url: string) => app.inject({ url, headers: { cookie } });
  return { get, cookie, answer };
}

const plain = (html: string) => html.replace(/<[^>]*>/g, "").replaceAll("\u00a0", " ");

test("a parent who is not logged in sees the door, in the reader's language", async (t) => {
  const { app } = await opened();
  t.is((await app.inject("/")).headers.location, "/login");
  t.true((await app.inject("/login")).body.includes("Вход для родителей"));
  const english = await app.inject({ url: "/login", headers: { "accept-language": "en-GB,en;q=0.9" } });
  t.regex(english.body, /lang="en"/);
  t.regex(english.body, /<h1>Parents(&#39;|') entrance<\/h1>/);
});

test("a wrong phone and a wrong password are said beside their fields", async (t) => {
  const { app, cloud } = await opened();
  await cloud.registerGuardian({ phone: PHONE, name: "Анна", password: PASSWORD, children: [] });
  const post = (phone: string, password: string) => app.inject({ method: "POST", url: "/login", ...form({ phone, password }) });
  const badPhone = await post("девятьсот", "x");
  t.is(badPhone.statusCode, 400);
  t.regex(badPhone.body, /id="phone-say" class="say" role="alert">Это не номер телефона/);
  const wrong = await post(PHONE, "не та");
  t.is(wrong.statusCode, 401);
  t.regex(wrong.body, /id="password-say" class="say" role="alert">Телефон или пароль не подходят/);
  t.true(wrong.body.includes('value="' + PHONE + '"'));
  t.false(wrong.body.includes("не та"));
});

test("a child's card shows name, school, number and both purses; debt in words", async (t) => {
  const all = await opened();
  const { get, answer } = await loggedIn(all);
  t.is(answer.headers.location, "/");
  t.regex(String(answer.headers["set-cookie"]), /HttpOnly; SameSite=Lax/);
  const card = plain((await get("/")).body);
  for (const part of ["Анна &lt;Иванова>", "Иванов Иван Иванович", "школа №24 · класс 03Б · счёт 0242013137", "0,00 ₽"])
    t.true(card.includes(part), part + " in " + card);
  all.gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: -1852 as Kopecks, additional: 0 as Kopecks });
  await all.cloud.intake.receive(all.gateway.row, all.gateway.upload());
  const owing = plain((await get("/")).body);
  t.true(owing.includes("−18,52 ₽"));
  t.true(owing.includes("Долг 18,52 ₽. Ближайшее пополнение сначала погасит его."));
});

test("the live piece is sent anew only when something has changed", async (t) => {
  const all = await opened();
  const { get } = await loggedIn(all);
  const version = /data-version="([^"]*)"/.exec((await get("/")).body)![1];
  const seen = (await get("/live/children?seen=" + encodeURIComponent(version))).json();
  t.deepEqual(seen, { version, html: null });
  all.gateway.fact(KIOSK, {
    kind: "NoteStacked",
    payee: { kind: "card", uid: PUPIL_CARD },
    purse: "main",
    note: 10000 as Kopecks,
    visit: 1,
    happenedMs: null,
  });
  await all.cloud.intake.receive(all.gateway.row, all.gateway.upload());
  const fresh = (await get("/live/children?seen=" + encodeURIComponent(version))).json() as { html: string };
  t.true(plain(fresh.html).includes("100,00 ₽"));
  t.is((await all.app.inject("/live/children")).statusCode, 401);
});

test("the history shows rows, balances and presets", async (t) => {
  const all = await opened();
  all.gateway.fact(KIOSK, {
    kind: "NoteStacked",
    payee: { kind: "card", uid: PUPIL_CARD },
    purse: "main",
    note: 10000 as Kopecks,
    visit: 1,
    happenedMs: null,
  });
  const { get } = await loggedIn(all);
  const history = plain((await get("/children/24/7")).body);
  for (const part of [
    "за период с 05.01.2018 по 18.01.2018",
    "Остаток на начало0,00 ₽",
    "18.01.2018чт, 18 январяПополнение наличными, основной счёт",
    "+100,00 ₽",
    "Остаток на конец100,00 ₽",
  ])
    t.true(history.includes(part), part + " in " + history);
  const empty = plain((await get("/children/24/7?from=2018-01-01&to=2018-01-02")).body);
  t.true(empty.includes("За эти дни операций не было"));
  t.true(plain((await get("/children/24/7?from=2018-01-09&to=2018-01-02")).body).includes("Начало периода позже его конца"));
});

test("a parent sees since when limits and a blocked card hold at the school", async (t) => {
  const all = await opened();
  const nothing = { stopList: false, bannedDishes: [], bannedAllergens: [] };
  const limits: DirectiveOf<"SetLimits"> = { kind: "SetLimits", account: PUPIL, dailyLimit: 20000 as Kopecks, ...nothing };
  all.gateway.direct(limits);
  const card = all.gateway.school.cards.get(PUPIL_CARD);
  if (!card) return t.fail();
  const { uid, number, holder, account, staff, validThrough } = card;
  all.gateway.direct({ kind: "SetCard", uid, number, holder, account, staff, state: "blocked", by: "parent", validThrough });
  const { get } = await loggedIn(all);
  const known = plain((await get("/")).body);
  t.regex(known, /В буфете не больше 200,00 ₽ в день.*Ограничения действуют в школе с \d\d:\d\d, чт, 18 января/);
  t.regex(known, new RegExp(`Карта ${number} заблокирована, в школе с \\d\\d:\\d\\d, чт, 18 января`));
  all.gateway.direct(
    { ...limits, dailyLimit: null },
    { kind: "SetCard", uid, number, holder, account, staff, state: "active", by: "parent", validThrough },
  );
  await all.cloud.intake.receive(all.gateway.row, all.gateway.upload());
  const lifted = plain((await get("/")).body);
  t.false(lifted.includes("заблокирована") || lifted.includes("не больше"));
  t.true(lifted.includes("Ограничения действуют в школе с"), "lifted today: that, too, is news");
});

test("somebody else's child does not exist", async (t) => {
  const all = await opened();
  const { get } = await loggedIn(all);
  for (const url of ["/children/24/8", "/children/25/7", "/live/children/24/8", "/nowhere"]) t.is((await get(url)).statusCode, 404, url);
});

test("a form posted from another site is refused, and so is a way out of the house", async (t) => {
  const { app } = await opened();
  const { payload, headers } = form({ language: "en", here: "//evil.example" });
  const foreign = await app.inject({
    method: "POST",
    url: "/language",
    payload,
    headers: { ...headers, host: "cloud.example", origin: "https://evil.example" },
  });
  t.is(foreign.statusCode, 403);
  const own = await app.inject({
    method: "POST",
    url: "/language",
    payload,
    headers: { ...headers, host: "cloud.example", origin: "https://cloud.example" },
  });
  t.deepEqual([own.statusCode, own.headers.location], [303, "/"]);
});

test("what goes wrong inside is told to the operator, not to the reader", async (t) => {
  const { app, cloud, errors } = await opened();
  cloud.store.session = () => Promise.reject(new Error("the disk is on fire"));
  const answer = await app.inject({ url: "/", headers: { cookie: "trapeza_session=x" } });
  t.is(answer.statusCode, 500);
  t.false(answer.body.includes("fire"));
  t.is(errors[0].message, "the disk is on fire");
});

test("fonts, style and script come from here", async (t) => {
  const { app } = await opened();
  for (const name of ["style.css", "live.js", "icon.svg", "pt-sans-400.ttf", "pt-sans-700.ttf"])
    t.is((await app.inject("/assets/" + name)).statusCode, 200, name);
});
