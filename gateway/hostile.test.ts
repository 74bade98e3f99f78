/** What must never end a gateway or spoil its journal: ordinary data that is larger than a message, and figures that nobody means. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { audit, createSchool, apply, decodeWhole, eventSchema, packUp, sealFrame } from "@trapeza/protocol";
import { createTree } from "@trapeza/protocol";
import type { AccountNumber, CardUid, Channel, Directive, Kopecks, Up, When } from "@trapeza/protocol";
import { CASHIER, KIOSK, openWorld, PUPIL, SCHOOL, Speaker, TEACHER, TILL, TODAY, WALL, when } from "./_school.test.js";
import type { World } from "./_school.test.js";
import { sha256 } from "./cipher.js";

const HUGE = 9007199254740991 as Kopecks;
const COLLECTOR = "04000003" as CardUid;

/** Every entry can be read again and an auditor agrees with it: what a restart and the cloud will ask. */
function replays(world: World): string[] {
  const found: string[] = [];
  const school = createSchool();
  for (const entry of world.journal.entries(0, world.journal.size, 1e9, 1e9)) {
    const event = decodeWhole(eventSchema, entry.slice(16));
    if (!event.ok) return [...found, `${event.malformed.what} at ${event.malformed.offset}`];
    found.push(...audit(school, event.value));
    apply(school, event.value);
  }
  return found;
}

function direct(world: World, ...directives: Directive[]): void {
  const tree = createTree(sha256, world.journal.directives);
  for (const one of directives) tree.append(sha256(new TextEncoder().encode(one.kind)));
  world.gateway.applyDirectives(directives, tree.edge());
}

function speaker(world: World, id: typeof KIOSK, kind: "payment" | "settlement" | "information"): Speaker {
  const one = new Speaker(world, id, kind);
  one.greet();
  return one;
}

function pupil(id: number, category: number): Directive {
  const number = String(3000000000 + id) as AccountNumber;
  return {
    kind: "SetAccount",
    id,
    number,
    holder: "pupil",
    name: `Ученик ${id}`,
    shortName: "У",
    class: 11,
    category,
    debtLimit: null,
    status: "open",
  };
}

const collector: Directive[] = [
  { kind: "SetStaff", id: 3, name: "Инкассатор", role: "collector", class: null },
  {
    kind: "SetCard",
    uid: COLLECTOR,
    number: "3",
    holder: "collector",
    account: null,
    staff: 3,
    state: "active",
    by: "operator",
    validThrough: TODAY,
  },
];

test("a seal of signs that are long in UTF-8 is kept", (t) => {
  const world = openWorld(":memory:", [...SCHOOL, ...collector]);
  const kiosk = speaker(world, KIOSK, "payment");
  const seal = "\u00b9".repeat(20) as never;
  t.is(kiosk.ask({ kind: "Collection", n: 1, when, uid: COLLECTOR, seal, witness: null })?.kind, "Collected");
  t.deepEqual(replays(world), []);
});

test("a class of more tariff categories than sixteen is served", (t) => {
  const many = Array.from({ length: 20 }, (_, i): Directive[] => [
    { kind: "SetCategory", id: 50 + i, name: `Категория ${i}` },
    {
      kind: "SetTariff",
      meal: 1,
      category: 50 + i,
      share: 100 as Kopecks,
      subsidy: 0 as Kopecks,
      program: 1,
      caterer: 1,
      from: (TODAY - 1) as never,
    },
    pupil(100 + i, 50 + i),
  ]).flat();
  const world = openWorld(":memory:", [...SCHOOL, ...many]);
  const wall = speaker(world, WALL, "information");
  wall.ask({ kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 });
  const ids = Array.from({ length: 20 }, (_, i) => 100 + i);
  const served = wall.ask({ kind: "MealConfirm", n: 1, when, class: 11, meal: 1, date: TODAY, ids, uid: TEACHER });
  t.is(served?.kind === "Served" ? served.served.length : 0, 20);
});

