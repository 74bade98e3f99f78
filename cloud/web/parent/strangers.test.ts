/** Every route of the program, as it is asked by somebody who must not see what is behind it. A new route is tried by being there. */
import test from "ava";
import type { Kopecks } from "@trapeza/protocol";
import { RIGHTS } from "../../people/shares.js";
import type { Right } from "../../people/shares.js";
import { PUPIL, PUPIL_CARD, SCHOOL, TODAY, createTestSchool } from "../../_gateway.test.js";
import { NOBODYS_IDENTITY, openBrowser, saying } from "../_browser.test.js";
import { createApp } from "../app.js";

const PASSWORD = "каша манная";
/** Open to everybody: the door, the ways back in, paying by number, and what a page is made of. */
const OPEN =
  /^\/(login|logout|language|register|restore|email|pay|live\/pay|assets|worker\.js|manifest\.webmanifest|help|about|audit|join|messages\/sent)(\/|$)/;
/** Asked by machines, which prove themselves by a signature; tried in their own tests. */
const MACHINES = /^\/(gateways|enrolments|payments|partners|api)(\/|$)/;

async function opened() {
  const { cloud, gateway } = await createTestSchool();
  await cloud.intake.receive(gateway.row, gateway.upload());
  const routes: { method: string; url: string }[] = [];
  const app = await createApp({
    ...{ cloud, secureCookies: false, onError: () => undefined, identity: NOBODYS_IDENTITY },
    onRoute: ({ method, url }) => {
      for (const one of [method].flat()) if (one === "GET" || one === "POST") routes.push({ method: one, url });
    },
  });
  for (const [phone, children] of [
    ["79001234567", [{ school: SCHOOL, account: PUPIL }]],
    ["79990000001", []],
  ] as const)
    // prettier-ignore
    await cloud.registerGuardian({ phone, name: "Анна", password: PASSWORD, children });
  const filled = (url: string) =>
    url
      .replace(":school", String(SCHOOL))
      .replace(":account", String(PUPIL))
      .replace(":uid", PUPIL_CARD)
      .replace(/:[a-z]+/gi, "unknown");
  const people = routes.filter(({ url }) => !MACHINES.test(url)).map(({ method, url }) => ({ method, pattern: url, url: filled(url) }));
  return { app, cloud, gateway, people };
}

test("without logging in every page but the open ones shows the door", async (t) => {
  const { app, people } = await opened();
  const closed = people.filter(({ url }) => !OPEN.test(url));
  t.true(closed.length >= 15, String(closed.length));
  for (const { method, url } of closed) {
    const browser = openBrowser(app);
    await browser.open("/login");
    const visit = method === "GET" ? await browser.open(url) : await browser.post(url, {});
    const isShown = visit.status === 303 && visit.location === "/login";
    t.true(isShown || visit.status === 401 || visit.status === 404, method + " " + url + " answers " + visit.status + " " + visit.location);
    t.false(visit.text.includes("Иванов"), url);
  }
});

test("another family's child exists in no route", async (t) => {
  const { app, cloud, people } = await opened();
  const stranger = openBrowser(app);
  await stranger.submit("/login", { phone: "79990000001", password: PASSWORD });
  const children = people.filter(({ pattern }) => pattern.includes(":account"));
  t.true(children.length >= 8, String(children.length));
  const before = await cloud.store.directiveCount(SCHOOL);
  for (const { method, url } of children) {
    const visit =
      method === "GET" ? await stranger.open(url) : await stranger.post(url, { meal: "1", date: String(TODAY), dailyLimit: "1" });
    t.is(visit.status, 404, method + " " + url);
    t.false(visit.text.includes("Иванов") || visit.text.includes("0242013137"), url);
  }
  t.is(await cloud.store.directiveCount(SCHOOL), before, "the school was told nothing");
  t.deepEqual(await cloud.store.people.children("79001234567"), [{ school: SCHOOL, account: PUPIL }]);
});

/** Which rights open a route about a child; "own": rights of others do not. A route that is not in here fails the test. */
const DOORS: { readonly [route: string]: readonly Right[] | "own" } = {
  "GET ": ["see"],
  "GET /statement.pdf": ["see"],
  "GET /statement.xlsx": ["see"],
  "POST /statement/mail": ["see"],
  "POST /statement/monthly": ["see"],
  "GET /live": ["see"],
  "GET /proof/:epoch/:index": ["see"],
  "GET /proof/:epoch/:index/text": ["see"],
  "GET /menu": ["see", "order"],
  "POST /orders": ["order"],
  "GET /limits": ["limits"],
  "POST /limits": ["limits"],
  "POST /cards/:uid/block": ["limits"],
  "POST /cards/:uid/unblock": ["limits"],
  "GET /adults": "own",
  "POST /adults": "own",
  "POST /adults/:adult": "own",
  "POST /adults/:adult/withdraw": "own",
  "POST /invitations/:invitation/withdraw": "own",
  "POST /unlink": RIGHTS,
};

