import test from "ava";
import {
  checkInvariants,
  cosignCheckpoint,
  decodeWhole,
  encodeSchool,
  eventSchema,
  formatNote,
  parseNote,
  REASONS,
  SALT_BYTES,
  toHex,
} from "@trapeza/protocol";
import type { Result, Up } from "@trapeza/protocol";
import { cosigner, testPath } from "./journal/_journal.test.js";
import { CASHIER, KIOSK, NUMBER, openWorld, PUPIL, rub, Speaker, TEACHER, TILL, TODAY, WALL, when } from "./_school.test.js";
import type { World } from "./_school.test.js";

const refused = (reason: keyof typeof REASONS): Result => ({ kind: "Refused", reason: REASONS[reason] });
const note = (n: number, change: object = {}): Up =>
  ({ kind: "NoteStacked", n, when, payee: { kind: "card", uid: PUPIL }, purse: "additional", note: rub(100), visit: n, ...change }) as Up;
const account = (world: World) => world.school.accounts.get(1);

function openTill(world: World): Speaker {
  const till = new Speaker(world, TILL, "settlement");
  till.greet();
  till.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: rub(0) });
  return till;
}

function handleOf(till: Speaker): number {
  const holder = till.ask({ kind: "Tap", uid: PUPIL, total: null, sun: null });
  if (holder?.kind !== "Holder") throw new Error("no holder: " + JSON.stringify(holder));
  return holder.handle;
}

const sale = (n: number, handle: number, menuVersion: number): Up => ({
  kind: "Sale",
  n,
  when,
  handle,
  lines: [{ dish: 101, quantity: 2 }],
  total: rub(40),
  menuVersion,
  override: "none",
});

test("a note is credited, and asked again is answered as before", (t) => {
  const world = openWorld();
  const kiosk = new Speaker(world, KIOSK, "payment");
  t.is(kiosk.greet()?.service, "open");
  const first = kiosk.ask(note(1));
  t.like(first, { kind: "Credited", account: NUMBER, held: false, balances: { main: rub(300), additional: rub(300) } });
  const size = world.journal.size;
  t.deepEqual(kiosk.ask(note(1)), first);
  t.is(world.journal.size, size, "nothing was written twice");
  t.is(account(world)?.additional, rub(300));
});

test("the same question twice in one batch is decided once", (t) => {
  const world = openWorld();
  const kiosk = new Speaker(world, KIOSK, "payment");
  kiosk.greet();
  for (const frame of [kiosk.seal(note(1)), kiosk.seal(note(1)), kiosk.seal(note(2))]) world.gateway.receive(KIOSK, frame);
  world.gateway.flush();
  kiosk.read();
  const replies = kiosk.heard.filter((down) => down.kind === "Reply");
  t.deepEqual(replies[0].result, replies[1].result);
  t.is(account(world)?.additional, rub(400));
});

test("a sale: tap, handle, receipt with its place in the journal", (t) => {
  const world = openWorld();
  const till = openTill(world);
  const sold = till.ask(sale(2, handleOf(till), world.school.menuVersion));
  t.like(sold, { kind: "Sold", receipt: 1, total: rub(40), main: rub(300), additional: rub(160) });
  if (sold?.kind === "Sold") t.is(sold.proof.index, world.journal.size - 1);
});

test("a handle is good once, at its own terminal, for a minute", (t) => {
  const world = openWorld();
  const till = openTill(world);
  const menu = world.school.menuVersion;
  const used = handleOf(till);
  t.is(till.ask(sale(2, used, menu))?.kind, "Sold");
  t.deepEqual(till.ask(sale(3, used, menu)), refused("stale_session"));
  const old = handleOf(till);
  world.time.nowMs += 60001;
  t.deepEqual(till.ask(sale(4, old, menu)), refused("stale_session"));
  const kiosk = new Speaker(world, KIOSK, "payment");
  kiosk.greet();
  t.deepEqual(till.ask(sale(5, handleOf(kiosk), menu)), refused("stale_session"));
  t.is(account(world)?.additional, rub(160));
});

test("a teacher confirms a class's lunch", (t) => {
  const world = openWorld();
  const wall = new Speaker(world, WALL, "information");
  wall.greet();
  const list = wall.ask({ kind: "ClassList", uid: TEACHER, ahead: 0, meal: 0, class: 0 });
  t.like(list, { kind: "Class", class: 11, meal: 1, date: TODAY });
  const served = wall.ask({ kind: "MealConfirm", n: 1, when, class: 11, meal: 1, date: TODAY, ids: [1, 2, 3], uid: TEACHER });
  t.like(served, { kind: "Served", refused: [] });
  if (served?.kind !== "Served") return t.fail();
  t.deepEqual(
    served.served.map((line) => line.id),
    [1, 2, 3],
  );
  t.like(served.categories[0], { share: rub(98), subsidy: rub(10), count: 3 });
  t.is(account(world)?.main, rub(202));
});