const absurd: readonly Directive[] = [
  { kind: "TopUp", account: 1, main: HUGE, additional: HUGE, source: "payment", reference: "x" },
  { kind: "TopUp", account: 1, main: 4503599627370496 as Kopecks, additional: 0 as Kopecks, source: "payment", reference: "x" },
  { kind: "ForcedDebit", account: 1, purse: "main", amount: HUGE, cause: "chargeback", reference: "x" },
  { kind: "OpeningBalance", account: 2, main: -4503599627370496 as Kopecks, additional: HUGE },
  { kind: "Claim", wrong: 2, right: 3, purse: "main", amount: HUGE, reference: "x" },
  { kind: "Admit", account: 1, amount: HUGE, reference: "x" },
  { kind: "Close", account: 2 },
  { kind: "FinishClosing", account: 2, costs: HUGE, reference: "x" },
  {
    kind: "MoveIn",
    account: 3,
    fromSchool: 1,
    epoch: 1,
    luggage: { main: 4503599627370495 as Kopecks, additional: HUGE, debts: [], served: [], spentDate: TODAY, spent: HUGE },
  },
  { kind: "CountCollection", terminal: KIOSK, collection: 1, counted: HUGE },
  { kind: "SetTariff", meal: 1, category: 1, share: HUGE, subsidy: HUGE, program: 1, caterer: 1, from: TODAY },
  { kind: "SetDish", code: 101, name: "x", price: HUGE, group: 0, allergens: [], caterer: 1, offered: true, from: TODAY },
];

for (const directive of absurd) {
  test(`an absurd ${directive.kind} is answered, and the journal can still be read: ${JSON.stringify(directive).slice(0, 80)}`, (t) => {
    const before =
      directive.kind === "CountCollection" || directive.kind === "FinishClosing"
        ? [...collector, { kind: "Close", account: 2 } as Directive]
        : [];
    const world = openWorld(":memory:", [...SCHOOL, ...before]);
    if (directive.kind === "CountCollection")
      speaker(world, KIOSK, "payment").ask({ kind: "Collection", n: 1, when, uid: COLLECTOR, seal: "1" as never, witness: null });
    t.notThrows(() => direct(world, directive));
    t.notThrows(() => direct(world, directive));
    const wall = speaker(world, WALL, "information");
    wall.ask({ kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 });
    t.notThrows(() => wall.ask({ kind: "MealConfirm", n: 1, when, class: 11, meal: 1, date: TODAY, ids: [1, 2, 3], uid: TEACHER }));
    const till = speaker(world, TILL, "settlement");
    till.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: 0 as Kopecks });
    t.notThrows(() =>
      till.ask({ kind: "CashSale", n: 2, when, lines: [{ dish: 101, quantity: 99 }], total: (99 * 2000) as Kopecks, menuVersion: 1 }),
    );
    t.deepEqual(replays(world), []);
  });
}

test("absurd settings of the school", (t) => {
  const set = SCHOOL[0] as Directive & { kind: "SetSchool" };
  for (const change of [
    { receiptsFrom: HUGE },
    { zoneMinutes: 4503599627370495 },
    { zoneMinutes: -4503599627370495 },
    { debtLimit: HUGE },
  ]) {
    const world = openWorld();
    t.notThrows(() => direct(world, { ...set, ...change }));
    world.time.nowMs += 3600000;
    t.notThrows(() => world.gateway.flush());
    const till = speaker(world, TILL, "settlement");
    till.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: 0 as Kopecks });
    till.ask({ kind: "CashSale", n: 2, when, lines: [{ dish: 101, quantity: 1 }], total: 2000 as Kopecks, menuVersion: 1 });
    till.ask({ kind: "CashSale", n: 3, when, lines: [{ dish: 101, quantity: 1 }], total: 2000 as Kopecks, menuVersion: 1 });
    t.deepEqual(replays(world), [], JSON.stringify(change));
    t.is(world.school.date, TODAY, JSON.stringify(change));
  }
});

test("a shift opened with all the money of the world", (t) => {
  const world = openWorld();
  const till = speaker(world, TILL, "settlement");
  till.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: 4503599627370495 as Kopecks });
  till.ask({ kind: "CashSale", n: 2, when, lines: [{ dish: 101, quantity: 1 }], total: 2000 as Kopecks, menuVersion: 1 });
  till.ask({ kind: "Shift", n: 3, when, action: "close", uid: CASHIER, declared: 4503599627370495 as Kopecks });
  t.deepEqual(replays(world), []);
});

test("a terminal that says it is of the last incarnation there can be", (t) => {
  const world = openWorld();
  const till = new Speaker(world, TILL, "settlement");
  till.greet({ incarnation: HUGE, lastN: HUGE, heardEpoch: HUGE, heardSize: HUGE, answered: HUGE });
  t.deepEqual(replays(world), []);
});

