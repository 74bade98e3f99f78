import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { cardKeys, keysFrom } from "@trapeza/gateway";
import { fromHex, type CardUid } from "@trapeza/protocol";
import { cloneOf, memoryOf, type Card } from "@trapeza/simulators";
import { createVirtualReader, type VirtualReader } from "./_virtual-reader.test.js";
import { workAtDesk } from "./batch.js";
import { loadCardKeys, saveCardKeys } from "./key-file.js";
import { OfficeTrouble, openOfficeLine, type Chip, type Job, type OfficeLine, type Step } from "./office.js";
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

/** A promise, and what fulfils it. */
function signal(): [Promise<void>, () => void] {
  let fulfil = () => undefined as void;
  const promise = new Promise<void>((resolve) => (fulfil = resolve));
  return [promise, fulfil];
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Given {
  readonly known?: readonly string[];
  /** Made of the same application at another desk meanwhile. */
  readonly late?: readonly string[];
  readonly chip?: Chip;
  /** Heard before the office answers, and may change what it will say. */
  readonly on?: (what: Step | "made", state: OfficeState) => void;
  /** How long the office thinks about a question before it answers. */
  readonly thinks?: (what: Step | "work", reader: VirtualReader) => Promise<void> | void;
  /** The person lays nothing there before. */
  readonly ready?: Promise<void>;
}

interface OfficeState {
  isRunning: boolean;
  /** Questions that will not be answered, with this status. */
  away: number;
  status: number;
}

/**
 * The office in memory with one batch, and a person at the desk who lays one card after the other there, and goes home when they have no more, or nothing is
 * to be done. `"nothing"`: they lay nothing there until the desk no longer waits for it.
 */
function atDesk(cards: (Card | "nothing")[], given: Given = {}) {
  const { known = [], late = [], chip = "mifare", on = () => undefined, thinks = () => undefined, ready } = given;
  const told: string[] = [];
  const said: string[] = [];
  const made = new Set<number>();
  const ending = new AbortController();
  const reader = createVirtualReader();
  const state: OfficeState = { isRunning: true, away: 0, status: 0 };
  const answers = () => {
    if (state.away === 0) return;
    state.away--;
    throw new OfficeTrouble(state.status);
  };
  const left = () => (state.isRunning ? JOBS.filter(({ application }) => !made.has(application)) : []);
  const office: OfficeLine = {
    async work() {
      await thinks("work", reader);
      answers();
      const cards = left();
      return { school: "Школа", batch: cards.length === 0 ? null : { id: 3, chip, of: JOBS.length, cards } };
    },
    async step(_, job, step, uid) {
      on(step, state);
      answers();
      if (!left().includes(job)) return "stopped";
      await thinks(step, reader);
      if (step !== "asked") told.push(job.application + " " + step + " " + uid);
      return "go";
    },
    async made({ application }, uid) {
      on("made", state);
      answers();
      if (known.includes(uid)) return "known";
      if (late.includes(uid)) {
        made.add(application);
        return "stopped";
      }
      told.push(application + " made " + uid);
      made.add(application);
      return "made";
    },
    refused: async ({ application }, uid, refusal) => void told.push(application + " " + refusal + " " + uid),
  };
  const person = {
    ...reader,
    async card(signal: AbortSignal) {
      await ready;
      const next = cards.shift();
      if (next === undefined) ending.abort();
      if (next === "nothing") state.isRunning = false;
      else if (next) reader.lay(next);
      return reader.card(signal);
    },
    async removal() {
      reader.lay(null);
    },
  };
  const run = () =>
    workAtDesk({
      ...{ reader: person, office, keys: KEYS, address: "meals.example/t?p=", words: RUSSIAN, signal: ending.signal, pause: turn },
      say(line) {
        said.push(line);
        if (line === RUSSIAN.idle("Школа")) ending.abort();
      },
    });
  return { told, said, run, ending };
}

test("a batch is made card by card; what will not do is told, and the same child waits for another", async (t) => {
  const good = blank("41000001");
  const desk = atDesk([blank("41000002", { magic: true }), good, blank("41000003")]);
  t.deepEqual(await desk.run(), { made: 2, refused: 1 });
  t.deepEqual(desk.told, [
    ...["5 laid 41000002", "5 magic 41000002", "5 laid 41000001", "5 written 41000001", "5 made 41000001"],
    ...["6 laid 41000003", "6 written 41000003", "6 made 41000003"],
  ]);
  t.is(desk.said[1], "1 из 2: 3Б Иванов Иван, лицевой счёт 0242013137. Положите чистую карту на считыватель.");
  t.regex(desk.said[2], /её номер можно переписать/);
  t.regex(desk.said[4], /^2 из 2: 3Б Петрова/);
  t.truthy(KEYS.open("41000001" as CardUid, memoryOf(good).slice(64, 80)));
});

test("a copy that nothing gives away is refused, because the office has a card of its number", async (t) => {
  const original = blank("41000004");
  await atDesk([original]).run();
  const copy = { ...cloneOf(original), magic: false };
  const desk = atDesk([copy], { known: ["41000004"] });
  t.deepEqual(await desk.run(), { made: 0, refused: 1 });
  t.is(desk.told.at(-1), "5 known 41000004");
});

test("a blank of another chip than the batch's is refused, and nothing is written on it", async (t) => {
  const card = blank("41000007");
  const before = memoryOf(card).slice();
  const desk = atDesk([card], { chip: "ntag" });
  t.deepEqual(await desk.run(), { made: 0, refused: 1 });
  t.is(desk.told.at(-1), "5 other_chip 41000007");
  t.deepEqual(memoryOf(card), before);
});

test("a batch that is stopped while a blank lies there writes nothing on it", async (t) => {
  const card = blank("41000008");
  const before = memoryOf(card).slice();
  const desk = atDesk([card], { on: (what, state) => void (what === "laid" && (state.isRunning = false)) });
  t.deepEqual(await desk.run(), { made: 0, refused: 0 });
  t.deepEqual([desk.told, desk.said.at(-2), desk.said.at(-1)], [[], RUSSIAN.stopped, RUSSIAN.idle("Школа")]);
  t.deepEqual(memoryOf(card), before);
});

test("a batch that is stopped while the desk waits for a blank is let go of; a card that is written already is counted", async (t) => {
  const waiting = atDesk(["nothing", blank("41000009")]);
  t.deepEqual(await waiting.run(), { made: 0, refused: 0 });
  t.deepEqual(waiting.told, [], "nothing was asked of the second card");
  const written = atDesk([blank("4100000a")], { on: (what, state) => void (what === "written" && (state.isRunning = false)) });
  t.deepEqual(await written.run(), { made: 1, refused: 0 });
  t.is(written.told.at(-1), "5 made 4100000a");
});

test("a card of which another desk has made one meanwhile is nobody's, and the next child's serves", async (t) => {
  const desk = atDesk([blank("4100000d"), blank("4100000e")], { late: ["4100000d"] });
  t.deepEqual(await desk.run(), { made: 1, refused: 0 });
  t.true(desk.said.includes(RUSSIAN.nobodys));
  t.is(desk.told.at(-1), "6 made 4100000e");
});

test("a card waits neither for an office that is told that it is written, nor for one that is asked whether the batch still runs", async (t) => {
  const seen = { asked: 0, readBack: false };
  const [asked, ask] = signal();
  const [done, end] = signal();
  const desk = atDesk([blank("4100000f")], {
    ready: asked,
    async thinks(what, reader) {
      if (what === "work" && ++seen.asked === 2) {
        ask();
        await done;
      }
      if (what !== "written") return;
      const before = reader.commands();
      for (let turns = 0; turns < 1000 && reader.commands() === before; turns++) await turn();
      seen.readBack = reader.commands() > before;
    },
  });
  t.teardown(end);
  t.deepEqual(await desk.run(), { made: 1, refused: 0 });
  t.true(seen.readBack, "its bytes are read while the office thinks");
});

test("an office that takes a question and never answers it, or not to the end, is away", async (t) => {
  const silent = createServer((request, answer) => {
    if (request.url?.endsWith("/work")) answer.writeHead(200).write("{");
  });
  t.teardown(() => {
    silent.closeAllConnections();
    silent.close();
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const url = "http://127.0.0.1:" + (silent.address() as AddressInfo).port;
  const line = openOfficeLine({ url, school: 24, key: "k" }, 50);
  for (const ask of [() => line.work(), () => line.made(JOBS[0], "41000010" as CardUid)])
    t.is((await t.throwsAsync(ask(), { instanceOf: OfficeTrouble }))?.status, 0);
});

test("the desk asks again while the office is away or starting, says so once, and tells it of the card that lies there", async (t) => {
  for (const status of [0, 502]) {
    let isNear = true;
    const desk = atDesk([blank("41000005"), blank("41000006")], {
      on(what, state) {
        if (what === "made" && isNear) Object.assign(state, { away: 3, status });
        if (what === "made") isNear = false;
      },
    });
    t.deepEqual(await desk.run(), { made: 2, refused: 0 });
    t.is(desk.said.filter((line) => line === RUSSIAN.officeSilent).length, 1);
    t.is(desk.said.filter((line) => line === RUSSIAN.officeBack).length, 1);
    t.is(desk.told.filter((line) => line.includes(" made ")).length, 2);
  }
});

test("a desk that the office does not know ends; one that is ended while the office is away finds its card whole the next time", async (t) => {
  const stranger = atDesk([blank("4100000b")], { on: (_, state) => void Object.assign(state, { away: 1, status: 401 }) });
  await t.throwsAsync(stranger.run(), { instanceOf: OfficeTrouble });
  const card = blank("4100000c");
  const first: ReturnType<typeof atDesk> = atDesk([card], {
    on(what, state) {
      if (what !== "made") return;
      state.away = Infinity;
      first.ending.abort();
    },
  });
  await t.throwsAsync(first.run(), { instanceOf: OfficeTrouble });
  t.deepEqual(first.told, ["5 laid 4100000c", "5 written 4100000c"]);
  const second = atDesk([card]);
  t.deepEqual(await second.run(), { made: 1, refused: 0 });
  t.regex(second.said.find((line) => line.includes("Готова")) ?? "", /была записана раньше и цела/);
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
