/** Logging in with another's word for it: a browser's way there and back, and everything that must not open a door. */
import { existsSync } from "node:fs";
import test from "ava";
import type { ExecutionContext } from "ava";
import { createApp, createCloud, createMemoryStore } from "@trapeza/cloud";
import { chromium } from "playwright-core";
import type { Page } from "playwright-core";
import { openIdentityProvider } from "./identity.js";
import type { Lie } from "./identity.js";

const CHROMIUM = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);
const NOW_MS = Date.UTC(2026, 10, 20, 8);
const [ANNA, BORIS] = ["79001234567", "79990000001"];
const PASSWORD = "каша манная";
const BACK = "/login/identity/back";

/** A cloud that listens, with two guardians and somebody who vouches for people. */
async function opened(t: ExecutionContext) {
  const store = createMemoryStore();
  const clock = { nowMs: NOW_MS };
  const cloud = await createCloud({
    ...{ store, seed: new Uint8Array(32).fill(1), house: "trapeza.example", now: () => clock.nowMs },
    random: (bytes) => new Uint8Array(bytes),
  });
  for (const [phone, name] of [[ANNA, "Анна"], [BORIS, "Борис"]] as const)
    await cloud.registerGuardian({ phone, name, password: PASSWORD, children: [] }); // prettier-ignore
  let url = "";
  const client = { clientId: "trapeza", clientSecret: "secret" };
  const provider = await openIdentityProvider({ ...client, returnUrl: () => url + BACK, port: 0 });
  const letters: string[] = [];
  const errors: Error[] = [];
  const app = await createApp({
    ...{ cloud, secureCookies: false, onError: (error) => void errors.push(error), url: () => url },
    identity: { issuer: provider.url, ...client, name: "Госуслуги" },
    messenger: { send: async ({ to, subject, text }) => void letters.push(to + ": " + subject + "\n" + text) },
  });
  url = await app.listen({ host: "127.0.0.1", port: 0 });
  t.teardown(async () => {
    await app.close();
    await provider.close();
  });
  return { store, cloud, clock, provider, url, letters, errors };
}

interface Seen {
  readonly status: number;
  readonly location: string;
  readonly text: string;
}

/** A browser without a screen: keeps cookies, follows nothing by itself. */
function openReader(url: string) {
  const cookies = new Map<string, string>();
  const ask = async (to: string, fields: { readonly [name: string]: string } | null = null): Promise<Seen> => {
    const headers = { cookie: [...cookies].map(([name, value]) => name + "=" + value).join("; "), "accept-language": "ru" };
    const body = fields && new URLSearchParams(fields);
    const answer = await fetch(new URL(to, url), { method: body ? "POST" : "GET", body, headers, redirect: "manual" });
    if (to.startsWith("/") || to.startsWith(url))
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value, rest] = /^([^=]+)=([^;]*)(.*)$/.exec(line) as RegExpExecArray;
        if (value === "" || /Max-Age=0/i.test(rest)) cookies.delete(name);
        else cookies.set(name, value);
      }
    return { status: answer.status, location: answer.headers.get("location") ?? "", text: await answer.text() };
  };
  const reader = {
    ...{ cookies, ask },
    post: async (to: string, fields: { readonly [name: string]: string }, page = "/login") => {
      const form = /name="form" value="([^"]*)"/.exec((await ask(page)).text)?.[1] ?? "";
      return ask(to, { form, ...fields });
    },
    logIn: (phone: string) => reader.post("/login", { phone, password: PASSWORD }),
    /** At the provider's page, as this person; answers with the way back. */
    vouch: async (at: string, person: string, what = "enter") => (await ask(at, { person, do: what })).location,
    come: async (person: string) => ask(await reader.vouch((await ask("/login/identity")).location, person)),
    bind: async (person: string) => {
      const page = await reader.post("/profile/identity", { identityPassword: PASSWORD }, "/profile");
      return ask(await reader.vouch(hrefIn(page.text), person));
    },
    isIn: async (name: string) => (await ask("/profile")).text.includes("<h1>" + name + "</h1>"),
  };
  return reader;
}

