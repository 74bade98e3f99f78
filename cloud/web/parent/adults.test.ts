/** A second adult: invited by a link that is shown once, with rights that the first one chooses, changes and takes back. */
import test from "ava";
import { NOW_MS, PUPIL, SCHOOL, createTestSchool } from "../../_gateway.test.js";
import { createPinboard } from "../../people/messenger.js";
import { openBrowser, saying } from "../_browser.test.js";
import type { Browser } from "../_browser.test.js";
import { createApp } from "../app.js";

const PASSWORD = "каша манная";
const [MOTHER, GRANDMOTHER, OTHER] = ["79001234567", "79001234568", "79001234569"];
const CHILD = `/children/${SCHOOL}/${PUPIL}`;
const DAY_MS = 24 * 3600 * 1000;

async function opened() {
  const clock = { ms: NOW_MS };
  const { cloud, gateway } = await createTestSchool(undefined, () => clock.ms);
  const sent = createPinboard(cloud.now);
  const url = () => "https://meals.example";
  const app = await createApp({ cloud, messenger: sent, url, secureCookies: false, onError: () => undefined });
  await cloud.intake.receive(gateway.row, gateway.upload());
  const children = [{ school: SCHOOL, account: PUPIL }];
  await cloud.registerGuardian({ phone: MOTHER, name: "Иванова Анна", password: PASSWORD, children });
  await cloud.registerGuardian({ phone: GRANDMOTHER, name: "Петрова Вера", password: PASSWORD, children: [] });
  await cloud.registerGuardian({ phone: OTHER, name: "Сидорова Зоя", password: PASSWORD, children: [] });
  const as = async (phone: string): Promise<Browser> => {
    const browser = openBrowser(app);
    // Remembered: a test of days is not logged out meanwhile.
    await browser.submit("/login", { phone, password: PASSWORD, remember: "1" });
    return browser;
  };
  const mother = await as(MOTHER);
  /** The path of the link. */
  const invite = async (...right: string[]) => {
    await mother.open(CHILD + "/adults");
    const { html } = await mother.post(CHILD + "/adults", { right });
    return /id="link" value="https:\/\/meals\.example(\/join\/[A-Za-z0-9_-]{24})"/.exec(html)![1];
  };
  return { app, cloud, clock, sent, as, mother, invite };
}

const formOf = (html: string) => /action="([^"]*\/adults\/[0-9a-f]{16})"/.exec(html)![1];

test("the invited takes the link, sees what the first adult chose, and no longer when it is taken back", async (t) => {
  const { as, mother, invite } = await opened();
  const link = await invite("see", "order");
  const grandmother = await as(GRANDMOTHER);
  t.is((await grandmother.open(CHILD)).status, 404);
  const offer = await grandmother.open(link);
  for (const part of ["Иванова Анна открывает вам доступ", "Иван И.", "заказывать и отменять питание"])
    t.true(offer.text.includes(part), part);
  t.false(offer.text.includes("Иванович") || offer.text.includes("0242013137"), "who has not accepted sees no more than a passer-by");
  t.deepEqual(saying((await grandmother.submit(link, {})).html), { sentence: "Готово: ребёнок добавлен.", done: true });
  t.is((await grandmother.open(CHILD)).status, 200);
  t.is((await grandmother.open(CHILD + "/limits")).status, 404);
  t.false((await grandmother.open(CHILD + "/menu")).html.includes("/adults"), "no way to give rights on is shown");
  const list = await mother.open(CHILD + "/adults");
  t.true(list.text.includes("Петрова Вера") && list.text.includes("заканчивается на 4568"));
  t.false(list.html.includes(GRANDMOTHER));
  t.true((await mother.submit(formOf(list.html), { right: ["limits"] })).text.includes("права уже действуют"));
  t.deepEqual([(await grandmother.open(CHILD)).status, (await grandmother.open(CHILD + "/limits")).status], [404, 200]);
  t.is((await mother.post(formOf(list.html), {})).status, 400, "no right at all is no choice");
  const closed = () => mother.submit(formOf(list.html) + "/withdraw", {});
  t.deepEqual(saying((await closed()).html), { sentence: "Доступ закрыт.", done: true });
  const gone = { sentence: "У этого взрослого доступа уже нет, ничего не изменилось.", done: false };
  t.deepEqual(saying((await closed()).html), gone);
  t.deepEqual(saying((await mother.submit(formOf(list.html), { right: ["see"] })).html), gone);
  t.is((await grandmother.open(CHILD + "/limits")).status, 404);
  t.false((await mother.open(CHILD + "/adults")).text.includes("Петрова Вера"));
});

