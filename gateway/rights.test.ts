/**
 * A terminal may ask and do what its kind is for, and nothing else: a kiosk hangs in a hall, and whoever opens it has its key. What a stolen key of one kind
 * cannot do with another kind's words.
 */
import test from "ava";
import { toByteText } from "@trapeza/protocol";
import type { CardUid, Kopecks, Result, Up } from "@trapeza/protocol";
import { releaseOf } from "./releases/_release.test.js";
import { CASHIER, KIOSK, NUMBER, openWorld, PUPIL, SCHOOL, Speaker, TEACHER, TILL, TODAY, WALL, when } from "./_school.test.js";
import type { World } from "./_school.test.js";

const IDS = { payment: KIOSK, settlement: TILL, information: WALL };
type Kind = keyof typeof IDS;
const KINDS: readonly Kind[] = ["payment", "settlement", "information"];

/** A session of each kind; at the till a shift is open. */
function open(kind: Kind): { world: World; one: Speaker } {
  const world = openWorld();
  const one = new Speaker(world, IDS[kind], kind);
  one.greet();
  if (kind === "settlement") one.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: 0 as Kopecks });
  return { world, one };
}

const told = (result: Result | null): string => (result?.kind === "Refused" ? "refused" : (result?.kind ?? "silence"));

/** What only one kind of terminal may ask. */
const QUESTIONS: readonly (readonly [kind: Kind, message: Up])[] = [
  ["payment", { kind: "FindAccount", number: NUMBER }],
  ["settlement", { kind: "Browse", class: 0 }],
  ["settlement", { kind: "Browse", class: 11 }],
  ["settlement", { kind: "Identify", id: 2, total: 100 as Kopecks }],
  ["settlement", { kind: "ShiftReport" }],
  ["information", { kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 }],
  ["information", { kind: "Today", uid: PUPIL, pupil: 0, section: 0, page: 0 }],
  ["information", { kind: "Today", uid: TEACHER, pupil: 1, section: 0, page: 0 }],
];

for (const [owner, message] of QUESTIONS) {
  for (const kind of KINDS) {
    test(`${message.kind} ${JSON.stringify(message).slice(0, 60)} from a terminal of kind ${kind} is ${kind === owner ? "answered" : "refused"}`, (t) => {
      const { one } = open(kind);
      const result = told(one.ask(message));
      if (kind === owner) t.not(result, "refused");
      else t.is(result, "refused");
    });
  }
}

test("what a terminal is told unasked: whose it is, to all; the dishes, to the till alone; a face, a list, a patronymic, to nobody", (t) => {
  const told = KINDS.map((kind) => {
    const { one } = open(kind);
    one.ask({ kind: "MenuRequest", have: 0 });
    return [...new Set(one.heard.map((down) => down.kind))].filter((what) => what !== "Reply" && what !== "Time");
  });
  t.deepEqual(told, [["Policy"], ["Policy", "Menu"], ["Policy"]]);
});

test("a till is told surname and given name of a child, and the patronymic only of one who has a namesake in class", (t) => {
  const named = SCHOOL.map((one) =>
    one.kind === "SetAccount"
      ? { ...one, name: ["Иванов Пётр Ильич", "Иванов Пётр Олегович", "Яшина Анна Львовна"][one.id - 1] ?? "" }
      : one,
  );
  const till = new Speaker(openWorld(":memory:", named), TILL, "settlement");
  till.greet();
  till.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: 0 as Kopecks });
  t.like(till.ask({ kind: "Tap", uid: PUPIL, total: null, sun: null }), { kind: "Holder", name: toByteText("Иванов Пётр") });
  const list = till.ask({ kind: "Browse", class: 11 });
  const names = list?.kind === "Pupils" ? list.pupils.map(({ name }) => name) : [];
  t.deepEqual(names, ["Иванов Пётр Ильич", "Иванов Пётр Олегович", "Яшина Анна"].map(toByteText));
});

test("a transfer that was cut goes on in the next session where it stood: a release by its offset, a menu whole", (t) => {
  const release = releaseOf("2.0");
  const world = openWorld(":memory:", SCHOOL, true, { wanted: () => release });
  const till = new Speaker(world, TILL, "settlement");
  const piece = (offset: number): Uint8Array => {
    world.time.nowMs += 1000;
    const [chunk] = till.give(till.seal({ kind: "ChunkRequest", release: release.id, offset })).filter((down) => down.kind === "Chunk");
    return chunk?.kind === "Chunk" ? chunk.bytes : new Uint8Array(0);
  };
  till.greet();
  t.true(till.heard.some((down) => down.kind === "Menu"));
  const begin = piece(0);
  till.heard.length = 0;
  till.greet({ bootEpoch: 2 });
  t.deepEqual(
    till.heard.map((down) => down.kind).filter((kind) => kind === "Menu" || kind === "Firmware"),
    ["Menu", "Firmware"],
  );
  const rest: number[] = [];
  for (let at = begin.length; at < release.bytes.length;) {
    const next = piece(at);
    if (next.length === 0) return t.fail();
    rest.push(...next);
    at += next.length;
  }
  t.deepEqual(Uint8Array.from([...begin, ...rest]), release.bytes);
});