test("an operation that cannot be read is answered and the ones behind it go on", (t) => {
  const world = openWorld();
  const till = speaker(world, TILL, "settlement");
  t.is(till.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: 0 as Kopecks })?.kind, "ShiftDone");
  const good = packUp({ kind: "CashSale", n: 2, when, lines: [{ dish: 101, quantity: 1 }], total: 2000 as Kopecks, menuVersion: 1 });
  const bad = good.body.slice(0, 8);
  till.give(sealFrame(till.up as Channel, good.kind, ++till.counter, false, bad));
  till.lastN = 2;
  t.is(
    till.ask({ kind: "CashSale", n: 3, when, lines: [{ dish: 101, quantity: 1 }], total: 2000 as Kopecks, menuVersion: 1 })?.kind,
    "CashSold",
  );
});

function atTill(n: number, far: When): Up[] {
  return [
    {
      kind: "Sale",
      n,
      when: far,
      handle: HUGE,
      lines: Array.from({ length: 40 }, () => ({ dish: 9999, quantity: 99 })),
      total: HUGE,
      menuVersion: HUGE,
      override: "doctor",
    },
    { kind: "ShiftReport" },
    { kind: "Browse", class: HUGE },
    { kind: "Identify", id: HUGE, total: HUGE },
    { kind: "PhotoRequest", handle: HUGE, row: 255 },
    { kind: "FindReceipt", receipt: HUGE },
    { kind: "Activate", n, when: far, uid: "" as CardUid, paid: HUGE },
    { kind: "Fee", n, when: far, handle: HUGE, service: "reissue", amount: HUGE },
    { kind: "AccessCode", n, when: far, handle: HUGE },
    { kind: "CashSale", n, when: far, lines: [{ dish: 101, quantity: 99 }], total: HUGE, menuVersion: HUGE },
    { kind: "Void", n, when: far, receipt: HUGE, lines: [{ line: 99, quantity: 99 }], reason: "mistake", supervisor: PUPIL },
  ];
}

test("every message with every number at its limit is answered", (t) => {
  const world = openWorld(":memory:", [...SCHOOL, ...collector]);
  const far = { date: HUGE, sinceMs: HUGE, known: true };
  const messages = (n: number): Up[] => [
    { kind: "Tap", uid: "" as CardUid, total: HUGE, sun: null },
    { kind: "Tap", uid: PUPIL, total: HUGE, sun: null },
    { kind: "Tap", uid: PUPIL, total: null, sun: new Uint8Array(24).fill(255) },
    { kind: "Ticket", handle: HUGE, challenge: HUGE, what: "read", first: new Uint8Array(16).fill(255), second: null },
    { kind: "FindAccount", number: "\u00ff".repeat(20) as AccountNumber },
    { kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 },
    { kind: "MenuRequest", have: HUGE },
    { kind: "Status", paper: "ok", reader: "ok", acceptor: "ok", unsent: HUGE, freeMemory: HUGE, update: 0 },
    { kind: "Log", text: "\u0098".repeat(200) as never },
    ...atTill(n, far),
    {
      kind: "NoteStacked",
      n,
      when: far,
      payee: { kind: "number", number: "\u00ff".repeat(20) as AccountNumber },
      purse: "main",
      note: HUGE,
      visit: HUGE,
    },
    { kind: "NoteUnresolved", n, when: far, payee: { kind: "card", uid: "" as CardUid }, purse: "main", note: HUGE, visit: HUGE },
    {
      kind: "MealConfirm",
      n,
      when: far,
      class: HUGE,
      meal: HUGE,
      date: HUGE,
      ids: Array.from({ length: 64 }, (_, i) => HUGE - i),
      uid: TEACHER,
    },
    { kind: "MealConfirm", n, when: far, class: 11, meal: 1, date: HUGE, ids: [1, 1, HUGE], uid: TEACHER },
    { kind: "MealUndo", n, when: far, class: 11, meal: HUGE, date: HUGE, ids: [1, HUGE], uid: TEACHER },
    { kind: "PreOrder", n, when: far, class: 11, meal: 1, date: HUGE, ids: [1, HUGE], cancel: false, uid: TEACHER },
    { kind: "PreOrder", n, when: far, class: 11, meal: 1, date: HUGE, ids: [1, HUGE], cancel: true, uid: TEACHER },
    { kind: "Shift", n, when: far, action: "open", uid: CASHIER, declared: -4503599627370496 as Kopecks },
    { kind: "Shift", n, when: far, action: "close", uid: CASHIER, declared: 4503599627370495 as Kopecks },
    { kind: "Collection", n, when: far, uid: COLLECTOR, seal: "\u0088".repeat(20) as never, witness: COLLECTOR },
    { kind: "Receipt", n, when: far, of: HUGE, outcome: "failed" },
  ];
  for (const [id, kind] of [
    [KIOSK, "payment"],
    [TILL, "settlement"],
    [WALL, "information"],
  ] as const) {
    const one = speaker(world, id, kind);
    let n = 0;
    for (let i = 0; i < messages(1).length; i++) {
      const message = messages(n + 1)[i];
      if ("n" in message) n++;
      t.notThrows(() => one.ask(message), `${kind} ${message.kind}`);
    }
  }
  t.deepEqual(replays(world), []);
});

