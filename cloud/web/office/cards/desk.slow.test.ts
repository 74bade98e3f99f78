/** The card desk as the office knows it: a key, batches begun on a page, what became of each card. */
import test from "ava";
import { PUPIL, SCHOOL, TODAY } from "../../../_gateway.test.js";
import { createTestOffice, photograph } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
let key = "";
let other = "";
const at = "/office/" + SCHOOL;
const papers = ["passport", "application", "consent", "data"];
const form = { kind: "first", applicant: "Иванова Анна Петровна", phone: "89001234567", mail: "", parent: "1", papers };

const keyIn = (html: string) => /<code>([^<]+)<\/code>/.exec(html)?.[1] ?? "";

interface Live {
  readonly version: string;
  readonly html: string | null;
}

test.before(async () => {
  all = await createTestOffice();
  await photograph(all, PUPIL);
});
test.after.always(() => all?.close());

async function ask(what: string, { body, as = key, school = SCHOOL }: { body?: object; as?: string; school?: number } = {}) {
  const answer = await all.app.inject({
    method: body ? "POST" : "GET",
    url: "/card-desk/" + school + "/" + what,
    headers: { authorization: "Bearer " + as },
    ...(body ? { payload: body } : {}),
  });
  return { status: answer.statusCode, said: answer.json() };
}

test.serial("a desk's key is shown once and kept as a hash; without it nothing is told or taken", async (t) => {
  t.is((await all.post("operator", "/office/desks", { name: "1" })).status, 400);
  t.is((await all.post("cards", "/office/desks", { name: "Стол 1" })).status, 403);
  key = keyIn((await all.post("operator", "/office/desks", { name: "Стол 1" })).html);
  t.regex(key, /^[A-Za-z0-9_-]{32}$/);
  t.false((await all.get("operator", "/office/desks")).html.includes(key));
  const rows = await all.office.database.selectFrom("officeDesks").selectAll().execute();
  t.false(JSON.stringify(rows).includes(key));
  for (const as of ["", "x", key.slice(1)]) {
    t.is((await ask("work", { as })).status, 401);
    t.is((await ask("made", { as, body: { application: 1, uid: "04aabb01" } })).status, 401);
    t.is((await ask("refused", { as, body: { application: 1, uid: "", refusal: 5 } })).status, 401);
    t.is((await ask("step", { as, body: { batch: 1, application: 1, step: "laid", uid: "" } })).status, 401);
  }
  t.is((await ask("work", { school: 99 })).status, 404);
});

test.serial("the desk hears of a card when a page has begun it, of one of its own batches, and not before", async (t) => {
  const nothing = { school: "Школа №24", batch: null };
  await all.post("cards", at + "/people/" + PUPIL + "/card", form);
  await all.post("cards", at + "/bundles", { sheets: "1" });
  t.regex((await all.get("operator", at + "/batches")).text, /Изготавливать нечего/);
  await all.post("operator", at + "/bundles/1/register");
  t.deepEqual((await ask("work")).said, nothing);
  t.is((await all.post("cards", at + "/batches", { desk: "1", chip: "mifare", application: "1" })).status, 403);
  for (const wrong of [{ desk: "7" }, { application: "9" }, { application: "" }])
    t.is(
      (await all.post("operator", at + "/batches", { desk: "1", chip: "mifare", application: "1", ...wrong })).location,
      at + "/batches",
    );
  t.is((await all.post("operator", at + "/batches", { desk: "1", chip: "gold", application: "1" })).status, 404);
  t.is((await all.post("operator", at + "/batches", { desk: "1", chip: "mifare", application: "1" })).location, at + "/batches/1");
  const card = { application: 1, name: "Иванов Иван Иванович", number: "0242013137", class: "03Б" };
  t.deepEqual((await ask("work")).said, { school: "Школа №24", batch: { id: 1, chip: "mifare", of: 1, cards: [card] } });
  other = keyIn((await all.post("operator", "/office/desks", { name: "Стол 2" })).html);
  t.deepEqual((await ask("work", { as: other })).said, nothing, "another desk's");
  t.is((await all.post("operator", at + "/batches", { desk: "2", chip: "ntag", application: "1" })).location, at + "/batches", "once");
});