test("a second adult comes through the doors of their rights and through no other, whatever the rights are", async (t) => {
  const { app, cloud, gateway, people } = await opened();
  gateway.direct(
    { kind: "OpeningBalance", account: PUPIL, main: 7654321 as Kopecks, additional: 0 as Kopecks },
    { kind: "SetMealMenu", meal: 1, date: TODAY, dishes: ["Каша"] },
  );
  const balance = gateway.entries.length - 2;
  await cloud.intake.receive(gateway.row, gateway.upload());
  const child = { school: SCHOOL, account: PUPIL };
  const routes = people.filter(({ pattern }) => pattern.includes(":account"));
  t.is(routes.length, Object.keys(DOORS).length);
  const phone = "79990000001";
  const browser = openBrowser(app);
  await browser.submit("/login", { phone, password: PASSWORD });
  for (let set = 1; set < 1 << RIGHTS.length; set++) {
    const rights = RIGHTS.filter((_, bit) => set & (1 << bit));
    const give = async () => {
      const tokenHash = String(set).padStart(64, "0");
      await cloud.store.people.putInvitation({ tokenHash, ...child, givenBy: "79001234567", rights, expiresMs: 1 });
      await cloud.store.people.takeInvitation(tokenHash, phone);
    };
    for (const { method, pattern, url } of routes) {
      await give();
      const name = method + " " + (pattern.startsWith("/live") ? "/live" : pattern.replace("/children/:school/:account", ""));
      const door = DOORS[name];
      const opens = door !== "own" && door.some((right) => rights.includes(right));
      const about = url.replace("/proof/unknown/unknown", "/proof/1/" + balance);
      const visit =
        method === "GET" ? await browser.open(about) : await browser.post(about, { meal: "1", date: String(TODAY), dailyLimit: "1" });
      t.is(visit.status !== 404, opens, name + " with " + rights.join());
      if (!rights.includes("see")) t.notRegex(visit.text, /76 543|7654321|Иванович|0242013137/, name + " with " + rights.join());
    }
    await give();
    for (const url of ["/", "/live/children", "/pay", "/pay?review=1", "/profile", "/letters", "/help", "/notices"]) {
      const { text } = await browser.open(url);
      t.is(
        /Иванович/.test(text),
        rights.includes("see") && !/help|notices/.test(url) && (!url.startsWith("/pay") || rights.includes("pay")),
        url + " with " + rights.join(),
      );
      if (!rights.includes("see")) t.notRegex(text, /76 543|7654321|0242013137/, url + " with " + rights.join());
      if (url === "/pay") t.is(/Иван И\.|Иванович/.test(text), rights.includes("pay"), url + " with " + rights.join());
    }
  }
});

test("where nobody vouches for people, the door says so as a refusal", async (t) => {
  const { app } = await opened();
  const browser = openBrowser(app);
  for (const [url, sentence] of [
    ["/login/identity", /Госуслуги сейчас не отвечает/],
    ["/login/identity/back?code=1&state=1", /Госуслуги/],
  ] as const) {
    t.is((await browser.open(url)).location, "/login");
    const said = saying((await browser.open("/login")).html);
    t.regex(said?.sentence ?? "", sentence);
    t.false(said?.done, url);
  }
  await browser.submit("/login", { phone: "79001234567", password: PASSWORD });
  const said = saying((await browser.submit("/profile/identity", { identityPassword: PASSWORD })).html);
  t.false(said?.done, "asked for from the profile as well");
});

test("no form is taken without the token of the browser that shows it", async (t) => {
  const { app, people } = await opened();
  const own = openBrowser(app);
  await own.submit("/login", { phone: "79001234567", password: PASSWORD });
  const forms = people.filter(({ method }) => method === "POST");
  t.true(forms.length >= 15, String(forms.length));
  for (const { url } of forms) {
    t.is((await own.post(url, { form: "stolen" })).status, 403, url);
    t.is((await own.post(url, {}, { origin: "https://evil.example" })).status, 403, url);
  }
  t.is((await own.open("/")).status, 200, "still logged in");
});

test("no page that a person asks for carries an inline script or style, whatever the query says", async (t) => {
  const { app, people } = await opened();
  const own = openBrowser(app);
  await own.submit("/login", { phone: "79001234567", password: PASSWORD });
  const bad = encodeURIComponent(`"><script>alert(1)</script>`);
  for (const { method, url } of people) {
    if (method !== "GET" || /^\/(assets|worker|manifest)/.test(url)) continue;
    const query = ["from", "to", "number", "main-24-7", "add", "go", "seen", "here"].map((name) => name + "=" + bad).join("&");
    const { html, answer } = await own.open(url + "?" + query);
    t.false(/<script(?! src="\/assets)|<style| style="| on[a-z]+="/.test(html), url);
    t.regex(String(answer.headers["content-security-policy"]), /default-src 'none'/, url);
  }
});