/** What only one kind of terminal may have done: by the book, and as something that happened before this session. */
const OPERATIONS: readonly (readonly [kind: Kind, message: (n: number) => Up])[] = [
  [
    "settlement",
    (n) => ({
      kind: "Sale",
      n,
      when,
      handle: 0,
      lines: [{ dish: 101, quantity: 1 }],
      total: 2000 as Kopecks,
      menuVersion: 1,
      override: "none",
    }),
  ],
  ["settlement", (n) => ({ kind: "CashSale", n, when, lines: [{ dish: 101, quantity: 1 }], total: 2000 as Kopecks, menuVersion: 1 })],
  ["settlement", (n) => ({ kind: "Shift", n, when, action: "open", uid: CASHIER, declared: 0 as Kopecks })],
  [
    "payment",
    (n) => ({ kind: "NoteStacked", n, when, payee: { kind: "card", uid: PUPIL }, purse: "main", note: 10_000 as Kopecks, visit: 1 }),
  ],
  ["information", (n) => ({ kind: "MealConfirm", n, when, class: 11, meal: 1, date: TODAY, ids: [1], uid: TEACHER })],
  ["information", (n) => ({ kind: "PreOrder", n, when, class: 11, meal: 1, date: TODAY + 3, ids: [1], cancel: false, uid: TEACHER })],
];

const sumOf = ({ school }: World): string =>
  [...school.accounts.values()].map(({ main, additional }) => `${main} ${additional}`).join() +
  ` sales ${school.sales.size} served ${school.served.size}`;

for (const [owner, make] of OPERATIONS) {
  for (const kind of KINDS.filter((one) => one !== owner)) {
    for (const before of [false, true]) {
      test(`${make(1).kind} from a terminal of kind ${kind}, ${before ? "said to be from before" : "now"}, moves no money and serves nobody`, (t) => {
        const { world, one } = open(kind);
        const asIs = sumOf(world);
        const n = one.lastN + 1;
        // Whoever has the key says of himself what he likes.
        if (before) one.greet({ lastN: n + 5 });
        if (kind === "information" || owner === "information") one.ask({ kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 });
        if (kind === "settlement") one.ask({ kind: "Tap", uid: PUPIL, total: 2000 as Kopecks, sun: null });
        one.ask(make(n));
        t.is(sumOf(world), asIs);
      });
    }
  }
}

test("a kiosk and a wall hear nothing of what a child must not eat, and a kiosk neither balance nor class", (t) => {
  for (const kind of ["payment", "information"] as const) {
    const { world, one } = open(kind);
    const account = world.school.accounts.get(1);
    if (account) account.bannedDishes = [101];
    const holder = one.ask({ kind: "Tap", uid: PUPIL, total: null, sun: null });
    if (holder?.kind !== "Holder") return t.fail(told(holder));
    t.deepEqual(holder.banned, []);
    if (kind === "payment") t.like(holder, { main: 0, additional: 0, className: "", cardNumber: "", name: toByteText("У. 1") });
  }
});

test("a portrait is for the till's screen: another terminal that has seen the card is shown none", (t) => {
  const portrait = { width: 4, height: 2, rows: new Uint8Array(4).fill(0x77) };
  for (const kind of KINDS) {
    const world = openWorld(":memory:", undefined, true, { portraitOf: () => portrait });
    const one = new Speaker(world, IDS[kind], kind);
    one.greet();
    const holder = one.ask({ kind: "Tap", uid: PUPIL, total: null, sun: null });
    if (holder?.kind !== "Holder") return t.fail(told(holder));
    const photo = one.ask({ kind: "PhotoRequest", handle: holder.handle, row: 0 });
    if (kind === "settlement") t.like(photo, { kind: "Photo", width: 4 });
    else t.is(told(photo), "refused", kind);
  }
});

/** A lunch for 20 roubles, sold to the pupil's card; the receipt's number. */
function sellBun(till: Speaker): number {
  const holder = till.ask({ kind: "Tap", uid: PUPIL, total: 2000 as Kopecks, sun: null });
  if (holder?.kind !== "Holder") throw new Error(told(holder));
  const lines = [{ dish: 101, quantity: 1 }];
  const sold = till.ask({
    kind: "Sale",
    n: till.lastN + 1,
    when,
    handle: holder.handle,
    lines,
    total: 2000 as Kopecks,
    menuVersion: 1,
    override: "none",
  });
  if (sold?.kind !== "Sold") throw new Error(told(sold));
  return sold.receipt;
}

test("a handle pays once, for one terminal; a receipt comes back once, by whoever may", (t) => {
  const { world, one: till } = open("settlement");
  const receipt = sellBun(till);
  const before = world.school.accounts.get(1)?.additional;
  const voids = (supervisor: CardUid | null, lines: { line: number; quantity: number }[], of = receipt): Result | null =>
    till.ask({ kind: "Void", n: till.lastN + 1, when, receipt: of, lines, reason: "mistake", supervisor });
  for (const supervisor of [PUPIL, TEACHER, CASHIER, "ffffffff" as CardUid])
    t.is(told(voids(supervisor, [{ line: 0, quantity: 1 }])), "refused");
  t.is(told(voids(null, [{ line: 0, quantity: 2 }])), "refused");
  t.is(
    told(
      voids(null, [
        { line: 0, quantity: 1 },
        { line: 0, quantity: 1 },
      ]),
    ),
    "refused",
  );
  t.is(told(voids(null, [{ line: 7, quantity: 1 }])), "refused");
  t.is(told(voids(null, [{ line: 0, quantity: 1 }], receipt + 1)), "refused");
  t.is(told(voids(null, [{ line: 0, quantity: 1 }])), "Voided");
  t.is(told(voids(null, [{ line: 0, quantity: 1 }])), "refused");
  t.is(told(voids(null, [])), "refused");
  t.is(world.school.accounts.get(1)?.additional, ((before ?? 0) + 2000) as Kopecks);
});
