import test from "ava";
import { accountNumber, decodeEntry, decodeWhole, directiveSchema, formatDate, kopecks } from "@trapeza/protocol";
import type { BusinessDate, Directive } from "@trapeza/protocol";
import { DIRECTIVES, PUPIL, SCHOOL, TODAY, createTestGateway, gatewayKey } from "../../../_gateway.test.js";
import { encodeWindows1251 } from "../../../documents/windows-1251.js";
import { followBankFile, takeBankFile } from "../../../settlement/bank-desk.js";
import { askForCard, reissueOf } from "../../../office/cards/reissue.js";
import type { Role } from "../../../office/roles.js";
import { createTestOffice } from "../_office.test.js";
import type { TestOffice } from "../_office.test.js";

let all: TestOffice;
const at = "/office/" + SCHOOL + "/bank";
const HEAD = "Дата;Номер операции;Лицевой счёт;Сумма;Плательщик";

test.before(async () => {
  all = await createTestOffice();
});
test.after.always(() => all?.close());

const send = (text: string, day = TODAY as number) =>
  all.upload("accountant", at, { name: "банк.csv", bytes: encodeWindows1251(text) }, { day: formatDate(day as BusinessDate) });
const purse = () => Number(all.gateway.school.accounts.get(PUPIL)?.main);
const balance = async (account: string, school = SCHOOL) =>
  [...(await all.cloud.store.balances(school))].find(([name]) => name === account)?.[1] ?? 0;
const openIds = async () => [
  ...new Set([...(await all.get("accountant", at)).html.matchAll(/bank\/question\/([0-9]+)/g)].map(([, id]) => id)),
];

test.serial("a bank's list in windows-1251 credits its payees once, however often and in whatever file a row comes", async (t) => {
  const rows = ["18.01.2018;a1;0242013137;100,00;Иванова М. Л.", "18.01.2018;a2;0242013137;50,5;Иванова М. Л."];
  t.is((await send([HEAD, ...rows, "=2;150,50"].join("\r\n"))).location, at);
  await all.deliver();
  t.is(purse(), 15050);
  t.is((await send([HEAD, ...rows, rows[0], "18.01.2018;a3;0242013137;1;Иванова"].join("\n"))).location, at);
  await all.deliver();
  t.is(purse(), 15150);
  t.is((await send([HEAD, ...rows, "=2;150,50"].join("\r\n"))).status, 400, "the same file");
  t.deepEqual([await balance("bank/operator"), await balance("acquirer/registry"), await balance("pending/7")], [15150, 0, 0]);
  t.regex((await all.get("dispatcher", "/office/" + SCHOOL + "/payments")).text, /реестр банка/);
});

test.serial("what cannot be credited waits for a person, with its money in suspense", async (t) => {
  const rows = [
    "18.01.2018;b1;0249999999;300,00;Некто",
    "18.01.2018;b2;12;20,00;Некто",
    "18.01.2018;;0242013137;5,00;",
    "18.01.2018;b3;0242013137;много;",
  ];
  t.is((await send([HEAD, ...rows, "18.01.2018;a1;0242013137;111,00;Иванова", "=5;999,00"].join("\n"))).status, 303);
  await all.deliver();
  t.deepEqual([purse(), await balance("suspense/claims"), await balance("bank/operator")], [15150, -32000, 47150]);
  const page = (await all.get("accountant", at)).text;
  for (const what of [
    "Такого лицевого счёта нет",
    "Строку не удалось прочитать",
    "с другой суммой или счётом",
    "Итог в конце файла не сходится",
  ])
    t.true(page.includes(what), what);
  t.is((await openIds()).length, 6);
});

