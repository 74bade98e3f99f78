import { scryptSync } from "node:crypto";
import test from "ava";
import type { Kysely } from "kysely";
import { accountNumber, kopecks, luhnDigit } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { SCHOOL, TILL, TODAY } from "../../../_gateway.test.js";
import { writeWorkbook } from "../../../documents/sheet-out.js";
import { readImport } from "../../../office/people/import-desk.js";
import { linkedAdults } from "../../../office/people/links.js";
import { erasePerson } from "../../../office/people/people-desk.js";
import { readTrail } from "../../../office/trail.js";
import type { Tables } from "../../../store/tables.js";
import { adultId } from "../../../people/invitation.js";
import { openBrowser } from "../../_browser.test.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;

test.before(async () => {
  all = await createTestOffice();
});
test.after.always(() => all?.close());

/** A family of the class 3, gone already. */
async function family(account: number, name: string, guardian: string, phone: string): Promise<void> {
  const digits = "02403" + account;
  const named = { id: account, number: accountNumber(digits + luhnDigit(digits)), name, shortName: "—" };
  const rest = { holder: "pupil", class: 3, category: 1, debtLimit: null, status: "open" } as const;
  await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "SetAccount", ...named, ...rest }]);
  const change = { login: "cards", school: SCHOOL, what: "people.mend", subject: "account " + account };
  await all.office.change(change, async (transaction) => {
    const row = { school: SCHOOL, account };
    await transaction
      .insertInto("officePupils")
      .values({ ...row, born: null, leftOn: 1, erasedMs: null } as never)
      .execute();
    await transaction
      .insertInto("officeGuardians")
      .values({ ...row, name: guardian, phone })
      .execute();
    return { before: null, after: { name, class: 3, guardians: [{ name: guardian, phone }] }, value: null };
  });
}

test.serial(
  "who is forgotten takes nothing of anybody else along: no namesake's name, no word that is many people's, no shape of a row",
  async (t) => {
    const who = { login: "operator", school: SCHOOL };
    await family(3004, "Сидорова Яна", "Сидорова Анна", "79005550001");
    await family(3005, "Сидорова Яна-Мария", "Сидорова Анна Петровна", "79005550002");
    await family(3006, '"class":', "Бабушка", "79005550003");
    const text = "Бабушка, Сидорова Анна Петровна, зайдите";
    const announcement = { school: SCHOOL, account: 3005, class: null, title: "Карта", text, sentMs: 1, sentBy: "teacher" };
    await all.office.database.insertInto("announcements").values(announcement).execute();
    const row = ["3Б", "Орлова Дарья", "Сидорова Анна Петровна", "8 900 555 00 04"];
    const columns = ["Класс", "ФИО", "Родитель", "Телефон"].map((head) => ({ head, width: 15 }));
    const list = { name: "список.xlsx", bytes: writeWorkbook({ name: "1", columns, rows: [row] }) };
    const { location } = await all.upload("cards", "/office/" + SCHOOL + "/lists", list);
    const change = { login: "Сидорова Яна", school: SCHOOL, what: "Сидорова Яна", subject: "list Сидорова Яна" };
    await all.office.change(change, async () => ({ before: null, after: ["Сидорова Яна", "Сидорова Яна-Мария"], value: null }));
    t.is(await erasePerson(all.office, who, 3004), "erased");
    t.is(await erasePerson(all.office, who, 3006), "erased");
    const guardians = await all.office.database
      .selectFrom("officeGuardians")
      .select(["account", "name"])
      .where("account", ">", 3003)
      .execute();
    t.deepEqual(guardians, [{ account: 3005, name: "Сидорова Анна Петровна" }]);
    t.is((await all.office.database.selectFrom("announcements").select("text").where("account", "=", 3005).executeTakeFirst())?.text, text);
    const stored = await readImport(all.office, SCHOOL, Number(location.split("/").at(-1)));
    t.deepEqual(stored?.rows[0]?.planned.row.guardians, [{ name: "Сидорова Анна Петровна", phone: "8 900 555 00 04" }]);
    const trail = await readTrail(all.office.database, { school: SCHOOL, text: "", limit: 100 });
    const after = (subject: string) =>
      trail.filter((row) => row.subject === subject && row.what !== "people.erase").map((row) => row.after);
    t.deepEqual(after("list Сидорова Яна"), [["—", "Сидорова Яна-Мария"]], "who did what, and to whom, is kept");
    const nobody = (phone: string) => ({ name: "—", class: 3, guardians: [{ name: "—", phone }] });
    t.deepEqual(after("account 3004"), [nobody("—")]);
    t.deepEqual(after("account 3006"), [nobody("—")]);
  },
);

