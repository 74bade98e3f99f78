/** A batch begun on the office's page in a real browser, made by the command at a virtual reader behind Debian's pcscd, and watched on the page. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { chromium, type Browser, type Page } from "playwright-core";
import { codeOf, stepAt, type RunningCloud } from "@trapeza/cloud";
import { cardKeys, cardMasters } from "@trapeza/gateway";
import { fromHex, toHex, type CardUid } from "@trapeza/protocol";
import { createBlankNtag, memoryOf, type Card } from "@trapeza/simulators";
import { run } from "../card-desk.js";
import { demoSchool, openCloud, staffOffice, tellCloud } from "../demo/school.js";
import { inventSecrets } from "../demo/secrets.js";
import { rootPath } from "../tree.js";
import { startVpcd, whyNoVpcd, type Vpcd } from "./_vpcd.test.js";

const program = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => existsSync(path),
);
const FLAGS = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-sync".split(
  " ",
);
const why = whyNoVpcd() ?? (program ? null : "there is no chromium in /usr/bin");
const real = why === null ? test.serial : test.serial.skip;
const named = (title: string) => (why === null ? title : `${title} (${why})`);
const PATIENCE_MS = 60_000;

const secrets = inventSecrets();
const KEYS = cardKeys(fromHex(secrets.schoolSecret) as Uint8Array);
const school = demoSchool();
/** Two who come for the first time, one whose card was lost and paid for, one who has not paid. */
const [first, second, loser, debtor] = school.pupils.slice(40);
const at = "/office/" + school.number;
const blank = (uid: string, traits: Partial<Card> = {}): Card => ({ uid: fromHex(uid) as Uint8Array, kind: "pupil", label: "", ...traits });

let folder: string;
let daemon: Vpcd;
let cloud: RunningCloud;
let browser: Browser;
let page: Page;

