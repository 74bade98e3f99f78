/** Every route of the program, as it is asked by somebody who must not see what is behind it. A new route is tried by being there. */
import test from "ava";
import { PUPIL, PUPIL_CARD, SCHOOL, createTestSchool } from "../../_gateway.test.js";
import { openBrowser } from "../_browser.test.js";
import { createApp } from "../app.js";

const PASSWORD = "каша манная";
/** Open to everybody: the door, the ways back in, paying by number, and what a page is made of. */
const OPEN =
  /^\/(login|logout|language|register|restore|email|pay|live\/pay|assets|worker\.js|manifest\.webmanifest|help|messages\/sent)(\/|$)/;
/** Asked by machines, which prove themselves by a signature; tried in their own tests. */
const MACHINES = /^\/(gateways|enrolments|payments)(\/|$)/;

async function opened() {
  const { cloud, gateway } = await createTestSchool();
  await cloud.intake.receive(gateway.row, gateway.upload());
  const routes: { method: string; url: string }[] = [];
  const app = await createApp({
    ...{ cloud, secureCookies: false, onError: () => undefined },
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
  return { app, cloud, people };
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
    const visit = method === "GET" ? await stranger.open(url) : await stranger.post(url, { meal: "1", date: "17549", dailyLimit: "1" });
    t.is(visit.status, 404, method + " " + url);
    t.false(visit.text.includes("Иванов") || visit.text.includes("0242013137"), url);
  }
  t.is(await cloud.store.directiveCount(SCHOOL), before, "the school was told nothing");
  t.deepEqual(await cloud.store.people.children("79001234567"), [{ school: SCHOOL, account: PUPIL }]);
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