test.serial(
  "each step is seen on the page at once; a desk takes no step for another's batch, or with words that mean nothing",
  async (t) => {
    const page = async () => (await all.get("operator", at + "/batches/1")).text;
    const step = (step: string, more: object = {}) => ask("step", { body: { batch: 1, application: 1, step, uid: "", ...more } });
    t.regex(await page(), /0 из 1, идёт\. Считыватель на связи.*ждёт очереди/);
    const live = async (seen: string) => (await all.get("operator", at + "/batches/1/live?seen=" + seen)).answer.json() as Live;
    const { version } = await live("");
    t.is((await live(version)).html, null);
    t.is((await step("asked")).status, 200);
    t.regex((await live(version)).html ?? "", /следующая: нужна чистая карта/);
    t.deepEqual(await step("laid", { uid: "04aabb01" }), { status: 200, said: { came: "go" } });
    t.regex(await page(), /карта на считывателе04aabb01/);
    await step("written", { uid: "04aabb01" });
    t.regex(await page(), /записана, проверяется/);
    t.is((await ask("step", { as: other, body: { batch: 1, application: 1, step: "laid", uid: "" } })).status, 409);
    t.is((await step("laid", { application: 2 })).status, 409);
    for (const wrong of [{ batch: "1" }, { application: null }, { step: "made" }, { uid: "zz" }, { uid: 7 }])
      t.is((await step("laid", wrong)).status, 400);
    all.clock.ms += 120_000;
    t.regex(await page(), /Считыватель не на связи с 10:00/);
  },
);

test.serial(
  "what was refused stands on the page and in the trail with its reason; words that mean nothing are refused themselves",
  async (t) => {
    t.is((await ask("refused", { body: { application: 1, uid: "04aabb09", refusal: 5 } })).status, 200);
    t.regex((await all.get("operator", at + "/batches/1")).text, /ждёт очередиОтклонено карт: 1\. Последняя: номер можно переписать/);
    const trail = (await all.get("auditor", "/office/trail?q=cards.refuse")).text;
    t.regex(trail, new RegExp("desk Стол 1cards\\.refuseaccount " + PUPIL + ".*uid: ничего → 04aabb09.*refusal: ничего → magic"));
    for (const body of [{}, { application: "1", uid: "04aabb09", refusal: 5 }, { application: 1, uid: "zz", refusal: 5 }])
      t.is((await ask("refused", { body })).status, 400);
    t.is((await ask("refused", { body: { application: 1, uid: "", refusal: 99 } })).status, 404);
    t.is((await ask("refused", { body: { application: 7, uid: "", refusal: 5 } })).status, 404);
    t.is((await ask("refused", { as: other, body: { application: 1, uid: "", refusal: 5 } })).status, 404, "no desk reports for another");
  },
);

test.serial(
  "a stopped batch gives nothing out and takes no step, goes on where it was, and what was given up may be begun again",
  async (t) => {
    const turn = async (to: string) => (await all.post("operator", at + "/batches/1/turn", { to })).status;
    const step = async () => (await ask("step", { body: { batch: 1, application: 1, step: "laid", uid: "04aabb01" } })).status;
    t.is(await turn("stopped"), 303);
    t.is(await turn("stopped"), 404);
    t.is((await ask("work")).said.batch, null);
    t.is(await step(), 409);
    t.is(
      (await all.post("operator", at + "/batches", { desk: "1", chip: "mifare", application: "1" })).location,
      at + "/batches",
      "it rests",
    );
    t.is(await turn("running"), 303);
    t.is(await step(), 200);
    t.is(await turn("ended"), 303);
    t.is(await turn("running"), 404, "what was given up stays so");
    t.is(await step(), 409);
    t.is((await all.post("operator", at + "/batches", { desk: "1", chip: "mifare", application: "1" })).location, at + "/batches/2");
    const trail = (await all.get("auditor", "/office/trail?q=cards.batch")).text;
    for (const words of [
      /operatorcards\.batchbatch of 1.*desk: ничего → Стол 1/,
      /state: running → stopped/,
      /state: stopped → running/,
      /state: running → ended/,
    ])
      t.regex(trail, words);
  },
);

