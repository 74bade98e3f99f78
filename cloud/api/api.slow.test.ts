/** Doors for machines: described as they are, and partners told of what is posted, on a real PostgreSQL. */
import { createHmac } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { kopecks } from "@trapeza/protocol";
import type { Kopecks } from "@trapeza/protocol";
import type { FastifyInstance } from "fastify";
import { CASHIER_CARD, NOW_MS, PUPIL, PUPIL_CARD, SCHOOL, TILL, createTestSchool } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import type { Cloud } from "../cloud.js";
import { openOffice } from "../office/office.js";
import type { Office } from "../office/office.js";
import { startPostgres } from "../store/cluster.js";
import type { Cluster } from "../store/cluster.js";
import { openPostgres } from "../store/postgres.js";
import type { PostgresStore } from "../store/postgres.js";
import { createApp } from "../web/app.js";
import { DESCRIPTION_PATH } from "./routes.js";
import { formatSecret, isCallGood, partnerSecret } from "./signature.js";
import type { CallHeaders } from "./signature.js";
import type { Partner, Told } from "./store.js";
import { createWebhooks, restAfter } from "./webhooks.js";

const MACHINES = /^\/(gateways|enrolments|payments|card-desk|partners|api|live|audit\/.+\/(checkpoint|consistency))(\/|$)/;
const DESCRIPTION = join(fileURLToPath(import.meta.url).split("/cloud/dist/")[0], "docs", "openapi.json");

let folder: string;
let cluster: Cluster;
let store: PostgresStore;
let office: Office;
let cloud: Cloud;
let gateway: TestGateway;
let app: FastifyInstance;
const routes: { method: string; url: string; isNoted: boolean }[] = [];
const cloudsKey = new Uint8Array(32).fill(5);
const secretOf = (partner: Pick<Partner, "id" | "salt">) =>
  new Uint8Array(createHmac("sha256", cloudsKey).update(partnerSecret(partner)).digest());
const partnerOf = (id: string, salt = "1") => ({ id, salt, school: SCHOOL, url: `https://${id}.example/hook` });
const keyOf = (id: string, salt?: string) => formatSecret(secretOf(partnerOf(id, salt)));

test.before(async () => {
  folder = await mkdtemp(join(tmpdir(), "trapeza-api-"));
  cluster = await startPostgres(folder);
  store = await openPostgres({ url: cluster.url, onError: () => undefined });
  ({ cloud, gateway } = await createTestSchool(store));
  office = await openOffice({ cloud, url: store.url, seed: new Uint8Array(32).fill(1), site: () => "", onError: () => undefined });
  app = await createApp({
    ...{ cloud, office, secureCookies: false, onError: () => undefined, partners: { store: store.partners, secretOf } },
    onRoute: ({ method, url, config }) => {
      const isNoted = config?.api !== undefined;
      for (const one of [method].flat()) if (one !== "HEAD") routes.push({ method: one, url, isNoted });
    },
  });
  gateway.direct({ kind: "OpeningBalance", account: PUPIL, main: 10000 as Kopecks, additional: 500000 as Kopecks });
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: 0 as Kopecks });
  await upload();
});

test.after.always(async () => {
  await app?.close();
  await office?.close();
  await store?.close();
  await cluster?.stop();
  await rm(folder, { recursive: true, force: true });
});

let uploaded = 0;
async function upload(): Promise<void> {
  const answer = await cloud.intake.receive(gateway.row, gateway.upload(uploaded));
  if (answer.kind !== "Stored") throw new Error(JSON.stringify(answer));
  uploaded = gateway.entries.length;
}

function sell(times: number): void {
  const sale = {
    kind: "Sale",
    payer: { by: "card", uid: PUPIL_CARD },
    lines: [{ dish: 11, quantity: 1 }],
    total: 3450 as Kopecks,
  } as const;
  for (let sold = 0; sold < times; sold++) gateway.ask(TILL, { ...sale, override: null, menuVersion: gateway.school.menuVersion });
}

