import test from "ava";
import pg from "pg";
import { encode, directiveSchema } from "@trapeza/protocol";
import type { Directive } from "@trapeza/protocol";
import { SCHOOL } from "../../_gateway.test.js";
import { openOffice } from "../../office/office.js";
import { ROLES, may } from "../../office/roles.js";
import { codeOf, stepAt } from "../../office/totp.js";
import { openBrowser } from "../_browser.test.js";
import { PASSWORD, SECRET, actorOf, createTestOffice } from "./_office.test.js";
import type { TestOffice } from "./_office.test.js";
import { isRightOf, wrongPages } from "./_rights.test.js";
import { OFFICE_ROUTES } from "./office-routes.js";

let all: TestOffice;

test.before(async () => {
  all = await createTestOffice();
});
test.after.always(() => all?.close());

test("a password alone opens nothing but the question for the second factor", async (t) => {
  const browser = openBrowser(all.app);
  await browser.open("/office/login");
  t.is((await browser.post("/office/login", { login: "auditor", password: PASSWORD })).location, "/office/factor");
  for (const { method, path } of OFFICE_ROUTES) {
    const url = path.replace(/:[a-z]+/gi, String(SCHOOL));
    const visit = method === "GET" ? await browser.open(url) : await browser.post(url, {});
    t.deepEqual([visit.status, visit.location], [303, "/office/factor"], method + " " + path);
  }
  await browser.open("/office/factor");
  const wrong = await browser.post("/office/factor", { code: codeOf(SECRET, stepAt(all.clock.ms) + 9) });
  t.is(wrong.status, 401);
  t.regex(wrong.text, /Код не подходит/);
});

test("a stranger is led to the door, whatever they ask for", async (t) => {
  const browser = openBrowser(all.app);
  for (const { method, path } of OFFICE_ROUTES) {
    const url = path.replace(/:[a-z]+/gi, String(SCHOOL));
    const visit = method === "GET" ? await browser.open(url) : await browser.post(url, {});
    t.deepEqual([visit.status, visit.location], [303, "/office/login"], method + " " + path);
  }
});

test("nobody gets in with a wrong password; the sixth try waits, and waits nowhere else", async (t) => {
  const { staff } = all.office;
  for (let i = 0; i < 5; i++) t.is((await staff.logIn("caterer", "не та", "10.0.0.9")).kind, "wrong");
  t.is((await staff.logIn("caterer", PASSWORD, "10.0.0.9")).kind, "wait");
  t.is((await staff.logIn("caterer", PASSWORD, "10.0.0.8")).kind, "in", "a colleague at another desk is not locked out");
  t.is((await staff.logIn("nobody", PASSWORD, "10.0.0.8")).kind, "wrong");
});

test("a code opens once, and five wrong ones end the try", async (t) => {
  const { staff } = all.office;
  const token = async () => {
    const opened = await staff.logIn("cashier", PASSWORD, "10.0.0.7");
    return opened.kind === "in" ? opened.token : "";
  };
  await all.as("cashier");
  const used = codeOf(SECRET, stepAt(all.clock.ms));
  t.is((await staff.prove(await token(), used)).kind, "wrong", "it has let the cashier in already");
  const guessing = await token();
  for (let i = 0; i < 5; i++) t.is((await staff.prove(guessing, "000000")).kind, "wrong");
  t.is((await staff.prove(guessing, codeOf(SECRET, stepAt(all.clock.ms) + 1))).kind, "wait");
  t.is((await staff.prove(await token(), codeOf(SECRET, stepAt(all.clock.ms) + 1))).kind, "in");
});

test("every page has been given to somebody, once, and what was given is a page", (t) => {
  t.deepEqual(wrongPages(OFFICE_ROUTES), []);
  for (const route of OFFICE_ROUTES) t.true(ROLES.some((role) => isRightOf(role, route)), route.method + " " + route.path); // prettier-ignore
});

for (const role of ROLES) {
  test("every route refuses the " + role + " what is not theirs by the regulation", async (t) => {
    const browser = await all.as(role);
    for (const { method, path } of OFFICE_ROUTES) {
      // A school that is unknown: what is permitted finds nothing and changes nothing.
      const url = path.replace(":school", "999").replace(/:[a-z]+/gi, "0");
      const visit = method === "GET" ? await browser.open(url) : await browser.post(url, {});
      const named = [role, method, path].join(" ") + ": " + visit.status;
      if (isRightOf(role, { method, path })) t.true([200, 303, 400, 404].includes(visit.status), named);
      else t.is(visit.status, 403, named);
    }
  });
}