test("another request under a used number is refused, another note goes to suspense", (t) => {
  const world = openWorld();
  const till = openTill(world);
  t.deepEqual(till.ask({ kind: "Shift", n: 1, when, action: "close", uid: CASHIER, declared: rub(5) }), refused("operation_conflict"));
  t.truthy(world.school.terminals.get(TILL)?.shift, "the shift is still open");
  const kiosk = new Speaker(world, KIOSK, "payment");
  kiosk.greet();
  kiosk.ask(note(1));
  const other = kiosk.ask(note(1, { note: rub(500) }));
  t.like(other, { kind: "Credited", held: true });
  const size = world.journal.size;
  t.deepEqual(kiosk.ask(note(1, { note: rub(500) })), other, "and is remembered as well");
  t.is(world.journal.size, size);
  t.is(account(world)?.additional, rub(300));
  t.true(world.school.flagged.some((flagged) => flagged.flag === "operation_conflict"));
});

test("a gap in the numbers changes nothing and asks for a Hello", (t) => {
  const world = openWorld();
  const kiosk = new Speaker(world, KIOSK, "payment");
  kiosk.greet();
  const size = world.journal.size;
  t.deepEqual(
    kiosk.give(kiosk.seal(note(2))).map((down) => down.kind),
    ["Rehello"],
  );
  t.is(world.journal.size, size);
});

test("menu and policy come after the Welcome; a new price and a new day come by themselves", (t) => {
  const world = openWorld();
  const till = openTill(world);
  t.deepEqual(
    till.heard.filter((down) => down.kind !== "Reply").map((down) => down.kind),
    ["Policy", "Menu"],
  );
  const menu = till.heard.find((down) => down.kind === "Menu");
  t.is(menu?.kind === "Menu" && menu.dishes[0].price, rub(20));
  world.time.nowMs += 86400000;
  world.gateway.flush();
  till.read();
  t.deepEqual(
    till.heard.slice(-2).map((down) => down.kind),
    ["Menu", "Time"],
  );
  t.is(Number(world.school.date), TODAY + 1);
});

test("reopened from its file, the gateway knows everything it answered", (t) => {
  const path = testPath();
  const world = openWorld(path);
  const kiosk = new Speaker(world, KIOSK, "payment");
  kiosk.greet();
  const said = kiosk.ask(note(1));
  const state = toHex(encodeSchool(world.school));
  world.journal.close();
  const again = openWorld(path);
  t.is(toHex(encodeSchool(again.school)), state);
  Object.assign(kiosk, { world: again });
  t.deepEqual(
    kiosk.give(kiosk.seal(note(1))).map((down) => down.kind),
    ["Rehello"],
  );
  t.is(kiosk.greet()?.haveUpTo, 1);
  t.deepEqual(kiosk.ask(note(1)), said);
});

test("the same day on the same seed gives the same journal, byte for byte", (t) => {
  const roots = [1, 2].map(() => {
    const world = openWorld();
    const kiosk = new Speaker(world, KIOSK, "payment");
    kiosk.greet();
    const till = openTill(world);
    for (let n = 1; n <= 20; n++) {
      world.time.nowMs += 3000;
      kiosk.ask(note(n));
      till.ask(sale(n + 1, handleOf(till), world.school.menuVersion));
    }
    t.deepEqual(checkInvariants(world.school), []);
    return world.journal.checkpoint(world.time.nowMs).note;
  });
  t.is(roots[0], roots[1]);
});

test("the last five directives are remembered with their answers", (t) => {
  const { gateway, time } = openWorld();
  t.is(gateway.lastDirectives().length, 5);
  t.deepEqual(gateway.lastDirectives().at(-1), { kind: "TopUp", outcome: "applied", atMs: time.nowMs });
});

test("no directive but the first is dated before all days", (t) => {
  const dates = new Map<string, number>();
  const world = openWorld();
  for (const bytes of world.journal.entries(0, world.journal.size, 1e6, 1000)) {
    const event = decodeWhole(eventSchema, bytes.subarray(SALT_BYTES));
    if (event.ok && event.value.body.kind === "DirectiveApplied") dates.set(event.value.body.directive.kind, Number(event.value.date));
  }
  t.is(dates.get("SetSchool"), 0);
  dates.delete("SetSchool");
  t.deepEqual(new Set(dates.values()), new Set([Number(TODAY)]));
});

test("what the cloud has cosigned is safe, and the terminal is told once", (t) => {
  const world = openWorld();
  const kiosk = new Speaker(world, KIOSK, "payment");
  kiosk.greet();
  for (const n of [1, 2, 3]) kiosk.ask(note(n));
  const parsed = parseNote(world.journal.checkpointAt(world.journal.size - 1).note);
  if (!parsed.ok) return t.fail();
  t.is(world.journal.rememberCosigned(formatNote(cosignCheckpoint(parsed.value, cosigner, 1700000000))), null);
  kiosk.heard.length = 0;
  world.gateway.flush();
  world.gateway.flush();
  kiosk.read();
  t.deepEqual(kiosk.heard, [{ kind: "Safe", n: 2 }], "the third note's event is not in what was cosigned");
  t.is(kiosk.greet()?.safeUpTo, 2);
});
