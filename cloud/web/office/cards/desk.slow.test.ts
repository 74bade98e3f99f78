/** The card desk as the office knows it: a key, a list of work, what became of it. */
import test from "ava";
import { PUPIL, SCHOOL, TODAY } from "../../../_gateway.test.js";
import { createTestOffice, photograph } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
let key = "";
const at = "/office/" + SCHOOL;
const papers = ["passport", "application", "consent", "data"];
const form = { kind: "first", applicant: "Иванова Анна Петровна", phone: "89001234567", mail: "", parent: "1", papers };

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
  const page = (await all.post("operator", "/office/desks", { name: "Стол 1" })).html;
  key = /<code>([^<]+)<\/code>/.exec(page)?.[1] ?? "";
  t.regex(key, /^[A-Za-z0-9_-]{32}$/);
  t.false((await all.get("operator", "/office/desks")).html.includes(key));
  const rows = await all.office.database.selectFrom("officeDesks").selectAll().execute();
  t.false(JSON.stringify(rows).includes(key));
  for (const as of ["", "x", key.slice(1)]) {
    t.is((await ask("work", { as })).status, 401);
    t.is((await ask("made", { as, body: { application: 1, uid: "04aabb01" } })).status, 401);
    t.is((await ask("refused", { as, body: { application: 1, uid: "", refusal: 5 } })).status, 401);
  }
  t.is((await ask("work", { school: 99 })).status, 404);
});

test.serial("the desk hears of a card when its application is registered, not before", async (t) => {
  await all.post("cards", at + "/people/" + PUPIL + "/card", form);
  t.deepEqual((await ask("work")).said, { school: "Школа №24", cards: [] });
  await all.post("cards", at + "/bundles", { sheets: "1" });
  t.deepEqual((await ask("work")).said.cards, []);
  await all.post("operator", at + "/bundles/1/register");
  t.deepEqual((await ask("work")).said.cards, [{ application: 1, name: "Иванов Иван Иванович", number: "0242013137", class: "03Б" }]);
});

test.serial("what was refused stands in the trail with its reason; words that mean nothing are refused themselves", async (t) => {
  t.is((await ask("refused", { body: { application: 1, uid: "04aabb09", refusal: 5 } })).status, 200);
  const trail = (await all.get("auditor", "/office/trail?q=cards.refuse")).text;
  t.regex(trail, new RegExp("desk Стол 1cards\\.refuseaccount " + PUPIL + "uid: ничего → 04aabb09.*refusal: ничего → magic"));
  for (const body of [{}, { application: "1", uid: "04aabb09", refusal: 5 }, { application: 1, uid: "zz", refusal: 5 }])
    t.is((await ask("refused", { body })).status, 400);
  t.is((await ask("refused", { body: { application: 1, uid: "", refusal: 99 } })).status, 404);
  t.is((await ask("refused", { body: { application: 7, uid: "", refusal: 5 } })).status, 404);
});

test.serial("a card that was made is the school's, once, however often it is said; one that the school has is refused", async (t) => {
  t.is((await ask("made", { body: { application: 1, uid: "0x" } })).status, 400);
  t.deepEqual(await ask("made", { body: { application: 1, uid: "aabbccdd" } }), { status: 200, said: { came: "made" } });
  t.deepEqual(await ask("made", { body: { application: 1, uid: "aabbccdd" } }), { status: 200, said: { came: "made" } });
  t.is((await ask("made", { body: { application: 1, uid: "aabbccde" } })).status, 404, "another card for the same application");
  await all.deliver();
  t.like(all.gateway.school.cards.get("aabbccdd" as never), { state: "issued", account: PUPIL, validThrough: TODAY + 3 * 365 });
  t.deepEqual((await ask("work")).said.cards, []);
  t.regex((await all.get("auditor", "/office/trail?q=cards.make")).text, /desk Стол 1cards\.make/);
  t.regex((await all.get("operator", "/office/desks")).text, /Стол 110:00, чт, 18 января11Закрыть/, "one made, one refused");
});

test.serial("a card made again waits for its payment, and a clone's UID is known to the school", async (t) => {
  await all.post("operator", at + "/cards/1/issue");
  await all.post("operator", at + "/acts", { findings: "" });
  await all.post("cards", at + "/cards/1/issue");
  await all.post("operator", at + "/people/" + PUPIL + "/card", { ...form, kind: "loss", paid: "" });
  await all.post("operator", at + "/cards/2/register");
  t.deepEqual((await ask("work")).said.cards, [], "not paid yet");
  await all.office.database.updateTable("officeApplications").set({ paid: "чек 3" }).where("id", "=", 2).execute();
  t.is((await ask("work")).said.cards.length, 1);
  t.deepEqual(await ask("made", { body: { application: 2, uid: "aabbccdd" } }), { status: 409, said: { came: "known" } });
  t.like(await ask("made", { body: { application: 2, uid: "aabbccdf" } }), { status: 200 });
});

test.serial("a closed desk is a stranger", async (t) => {
  t.is((await all.post("operator", "/office/desks/1/close")).status, 303);
  t.is((await ask("work")).status, 401);
  t.is((await all.post("operator", "/office/desks/1/close")).status, 404);
  t.deepEqual(all.errors, []);
});