test.serial("one basket for two children knows its payer until the second is forgotten, or the telephone is nobody's", async (t) => {
  const [phone, stranger] = ["79005550007", "79005550008"];
  const [first, second] = [3007, 3008].map((account) => ({ school: SCHOOL, account }));
  await family(first.account, "Орлов Пётр", "Орлова Инна", phone);
  await family(second.account, "Орлов Павел", "Орлова Инна", phone);
  const password = "компот и каша";
  await all.cloud.registerGuardian({ phone, name: "Орлова Инна", password, children: [first, second] });
  const database = all.office.database as unknown as Kysely<Tables>;
  const basket = async (payer: string | null, children: readonly { school: number; account: number }[]) => {
    const costs = { way: "card", fee: kopecks(0), total: kopecks(200), createdMs: 1, expiresMs: 2 } as const;
    const order = { key: "basket " + payer + children[1].account, payer, email: "inna@example.ru", returnUrl: "https://1", ...costs };
    const { number } = await database.insertInto("paymentOrders").values(order).returning("number").executeTakeFirstOrThrow();
    const lines = children.map((child, line) => ({ ...child, order: number, line, purse: "main" as const, sum: kopecks(100) }));
    await database.insertInto("paymentLines").values(lines).execute();
    return number;
  };
  const numbers = [await basket(phone, [first, second]), await basket(null, [first, second])];
  numbers.push(
    await basket(phone, [first, { school: SCHOOL, account: 3005 }]),
    await basket(stranger, [second, { school: SCHOOL, account: 3005 }]),
  );
  const payers = async () => {
    const orders = database.selectFrom("paymentOrders").select(["payer", "email", "returnUrl"]).where("number", "in", numbers);
    return (await orders.orderBy("number").execute()).map(({ payer, email, returnUrl }) => [payer, email !== null, returnUrl !== null]);
  };
  const who = { login: "operator", school: SCHOOL };
  const { statements } = all.cloud.store;
  for (const child of [first, second]) await statements.beginMonthly(phone, child, 1 as BusinessDate);
  t.is(await erasePerson(all.office, who, first.account), "erased");
  t.deepEqual([await statements.isMonthly(phone, first), await statements.isMonthly(phone, second)], [false, true]);
  t.deepEqual(
    await payers(),
    [phone, null, phone, stranger].map((payer) => [payer, true, true]),
    "she has a child here still",
  );
  t.is(await erasePerson(all.office, who, second.account), "erased");
  const nobody = [null, false, false];
  t.deepEqual(await payers(), [nobody, nobody, nobody, [stranger, true, true]], "somebody else's payment is theirs");
});

const [LISTED, PROVED, AUNT] = ["79005550011", "79005550012", "79005550013"];
const NINA = { school: SCHOOL, account: 3011 };
const ninasPage = "/office/" + SCHOOL + "/people/" + NINA.account;
const password = "компот и каша";
const adult = (phone: string, name: string, children: (typeof NINA)[]) => all.cloud.registerGuardian({ phone, name, password, children });
const linkOf = (phone: string) => ninasPage + "/links/" + adultId(phone);
const end = async (phone: string, reason: string) => (await all.post("dispatcher", linkOf(phone) + "/end", { reason })).status;
const restore = async (phone: string) => (await all.post("dispatcher", linkOf(phone) + "/restore")).status;

/** Whoever has this telephone, at the portal's door, and inside when the password is right. */
async function portalOf(phone: string) {
  const browser = openBrowser(all.app);
  await browser.post("/login", { phone, password });
  const sees = async () => (await browser.open(`/children/${SCHOOL}/${NINA.account}`)).status === 200;
  return { browser, sees };
}

