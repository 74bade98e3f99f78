/**
 * A parent's first page beside a bare Fastify route that asks PostgreSQL the very same questions and sends the rows as they are: what is between the two is
 * what knowing who asks, folding a card and drawing a page cost. Both run in this process; who opens them has a thread of its own.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp, createCloud, openPostgres, startPostgres, type Cloud } from "@trapeza/cloud";
import { gatewayOf, liveDay } from "./cloud/day.js";
import { takeUpload } from "./cloud/measure.js";
import { HOUSE, SCHOOL_NUMBER } from "./gateway/school.js";
import { speedOf, type Sampled } from "./gateway/measure.js";
import { openBare, questionsOf } from "./portal/bare.js";
import { visitFor, type Doors } from "./portal/visits.js";

interface Half {
  readonly perSecond: number;
  readonly p99Ms: number;
}

export interface PortalSpeed {
  readonly bare: Half;
  readonly page: Half;
  /** Pages a second by bare answers a second. */
  readonly ratio: number;
}

const PUPILS = 50;
/** About what a child leaves behind in the four weeks that the card reads. */
const SALES_A_PUPIL = 40;
/** By turns, so that a machine that gets slower or faster does so for both. */
const TURNS = 4;
const DAY_MS = 86_400_000;
const BATCH = 400;

export async function measurePortal(seconds: number): Promise<PortalSpeed> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-bench-portal-"));
  const cluster = await startPostgres(folder);
  const onError = (error: Error): void => console.error(error.message);
  const store = await openPostgres({ url: cluster.url, onError });
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  const cloud = await createCloud({ store, seed: random(32), house: HOUSE, now: Date.now, random });
  const app = await createApp({ cloud, secureCookies: false, onError });
  const bare = openBare(cluster.url);
  try {
    await fillSchool(cloud);
    const sessions = await Promise.all(Array.from({ length: PUPILS }, (_, i) => logIn(cloud, i + 1)));
    const [page, rows] = [app, bare.app].map((one) => one.listen({ host: "127.0.0.1", port: 0 }));
    const doors = {
      page: { url: (await page) + "/", cookies: sessions.map((token) => "trapeza_visitor=" + token + "; trapeza_session=" + token) },
      bare: { url: (await rows) + "/", cookies: sessions.map((_, i) => "guardian=" + i) },
    };
    for (const [i, cookie] of doors.page.cookies.entries()) bare.ask(await questionsOf(() => sawChild(doors.page.url, cookie, i + 1)));
    const took = await inTurns(doors, seconds);
    const halfOf = ({ samplesMs, seconds: wall }: Sampled): Half => {
      const { perSecond, p99Ms } = speedOf(samplesMs, wall);
      return { perSecond, p99Ms };
    };
    const [own, other] = [halfOf(took.page), halfOf(took.bare)];
    return { bare: other, page: own, ratio: Math.round((own.perSecond / other.perSecond) * 1000) / 1000 };
  } finally {
    await app.close();
    await bare.close();
    await store.close();
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fillSchool(cloud: Cloud): Promise<void> {
  const gateway = gatewayOf(SCHOOL_NUMBER, liveDay(PUPILS, PUPILS * SALES_A_PUPIL), BATCH);
  await cloud.registerSchool({ id: SCHOOL_NUMBER, label: "bench" });
  await cloud.registerGateway({ id: gateway.id, school: SCHOOL_NUMBER, key: gateway.key });
  for (const upload of [gateway.morning, ...gateway.day])
    if (!(await takeUpload(cloud, gateway.id, upload))) throw new Error("the school of the bench was not stored");
}

/** A guardian of one child, and a session of theirs: how one logs in is not measured here. */
async function logIn(cloud: Cloud, account: number): Promise<string> {
  const phone = String(79_000_000_000 + account);
  await cloud.registerGuardian({ phone, name: "Parent " + account, password: "bench", children: [{ school: SCHOOL_NUMBER, account }] });
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  await cloud.store.people.putSession(hash, { phone, createdMs: Date.now(), expiresMs: Date.now() + DAY_MS, agent: "bench" });
  return token;
}

/** Opens the page once; throws when it is not the page of this child. */
async function sawChild(url: string, cookie: string, account: number): Promise<void> {
  const text = await (await fetch(url, { headers: { cookie } })).text();
  if (!text.includes(`<h2>Pupil ${account}</h2>`)) throw new Error("the page of pupil " + account + " does not show them");
}

async function inTurns<Name extends string>(
  doors: { readonly [name in Name]: Doors },
  seconds: number,
): Promise<{ [name in Name]: Sampled }> {
  const names = Object.keys(doors) as Name[];
  const rounds: { [name in Name]?: Sampled[] } = {};
  for (let turn = 0; turn < TURNS; turn++)
    for (const name of names) (rounds[name] ??= []).push(await visitFor(doors[name], seconds / TURNS));
  const whole = (name: Name): Sampled => ({
    samplesMs: rounds[name]!.flatMap(({ samplesMs }) => samplesMs),
    seconds: rounds[name]!.reduce((sum, { seconds: wall }) => sum + wall, 0),
  });
  return Object.fromEntries(names.map((name) => [name, whole(name)])) as { [name in Name]: Sampled };
}

/** `npm run bench -- portal [--seconds N] [--json]`. */
export async function benchPortal(json: boolean, seconds: number): Promise<number> {
  console.log(
    `${PUPILS} parents open the page of their child, ${SALES_A_PUPIL} purchases each; then a bare route with the same SQL, ${seconds} s each.`,
  );
  const result = await measurePortal(seconds);
  for (const name of ["bare", "page"] as const)
    console.log(`${name}: ${result[name].perSecond} a second, 99 of 100 within ${result[name].p99Ms} ms`);
  if (json) console.log(JSON.stringify(result));
  return 0;
}
