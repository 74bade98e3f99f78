import test from "ava";
import { loginPage, statusPage } from "./page.js";
import { alarmsOf, type GatewayStatus, type TerminalStatus } from "./status.js";
import { HEALTH, KIOSK, NOW, STATUS, TILL } from "./_status.test.js";

const withKiosk = (change: Partial<TerminalStatus>): GatewayStatus => ({ ...STATUS, terminals: [{ ...KIOSK, ...change }, TILL] });

test("days and times are told in words, on the school's own clock; of today the time alone", (t) => {
  const page = statusPage(STATUS);
  t.true(page.includes("Учебный день: сб, 21 ноября"));
  t.true(page.includes(">02:52:48<"));
  t.false(page.includes("UTC"));
  const before = withKiosk({ seenMs: NOW - 3 * 3600_000 });
  t.true(statusPage(before).includes("23:53:00, пт, 20 ноября"));
  t.true(statusPage({ ...before, language: "en" }).includes("23:53:00, Fri, 20 November"));
});

test("the first line says whether anything is wrong", (t) => {
  t.true(statusPage(STATUS).includes("Всё работает"));
  const page = statusPage(withKiosk({ health: { ...HEALTH, paper: "out", acceptor: "jammed" } }));
  t.true(page.includes("Нужно посмотреть: 2"));
  t.true(page.includes("Терминал 1 (оплата, Вестибюль &#60;1&#62;): купюроприёмник: застряла купюра"));
  t.true(page.includes("принтер: нет бумаги или открыта крышка"));
});

test("what must be looked at: devices, a full cassette, a terminal that is away, an hour without the cloud, what the links say", (t) => {
  t.deepEqual(alarmsOf(STATUS), []);
  t.like(alarmsOf(withKiosk({ health: { ...HEALTH, reader: "silent" } })), [{ kind: "device", device: "reader", state: "silent" }]);
  t.like(alarmsOf(withKiosk({ cashBox: { notes: 540, kopecks: 1, capacity: 600 } })), [{ kind: "cashBox" }]);
  t.deepEqual(alarmsOf(withKiosk({ cashBox: { notes: 539, kopecks: 1, capacity: 600 } })), []);
  t.like(alarmsOf(withKiosk({ connected: false, health: { ...HEALTH, reader: "silent" } })), [{ kind: "away" }]);
  const old = { ...STATUS.journal, unsentSinceMs: NOW - 3600_001 };
  t.deepEqual(alarmsOf({ ...STATUS, journal: old }), [{ kind: "unsent", count: 2, sinceMs: NOW - 3600_001 }]);
  t.deepEqual(alarmsOf({ ...STATUS, alarms: ["the cloud knows more"] }), [{ kind: "link", what: "the cloud knows more" }]);
});

test("what is away stands out, what is quoted cannot break out, a kiosk's cassette is counted", (t) => {
  const page = statusPage({ ...withKiosk({ connected: false }), alarms: ["<b>"] });
  t.true(page.includes('<td data-what="Место">Вестибюль &#60;1&#62;</td><td data-what="Связь">нет связи</td>'));
  t.true(page.includes("<li>Связь с облаком остановлена. Школа работает без неё; позвоните оператору (&#60;b&#62;)</li>"));
  t.regex(page, /купюр 12 из 600, 1\s234,00 ₽/);
});

test("an old copy of the journal is one alarm, and says who knows more", (t) => {
  const outrun = (by: string): GatewayStatus => ({ ...STATUS, alarms: ["ahead"], disk: { kind: "outrun", sinceMs: NOW, size: 2400, by } });
  t.is(alarmsOf(outrun("the cloud")).length, 1);
  t.true(statusPage(outrun("the cloud")).includes("облако знает о записях числом 2400 (02:53:00)"));
  t.true(statusPage(outrun("terminals 4, 7")).includes("терминалы 4, 7 знают о записях"));
  t.true(statusPage({ ...outrun("terminals 4, 7"), language: "en" }).includes("terminals 4, 7 know of 2400 events"));
});