test("a school out of reach does not exist", async (t) => {
  const inSchool = OFFICE_ROUTES.filter(({ path, method }) => method === "GET" && path.includes("/:school"));
  for (const { path, permission } of inSchool) {
    for (const role of ROLES.filter((one) => may(one, permission) && actorOf(one).school !== null)) {
      const visit = await all.get(role, path.replace(":school", String(SCHOOL + 1)).replace(/:[a-z]+/gi, "1"));
      t.is(visit.status, 404, role + " " + path);
    }
  }
  t.false((await all.get("cards", "/office")).text.includes("25"), "not even its name");
});

test("the operator adds a person, who sees a new code once; the trail tells both sides", async (t) => {
  const fields = { login: "anna", name: "Анна Сергеевна", role: "cards", school: String(SCHOOL), class: "", own: "", password: PASSWORD };
  for (const wrong of [
    { password: "short" },
    { school: "77" },
    { role: "teacher" },
    { role: "caterer" },
    { role: "cashier", own: "1" },
    { login: "Анна" },
    { name: "" },
  ])
    t.is((await all.post("operator", "/office/staff", { ...fields, ...wrong })).status, 400, JSON.stringify(wrong));
  t.is((await all.post("operator", "/office/staff", fields)).status, 303);
  const browser = openBrowser(all.app);
  await browser.open("/office/login");
  const page = await browser.submit("/office/login", { login: "anna", password: PASSWORD });
  t.regex(page.html, /<svg/);
  t.is((await all.post("operator", "/office/staff/anna/close", { how: "close" })).status, 303);
  t.is((await browser.open("/office/factor")).location, "/office/login");
  t.is((await all.post("operator", "/office/staff/operator/close", { how: "close" })).status, 404, "not oneself");
  const trail = (await all.get("auditor", "/office/trail?q=anna")).text;
  t.regex(trail, /operatorstaff\.closestaff annaactive: true → false/);
  t.regex(trail, /operatorstaff\.putstaff anna.*role: ничего → cards/);
  t.false(trail.includes("scrypt"), "no password in the trail");
});

test("the trail cannot be changed, even by the owner of the table", async (t) => {
  const client = new pg.Client({ connectionString: all.url });
  await client.connect();
  await t.throwsAsync(client.query("update office_trail set login = 'somebody'"), { message: /append-only: UPDATE is refused/ });
  await t.throwsAsync(client.query("delete from office_trail"), { message: /append-only: DELETE is refused/ });
  await client.end();
});

test.serial(
  "what was decided is told once, although the office died between deciding and telling, or between telling and forgetting",
  async (t) => {
    const { office, cloud, url } = all;
    const caterer = (id: number): Directive => ({ kind: "SetCaterer", id, name: "Столовая " + id });
    const count = () => cloud.store.directiveCount(SCHOOL);
    const before = await count();
    const put = (since: number | null, id: number) =>
      office.database
        .insertInto("officeOutbox")
        .values({ school: SCHOOL, directive: encode(directiveSchema, caterer(id)), since })
        .execute();
    const reopen = async () =>
      (await openOffice({ cloud, url, seed: new Uint8Array(32).fill(1), onError: (error) => t.fail(error.message) })).close();
    await put(null, 101);
    await reopen();
    t.is(await count(), before + 1, "decided, never told");
    await put(before, 101);
    await reopen();
    t.is(await count(), before + 1, "told, not forgotten");
    await put(before + 1, 102);
    await reopen();
    t.is(await count(), before + 2, "marked, never told");
    t.is((await office.database.selectFrom("officeOutbox").selectAll().execute()).length, 0);
  },
);

test.serial("a change that fails leaves neither row, trail nor directive", async (t) => {
  const { office, cloud } = all;
  const before = await cloud.store.directiveCount(SCHOOL);
  await t.throwsAsync(
    office.change({ login: "operator", school: SCHOOL, what: "never", subject: "never" }, async () => {
      throw new Error("the pen broke");
    }),
    { message: "the pen broke" },
  );
  t.is(await cloud.store.directiveCount(SCHOOL), before);
  t.false((await all.get("auditor", "/office/trail?q=never")).html.includes("never</td>"));
});