test.serial(
  "a card that was made is the school's, once, however often it is said, and although its batch was stopped meanwhile",
  async (t) => {
    t.is((await ask("made", { body: { application: 1, uid: "0x" } })).status, 400);
    t.is((await ask("made", { as: other, body: { application: 1, uid: "aabbccdd" } })).status, 404, "never this desk's to make");
    await all.post("operator", at + "/batches/2/turn", { to: "stopped" });
    t.deepEqual(await ask("made", { body: { application: 1, uid: "aabbccdd" } }), { status: 200, said: { came: "made" } });
    t.deepEqual(await ask("made", { body: { application: 1, uid: "aabbccdd" } }), { status: 200, said: { came: "made" } });
    const second = await ask("made", { body: { application: 1, uid: "aabbccde" } });
    t.deepEqual(second, { status: 409, said: { came: "stopped" } }, "another card for the same application");
    await all.deliver();
    t.like(all.gateway.school.cards.get("aabbccdd" as never), { state: "issued", account: PUPIL, validThrough: TODAY + 3 * 365 });
    t.regex((await all.get("operator", at + "/batches/2")).text, /1 из 1, готова.*записана и прочитанаaabbccdd/);
    t.regex((await all.get("auditor", "/office/trail?q=cards.make")).text, /desk Стол 1cards\.make/);
    t.regex((await all.get("operator", "/office/desks")).text, /Стол 110:02, чт, 18 января11Закрыть/, "one made, one refused");
  },
);

test.serial("a card made again waits for its payment, and a clone's UID is known to the school", async (t) => {
  await all.post("operator", at + "/cards/1/issue");
  await all.post("operator", at + "/acts", { findings: "" });
  await all.post("cards", at + "/cards/1/issue");
  await all.post("operator", at + "/people/" + PUPIL + "/card", { ...form, kind: "loss", paid: "" });
  await all.post("operator", at + "/cards/2/register");
  const begin = async () => (await all.post("operator", at + "/batches", { desk: "1", chip: "mifare", application: "2" })).location;
  t.is(await begin(), at + "/batches", "not paid yet");
  await all.office.database.updateTable("officeApplications").set({ paid: "чек 3" }).where("id", "=", 2).execute();
  t.is(await begin(), at + "/batches/3");
  t.is((await ask("work")).said.batch.cards.length, 1);
  t.is((await ask("made", { as: other, body: { application: 2, uid: "aabbccdf" } })).status, 404, "never the other desk's");
  t.is((await all.post("operator", at + "/batches/3/turn", { to: "ended" })).status, 303);
  t.is((await all.post("operator", at + "/batches", { desk: "2", chip: "ntag", application: "2" })).location, at + "/batches/4");
  t.deepEqual(await ask("made", { body: { application: 2, uid: "aabbccdd" } }), { status: 409, said: { came: "known" } });
  t.like(await ask("made", { as: other, body: { application: 2, uid: "aabbccdf" } }), { status: 200 });
  const late = await ask("made", { body: { application: 2, uid: "aabbcce0" } });
  t.deepEqual(late, { status: 409, said: { came: "stopped" } }, "begun at another desk, and made there");
  t.is((await ask("work")).said.batch, null);
});

test.serial("a closed desk is a stranger", async (t) => {
  t.is((await all.post("operator", "/office/desks/1/close")).status, 303);
  t.is((await ask("work")).status, 401);
  t.is((await all.post("operator", "/office/desks/1/close")).status, 404);
  t.deepEqual(all.errors, []);
});
