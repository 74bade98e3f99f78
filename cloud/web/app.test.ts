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
import { SCHOOL, createTestSchool } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import { sha256 } from "../crypto.js";
import { createMemoryStore } from "../store/memory.js";
import type { Store } from "../store/store.js";
import { openBrowser } from "./_browser.test.js";
import { createApp } from "./app.js";
import { STYLE_PATH } from "./assets.js";

const PASSWORD = "каша манная";
const PHONE = "+7 900 123-45-67";

async function opened(store?: Store) {
  const { cloud, gateway } = await createTestSchool(store);
  const errors: Error[] = [];
  const app = await createApp({ cloud, secureCookies: false, onError: (error) => errors.push(error) });
  return { app, cloud, gateway, errors };
}

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

test("who waits for a directive when the cloud closes is answered before its database is gone", async (t) => {
  const memory = createMemoryStore();
  let isGone = false;
  const store: Store = {
    ...memory,
    // A database takes a while, as this one does not.
    directives: async (...asked) => {
      await new Promise((done) => setImmediate(done));
      if (isGone) throw new Error("driver has already been destroyed");
      return memory.directives(...asked);
    },
  };
  const { app, gateway, errors } = await opened(store);
  const waiting = app.inject(signed(gateway, "GET", "/gateways/g24/directives?from=0&wait=20", 1));
  await new Promise((done) => setImmediate(done));
  await app.close();
  isGone = true;
  t.is((await waiting).statusCode, 200);
  t.deepEqual(errors, []);
});

const FORM = "application/x-www-form-urlencoded";

test("every page forbids scripts, styles and frames of others, and inline ones", async (t) => {
  const { app } = await opened();
  for (const url of ["/login", "/nowhere"]) {
    const { headers, body } = await app.inject(url);
    const policy = String(headers["content-security-policy"]);
    t.regex(policy, /default-src 'none'/);
    t.regex(policy, /frame-ancestors 'none'/);
    t.false(/unsafe|data:|https?:|\*/.test(policy), policy);
    t.false(/<script(?! src="\/assets)|<style| style=| on[a-z]+=/.test(body), body);
    t.is(headers["x-content-type-options"], "nosniff");
    t.is(headers["cache-control"], "no-store");
  }
});

test("a form posted from another site, or without this browser's token, changes nothing", async (t) => {
  const { app } = await opened();
  const browser = openBrowser(app);
  const fields = { language: "en", here: "/login" };
  const foreign = await browser.post("/language", fields, { origin: "https://evil.example" });
  const sandboxed = await browser.post("/language", fields, { origin: "null" });
  const stranger = openBrowser(app);
  await stranger.open("/login");
  const token = /name="form" value="([^"]*)"/.exec((await stranger.open("/login")).html)![1];
  const planted = await browser.post("/language", { ...fields, form: token });
  const unsigned = await app.inject({ method: "POST", url: "/language", payload: "language=en", headers: { "content-type": FORM } });
  t.deepEqual([foreign.status, sandboxed.status, planted.status, unsigned.statusCode], [403, 403, 403, 403]);
  t.true(planted.text.includes("Страница устарела"));
  t.false([...browser.cookies.values()].includes("en"));
  const own = await browser.post("/language", fields, { origin: "https://cloud.example" });
  t.deepEqual([own.status, own.location], [303, "/login"]);
  t.regex((await browser.open("/login")).html, /lang="en"/);
});

test("no form leads out of the house", async (t) => {
  const browser = openBrowser((await opened()).app);
  for (const here of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/ok\r\nx: y"])
    t.is((await browser.post("/language", { language: "en", here })).location, "/", here);
  t.is(
    (await browser.post("/language", { language: "ru", here: "/children/24/7?from=2018-01-01" })).location,
    "/children/24/7?from=2018-01-01",
  );
});

test("a token from before somebody logged in posts no more after it", async (t) => {
  const { app, cloud } = await opened();
  await cloud.registerGuardian({ phone: PHONE, name: "Анна", password: PASSWORD, children: [] });
  const browser = openBrowser(app);
  await browser.open("/login");
  const before = new Map(browser.cookies);
  await browser.post("/login", { phone: PHONE, password: PASSWORD });
  t.not(browser.cookies.get("trapeza_visitor"), before.get("trapeza_visitor"));
  t.is((await browser.post("/logout", {})).status, 403, "with the old token");
  await browser.open("/");
  t.is((await browser.post("/logout", {})).location, "/login");
  t.is((await browser.open("/")).location, "/login");
});

test("what goes wrong inside is told to the operator, not to the reader", async (t) => {
  const { app, cloud, errors } = await opened();
  cloud.store.people.session = () => Promise.reject(new Error("the disk is on fire"));
  const answer = await app.inject({ url: "/", headers: { cookie: "trapeza_session=x" } });
  t.is(answer.statusCode, 500);
  t.false(answer.body.includes("fire"));
  t.is(errors[0].message, "the disk is on fire");
});

test("style is asked for once in a browser's life, and travels packed", async (t) => {
  const { app } = await opened();
  const packed = await app.inject({ url: STYLE_PATH, headers: { "accept-encoding": "gzip, br" } });
  const bare = await app.inject(STYLE_PATH);
  t.is(packed.headers["content-encoding"], "br");
  t.true(packed.rawPayload.length * 3 < bare.rawPayload.length);
  t.regex(String(bare.headers["cache-control"]), /immutable/);
  t.true((await app.inject("/login")).body.includes(STYLE_PATH));
  for (const [, font] of bare.body.matchAll(/url\("([^"]*)"\)/g)) t.is((await app.inject(font)).statusCode, 200, font);
});
