/** Cards made through Debian's own pcscd, whose reader and cards are virtual. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { cardKeys, cardMasters } from "@trapeza/gateway";
import { fromHex, toHex, type CardRefusal, type CardUid } from "@trapeza/protocol";
import { cloneOf, createBlankNtag, memoryOf, personalise, type Card } from "@trapeza/simulators";
import { run } from "../card-desk.js";
import { startVpcd, whyNoVpcd, type Vpcd } from "./_vpcd.test.js";
import { makeBatch } from "./batch.js";
import { Refused, type CardReader } from "./contact.js";
import { makeCard, uidOf } from "./make.js";
import type { OfficeLine } from "./office.js";
import { openPcscReader, ReaderTrouble } from "./pcsc.js";
import { RUSSIAN } from "./words.ru.js";

const why = whyNoVpcd();
const real = why === null ? test.serial : test.serial.skip;
const named = (title: string) => (why === null ? title : `${title} (${why})`);
const KEYS = cardKeys(new Uint8Array(32).fill(7));
const never = new AbortController().signal;
const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;
const blank = (uid: string, traits: Partial<Card> = {}): Card => ({ uid: bytes(uid), kind: "pupil", label: "", ...traits });

let daemon: Vpcd;
let reader: CardReader;

test.before(async () => {
  if (why !== null) return;
  daemon = await startVpcd();
  reader = await openPcscReader({ socket: daemon.socket });
});
test.after.always(async () => {
  await reader?.close();
  await daemon?.close();
});

async function made(card: Card) {
  await daemon.lay(card);
  const contact = await reader.card(never);
  if (!contact) throw new Error("no card");
  try {
    return await makeCard({ contact, keys: KEYS, address: "meals.example/t?p=" }, await uidOf(contact));
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  } finally {
    await contact.release();
    await daemon.lay(null);
    await reader.removal(never);
  }
}

/** What is written on it, to be compared with what is written on it later. */
const bytesOf = (card: Card) => memoryOf(card).slice();

async function isRefused(t: ExecutionContext, card: Card, refusal: CardRefusal, why: string) {
  const before = bytesOf(card);
  t.is(await made(card), refusal, why);
  t.deepEqual(bytesOf(card), before, "nothing was written on it: " + why);
}

real(named("a MIFARE is issued with keys of its own in every sector, and laid there again it is found whole"), async (t) => {
  const [first, second] = [blank("31000001"), blank("31000002")];
  t.deepEqual(await made(first), { kind: "mifare", before: false, unseen: [] });
  t.deepEqual(KEYS.open("31000001" as CardUid, memoryOf(first).slice(64, 80)), { epoch: 0, counter: 1 });
  for (let sector = 0; sector < 16; sector++) {
    const [a, b] = (["A", "B"] as const).map((which) => toHex(KEYS.sector("31000001" as CardUid, which, sector)));
    t.is(toHex(memoryOf(first).slice(sector * 64 + 48, sector * 64 + 64)), a + "78778869" + b);
  }
  const issued = bytesOf(first);
  t.like(await made(first), { before: true });
  t.deepEqual(bytesOf(first), issued);
  t.like(await made(second), { kind: "mifare", before: false });
  t.notDeepEqual(bytesOf(second).slice(64), issued.slice(64), "each has its own");
});

/** The office's list with one child on it, and a person who lays one card after the other there. */
function deskWith(cards: Card[], isNew: (uid: string) => boolean) {
  const told: string[] = [];
  const ending = new AbortController();
  const office: OfficeLine = {
    work: async () => ({ school: "Школа", cards: [{ application: 6, name: "Иванов Иван", class: "3Б", number: "0242013137" }] }),
    async made({ application }, uid) {
      if (!isNew(uid)) return "known";
      told.push(application + " made " + uid);
      return "made";
    },
    refused: async ({ application }, uid, refusal) => void told.push(application + " " + refusal + " " + uid),
  };
  const person: CardReader = {
    ...reader,
    async card(signal) {
      const next = cards.shift();
      if (next) await daemon.lay(next);
      else ending.abort();
      return reader.card(signal);
    },
    async removal(signal) {
      await daemon.lay(null);
      await reader.removal(signal);
    },
  };
  const batch = { reader: person, office, keys: KEYS, address: "meals.example/t?p=", words: RUSSIAN, say: () => undefined };
  return { told, run: () => makeBatch({ ...batch, signal: ending.signal }) };
}