/** A sentence that is said as a refusal, not with the tick of what was done. */
const isRefusal = (html: string, sentence: RegExp) =>
  sentence.test(/<div role="alert"><p class="note warning">.*?<\/p>/.exec(html)?.[0] ?? "");

const hrefIn = (html: string) => /class="button main" href="([^"]*)"/.exec(html)?.[1].replaceAll("&amp;", "&") ?? "";

test("an identity opens the account whose password has bound it, and no other", async (t) => {
  const { url, store, letters, provider } = await opened(t);
  await store.people.setContact(ANNA, { email: "anna@example.ru", isConfirmed: true, language: "ru" });
  const stranger = openReader(url);
  t.is((await stranger.come("anna")).location, "/login");
  t.true(isRefusal((await stranger.ask("/login")).text, /ещё не привязан/));
  const anna = openReader(url);
  await anna.logIn(ANNA);
  const refused = await anna.post("/profile/identity", { identityPassword: "не тот пароль" }, "/profile");
  t.is(refused.status, 400);
  t.is(hrefIn(refused.text), "", "nothing to go on with");
  t.is((await anna.bind("anna")).location, "/profile");
  t.deepEqual(letters.map((letter) => letter.split("\n")[0]), ["anna@example.ru: Новый способ входа"]); // prettier-ignore
  const other = openReader(url);
  t.is((await other.come("anna")).location, "/");
  t.true(await other.isIn("Анна"));
  t.is((await other.come("boris")).location, "/login", "another person of the same provider");
  const boris = openReader(url);
  await boris.logIn(BORIS);
  await boris.bind("anna");
  t.true(isRefusal((await boris.ask("/profile")).text, /уже привязан к другому кабинету/));
  t.is(await store.people.identified({ issuer: provider.url, subject: "anna" }), ANNA);
  await boris.bind("boris");
  await other.post("/profile/identity/end", {}, "/profile");
  t.is((await openReader(url).come("anna")).location, "/login");
  t.is((await openReader(url).come("boris")).location, "/", "somebody else's stays");
});

test("what somebody else has begun, or nobody, ends at the door", async (t) => {
  const { url, provider, clock, errors } = await opened(t);
  const anna = openReader(url);
  await anna.logIn(ANNA);
  await anna.bind("anna");
  const good = async (reader = openReader(url)) => ({
    reader,
    back: await reader.vouch((await reader.ask("/login/identity")).location, "anna"),
  });
  const victim = openReader(url);
  t.is((await victim.ask((await good()).back)).location, "/login", "a way back that was planted");
  await victim.ask("/login/identity");
  t.is((await victim.ask((await good()).back)).location, "/login", "planted while one's own is open");
  const twice = await good();
  t.is((await twice.reader.ask(twice.back)).location, "/");
  t.is((await twice.reader.ask(twice.back)).location, "/login", "the same way back again");
  const cancelled = openReader(url);
  t.is(
    (await cancelled.ask(await cancelled.vouch((await cancelled.ask("/login/identity")).location, "anna", "cancel"))).location,
    "/login",
  );
  const forged = await good();
  const [text] = forged.reader.cookies.get("trapeza_asked")!.split(".");
  const asked = JSON.parse(Buffer.from(text, "base64url").toString()) as object;
  const sealed = (more: object) => Buffer.from(JSON.stringify({ ...asked, ...more })).toString("base64url") + "." + "A".repeat(43);
  forged.reader.cookies.set("trapeza_asked", sealed({ phone: BORIS }));
  t.is((await forged.reader.ask(forged.back)).location, "/login", "a seal of one's own");
  const late = await good();
  clock.nowMs += 901_000;
  t.is((await late.reader.ask(late.back)).location, "/login", "after a quarter of an hour");
  for (const lie of ["nonce", "client", "issuer", "key", "time"] as const satisfies readonly Lie[]) {
    provider.lie = lie;
    errors.length = 0;
    const { reader, back } = await good();
    t.is((await reader.ask(back)).location, "/login", lie);
    t.is(errors.length, 1, lie + " is told to whoever runs the cloud");
    t.false(await reader.isIn("Анна"), lie);
  }
  provider.lie = null;
  const again = await good();
  t.is((await again.reader.ask(again.back)).location, "/");
});

