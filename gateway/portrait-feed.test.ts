import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import {
  createVerifierKey,
  encode,
  encodePortrait,
  facesBytes,
  portraitAnswerSchema,
  portraitListSchema,
  portraitsToSign,
  toHex,
} from "@trapeza/protocol";
import { sha256 } from "./cipher.js";
import type { CloudTransport } from "./cloud-client.js";
import { cosigner } from "./journal/_journal.test.js";
import { PortraitFeed } from "./portrait-feed.js";
import { readPortrait } from "./portraits.js";

const ORIGIN = "trapeza.example/directives/24";
const KEY = createVerifierKey(sha256, "trapeza.example", "ed25519", cosigner.key.publicKey);
const [IVAN, ANNA] = ["0242013137", "0242013145"];
const face = (grey: number) => encodePortrait({ width: 4, height: 2, rows: new Uint8Array(4).fill(grey) });

/** A cloud with faces by number, and a feed that hears of them; `asked` are the paths it was asked. */
function world(t: ExecutionContext) {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-faces-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const faces = new Map<string, Uint8Array>();
  const asked: string[] = [];
  const warned: unknown[] = [];
  const cloud = { madeMs: 1000, origin: ORIGIN, status: 0, swap: null as Uint8Array | null };
  const answer: CloudTransport = async (_method, path) => {
    asked.push(path);
    if (cloud.status > 0) return { status: cloud.status, body: new Uint8Array(0) };
    const [, number] = /^\/portraits\/(.+)$/.exec(path) ?? [];
    if (number !== undefined) {
      const body = cloud.swap ?? faces.get(number);
      return body ? { status: 200, body } : { status: 404, body: new Uint8Array(0) };
    }
    const list = { madeMs: cloud.madeMs, faces: [...faces].map(([one, body]) => ({ number: one, hash: sha256(body) })) };
    if (path === "/portraits?seen=" + toHex(sha256(facesBytes(list)))) return { status: 204, body: new Uint8Array(0) };
    const raw = encode(portraitListSchema, list);
    return { status: 200, body: encode(portraitAnswerSchema, { list: raw, signature: cosigner.sign(portraitsToSign(cloud.origin, raw)) }) };
  };
  const log = { info: () => undefined, warn: (what: unknown) => void warned.push(what) };
  const open = () => new PortraitFeed({ transport: answer, folder, origin: ORIGIN, key: KEY, chance: () => 0, log });
  let feed = open();
  /** Steps until the feed wants to wait. */
  const settle = async (mayKeep = true) => {
    for (;;) {
      const { waitMs } = await feed.step(mayKeep);
      if (waitMs > 0) return waitMs;
    }
  };
  const shown = (number: string) => readPortrait(folder, number)?.rows[0] ?? null;
  return { ...{ cloud, faces, asked, warned, settle, shown, folder }, restart: () => void (feed = open()) };
}

test("a confirmed face comes to the gateway, is asked for once, is there after a start, and goes when the office takes it back", async (t) => {
  const { faces, asked, settle, shown, restart, folder } = world(t);
  faces.set(IVAN, face(0x11)).set(ANNA, face(0x22));
  t.is(await settle(), 60_000);
  t.deepEqual([shown(IVAN), shown(ANNA)], [0x11, 0x22]);
  restart();
  asked.length = 0;
  await settle();
  t.is(asked.length, 1, "only whether there is anything new");
  faces.set(ANNA, face(0x33));
  await settle();
  t.is(shown(ANNA), 0x33);
  faces.delete(IVAN);
  await settle();
  t.deepEqual([shown(IVAN), shown(ANNA)], [null, 0x33]);
  t.deepEqual(readdirSync(join(folder, "office")).sort(), [ANNA + ".grey", "list"]);
});

test("a face that was taken back goes though the power went in the middle, and though the disk has no room for a new list", async (t) => {
  const { faces, settle, shown, restart, folder } = world(t);
  faces.set(IVAN, face(0x11)).set(ANNA, face(0x22));
  await settle();
  const kept = readFileSync(join(folder, "office", IVAN + ".grey"));
  faces.delete(IVAN);
  await settle();
  // As if the power had gone before the picture did.
  writeFileSync(join(folder, "office", IVAN + ".grey"), kept);
  restart();
  t.deepEqual([shown(IVAN), shown(ANNA)], [null, 0x22]);
  faces.delete(ANNA);
  faces.set(IVAN, face(0x44));
  t.is(await settle(false), 60_000);
  t.deepEqual([shown(IVAN), shown(ANNA)], [null, null]);
  await settle();
  t.is(shown(IVAN), 0x44);
});

test("a gateway that another one has replaced keeps no face", async (t) => {
  const { cloud, faces, settle, shown, folder } = world(t);
  faces.set(IVAN, face(0x11));
  await settle();
  cloud.status = 404;
  await settle();
  t.is(shown(IVAN), 0x11, "no office is no reason");
  cloud.status = 409;
  t.is(await settle(), 3_600_000);
  t.is(shown(IVAN), null);
  t.false(existsSync(join(folder, "office")));
});

test("another school's list, one that nobody has signed, and an older one are not believed: what is here stays", async (t) => {
  const { cloud, faces, settle, shown, warned } = world(t);
  faces.set(IVAN, face(0x11));
  await settle();
  faces.set(IVAN, face(0x44));
  for (const wrong of [{ origin: "trapeza.example/directives/25" }, { madeMs: 999 }]) {
    Object.assign(cloud, wrong);
    await settle();
    t.is(shown(IVAN), 0x11);
    Object.assign(cloud, { origin: ORIGIN, madeMs: 1000 });
  }
  t.is(warned.length, 1, "said once, not every minute");
  await settle();
  t.is(shown(IVAN), 0x44);
});

test("a picture in another's place is not kept; the wrong one of before is gone already", async (t) => {
  const { cloud, faces, settle, shown } = world(t);
  faces.set(IVAN, face(0x11));
  await settle();
  faces.set(IVAN, face(0x55));
  cloud.swap = face(0x66);
  await settle();
  t.is(shown(IVAN), null);
});

test("a cloud that breaks off in the middle is asked again for what is missing, one without an office hardly ever", async (t) => {
  const { cloud, faces, settle, shown, asked, folder } = world(t);
  for (let number = 100; number < 130; number++) faces.set(String(number), face(number));
  const serve = faces.get.bind(faces);
  let served = 0;
  faces.get = (number) => {
    if (++served === 25) throw new Error("the line is cut");
    return serve(number);
  };
  t.is(await settle(), 60_000);
  await settle();
  for (let number = 100; number < 130; number++) t.is(shown(String(number)), number);
  t.is(asked.filter((path) => path.startsWith("/portraits/")).length, 31);
  cloud.status = 404;
  t.is(await settle(), 3_600_000);
  t.true(existsSync(join(folder, "office", "100.grey")));
});

test("a number that would lead out of the folder makes the whole list a bad one", async (t) => {
  const { faces, settle, folder } = world(t);
  faces.set("../../x", face(1));
  await settle();
  t.false(existsSync(join(folder, "office")));
});