test("a lunch confirmed before the gateway was started again is charged, whatever the purses say since", (t) => {
  const path = join(mkdtempSync(join(tmpdir(), "trapeza-")), "journal.sqlite");
  const before = openWorld(path);
  const wall = speaker(before, WALL, "information");
  const list = wall.ask({ kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 });
  t.is(list?.kind === "Class" ? list.pupils[1].mark : "", "plain");
  direct(before, { kind: "ForcedDebit", account: 2, purse: "main", amount: 15000 as Kopecks, cause: "chargeback", reference: "x" });
  before.journal.close();
  const after = openWorld(path);
  after.time.nowMs += 86400000;
  const again = new Speaker(after, WALL, "information");
  Object.assign(again, { incarnation: wall.incarnation, token: wall.token, bootEpoch: 2, lastN: 1 });
  again.greet();
  const served = again.ask({ kind: "MealConfirm", n: 1, when, class: 11, meal: 1, date: TODAY, ids: [2], uid: TEACHER });
  t.deepEqual(served?.kind === "Served" ? served.served.map((one) => one.id) : served, [2]);
  t.deepEqual(replays(after), []);
  const asked = again.ask({ kind: "MealConfirm", n: 2, when, class: 11, meal: 1, date: TODAY, ids: [3], uid: TEACHER });
  t.deepEqual(asked?.kind === "Served" ? asked.served.map((one) => one.id) : asked, [3], "a list outlives the gateway's process");
  after.journal.close();
});

test("who was admitted on a list stays admitted when the list is asked for once more", (t) => {
  const world = openWorld();
  const wall = speaker(world, WALL, "information");
  wall.ask({ kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 });
  direct(world, { kind: "ForcedDebit", account: 2, purse: "main", amount: 15000 as Kopecks, cause: "chargeback", reference: "x" });
  wall.ask({ kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 });
  const served = wall.ask({ kind: "MealConfirm", n: 1, when, class: 11, meal: 1, date: TODAY, ids: [2], uid: TEACHER });
  t.deepEqual(served?.kind === "Served" ? served.served.map((one) => one.id) : served, [2]);
});

test("a class larger than a message is served in two goes", (t) => {
  const world = openWorld(":memory:", [...SCHOOL, ...Array.from({ length: 80 }, (_, i) => pupil(100 + i, 1))]);
  const wall = speaker(world, WALL, "information");
  const eaten = new Set<number>();
  for (const n of [1, 2]) {
    const list = wall.ask({ kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 });
    const ids = list?.kind === "Class" ? list.pupils.filter((one) => one.mark === "plain").map((one) => one.id) : [];
    const served = wall.ask({ kind: "MealConfirm", n, when, class: 11, meal: 1, date: TODAY, ids, uid: TEACHER });
    if (served?.kind === "Served") for (const one of served.served) eaten.add(one.id);
  }
  t.is(eaten.size, 83);
});

test("a Monday after a weekend without power and internet is opened by a supervisor's card at any terminal", (t) => {
  const uid = "04000009" as CardUid;
  const validThrough = (TODAY + 300) as typeof TODAY;
  const supervisor: Directive[] = [
    { kind: "SetStaff", id: 9, name: "Завуч", role: "supervisor", class: null },
    { kind: "SetCard", uid, number: "9", holder: "supervisor", account: null, staff: 9, state: "active", by: "operator", validThrough },
  ];
  const world = openWorld(":memory:", [...SCHOOL, ...supervisor], false);
  t.is(world.school.date, TODAY);
  world.time.nowMs += 3 * 86400000;
  const wall = speaker(world, WALL, "information");
  wall.ask({ kind: "Tap", uid: PUPIL, total: null, sun: null });
  t.is(world.school.date, TODAY, "three days at once are nobody's to believe");
  t.is(wall.ask({ kind: "Tap", uid, total: null, sun: null })?.kind, "Holder");
  t.is(world.school.date as number, TODAY + 3);
  t.deepEqual(replays(world), []);
});