test("a binding that was begun in one login is not ended in another's", async (t) => {
  const { url, store, provider } = await opened(t);
  const reader = openReader(url);
  await reader.logIn(ANNA);
  const page = await reader.post("/profile/identity", { identityPassword: PASSWORD }, "/profile");
  const back = await reader.vouch(hrefIn(page.text), "thief");
  await reader.post("/logout", {}, "/profile");
  await reader.logIn(BORIS);
  t.is((await reader.ask(back)).location, "/login");
  t.is(await store.people.identified({ issuer: provider.url, subject: "thief" }), null);
});

test("whoever comes back into an account by letter finds no identity that another one has bound; with the account it goes, too", async (t) => {
  const { url, store, letters } = await opened(t);
  await store.people.setContact(ANNA, { email: "anna@example.ru", isConfirmed: true, language: "ru" });
  const anna = openReader(url);
  await anna.logIn(ANNA);
  await anna.bind("thief");
  t.is((await openReader(url).come("thief")).location, "/");
  const comesBack = openReader(url);
  await comesBack.post("/restore", { email: "anna@example.ru" }, "/restore");
  const link = /\/restore\/[A-Za-z0-9_-]+/.exec(letters.join("\n"))?.[0] ?? "";
  t.is((await comesBack.post(link, { password: "новый пароль" }, link)).location, "/login");
  t.is((await openReader(url).come("thief")).location, "/login");
  t.true(await store.people.putIdentity(ANNA, { issuer: "i", subject: "s" }, NOW_MS));
  await store.people.eraseGuardian(ANNA);
  t.is(await store.people.identified({ issuer: "i", subject: "s" }), null);
});

test("a provider that is away is said so, and asked again", async (t) => {
  const { url, provider, errors } = await opened(t);
  provider.away = true;
  const reader = openReader(url);
  t.is((await reader.ask("/login/identity")).location, "/login");
  t.regex((await reader.ask("/login")).text, /Госуслуги сейчас не отвечает/);
  t.is(errors.length, 1);
  provider.away = false;
  t.true((await reader.ask("/login/identity")).location.startsWith(provider.url + "/authorize?"));
});

const withBrowser = CHROMIUM ? test : test.skip;
for (const scripts of [true, false])
  withBrowser(
    "bound and used in a browser, scripts " + (scripts ? "on" : "off") + (CHROMIUM ? "" : " (there is no chromium)"),
    async (t) => {
      t.timeout(120_000);
      const { url, provider } = await opened(t);
      const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
      t.teardown(() => browser.close());
      const context = await browser.newContext({ viewport: { width: 360, height: 640 }, javaScriptEnabled: scripts, locale: "ru-RU" });
      const page = await context.newPage();
      await page.goto(url + "/login");
      await page.fill("#phone", "+7 900 123-45-67");
      await page.fill("#password", PASSWORD);
      await arriving(page, url + "/", () => page.click("main form button.main"));
      await page.goto(url + "/profile");
      await page.fill("#identityPassword", PASSWORD);
      await arriving(page, url + "/profile/identity", () => page.click("form[action='/profile/identity'] button"));
      await arriving(page, provider.url, () => page.click("a.button.main"));
      await page.fill("#person", "anna");
      await arriving(page, url + "/profile", () => page.click("button[value=enter]"));
      t.regex(await page.innerText("main"), /можно входить через Госуслуги/);
      await context.clearCookies();
      await page.goto(url + "/login");
      await arriving(page, provider.url, () => page.click("a[href='/login/identity']"));
      await page.fill("#person", "anna");
      await arriving(page, url + "/", () => page.click("button[value=enter]"));
      await page.goto(url + "/profile");
      t.is(await page.innerText("h1"), "Анна");
    },
  );

async function arriving(page: Page, at: string, leave: () => Promise<void>): Promise<void> {
  await Promise.all([page.waitForURL((url) => at === url.origin || at === url.origin + url.pathname, { timeout: 30_000 }), leave()]);
}