test.serial(
  "the dispatcher sees who sees a child and why, and ends such a link with a reason: whom they have let in goes, too",
  async (t) => {
    const { people } = all.cloud.store;
    await family(NINA.account, "Белова Нина", "Белова Ольга", LISTED);
    await all.deliver();
    await adult(LISTED, "Белова Ольга", []);
    await adult(PROVED, "Чужой Олег", [NINA]);
    await adult(AUNT, "Тётина Вера", []);
    const [tokenHash, expiresMs] = ["0".repeat(64), all.clock.ms + 3600_000];
    await people.putInvitation({ ...NINA, tokenHash, givenBy: PROVED, rights: ["see"], expiresMs });
    await people.takeInvitation(tokenHash, AUNT);
    const [mother, stranger, aunt] = [await portalOf(LISTED), await portalOf(PROVED), await portalOf(AUNT)];
    t.deepEqual([await mother.sees(), await stranger.sees(), await aunt.sees()], [true, true, true]);

    const page = (await all.get("dispatcher", ninasPage)).text;
    for (const part of [
      "Ольга Б., …0011телефон есть в списке школы",
      "Олег Ч., …0012подтверждён платежом или паролем с кассы",
      "Вера Т., …0013доступ дал другой родитель",
    ])
      t.true(page.includes(part), part);
    t.false(page.includes(PROVED), "no whole number of theirs");
    for (const role of ["teacher", "auditor"] as const) t.false((await all.get(role, ninasPage)).text.includes("Кто видит ребёнка"), role);

    t.is(await end(PROVED, ""), 303);
    t.true(await stranger.sees(), "not without a reason");
    t.is(await end("79990000000", "court"), 404, "nobody");
    t.is(await end(PROVED, "not_guardian"), 303);
    t.is(await end(PROVED, "not_guardian"), 404, "once");
    t.deepEqual([await mother.sees(), await stranger.sees(), await aunt.sees()], [true, false, false]);
    t.deepEqual((await people.guardiansOf(NINA)).map(({ phone }) => phone), [LISTED]); // prettier-ignore
    t.regex((await all.get("dispatcher", ninasPage)).text, /Олег Ч\., …0012прекращено 18\.01\.2018: не родитель и не опекун/);
  },
);

test.serial("an ended link holds against proof, list and a new account, until the school gives it back", async (t) => {
  const [salt, code] = [new Uint8Array(16).fill(3), "0471833902"];
  const digest = new Uint8Array(scryptSync(code, salt, 32, { N: 16384, r: 8, p: 1 }));
  const validThrough = (TODAY + 14) as BusinessDate;
  all.gateway.write({ kind: "AccessCodeIssued", terminal: TILL, staff: 2, account: NINA.account, salt, digest, validThrough });
  await all.deliver();
  await all.cloud.store.people.eraseGuardian(PROVED);
  await adult(PROVED, "Чужой Олег", [NINA]);
  const [mother, stranger] = [await portalOf(LISTED), await portalOf(PROVED)];
  const number = (await all.office.told(SCHOOL)).school.accounts.get(NINA.account)?.number ?? "";
  await stranger.browser.open("/link");
  t.true((await stranger.browser.submit("/link/code", { number, code })).text.includes("Школа прекратила доступ"));
  t.false(await stranger.sees());
  t.is(await end(LISTED, "court"), 303);
  t.false(await mother.sees(), "the school's own list opens no more than that");
  t.deepEqual([await restore(LISTED), await restore(LISTED)], [303, 404], "once");
  t.true(await mother.sees());
  const { people } = all.cloud.store;
  const offer = { tokenHash: "a".repeat(64), school: SCHOOL, account: NINA.account, givenBy: LISTED, rights: ["see"] as const };
  await people.putInvitation({ ...offer, expiresMs: Number.MAX_SAFE_INTEGER });
  t.false(
    await people.takeInvitation(offer.tokenHash, PROVED),
    "nor does another adult's invitation bring back whom the school has shut out",
  );
  t.false(await stranger.sees());
  t.is(await restore(PROVED), 303);
  t.true(await stranger.sees());
  const trail = (await all.get("auditor", "/office/trail?q=account+" + NINA.account)).text;
  t.regex(trail, /dispatcherpeople\.unlinkaccount 3011.*court/);
  t.regex(trail, /dispatcherpeople\.relinkaccount 3011/);
});

test.serial("whose link was ended is forgotten with the child", async (t) => {
  const { database } = all.office;
  t.is(await end(PROVED, "asked"), 303);
  t.is((await linkedAdults(database, SCHOOL, NINA.account)).length, 2);
  t.is((await all.post("operator", ninasPage + "/erase")).status, 303);
  t.deepEqual(await linkedAdults(database, SCHOOL, NINA.account), []);
  t.is(await all.cloud.store.people.guardian(PROVED), null, "an account that shows no other child goes, too");
  const trail = await readTrail(database, { school: SCHOOL, text: "account " + NINA.account, limit: 100 });
  t.true(trail.length > 3);
  t.false(JSON.stringify(trail).includes(PROVED), "nor does the trail know the number");
});