const receive = (key: string) =>
  cloud.payments.receive({
    ...{ key, way: "network", fee: kopecks(0), settled: false },
    lines: [{ school: SCHOOL, account: PUPIL, purse: "main", sum: kopecks(300) }],
  });

/** A partner's end: keeps what comes, and answers as it is told to. */
function listener() {
  const calls: { headers: CallHeaders; body: string; told: readonly Told[] }[] = [];
  const clock = { ms: NOW_MS };
  const end = { status: 200, calls, clock };
  const call = async (_: string, headers: { readonly [name: string]: string }, body: string) => {
    calls.push({ headers: headers as unknown as CallHeaders, body, told: (JSON.parse(body) as { transactions: Told[] }).transactions });
    return end.status;
  };
  return { end, tick: createWebhooks({ store: store.partners, secretOf, call, now: () => clock.ms }).tick };
}

test.serial("every door for machines is described, and no page is one in disguise", async (t) => {
  const described = JSON.parse((await app.inject(DESCRIPTION_PATH)).body) as { openapi: string; paths: { [path: string]: object } };
  t.is(described.openapi, "3.1.0");
  for (const { method, url, isNoted } of routes) {
    if (MACHINES.test(url)) t.true(isNoted, method + " " + url);
    if (isNoted)
      t.truthy((described.paths[url.replace(/:([a-z]+)/g, "{$1}")] as { [method: string]: object })?.[method.toLowerCase()], url);
    if (isNoted || method !== "GET" || /^\/(assets|manifest)/.test(url)) continue;
    const type = String((await app.inject(url.replace(/:[a-z]+/gi, "1"))).headers["content-type"] ?? "text/html");
    t.regex(type, /^text\//, url + " answers " + type + " and is not described");
  }
});

test.serial("the description in docs/ is the one that is served", async (t) => {
  t.is(await readFile(DESCRIPTION, "utf8"), (await app.inject(DESCRIPTION_PATH)).body);
});

test.serial("a partner is told what is posted from the day on which it came, in its order, signed", async (t) => {
  sell(1);
  await upload();
  await store.partners.addPartner(partnerOf("kitchen"));
  const { end, tick } = listener();
  await tick();
  t.deepEqual(end.calls, [], "what was before is not news");
  sell(3);
  await upload();
  const order = await receive("hook");
  await tick();
  await tick();
  t.is(end.calls.length, 1);
  const [{ told, headers, body }] = end.calls;
  const kinds = told.map(({ number, kind }) => number + " " + kind);
  t.deepEqual(kinds, ["1 BuffetSold", "2 BuffetSold", "3 BuffetSold", "4 PaymentAuthorised"]);
  t.is(told[3].transaction, "order/" + order.number + "/PaymentAuthorised");
  for (const { postings } of told) t.is(postings.reduce((sum, { amount }) => sum + amount, 0), 0); // prettier-ignore
  const key = keyOf("kitchen");
  t.true(isCallGood(key, headers, body, NOW_MS + 60_000));
  t.false(isCallGood(key, headers, body.replace("3450", "3451"), NOW_MS), "changed on the way");
  t.false(isCallGood(key, { ...headers, "webhook-id": "kitchen.9-9" }, body, NOW_MS), "another's name");
  t.false(isCallGood(keyOf("city"), headers, body, NOW_MS), "another's key");
  t.false(isCallGood(key, headers, body, NOW_MS + 301_000), "played again later");
});

test.serial("who refuses is called again, later each time, with the same and what has come since; others do not wait", async (t) => {
  await store.partners.addPartner(partnerOf("city"));
  const { end, tick } = listener();
  end.status = 503;
  sell(2);
  await upload();
  await tick();
  t.is(end.calls.length, 2, "both were called");
  await tick();
  t.is(end.calls.length, 2, "and rest");
  end.clock.ms += restAfter(0);
  await tick();
  end.clock.ms += restAfter(0);
  await tick();
  t.is(end.calls.length, 4, "the second rest is longer");
  t.deepEqual([restAfter(0), restAfter(1), restAfter(99)], [5000, 10_000, 3600_000]);
  sell(1);
  await upload();
  end.status = 200;
  end.clock.ms += restAfter(1);
  await tick();
  const [last] = end.calls.slice(-1);
  t.is(last.told.length, 3);
  const taken = (await store.partners.partners()).map(({ id, delivered, failures }) => [id, delivered, failures].join(" "));
  t.deepEqual(taken, ["city 7 0", "kitchen 7 0"]);
});

test.serial("whatever is posted at once has numbers without gaps, and nothing is passed over by who listens meanwhile", async (t) => {
  const { end, tick } = listener();
  sell(5);
  const all = [upload(), ...Array.from({ length: 20 }, (_, i) => receive("at once " + i))];
  for (let listening = 0; listening < 10; listening++) await tick();
  await Promise.all(all);
  await tick();
  const mine = end.calls.filter(({ headers }) => headers["webhook-id"].startsWith("kitchen.")).flatMap(({ told }) => told);
  t.deepEqual(mine.map(({ number }) => number), Array.from({ length: 25 }, (_, i) => 8 + i)); // prettier-ignore
  t.is(new Set(mine.map(({ transaction }) => transaction)).size, 25);
});

test.serial("what was missed can be asked for, with the key and by nobody else", async (t) => {
  const ask = (path: string, key = keyOf("city")) => app.inject({ url: path, headers: { authorization: "Bearer " + key } });
  const { transactions } = (await ask("/partners/city/transactions?after=30")).json<{ transactions: Told[] }>();
  t.deepEqual(transactions.map(({ number }) => number), [31, 32]); // prettier-ignore
  const [first] = (await ask("/partners/city/transactions")).json<{ transactions: Told[] }>().transactions;
  t.is(first.number, 5, "city came when four had been posted, which are not for it");
  t.is((await ask("/partners/city/transactions?after=x")).statusCode, 400);
  for (const path of ["/partners/kitchen/transactions", "/partners/none/transactions"]) t.is((await ask(path)).statusCode, 401);
  t.is((await app.inject("/partners/city/transactions")).statusCode, 401);
});

test.serial("who has gone is told nothing; a name is taken once, a school has to be there", async (t) => {
  await t.throwsAsync(store.partners.addPartner(partnerOf("city")));
  await t.throwsAsync(store.partners.addPartner({ ...partnerOf("nowhere"), school: 999 }));
  for (const id of ["city", "kitchen"]) t.true(await store.partners.removePartner(id));
  t.false(await store.partners.removePartner("city"));
  const { end, tick } = listener();
  sell(1);
  await upload();
  await tick();
  t.deepEqual(end.calls, []);
  t.deepEqual(await cloud.verifyLedger(SCHOOL), []);
});

test.serial("a name that is given again opens nothing with its old key, and nothing of what was posted before", async (t) => {
  const { end, tick } = listener();
  await store.partners.addPartner(partnerOf("city", "2"));
  const ask = (key: string) => app.inject({ url: "/partners/city/transactions", headers: { authorization: "Bearer " + key } });
  t.is((await ask(keyOf("city", "1"))).statusCode, 401);
  t.deepEqual((await ask(keyOf("city", "2"))).json<{ transactions: Told[] }>().transactions, []);
  sell(1);
  await upload();
  await tick();
  const [{ headers, body, told }] = end.calls;
  t.is(told.length, 1);
  t.deepEqual(
    [isCallGood(keyOf("city", "2"), headers, body, NOW_MS), isCallGood(keyOf("city", "1"), headers, body, NOW_MS)],
    [true, false],
  );
  t.deepEqual((await ask(keyOf("city", "2"))).json<{ transactions: Told[] }>().transactions, told);
});