test("a terminal that alone has heard of more than lies here is named, with what is to be done", (t) => {
  const claims = [{ terminal: 4, size: 2400 }];
  const alone = { ...STATUS, claims };
  t.is(alarmsOf(alone).length, 1);
  t.true(statusPage(alone).includes("Терминал 4 утверждает, что слышал о записях числом 2400"));
  t.true(statusPage(alone).includes("школа работает"));
  const doubted: GatewayStatus = { ...alone, disk: { kind: "doubted", sinceMs: NOW, size: 2400, by: "terminal 4", untilMs: NOW + 1 } };
  t.is(alarmsOf(doubted).length, 1);
  t.true(statusPage({ ...doubted, language: "en" }).includes("for a minute after its start the gateway waits"));
});

test("a gateway in whose place another one stands says only that, and whether it may be switched off", (t) => {
  const away = withKiosk({ connected: false });
  t.deepEqual(alarmsOf({ ...away, alarms: ["epoch_closed"], replaced: { handedIn: false } }), [{ kind: "replaced", handedIn: false }]);
  t.true(statusPage({ ...away, replaced: { handedIn: false } }).includes("не выключайте его"));
  t.true(statusPage({ ...away, replaced: { handedIn: true } }).includes("можно выключить"));
});

test("after a replacement the page names the terminals that sales wait for, and lets a person end the waiting", (t) => {
  const page = statusPage({ ...STATUS, waitingFor: [1, 2] });
  t.true(page.includes("что скажут терминалы (1, 2)"));
  t.true(page.includes('<form method="post" action="/recovered" class="after"><button>Больше не ждать</button></form>'));
  t.false(statusPage(STATUS).includes("/recovered"));
});

test("the last directives are told by what they are about, the newest first, and what was not applied says so", (t) => {
  const at = Date.UTC(2026, 10, 20, 7, 42);
  const lastDirectives = [
    { kind: "SetCard", outcome: "refused", atMs: at - 60_000 },
    { kind: "SetLimits", outcome: "applied", atMs: at },
  ] as const;
  const page = statusPage({ ...STATUS, lastDirectives });
  t.true(page.includes("Последние: 10:42:00, пт, 20 ноября: ограничения; 10:41:00, пт, 20 ноября: карта (не применено)"));
});

test("what a school is told in one go stands there once, with how often", (t) => {
  const atMs = Date.UTC(2026, 10, 20, 7, 42);
  const lastDirectives = [
    { kind: "SetCard", outcome: "applied", atMs },
    ...Array.from({ length: 4 }, () => ({ kind: "SetDish", outcome: "applied", atMs }) as const),
  ] as const;
  const page = statusPage({ ...STATUS, lastDirectives });
  t.true(page.includes("Последние: 10:42:00, пт, 20 ноября: меню и цены × 4; 10:42:00, пт, 20 ноября: карта"));
});

test("a day without a word from the cloud is an alarm: nobody here knows what was blocked since", (t) => {
  t.deepEqual(alarmsOf({ ...STATUS, cloudHeardMs: NOW - 86_400_000 }), []);
  const deaf = { ...STATUS, cloudHeardMs: NOW - 86_400_001 };
  t.like(alarmsOf(deaf), [{ kind: "deaf" }]);
  t.true(statusPage(deaf).includes("Облако не слышно с"));
});

test("a day that nobody has opened is an alarm that says whose card opens it; midnight itself is none", (t) => {
  const midnight = Date.parse("2026-11-22") - STATUS.zoneMinutes * 60_000;
  const sent = { ...STATUS, journal: { ...STATUS.journal, unsentSinceMs: null } };
  t.deepEqual(alarmsOf({ ...sent, nowMs: midnight + 60_000 }), []);
  const behind = { ...sent, nowMs: midnight + 120_000 };
  t.deepEqual(alarmsOf(behind), [{ kind: "day", date: "2026-11-21" }]);
  t.regex(statusPage(behind), /датой «сб, 21 ноября»: после дней без интернета приложите карту старшего/);
  t.regex(statusPage({ ...behind, language: "en" }), /the date “Sat, 21 November”/);
});

test("before the first day the page says so", (t) => {
  t.true(statusPage({ ...STATUS, date: "" }).includes("День ещё не открыт"));
});

test("the door tells nothing but the school's number", (t) => {
  const page = loginPage(STATUS, "wrong");
  t.true(page.includes("Шлюз школы 24") && page.includes("Пароль не подошёл"));
  t.false(page.includes("Вестибюль") || page.includes("2302"));
});