test.before(async () => {
  if (why !== null) return;
  folder = mkdtempSync(join(tmpdir(), "trapeza-desk-page-"));
  daemon = await startVpcd();
  process.env.TRAPEZA_PCSCD_SOCKET = daemon.socket;
  cloud = await openCloud(join(folder, "cloud"), 0, () => undefined);
  await tellCloud(cloud, school, secrets);
  await staffOffice(cloud, school, secrets);
  await apply();
  browser = await chromium.launch({ executablePath: program, args: FLAGS });
  page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "ru-RU" })).newPage();
  page.setDefaultTimeout(PATIENCE_MS);
});
test.after.always(async () => {
  await browser?.close();
  await cloud?.close();
  await daemon?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Applications as the operator has registered them; how they come so far is the office's own tests' matter. */
async function apply(): Promise<void> {
  const today = await cloud.office.today(school.number);
  const form = { applicant: "Родитель", isParent: true, phone: "79000000001", mail: "", papers: "[]", state: "registered" };
  const rows = [
    { account: first.id, kind: "first", cause: null, paid: null },
    { account: second.id, kind: "first", cause: null, paid: null },
    { account: loser.id, kind: "again", cause: "loss", paid: "чек 3" },
    { account: debtor.id, kind: "again", cause: "loss", paid: null },
  ].map((one) => ({ ...form, ...one, school: school.number, receivedOn: today, stateOn: today }));
  await cloud.office.database.insertInto("officeApplications").values(rows).execute();
}

const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
const row = (pupil: (typeof school.pupils)[number]) =>
  page.locator("tbody tr", { hasText: pupil.person.surname + " " + pupil.person.first });
const seen = (text: string, within = page.locator("main")) => within.getByText(text).first().waitFor();
const counted = (text: string) => page.locator("[role=status] strong", { hasText: text }).waitFor();

async function picture(name: string): Promise<void> {
  const artifacts = join(rootPath, "artifacts", "browser");
  mkdirSync(artifacts, { recursive: true });
  await page.screenshot({ path: join(artifacts, name + ".png"), fullPage: true });
}

/** The command as it runs at the desk, until it is ended. */
function startDesk() {
  const ending = new AbortController();
  const where = ["--cloud", cloud.url, "--school", String(school.number)];
  const running = run([...where, "--key", join(folder, "desk.key"), "--cards", join(folder, "cards.json")], ending.signal);
  return {
    running,
    end() {
      ending.abort();
      return running;
    },
  };
}

async function logIn(): Promise<void> {
  await page.goto(cloud.url + "/office/login");
  await page.fill("#login", "operator");
  await page.fill("#password", secrets.password);
  await page.click("button.main");
  await page.locator("#code").waitFor();
  await page.fill("#code", codeOf(fromHex(secrets.officeSecret) as Uint8Array, stepAt(Date.now())));
  await page.click("button.main");
  await page.waitForURL(cloud.url + "/office");
}

real(named("a desk is opened on its page; with a stranger's key or another school's cards the command makes nothing"), async (t) => {
  await logIn();
  await page.goto(cloud.url + "/office/desks");
  await page.getByLabel("Рабочее место").last().fill("Стол 1");
  await press("Открыть рабочее место");
  const key = await page.locator("code").innerText();
  const masters = cardMasters(fromHex(secrets.schoolSecret) as Uint8Array);
  writeFileSync(join(folder, "cards.json"), JSON.stringify({ school: school.number, masters }));
  writeFileSync(join(folder, "desk.key"), "stranger\n");
  t.is(await startDesk().running, 1);
  writeFileSync(join(folder, "desk.key"), key + "\n");
  const others = ["--cloud", cloud.url, "--school", "25", "--key", join(folder, "desk.key"), "--cards", join(folder, "cards.json")];
  t.is(await run(others, new AbortController().signal), 1);
  t.is(await run(["--cloud", cloud.url]), 2);
});

real(
  named("two first cards: begun on the page, a copy refused, stopped, the command ended and started again, gone on with, done"),
  async (t) => {
    await page.goto(cloud.url + at + "/batches");
    t.is(await page.locator("tbody input[type=checkbox]").count(), 3, "what is not paid for is not offered");
    await row(loser).getByRole("checkbox").uncheck();
    await press("Начать партию");
    await counted("0 из 2");
    const address = page.url();
    await daemon.lay(blank("51000001", { magic: true }));
    const desk = startDesk();
    await seen("Считыватель на связи");
    await seen("Отклонено карт: 1. Последняя: номер можно переписать", row(first));
    await daemon.lay(null);
    await seen("следующая: нужна чистая карта", row(first));
    const card = blank("51000002");
    await daemon.lay(card);
    await counted("1 из 2");
    await seen("записана и прочитана", row(first));
    await seen("51000002", row(first));
    await daemon.lay(null);
    await seen("следующая: нужна чистая карта", row(second));
    await picture("card-batch");
    await press("Остановить");
    await seen("остановлена");
    const late = blank("51000003");
    const before = memoryOf(late).slice();
    await daemon.lay(late);
    t.is(await desk.end(), 0);
    t.deepEqual(memoryOf(late), before, "nothing is written after the stop");
    await page.close();
    page = await browser.contexts()[0].newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const again = startDesk();
    await page.goto(address);
    await press("Продолжить");
    await counted("2 из 2");
    await seen("51000003", row(second));
    await daemon.lay(null);
    t.is(await again.end(), 0);
    for (const [uid, made] of [
      ["51000002", card],
      ["51000003", late],
    ] as const)
      // prettier-ignore
      t.deepEqual(KEYS.open(uid as CardUid, memoryOf(made).slice(64, 80)), { epoch: 0, counter: 1 });
  },
);

real(named("a lost card is made again, as an NTAG; the old one is worth nothing any more, and the trail knows who did what"), async (t) => {
  await page.goto(cloud.url + at + "/batches");
  await page.getByLabel("Карты", { exact: true }).selectOption("ntag");
  await press("Начать партию");
  await counted("0 из 1");
  const uid = fromHex("04510000070102") as Uint8Array;
  const random = (count: number) => new Uint8Array(count).map((_, index) => index * 7 + 1);
  await daemon.lay(blank("51000004"));
  const desk = startDesk();
  await seen("микросхема не та", row(loser));
  await daemon.lay(null);
  await seen("следующая: нужна чистая карта", row(loser));
  await daemon.lay(blank(toHex(uid), { sak: 0x20, ntag: createBlankNtag(uid, random) }));
  await counted("1 из 1");
  await daemon.lay(null);
  t.is(await desk.end(), 0);
  const { cards } = (await cloud.office.told(school.number)).school;
  const states = [...cards.values()].filter(({ account }) => account === loser.id).map((one) => [one.uid === toHex(uid), one.state]);
  t.deepEqual(states.sort(), [
    [false, "lost"],
    [true, "issued"],
  ]);
  await page.goto(cloud.url + "/office/trail?q=cards.batch");
  t.is(await page.locator("tbody tr").count(), 4, "begun, stopped, gone on with, begun");
  await page.goto(cloud.url + "/office/trail?q=cards.refuse");
  t.is(await page.locator("tbody tr", { hasText: "desk Стол 1" }).count(), 2);
  await page.goto(cloud.url + "/office/trail?q=cards.make");
  t.is(await page.locator("tbody tr", { hasText: "desk Стол 1" }).count(), 3);
});
