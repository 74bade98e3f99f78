import test from "ava";
import type { Directive, Kopecks } from "@trapeza/protocol";
import { createTestGateway, KIOSK, SCHOOL, TILL, TODAY } from "../../../_gateway.test.js";
import type { TestGateway } from "../../../_gateway.test.js";
import { networkOf } from "../../../office/network.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;

test.before(async () => {
  all = await createTestOffice();
});
test.after.always(() => all?.close());

const own = async () => (await networkOf(all.office)).find(({ school }) => school === SCHOOL)!;
const note = { kind: "NoteStacked", payee: { kind: "none" }, purse: "main", note: 10000 as Kopecks, visit: 1, happenedMs: null } as const;

test.serial("the network tells who is silent, what is not delivered, where cash waits and what has failed", async (t) => {
  t.like(await own(), { cash: 0, waiting: 0, faulty: 0, terminals: 3 });
  const small = { kind: "SetTerminal", id: KIOSK, terminalKind: "payment", enrolment: 1, place: "Вестибюль", service: "open", capacity: 2 };
  await all.cloud.enqueueDirectives(SCHOOL, [small as Directive]);
  t.is((await own()).waiting, 1);
  await all.deliver();
  all.gateway.fact(KIOSK, note);
  all.gateway.fact(KIOSK, { ...note, note: 50000 as Kopecks });
  all.gateway.fact(KIOSK, { kind: "TerminalFault", what: "Принтер: нет бумаги" });
  await all.deliver();
  t.like(await own(), { cash: 60000, fullest: 100, waiting: 0, faulty: 1 });
  const page = (await all.get("operator", "/office/network")).text;
  t.regex(page, /25 · 25ни разу молчитне получен.*24 · Школа №24/, "the one that was never heard of comes first");
  t.regex(page, /Школа №2418\.01\.2018 10:00 18\.01\.2018 10:00 600,00 ₽заполнен на 100 %31/);
  all.clock.ms += 11 * 3600 * 1000;
  t.regex((await all.get("operator", "/office/network")).text, /Школа №2418\.01\.2018 10:00 молчит/);
  all.clock.ms += 24 * 3600 * 1000;
  t.is((await own()).faulty, 0, "a fault of the day before yesterday is history");
  all.clock.ms -= 35 * 3600 * 1000;
});

test.serial("a school that is heard of shows up to when its journal has come, and since when nothing of it is taken", async (t) => {
  const page = async () => (await all.get("operator", "/office/network")).text;
  const send = (gateway: TestGateway) => all.cloud.intake.receive(gateway.row, gateway.upload());
  all.clock.ms += 3600 * 1000;
  t.is((await send(all.gateway)).kind, "Stored");
  t.regex(await page(), /Школа №2418\.01\.2018 11:00 18\.01\.2018 10:00 600,00/, "it has written nothing since");
  const other = createTestGateway(all.gateway.row);
  other.openDay(TODAY);
  for (let tries = 0; tries < 2; tries++) {
    t.is((await send(other)).kind, "NotStored");
    t.regex(await page(), /11:00 18\.01\.2018 10:00 не принимается с\s18\.01\.2018 11:00600,00/);
    all.clock.ms += 3600 * 1000;
  }
  t.is((await send(all.gateway)).kind, "Stored");
  t.notRegex(await page(), /не принимается/);
  all.clock.ms -= 3 * 3600 * 1000;
});

test.serial("from a school to a terminal, and what it has told of itself", async (t) => {
  const list = await all.get("technician", "/office/" + SCHOOL + "/terminals");
  t.regex(list.text, /платёжныйВестибюльработает2 из 2 заполнен на 100 %600,00 ₽18\.01\.2018 10:00.*Принтер: нет бумаги/);
  const kiosk = (await all.get("technician", "/office/" + SCHOOL + "/terminals/" + KIOSK)).text;
  t.regex(kiosk, /1 × 100,00 ₽1 × 500,00 ₽/);
  t.regex(kiosk, /Принтер: нет бумаги/);
  t.regex((await all.get("technician", "/office/" + SCHOOL + "/terminals/" + TILL)).text, /ни разу не сообщал о неисправности/);
  t.is((await all.get("technician", "/office/" + SCHOOL + "/terminals/99")).status, 404);
});

test.serial("whoever works in one school begins in it, and sees no other", async (t) => {
  const home = await all.get("cashier", "/office");
  t.true(home.html.includes("/office/" + SCHOOL + "/"));
  t.false(home.text.includes("25"));
  t.is((await all.get("cashier", "/office/network")).status, 403);
});