real(named("a card is issued again; the lost one, a classmate's and a copy that nothing betrays are refused"), async (t) => {
  const [lost, classmates, fresh] = [blank("31000011"), blank("31000012"), blank("31000013")];
  for (const card of [lost, classmates]) t.like(await made(card), { before: false });
  const silent = { ...cloneOf(classmates), magic: false };
  memoryOf(silent).set(bytesOf(classmates));
  personalise(lost, KEYS, { epoch: 1, counter: 17 });
  const used = bytesOf(lost);
  const desk = deskWith([lost, classmates, silent, fresh], (uid) => uid === "31000013");
  t.deepEqual(await desk.run(), { made: 1, refused: 3, left: 0 });
  t.deepEqual(desk.told, ["6 used 31000011", "6 known 31000012", "6 known 31000012", "6 made 31000013"]);
  t.deepEqual(bytesOf(lost), used, "its holder is not convicted by what the desk wrote");
  t.deepEqual(KEYS.open("31000013" as CardUid, memoryOf(fresh).slice(64, 80)), { epoch: 0, counter: 1 });
});

real(named("a copy of an issued card is refused, whatever it was copied to"), async (t) => {
  const original = blank("31000003");
  t.like(await made(original), { kind: "mifare" });
  await isRefused(t, cloneOf(original), "magic", "block 0 can be written");
  const sold = blank("31000007");
  memoryOf(sold).set(bytesOf(original).slice(16), 16);
  await isRefused(t, sold, "foreign_key", "an ordinary card, all but the maker's block copied to it");
  await isRefused(t, blank("31000004", { wakes: true }), "magic", "it wakes up for copies");
  await isRefused(t, blank("31000005", { backdoor: bytes("a396efa4e24f") }), "backdoor", "the maker's own key");
});

real(named("a card that keeps a key which everybody knows is refused, a new one and one that was issued"), async (t) => {
  const frozen = bytes("778788");
  const fresh = blank("31000006");
  memoryOf(fresh).set(frozen, 15 * 64 + 48 + 6);
  t.is(await made(fresh), "default_key");
  const leftover = personalise(blank("31000008"), KEYS);
  memoryOf(leftover).set(bytes("ffffffffffff" + "77878869" + "ffffffffffff"), 9 * 64 + 48);
  t.is(await made(leftover), "default_key");
});

real(named("an NTAG 424 is issued"), async (t) => {
  const uid = bytes("04310000070101");
  const random = (count: number) => new Uint8Array(count).map((_, at) => at * 7 + 1);
  const card = blank(toHex(uid), { sak: 0x20, ntag: createBlankNtag(uid, random) });
  t.deepEqual(await made(card), { kind: "ntag", before: false, unseen: [] });
  t.like(await made(card), { before: true });
});

real(named("the command makes the office's list at this reader and reports each card; a stranger's key makes none"), async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-card-desk-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const [key, cards] = [join(folder, "desk.key"), join(folder, "cards.json")];
  writeFileSync(key, "desk-key\n");
  writeFileSync(cards, JSON.stringify({ school: 24, masters: cardMasters(new Uint8Array(32).fill(7)) }));
  const posted: unknown[] = [];
  const office = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      if (body !== "") posted.push([request.url, JSON.parse(body)]);
      response.statusCode = request.headers.authorization === "Bearer desk-key" ? 200 : 401;
      const job = { application: 5, name: "Иванов Иван", class: "3Б", number: "0242013137" };
      response.end(JSON.stringify(body === "" ? { school: "Школа", cards: [job] } : { came: "made" }));
    });
  });
  office.listen(0, "127.0.0.1");
  await once(office, "listening");
  t.teardown(() => void office.close());
  process.env.TRAPEZA_PCSCD_SOCKET = daemon.socket;
  const url = "http://127.0.0.1:" + (office.address() as AddressInfo).port;
  const given = (school: string) => ["--cloud", url, "--school", school, "--key", key, "--cards", cards];
  t.is(await run(given("25"), never), 1, "another school's keys");
  const card = blank("31000009");
  await daemon.lay(card);
  const running = run(given("24"), never);
  while (posted.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  await daemon.lay(null);
  t.is(await running, 0);
  t.deepEqual(posted, [["/card-desk/24/made", { application: 5, uid: "31000009" }]]);
  t.deepEqual(KEYS.open("31000009" as CardUid, memoryOf(card).slice(64, 80)), { epoch: 0, counter: 1 });
  writeFileSync(key, "stranger");
  t.is(await run(given("24"), never), 1);
  t.is(await run(["--cloud", url], never), 2);
});

real(named("a reader that is not there is one sentence"), async (t) => {
  await t.throwsAsync(openPcscReader({ socket: daemon.socket, reader: "Omnikey" }), { instanceOf: ReaderTrouble, message: /Omnikey/ });
  await t.throwsAsync(openPcscReader({ socket: daemon.socket + ".not" }), { instanceOf: ReaderTrouble, message: /ENOENT/ });
});
