import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { cardKeys, keysFrom } from "@trapeza/gateway";
import { fromHex, type CardUid } from "@trapeza/protocol";
import { cloneOf, memoryOf, type Card } from "@trapeza/simulators";
import { createVirtualReader } from "./_virtual-reader.test.js";
import { makeBatch } from "./batch.js";
import { loadCardKeys, saveCardKeys } from "./key-file.js";
import { OfficeTrouble, type Job, type OfficeLine } from "./office.js";
import { ENGLISH } from "./words.en.js";
import { RUSSIAN } from "./words.ru.js";

const KEYS = cardKeys(new Uint8Array(32).fill(7));
const SECRET = randomBytes(32).toString("hex");
const SETTINGS = {
  ...{ dataDir: "data", house: "trapeza.example", school: 24, epoch: 1 },
  gatewaySeed: randomBytes(32).toString("hex"),
  statusPassword: "five small keys",
};
const JOBS: readonly Job[] = [
  { application: 5, name: "Иванов Иван", class: "3Б", number: "0242013137" },
  { application: 6, name: "Петрова Анна", class: "3Б", number: "0242013145" },
];
const blank = (uid: string, traits: Partial<Card> = {}): Card => ({ uid: fromHex(uid) as Uint8Array, kind: "pupil", label: "", ...traits });

/** The office in memory, and a person at the desk who lays one card after the other there, and stops when they have no more. */
function atDesk(cards: Card[], known: readonly string[] = []) {
  const told: string[] = [];
  const said: string[] = [];
  const ending = new AbortController();
  const reader = createVirtualReader();
  let isAway = false;
  const office: OfficeLine = {
    work: async () => ({ school: "Школа", cards: JOBS }),
    async made({ application }, uid) {
      if (isAway) throw new OfficeTrouble(0);
      if (known.includes(uid)) return "known";
      told.push(application + " made " + uid);
      return "made";
    },
    refused: async ({ application }, uid, refusal) => void told.push(application + " " + refusal + " " + uid),
  };
  const person = {
    ...reader,
    async card(signal: AbortSignal) {
      if (cards.length === 0) ending.abort();
      else reader.lay(cards.shift() as Card);
      return reader.card(signal);
    },
    async removal() {
      reader.lay(null);
    },
  };
  const run = () =>
    makeBatch({
      ...{ reader: person, office, keys: KEYS, address: "meals.example/t?p=", words: RUSSIAN, signal: ending.signal },
      say: (line) => void said.push(line),
    });
  return { told, said, run, away: () => void (isAway = true) };
}

test("the list is made card by card; what will not do is told, and the same child waits for another", async (t) => {
  const good = blank("41000001");
  const desk = atDesk([blank("41000002", { magic: true }), good, blank("41000003")]);
  t.deepEqual(await desk.run(), { made: 2, refused: 1, left: 0 });
  t.deepEqual(desk.told, ["5 magic 41000002", "5 made 41000001", "6 made 41000003"]);
  t.is(desk.said[1], "1 из 2: 3Б Иванов Иван, лицевой счёт 0242013137. Положите чистую карту на считыватель.");
  t.regex(desk.said[2], /её номер можно переписать/);
  t.truthy(KEYS.open("41000001" as CardUid, memoryOf(good).slice(64, 80)));
});

test("a copy that nothing gives away is refused, because the office has a card of its number", async (t) => {
  const original = blank("41000004");
  await atDesk([original]).run();
  const copy = { ...cloneOf(original), magic: false };
  const desk = atDesk([copy], ["41000004"]);
  t.deepEqual(await desk.run(), { made: 0, refused: 1, left: 2 });
  t.deepEqual(desk.told, ["5 known 41000004"]);
});

test("a card made while the office was away is found whole and counted when it is laid there again", async (t) => {
  const card = blank("41000005");
  const first = atDesk([card]);
  first.away();
  await t.throwsAsync(first.run(), { instanceOf: OfficeTrouble });
  t.deepEqual(first.told, []);
  const second = atDesk([card]);
  t.like(await second.run(), { made: 1 });
  t.regex(second.said[2], /была записана раньше и цела/);
});

test("both languages name every refusal", (t) => {
  t.deepEqual(Object.keys(ENGLISH.refusals), Object.keys(RUSSIAN.refusals));
});

test("the cards' keys, taken from a gateway, are a file of their owner's, which makes the same cards as the gateway knows, and nothing but that", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-card-keys-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "cards.json");
  writeFileSync(join(folder, "settings.json"), JSON.stringify({ ...SETTINGS, schoolSecret: SECRET }));
  saveCardKeys(folder, file);
  t.throws(() => saveCardKeys(folder, file), { code: "EEXIST" }, "what is there is not overwritten");
  t.is(statSync(file).mode & 0o777, 0o600);
  t.false(readFileSync(file, "utf8").includes(SECRET), "the school's secret stays where it is");
  const kept = loadCardKeys(file);
  t.is(kept?.school, 24);
  const [uid, own] = ["41000006" as CardUid, cardKeys(fromHex(SECRET) as Uint8Array)];
  t.deepEqual(kept && keysFrom(kept.masters).sector(uid, "B"), own.sector(uid, "B"));
  t.deepEqual(kept && keysFrom(kept.masters).sun(uid), own.sun(uid));
  for (const bad of ["", "{}", '{"school":24,"masters":{"sectors":"00"}}', "[]", "null"]) {
    writeFileSync(file, bad);
    t.is(loadCardKeys(file), null, bad);
  }
});
