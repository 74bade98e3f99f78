import test from "ava";
import { dateFromCivil } from "@trapeza/protocol";
import { CATERER, MOTHER, OPERATOR, TREASURY } from "./_parties.test.js";
import { formatExchange } from "./exchange.js";
import { formatPaymentCode } from "./paper-code.js";
import { wrongFields } from "./requisites.js";

const day = dateFromCivil(2018, 1, 22);
const order = { number: 5, madeOn: day, sum: 1234505, payee: CATERER, purpose: "Оплата услуг питания\nза декаду" };
const made = { date: day, clock: "10:05" };

test("an account that does not fit its bank, or is a digit short, is found before money is sent to it", (t) => {
  for (const right of [OPERATOR, CATERER, MOTHER, TREASURY]) t.deepEqual(wrongFields(right), [], right.name);
  t.deepEqual(wrongFields({ ...CATERER, account: "40702810500000000003" }), ["account"]);
  t.deepEqual(wrongFields({ ...CATERER, bic: "044525226" }), ["account"]);
  t.deepEqual(wrongFields({ ...CATERER, correspondent: "" }), ["account"]);
  t.deepEqual(wrongFields({ ...CATERER, inn: "12345", kpp: "1", name: "", account: "4070281050000000000" }), [
    "name",
    "inn",
    "kpp",
    "account",
  ]);
});

test("payment orders stand in the file as 1C reads it, in both encodings, with kopecks and no line too many", (t) => {
  const text = Buffer.from(formatExchange({ payer: OPERATOR, orders: [order], made, encoding: "utf-8" })).toString("utf8");
  const lines = text.replace("\ufeff", "").split("\r\n");
  t.deepEqual(lines.slice(0, 9), [
    "1CClientBankExchange",
    "ВерсияФормата=1.03",
    "Кодировка=UTF-8",
    "Отправитель=Трапеза",
    "ДатаСоздания=22.01.2018",
    "ВремяСоздания=10:05:00",
    "ДатаНачала=22.01.2018",
    "ДатаКонца=22.01.2018",
    "РасчСчет=40702810200000000001",
  ]);
  for (const field of [
    "Номер=5",
    "Дата=22.01.2018",
    "Сумма=12345.05",
    "ПлательщикСчет=40702810200000000001",
    "ПлательщикИНН=5836000001",
    "ПолучательСчет=40702810500000000002",
    "Получатель=ИНН 5836000002 ООО «Столовая»",
    "ПолучательБИК=044525225",
    "ПолучательКорсчет=30101810400000000225",
    "НазначениеПлатежа=Оплата услуг питания за декаду",
  ])
    t.true(lines.includes(field), field);
  t.deepEqual(lines.slice(-3), ["КонецДокумента", "КонецФайла", ""]);
  const windows = new TextDecoder("windows-1251").decode(
    formatExchange({ payer: OPERATOR, orders: [order], made, encoding: "windows-1251" }),
  );
  t.is(windows, text.replace("\ufeff", "").replace("Кодировка=UTF-8", "Кодировка=Windows"));
});

test("the file spans the days of its orders", (t) => {
  const later = { ...order, number: 6, madeOn: dateFromCivil(2018, 2, 1) };
  const text = Buffer.from(formatExchange({ payer: OPERATOR, orders: [later, order], made, encoding: "utf-8" })).toString("utf8");
  t.regex(text, /ДатаНачала=22\.01\.2018\r\nДатаКонца=01\.02\.2018/);
  t.is(text.split("СекцияДокумент=").length, 3);
});

test("a payment code has its head, the obligatory fields in their order, the account and no separator within a field", (t) => {
  const code = formatPaymentCode({ ...OPERATOR, name: "МУП | Оператор" }, { number: "0242013137", shortName: "Иван И." }, 50000);
  t.is(
    code,
    "ST00012|Name=МУП   Оператор|PersonalAcc=40702810200000000001|BankName=ПАО «Сбербанк», г. Москва|BIC=044525225|CorrespAcc=30101810400000000225" +
      "|PayeeINN=5836000001|KPP=583601001|PersAcc=0242013137|Purpose=Школьное питание, лицевой счёт 0242013137, Иван И.|Sum=50000",
  );
  t.false(formatPaymentCode(OPERATOR, { number: "1", shortName: "" }, null).includes("Sum"));
});
