/** Cards made through Debian's own pcscd, whose reader and cards are virtual. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { cardKeys, cardMasters } from "@trapeza/gateway";
import { fromHex, toHex, type CardUid } from "@trapeza/protocol";
import { cloneOf, createBlankNtag, memoryOf, type Card } from "@trapeza/simulators";
import { run } from "../card-desk.js";
import { startVpcd, whyNoVpcd, type Vpcd } from "./_vpcd.test.js";
import { Refused, type CardReader } from "./contact.js";
import { makeCard, uidOf } from "./make.js";
import { openPcscReader, ReaderTrouble } from "./pcsc.js";

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

real(named("a MIFARE is issued, laid there again found whole, and another is issued in its place"), async (t) => {
  const [first, second] = [blank("31000001"), blank("31000002")];
  t.deepEqual(await made(first), { kind: "mifare", before: false, unseen: [] });
  t.deepEqual(KEYS.open("31000001" as CardUid, memoryOf(first).slice(64, 80)), { epoch: 0, counter: 1 });
  t.like(await made(first), { before: true });
  t.like(await made(second), { kind: "mifare", before: false });
  t.notDeepEqual(memoryOf(first).slice(64), memoryOf(second).slice(64), "each has its own");
});

real(named("a copy of an issued card is refused, and one with a key that everybody knows"), async (t) => {
  const original = blank("31000003");
  t.like(await made(original), { kind: "mifare" });
  t.is(await made(cloneOf(original)), "magic");
  t.is(await made(blank("31000004", { wakes: true })), "magic");
  t.is(await made(blank("31000005", { backdoor: bytes("a396efa4e24f") })), "backdoor");
  const frozen = blank("31000006");
  memoryOf(frozen).set(bytes("778788"), 15 * 64 + 48 + 6);
  t.is(await made(frozen), "default_key");
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