test("a link is good for one person and three days, and not after it was withdrawn", async (t) => {
  const { as, clock, mother, invite } = await opened();
  const [grandmother, other] = [await as(GRANDMOTHER), await as(OTHER)];
  const taken = await invite("see");
  await grandmother.submit(taken, {});
  t.is((await other.open(taken)).status, 404);
  const late = saying((await other.submit(taken, {})).html);
  t.regex(late?.sentence ?? "", /уже принято, отозвано или устарело/);
  t.false(late?.done);
  const withdrawn = await invite("pay");
  const { html } = await mother.open(CHILD + "/adults");
  t.false(html.includes(withdrawn), "the list does not show the link again");
  const form = /action="([^"]*\/invitations\/[0-9a-f]{16}\/withdraw)"/.exec(html)![1];
  t.deepEqual(saying((await mother.submit(form, {})).html), { sentence: "Приглашение отозвано.", done: true });
  t.false(saying((await mother.submit(form, {})).html)?.done, "nothing is left to withdraw: somebody may have come in by it");
  t.is((await other.open(withdrawn)).status, 404);
  const old = await invite("pay");
  clock.ms += 3 * DAY_MS - 1;
  t.is((await other.open(old)).status, 200);
  clock.ms += 1;
  t.is((await other.open(old)).status, 404);
  t.true((await other.submit(old, {})).text.includes("устарело"));
});

test("whoever has no account yet registers and comes back to the invitation by itself", async (t) => {
  const { app, sent, invite } = await opened();
  const link = await invite("pay");
  const nanny = openBrowser(app);
  t.true((await nanny.open(link)).text.includes("Сначала войдите или зарегистрируйтесь"));
  const typed = { phone: "79001234570", firstName: "Яна", surname: "Няня", email: "y@example.ru", password: PASSWORD };
  await nanny.post("/register", typed);
  await new Promise((resolve) => setImmediate(resolve));
  const code = /[0-9]{6}/.exec(sent.messages().find(({ kind }) => kind === "sms")!.text)![0];
  t.is((await nanny.post("/register/code", { code })).location, link);
  await nanny.open(link);
  const home = await nanny.submit(link, {});
  t.true(home.text.includes("Иван И.") && home.text.includes("Доступ вам открыл другой взрослый"));
  t.is((await nanny.post("/login", { phone: typed.phone, password: PASSWORD })).location, "/", "the invitation is not offered twice");
});

test("the child's own guardian loses nothing by taking an invitation, and six are enough", async (t) => {
  const { mother, invite, cloud } = await opened();
  const link = await invite("see");
  const own = saying((await mother.submit(link, {})).html);
  t.regex(own?.sentence ?? "", /уже есть, со всеми правами/);
  t.false(own?.done);
  t.is((await mother.open(link)).status, 200, "it is left for whom it was meant");
  t.is((await cloud.store.people.sights(MOTHER))[0].isOwn, true);
  for (let more = 1; more < 6; more++) await invite("see");
  t.true((await mother.post(CHILD + "/adults", { right: "see" })).text.includes("не больше шести"));
});

test("who no longer wants somebody else's child takes it away, and the child's own guardian keeps it", async (t) => {
  const { as, mother, invite } = await opened();
  const grandmother = await as(GRANDMOTHER);
  await grandmother.submit(await invite("pay"), {});
  t.true((await grandmother.open("/profile")).text.includes("Иван И."));
  await grandmother.submit(CHILD + "/unlink", {});
  t.false((await grandmother.open("/profile")).text.includes("Иван И."));
  t.is((await mother.open(CHILD)).status, 200);
});
