import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import test from "ava";
import { equalBytes } from "@trapeza/protocol";
import type { EventsAnswer } from "@trapeza/protocol";
import { createCloud } from "../cloud.js";
import type { Cloud } from "../cloud.js";
import { DIRECTIVES, HOUSE, NOW_MS, TODAY, createTestGateway, gatewayKey } from "../_gateway.test.js";
import type { TestGateway } from "../_gateway.test.js";
import { verifySchool } from "../verify.js";
import { startPair } from "./_pair.test.js";
import { addressesOf, withLogin } from "./place.js";
import { openPostgres, openSnapshot } from "./postgres.js";

const SCHOOLS = [24, 25, 26, 27];
const TOP_UPS = 300;
const ENTRIES_AN_UPLOAD = 5;
/** Killed when so many uploads have been acknowledged, with others under way; the second half of each journal is sent behind that. */
const BLOW_AT = 60;
const DEADLINE_MS = 90_000;
const quiet = () => undefined;

test("a connection string names one server or several, with one login", (t) => {
  const one = "postgres://me:secret@127.0.0.1:5432/base?sslmode=disable";
  t.deepEqual(addressesOf(one), [one]);
  t.deepEqual(addressesOf("postgres://me@a:1,b/base"), ["postgres://me@a:1/base", "postgres://me@b/base"]);
  t.deepEqual(addressesOf("postgres://a,b"), ["postgres://a", "postgres://b"]);
  t.is(withLogin("postgres://me:old@a:1,b:2/base", "trapeza of base", "p/w"), "postgres://trapeza%20of%20base:p%2Fw@a:1,b:2/base");
  t.is(withLogin("postgres://a/base", "me", "new"), "postgres://me:new@a/base");
});

test("the server is killed under load and its follower promoted: nothing acknowledged is lost, and the same cloud goes on", async (t) => {
  const pair = await startPair();
  const store = await openPostgres({ url: pair.url, onError: quiet });
  try {
    const cloud = await createCloud({
      ...{ store, house: HOUSE, seed: new Uint8Array(32).fill(1), now: () => NOW_MS },
      random: (bytes) => new Uint8Array(randomBytes(bytes)),
    });
    const gateways = await Promise.all(SCHOOLS.map((school) => schoolWithMoney(cloud, school)));
    let acknowledged = 0;
    const struck = (async () => {
      while (acknowledged < BLOW_AT) await sleep(5);
      await pair.kill();
    })();
    const promoted = struck.then(pair.promote);
    const refused = await Promise.all(gateways.map((gateway) => uploadAll(cloud, gateway, struck, () => acknowledged++)));
    await promoted;
    t.deepEqual(refused.flat(), []);

    const snapshot = await openSnapshot({ url: pair.follower, onError: quiet });
    for (const { row, entries } of gateways) {
      const stored = await snapshot.entries(row.school, 1, 0, entries.length + 1);
      t.is(stored.length, entries.length);
      t.true(stored.every(({ bytes }, i) => equalBytes(bytes, entries[i])));
      t.deepEqual(await verifySchool(snapshot, row.school, HOUSE), { school: row.school, entries: entries.length, troubles: [] });
    }
    await snapshot.close();
    await pair.becomes("select exists (select from pg_locks where locktype = 'advisory' and objid = 8727392) as done");
    await t.throwsAsync(openPostgres({ url: pair.url, onError: quiet }), { message: /another cloud is running/ });
  } finally {
    await store.close();
    await pair.stop();
  }
});

async function schoolWithMoney(cloud: Cloud, school: number): Promise<TestGateway> {
  await cloud.registerSchool({ id: school, label: String(school) });
  const gateway = createTestGateway(await cloud.registerGateway({ id: "g" + school, school, key: gatewayKey(1) }));
  gateway.openDay(TODAY);
  gateway.direct(...DIRECTIVES);
  for (let i = 0; i < TOP_UPS; i++)
    gateway.direct({ kind: "TopUp", account: 7, main: 100, additional: 100, source: "payment", reference: String(i) } as never);
  return gateway;
}

/** Goes on behind what was acknowledged and never back: a cloud that had lost any of it would see a gap. Returns refusals. */
async function uploadAll(cloud: Cloud, gateway: TestGateway, struck: Promise<void>, acknowledge: () => void): Promise<EventsAnswer[]> {
  const endMs = performance.now() + DEADLINE_MS;
  let from = 0;
  while (from < gateway.entries.length) {
    if (from >= gateway.entries.length / 2) await struck;
    const to = Math.min(from + ENTRIES_AN_UPLOAD, gateway.entries.length);
    try {
      const answer = await cloud.intake.receive(gateway.row, gateway.upload(from, to));
      if (answer.kind !== "Stored") return [answer];
      acknowledge();
      from = to;
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await sleep(50);
    }
  }
  return [];
}
