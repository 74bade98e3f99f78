import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import type { ExecutionContext } from "ava";
import { createRealClock, handAt, type Hand, type Terminal } from "@trapeza/simulators";
import { verifyJournalFile } from "@trapeza/gateway";
import { childrenOf, HOUSE, openCloud } from "./demo/school.js";
import { card, feedNote, openSchool, runTool, school, type Verdict } from "./_living-school.test.js";
import { eventIn } from "./verify/journal.js";

const verify = (folder: string, ...more: string[]): Promise<Verdict> => runTool("verify", "--data", folder, ...more);

async function sell(till: Hand): Promise<void> {
  await till.tap(card(school.staff.find((one) => one.role === "cashier") as { uid: string }));
  await till.until("Выберите блюда", 30_000);
  await till.press("Код");
  await till.type("1151");
  await till.press("Готово");
  await till.tap(card(childrenOf(school)[0]));
  await till.until("Подтвердить");
  await till.press("Подтвердить");
  await till.until(() => till.papers() > 0, 30_000);
}

/** Where the event of the first sale lies in the journal file. */
function placeOfSale(journal: string): { seq: number; offset: number } {
  const verified = verifyJournalFile(journal, { origin: null, key: null, cosigner: null });
  for (let seq = 0; seq < verified.size; seq++) {
    const entry = verified.entryAt(seq) as Uint8Array;
    if (eventIn(entry)?.body.kind === "BuffetSold") return { seq, offset: readFileSync(journal).indexOf(entry.subarray(16)) };
  }
  throw new Error("nothing was sold");
}

async function flipped(journal: string, offset: number, look: () => Promise<Verdict>): Promise<Verdict> {
  const bytes = readFileSync(journal);
  const other = Buffer.from(bytes);
  other[offset] ^= 1;
  writeFileSync(journal, other);
  try {
    return await look();
  } finally {
    writeFileSync(journal, bytes);
  }
}

test("a school's data is good while it runs, after a kill and when it has stopped; one flipped byte anywhere is named", async (t) => {
  t.timeout(600_000);
  const folder = mkdtempSync(join(tmpdir(), "trapeza-verify-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const running = await openSchool(folder);
  const clock = createRealClock();
  const hand = (terminal: Terminal): Hand => handAt(terminal, clock);
  try {
    await feedNote(hand(running.terminals[0]));
    await sell(hand(running.terminals[1]));
    const living = await verify(folder);
    t.is(living.code, 0, living.said);
    const backup = await runTool("backup", "--cloud", join(folder, "cloud"), "--to", join(folder, "backup"), "--house", HOUSE);
    t.is(backup.code, 0, backup.said);
    process.kill(running.gateway.pid(), "SIGKILL");
    const killed = await verify(folder);
    t.is(killed.code, 0, killed.said);
    await clockUntil(() => running.cloud.cloud.verifyLedger(school.number).then((found) => found.length === 0));
  } finally {
    await running.close();
  }
  const stopped = await verify(folder);
  t.is(stopped.code, 0, stopped.said);
  t.log(stopped.said);

  await backupIsGood(t, folder);

  const journal = join(folder, "gateway", "journal.sqlite");
  const { seq, offset } = placeOfSale(journal);
  const sale = await flipped(journal, offset + 9, () => verify(folder));
  t.is(sale.code, 1);
  t.true(sale.said.includes(`First bad event: ${seq}, BuffetSold, receipt №1, by the cloud's copy.`), sale.said);
  const size = readFileSync(journal).length;
  for (let i = 0; i < 12; i++) {
    const at = Math.floor(((i + Math.random()) * size) / 12);
    const { code, said } = await flipped(journal, at, () => verify(folder, "--journal-only"));
    t.is(code, 1, `byte ${at}: ${said}`);
    t.regex(said, /First bad event: \d+/, `byte ${at}`);
  }
});

/** Tried on a database of its own, and then brought back as another machine would: an empty folder, with the key and no other in it. */
async function backupIsGood(t: ExecutionContext, folder: string): Promise<void> {
  const [backup, other] = [join(folder, "backup"), join(folder, "other")];
  const drill = await runTool("backup", "drill", "--from", backup);
  t.is(drill.code, 0, drill.said);
  t.regex(drill.said, /1 school, [0-9,]+ events\.\nAll is well: this backup can be lived from\./);
  const restore = () => runTool("restore", "--from", backup, "--cloud", other);
  t.regex((await restore()).said, /cloud\.key is missing/);
  mkdirSync(other);
  writeFileSync(join(other, "cloud.key"), randomBytes(32).toString("hex") + "\n");
  t.regex((await restore()).said, /is not that of the cloud/);
  cpSync(join(folder, "cloud", "cloud.key"), join(other, "cloud.key"));
  const restored = await restore();
  t.is(restored.code, 0, restored.said);
  const cloud = await openCloud(other, 0, () => undefined);
  t.deepEqual(await cloud.cloud.verifyLedger(school.number), []);
  await cloud.close();
  await goesToAnotherOperator(t, folder);
}

async function goesToAnotherOperator(t: ExecutionContext, folder: string): Promise<void> {
  const [copy, number] = [join(folder, "copy"), String(school.number)];
  const taken = await runTool("school", "export", "--cloud", join(folder, "cloud"), "--school", number, "--to", copy, "--house", HOUSE);
  t.is(taken.code, 0, taken.said);
  const key = /told by another way than the folder: (\S+)/.exec(taken.said)?.[1] ?? "";
  const brought = await runTool("school", "import", "--from", copy, "--cloud", join(folder, "operator"), "--key", key);
  t.is(brought.code, 0, brought.said);
  t.regex(brought.said, /[0-9,]+ events verified, [0-9,]+ accounts equal to the kopeck\./);
}

async function clockUntil(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error("it did not come about in 20 s");
}

test("a folder without a school, and a slip on the command line, are said in a sentence", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-verify-"));
  const nothing = await verify(folder);
  t.is(nothing.code, 1);
  t.regex(nothing.said, /^There is no gateway in .*settings\.json is missing/m);
  t.is((await verify(folder, "--jurnal-only")).code, 2);
});