test.serial("suspense goes to the account that a person names, at this school or another, or back to the payer, once", async (t) => {
  const other = await openOther();
  const suspended = async () => {
    const { html } = await all.get("accountant", at);
    return [...html.matchAll(/bank\/question\/([0-9]+)"[^>]*>(?:<input[^>]*>)*?<input[^>]*name="do" value="is"/g)].map(([, id]) => id);
  };
  const settle = (id: string, kind: string, text: string) => all.post("accountant", at + "/question/" + id, { do: kind, text });
  const [first, second] = await suspended();
  t.is((await all.post("auditor", at + "/question/" + first, { do: "is", text: "0242013137" })).status, 403);
  await settle(first, "is", "0240000000");
  t.is(await balance("suspense/claims"), -32000, "no school has this number");
  await settle(first, "is", "024 201 3137");
  await settle(first, "is", "0242013137");
  await all.deliver();
  t.deepEqual([purse(), await balance("suspense/claims")], [45150, -2000]);
  await settle(second, "is", "0252013134");
  t.deepEqual([await balance("suspense/claims"), await balance("clearing/25")], [0, -2000]);
  await other.hear();
  t.deepEqual([await balance("clearing/25", SCHOOL + 1), await balance("holder/7/main", SCHOOL + 1)], [2000, -2000]);
  t.is((await send([HEAD, "18.01.2018;d1;0249999999;9,00;Некто"].join("\n"))).status, 303);
  const [third] = await suspended();
  await settle(third, "close", "просто так");
  t.deepEqual(await suspended(), [third], "money in suspense is not closed by a note");
  await settle(third, "returned", "платёжное поручение № 7");
  t.deepEqual([await balance("suspense/claims"), await balance("bank/operator")], [0, 47150]);
  for (const id of await openIds()) await settle(id, "close", "ответ банка");
  t.deepEqual(await openIds(), []);
  t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
});

/** The neighbouring school, with a pupil of its own. */
async function openOther(): Promise<{ hear: () => Promise<void> }> {
  const school = SCHOOL + 1;
  const gateway = createTestGateway(await all.cloud.registerGateway({ id: "g25", school, key: gatewayKey(1) }));
  gateway.openDay(TODAY);
  gateway.direct(...DIRECTIVES.map((one) => (one.kind === "SetAccount" ? { ...one, number: accountNumber("0252013134") } : one)));
  const hear = async () => {
    for (const { bytes } of await all.cloud.store.directives(school, 0, 100)) {
      const entry = decodeEntry(bytes);
      const directive = entry.ok ? decodeWhole(directiveSchema, entry.value.event) : entry;
      if (directive.ok) gateway.direct(directive.value as Directive);
    }
    const stored = (await all.cloud.store.gateways(school))[0].size;
    await all.cloud.intake.receive(gateway.row, gateway.upload(stored));
  };
  await hear();
  return { hear };
}

test.serial("a file that a crash left half credited is carried on with by the next one", async (t) => {
  const { payments } = all.cloud;
  const { receive } = payments;
  let left = 1;
  const broken = {
    ...payments,
    receive: (one: Parameters<typeof receive>[0]) => (left-- > 0 ? receive(one) : Promise.reject(new Error("cut"))),
  };
  const office = { ...all.office, cloud: { ...all.cloud, payments: broken } };
  const bytes = Buffer.from([HEAD, "x;c1;0242013137;1,00;", "x;c2;0242013137;2,00;"].join("\n"));
  await t.throwsAsync(takeBankFile(office, { login: "accountant", school: SCHOOL }, { name: "c.csv", day: TODAY, bytes }), {
    message: "cut",
  });
  t.regex((await all.get("accountant", at)).text, /разобран не до конца/);
  t.is((await send([HEAD, "x;c3;0242013137;4,00;"].join("\n"))).status, 303);
  await all.deliver();
  t.is(purse(), 45150 + 700);
  t.notRegex((await all.get("accountant", at)).text, /разобран не до конца/);
  t.deepEqual(all.errors, []);
});

const SISTER = accountNumber("0242013258");

test.serial(
  "a row that lies in suspense comes again when its account has been opened: its money is here already, and is credited by a person",
  async (t) => {
    t.is((await send([HEAD, "x;e1;0242013258;7,00;"].join("\n"))).status, 303);
    t.is(await balance("suspense/claims"), -700);
    const pupil = DIRECTIVES.find((one) => one.kind === "SetAccount");
    await all.cloud.enqueueDirectives(SCHOOL, [{ ...pupil, id: 8, number: SISTER } as Directive]);
    await all.deliver();
    t.is((await send([HEAD, "x;e1;0242013258;7,00;", "x;e2;0242013258;1,00;"].join("\n"))).status, 303);
    await all.deliver();
    t.deepEqual([await balance("suspense/claims"), await balance("holder/8/main")], [-700, -100]);
  },
);

test.serial("what was payable when a file was taken, and is not when its row's turn comes, lies in suspense once", async (t) => {
  const { payments } = all.cloud;
  const bank = await balance("bank/operator");
  let asked = 0;
  const findPayee = (number: Parameters<typeof payments.findPayee>[0]) => (asked++ === 0 ? payments.findPayee(number) : null);
  const office = { ...all.office, cloud: { ...all.cloud, payments: { ...payments, findPayee } } };
  const bytes = Buffer.from([HEAD, "x;g1;0242013258;3,00;"].join("\n"));
  const id = await takeBankFile(office, { login: "accountant", school: SCHOOL }, { name: "g.csv", day: TODAY, bytes });
  t.is(typeof id, "number");
  await followBankFile(office, id as number);
  await all.deliver();
  t.deepEqual(
    [await balance("suspense/claims"), await balance("holder/8/main"), await balance("bank/operator")],
    [-1000, -100, bank + 300],
  );
  // Half followed, as a crash leaves it: going on credits nothing twice.
  const change = { login: "test", school: SCHOOL, what: "test", subject: "a crash" };
  await all.office.change(change, async (transaction) => {
    await transaction
      .updateTable("registryFiles")
      .set({ followed: false })
      .where("id", "=", id as number)
      .execute();
    return { before: null, after: null, value: null };
  });
  t.is((await all.post("accountant", at + "/follow/" + String(id))).status, 303);
  t.true((await all.office.database.selectFrom("registryFiles").selectAll().execute()).every(({ followed }) => followed));
  t.is(await balance("bank/operator"), bank + 300);
  t.is((await send([HEAD, "x;g1;0242013258;3,00;", "x;g2;0242013258;1,00;"].join("\n"))).status, 303);
  await all.deliver();
  t.deepEqual([await balance("suspense/claims"), await balance("holder/8/main")], [-1000, -200]);
  t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
});

test.serial("a large sum in suspense goes where two persons say, and where one says it stays", async (t) => {
  const say = async (role: Role, id: string, fields: Record<string, string>) => all.post(role, at + "/question/" + id, fields);
  const before = [purse(), await balance("suspense/claims")];
  await send([HEAD, "18.01.2018;big1;0249999999;1000,01;Некто", "18.01.2018;small1;0249999998;1000,00;Некто"].join("\n"));
  const [big, small] = (await openIds()).slice(-2);
  await say("accountant", small, { do: "is", text: "0242013137" });
  await all.deliver();
  t.is(purse(), before[0] + 100_000, "a thousand roubles are one person's to decide");
  await say("accountant", big, { do: "is", text: "0240000000" });
  t.false((await all.get("operator", at)).text.includes("нужен второй"), "a number that nobody has is no proposal");
  await say("accountant", big, { do: "is", text: "024 201 3137" });
  await say("accountant", big, { do: "returned", text: "поручение" });
  await say("accountant", big, { do: "agree" });
  await all.deliver();
  t.deepEqual([purse(), await balance("suspense/claims")], [before[0] + 100_000, before[1] - 100_001], "not by the same person");
  t.true((await all.get("accountant", at)).text.includes("подтвердить его должен другой"));
  t.regex((await all.get("operator", at)).text, /Зачислить: 0242013137\. Предложено: accountant/);
  await say("operator", big, { do: "refuse" });
  t.is(await balance("suspense/claims"), before[1] - 100_001);
  await say("operator", big, { do: "is", text: "0242013137" });
  await say("accountant", big, { do: "agree" });
  await say("accountant", big, { do: "agree" });
  await all.deliver();
  t.deepEqual([purse(), await balance("suspense/claims")], [before[0] + 200_001, before[1]], "once, by two");
  t.false((await openIds()).includes(big));
  t.regex(
    (await all.get("auditor", "/office/trail?q=money.suspense")).text,
    /accountantmoney\.suspense.*operatormoney\.suspense\.propose/s,
  );
  t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
});

test.serial("a fee for a card that came through the bank pays its application once, to the kopeck, and lies in no purse", async (t) => {
  await all.cloud.enqueueDirectives(SCHOOL, [{ kind: "SetFees", activation: kopecks(0), reissue: kopecks(25000) }]);
  await all.deliver();
  const before = [purse(), await balance("bank/operator"), await balance("suspense/claims")];
  const since = async () => [
    purse() - before[0],
    (await balance("bank/operator")) - before[1],
    (await balance("suspense/claims")) - before[2],
    await balance("income/cards"),
  ];
  await send([HEAD, "x;f1;;250,00;за карту", "x;f2;;250,00;за карту", "x;f3;;249,99;за карту"].join("\n"));
  const [first, second, short] = (await openIds()).slice(-3);
  const say = async (id: string, number = "024 201 3137") => {
    await all.post("accountant", at + "/question/" + id, { do: "fee", text: number });
    return (await all.get("accountant", at)).text;
  };
  t.regex(await say(first), /нет заявления на карту, которое ждёт оплаты/);
  const asked = { cause: "loss", purse: null, fee: kopecks(25000), applicant: "Иванова Мария", phone: "79001234567", mail: "" } as const;
  t.is(await askForCard(all.office, { school: SCHOOL, account: PUPIL }, asked), "received");
  t.regex(await say(first, "0252013134"), /В этой школе нет такого лицевого счёта/);
  t.regex(await say(short), /Сумма не равна плате за карту/);
  t.deepEqual(await since(), [0, 74999, -74999, 0], "nothing of it is anything yet");
  t.regex(await say(first), /заявление на карту оплачено/);
  t.deepEqual(await since(), [0, 74999, -49999, -25000]);
  await say(first);
  t.regex(await say(second), /нет заявления на карту, которое ждёт оплаты/);
  t.deepEqual(await since(), [0, 74999, -49999, -25000], "neither the row nor the application twice");
  t.is((await reissueOf(all.office, SCHOOL, PUPIL))?.fee, "paid");
  t.regex((await all.get("auditor", "/office/trail?q=money.suspense.fee")).text, /accountantmoney\.suspense\.fee/);
  await all.deliver();
  t.deepEqual(await all.cloud.verifyLedger(SCHOOL), []);
  t.deepEqual(all.errors, []);
});
