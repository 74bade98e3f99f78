/** What somebody with bad intentions types, guesses and plants: into every form that there is, without naming one of them here. */
import test from "ava";
import { scryptSync } from "node:crypto";
import type { BusinessDate } from "@trapeza/protocol";
import { PUPIL, PUPIL_CARD, SCHOOL, TILL, TODAY } from "../../_gateway.test.js";
import { openStreet } from "../../payments/_street.test.js";
import { createPinboard } from "../../people/messenger.js";
import { NOBODYS_IDENTITY, openBrowser } from "../_browser.test.js";
import type { Browser, Visit } from "../_browser.test.js";
import { createApp } from "../app.js";

const PASSWORD = "каша манная";
const [PHONE, STRANGER] = ["79001234567", "79990000001"];
const NUMBER = "0242013137";
const CODE = "0471833902";
const HOUR_MS = 3600 * 1000;

async function opened() {
  const street = await openStreet();
  const { cloud } = street;
  const sent = createPinboard(cloud.now);
  const routes: { method: string; url: string }[] = [];
  const app = await createApp({
    ...{ cloud, messenger: sent, url: () => "https://meals.example", secureCookies: false, onError: () => undefined },
    identity: NOBODYS_IDENTITY,
    onRoute: ({ method, url }) => {
      for (const one of [method].flat()) if (one === "GET" || one === "POST") routes.push({ method: one, url: filled(url) });
    },
  });
  const children = [{ school: SCHOOL, account: PUPIL }];
  await cloud.registerGuardian({ phone: PHONE, name: "Анна", password: PASSWORD, children });
  await cloud.registerGuardian({ phone: STRANGER, name: "Борис", password: PASSWORD, children: [] });
  const machines = /^\/(gateways|enrolments|payments|assets)(\/|$)/;
  return { ...street, app, sent, routes: routes.filter(({ url }) => !machines.test(url)) };
}

function filled(url: string): string {
  const known = { ":school": SCHOOL, ":account": PUPIL, ":uid": PUPIL_CARD };
  return url.replace(/:[a-z]+/gi, (name) => String(known[name as keyof typeof known] ?? "unknown"));
}

async function loggedIn(app: Parameters<typeof openBrowser>[0], phone: string): Promise<Browser> {
  const browser = openBrowser(app);
  await browser.submit("/login", { phone, password: PASSWORD });
  return browser;
}

interface FormSeen {
  readonly action: string;
  /** Fields that are typed into. */
  readonly typed: readonly string[];
  /** The others, as they stand there. */
  readonly rest: { readonly [name: string]: string };
}

const attribute = (tag: string, name: string) => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];

/** Posted forms as a page shows them. */
function formsOn(html: string): FormSeen[] {
  return [...html.matchAll(/<form [^>]*method="post"[^>]*>.*?<\/form>/gs)].map(([form]) => {
    const rest: { [name: string]: string } = {};
    const typed: string[] = [];
    for (const [tag, kind] of form.matchAll(/<(input|textarea|select|button)\b[^>]*>/g)) {
      const name = attribute(tag, "name");
      if (name === undefined || name === "form") continue;
      const isTyped = kind === "textarea" || (kind === "input" && !/type="(hidden|checkbox|radio|submit)"/.test(tag));
      if (isTyped) typed.push(name);
      else rest[name] = attribute(tag, "value") ?? "1";
    }
    // What a browser sends of a list that nobody has touched: its first entry. Anything else is refused before the typed fields are looked at.
    for (const [, name, options] of form.matchAll(/<select[^>]* name="([^"]*)"[^>]*>(.*?)<\/select>/gs))
      rest[name] = attribute(/<option\b[^>]*>/.exec(options)?.[0] ?? "", "value") ?? "";
    return { action: attribute(form, "action") ?? "", typed, rest };
  });
}

const BAD = `"><script>alert(1)</script><b onclick="x">'`;
const INJECTED = /<script(?! src="\/assets)|<style| style="| on[a-z]+="|<b /;

test("a tag typed into any field of any form stays text, there and on every page afterwards", async (t) => {
  const { app, cloud, routes, sync } = await opened();
  const browser = await loggedIn(app, PHONE);
  const pages = routes.filter(({ method }) => method === "GET").map(({ url }) => url);
  let shown = 0;
  const look = (visit: Visit, where: string) => {
    t.notRegex(visit.html, INJECTED, where);
    t.true(visit.status < 500, where + " answers " + visit.status);
    if (visit.html.includes("&lt;script")) shown++;
  };
  const forms = new Map<string, FormSeen>();
  const gather = (visit: Visit) => formsOn(visit.html).forEach((form) => forms.set(form.action + " " + form.typed.join(), form));
  for (const url of [...pages, "/pay?main-24-7=100&review=1", "/pay/number?number=" + NUMBER]) gather(await browser.open(url));
  const outside = openBrowser(app);
  for (const url of ["/login", "/register", "/register/code", "/restore", "/restore/unknown"]) gather(await outside.open(url));
  const typing = [...forms.values()].filter(({ typed }) => typed.length > 0);
  t.log(`${forms.size} forms, ${typing.reduce((sum, { typed }) => sum + typed.length, 0)} fields`);
  t.true(typing.length >= 10, [...forms.keys()].join("\n"));
  for (const { action, typed, rest } of typing) {
    const by = /^\/(login|register|restore)/.test(action) ? outside : browser;
    // All of them bad, and each alone beside what was there: one bad field may keep another from being looked at.
    const all = Object.fromEntries(typed.map((name) => [name, BAD]));
    for (const fields of [all, ...typed.map((name) => ({ [name]: BAD })), { ...rest, ...all }])
      look(await by.submit(action, { ...rest, ...fields }), action + " " + Object.keys(fields).join());
    t.not((await by.post(action, { ...rest, ...all })).status, 404, action + " is there, and what is typed was looked at");
    for (const name of Object.keys(rest)) look(await by.submit(action, { ...rest, [name]: BAD }), action + " " + name);
  }
  await sync();
  t.true(
    (await cloud.store.letters.of(PHONE)).some(({ text }) => text === BAD),
    "and what may be any text is kept as it was typed",
  );
  for (const url of pages) look(await browser.open(url + "?" + new URLSearchParams({ number: BAD, from: BAD, "main-24-7": BAD })), url);
  t.true(shown >= 5, "what was typed is shown again somewhere: " + shown);
});

test("names that the office gave, with tags in them, are text to parents", async (t) => {
  const { app, cloud, routes, sync } = await opened();
  // As long as the shortest of them may be.
  const name = `"><script>1</script>`;
  await cloud.enqueueDirectives(SCHOOL, [
    { kind: "SetClass", id: 3, name },
    { kind: "SetMeal", id: 1, name, servedFrom: 0, closes: 1440, cutOffDays: 0, cutOffMinute: 1440 },
    { kind: "SetMealMenu", meal: 1, date: TODAY, dishes: [name] },
    {
      ...{ kind: "SetAccount", id: PUPIL, number: NUMBER as never, holder: "pupil", name, shortName: name, class: 3, category: 1 },
      ...{ debtLimit: null, status: "open" },
    },
  ]);
  await sync();
  const browser = await loggedIn(app, PHONE);
  let shown = 0;
  for (const { method, url } of routes) {
    if (method !== "GET") continue;
    const { html, answer } = await browser.open(url);
    if (!String(answer.headers["content-type"]).startsWith("text/html")) continue;
    t.notRegex(html, INJECTED, url);
    if (html.includes("&lt;script")) shown++;
  }
  t.true(shown >= 3, String(shown));
});

test("no address of another site leads anybody there, from whatever page or form", async (t) => {
  const { app, routes } = await opened();
  const browser = await loggedIn(app, PHONE);
  const names = ["here", "next", "to", "url", "return", "returnUrl", "redirect", "go", "back"];
  let led = 0;
  for (const { method, url } of routes)
    for (const elsewhere of ["//evil.example/", "https://evil.example/", "/\\evil.example"]) {
      if (url === "/logout" || url === "/profile/erase") continue;
      const fields = Object.fromEntries(names.map((name) => [name, elsewhere]));
      const query = url + "?" + new URLSearchParams(fields);
      const { location, status } = method === "GET" ? await browser.open(query) : await browser.post(query, fields, { referer: elsewhere });
      t.true(status < 500, method + " " + url);
      if (location === undefined) continue;
      led++;
      t.regex(location, /^\/(?![/\\])/, method + " " + url);
      t.false(location.includes("evil"), method + " " + url);
    }
  t.true(led >= 10, String(led));
});

test("a session that somebody has planted is not the one that a login opens", async (t) => {
  const { app } = await opened();
  const thief = await loggedIn(app, STRANGER);
  const planted = thief.cookies.get("trapeza_session")!;
  for (const value of [planted, "made-up"]) {
    const victim = openBrowser(app);
    victim.cookies.set("trapeza_session", value);
    victim.cookies.set("trapeza_visitor", thief.cookies.get("trapeza_visitor")!);
    await victim.open("/");
    await victim.post("/login", { phone: PHONE, password: PASSWORD });
    t.not(victim.cookies.get("trapeza_session"), value);
    t.not(victim.cookies.get("trapeza_visitor"), thief.cookies.get("trapeza_visitor"));
    t.true((await victim.open("/profile")).text.includes("Анна"));
  }
  t.true((await thief.open("/profile")).text.includes("Борис"), "the planted one opens what it opened before");
});

test("of all codes for a phone fifteen can be tried in an hour, from however many browsers", async (t) => {
  const { app } = await opened();
  const phone = "79001234599";
  const typed = { phone, firstName: "Анна", surname: "Иванова", email: "a@example.ru", password: PASSWORD };
  let tried = 0;
  for (let i = 0; i < 12; i++) {
    const browser = openBrowser(app);
    if ((await browser.post("/register", typed)).status === 429) continue;
    // "000000" is right once in a million.
    for (let guess = 0; guess < 7; guess++)
      if ((await browser.post("/register/code", { code: "000000" })).text.includes("Код не подходит")) tried++;
  }
  t.is(tried, 15);
});

test("a till's password is guessed fifty times an hour by all guessers together, and is good again after that", async (t) => {
  const { app, cloud, clock, gateway, sync } = await opened();
  const salt = new Uint8Array(16).fill(3);
  const digest = new Uint8Array(scryptSync(CODE, salt, 32, { N: 16384, r: 8, p: 1 }));
  const validThrough = (TODAY + 14) as BusinessDate;
  gateway.write({ kind: "AccessCodeIssued", terminal: TILL, staff: 2, account: PUPIL, salt, digest, validThrough });
  await sync();
  const guess = (phone: string, code: string) =>
    openBrowser(app).post("/restore/till", { phone, number: NUMBER, code, password: "новый пароль" });
  // One after another: ten guesses a name, and names are free.
  for (let i = 0; i < 60; i++) t.is((await guess(String(79_110_000_000 + Math.floor(i / 10)), String(i).padStart(10, "0"))).status, 400);
  t.is((await guess(PHONE, CODE)).status, 400, "the right one is not even looked at");
  t.true((await cloud.store.people.guardian(PHONE)) !== null);
  clock.nowMs += HOUR_MS;
  t.is((await guess(PHONE, CODE)).location, "/login");
  t.is((await openBrowser(app).post("/login", { phone: PHONE, password: "новый пароль" })).location, "/");
});
