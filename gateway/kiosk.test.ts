/** What a kiosk hears: as little as it needs, and for a collector all that is in the box. */
import test from "ava";
import { audit, createSchool, decodeWhole, apply, eventSchema, fromByteText, REASONS, SALT_BYTES } from "@trapeza/protocol";
import type { BusinessDate, CardUid, Directive, EventBody, Result, Up } from "@trapeza/protocol";
import { CASHIER, KIOSK, NUMBER, openWorld, PUPIL, rub, SCHOOL, Speaker, TILL, TODAY, when } from "./_school.test.js";
import type { World } from "./_school.test.js";

const COLLECTOR = "04000009" as CardUid;
const validThrough = (TODAY + 300) as BusinessDate;
const collectorCard = (state: "active" | "lost"): Directive => ({
  ...{ kind: "SetCard", uid: COLLECTOR, number: "9", holder: "collector", account: null, staff: 9, state, by: "operator", validThrough },
});
const collector: Directive[] = [
  { kind: "SetStaff", id: 9, name: "Сумкин Олег Игоревич", role: "collector", class: null },
  collectorCard("active"),
];

function open(...more: Directive[]): { world: World; kiosk: Speaker } {
  const world = openWorld(":memory:", [...SCHOOL, ...collector, ...more]);
  const kiosk = new Speaker(world, KIOSK, "payment");
  kiosk.greet();
  return { world, kiosk };
}

const tap = (uid: CardUid): Up => ({ kind: "Tap", uid, total: null, sun: null });
const note = (n: number, roubles: number): Up => ({
  ...{ kind: "NoteStacked", n, when, payee: { kind: "card", uid: PUPIL }, purse: "main", note: rub(roubles), visit: 1 },
});
const collection = (n: number, uid: CardUid, witness: CardUid | null): Up => ({
  kind: "Collection",
  n,
  when,
  uid,
  seal: "77" as never,
  witness,
});

function bodies(world: World): EventBody[] {
  const school = createSchool();
  return [...world.journal.entries(0, world.journal.size, 1e6, 1000)].flatMap((bytes) => {
    const event = decodeWhole(eventSchema, bytes.subarray(SALT_BYTES));
    if (!event.ok) return [];
    const found = audit(school, event.value);
    if (found.length > 0) throw new Error(found.join("; "));
    apply(school, event.value);
    return [event.value.body];
  });
}

const words = (result: Result | null): string[] =>
  result?.kind === "Collected" ? [result.collector, result.witness].map((name) => fromByteText(name)) : [];

test("a card at the kiosk tells the short name and the account, and nothing else", (t) => {
  const { world, kiosk } = open();
  const found = kiosk.ask(tap(PUPIL));
  if (found?.kind !== "Holder") return t.fail();
  t.is(fromByteText(found.name), "У. 1");
  t.like(found, { account: NUMBER, main: 0, additional: 0, className: "", cardNumber: "", verdict: 0, box: [] });
  const till = new Speaker(world, TILL, "settlement");
  till.greet();
  const seen = till.ask(tap(PUPIL));
  t.is(seen?.kind === "Holder" && fromByteText(seen.name), "Ученик 1", "the cashier has to compare a face");
});

test("money for an account that has left: closed is told before a note is in, moved is taken and told where it goes", (t) => {
  const close: Directive[] = [
    { kind: "Close", account: 1 },
    { ...collectorCard("active"), uid: PUPIL, holder: "pupil", account: 1, staff: null, state: "returned" } as Directive,
    { kind: "FinishClosing", account: 1, costs: rub(0), reference: "r" },
  ];
  const closed = open(...close).kiosk;
  t.like(closed.ask(tap(PUPIL)), { kind: "Holder", verdict: REASONS.account_closed });
  t.deepEqual(closed.ask({ kind: "FindAccount", number: NUMBER }), { kind: "Refused", reason: REASONS.account_closed });
  const moved = open({ kind: "MoveOut", account: 1, toSchool: 25, epoch: 1 }).kiosk;
  t.like(moved.ask(tap(PUPIL)), { kind: "Holder", verdict: REASONS.account_moved });
  t.like(moved.ask({ kind: "FindAccount", number: NUMBER }), { kind: "Payee", verdict: REASONS.account_moved });
});

test("a collector sees what is in the box, at the kiosk and nowhere else", (t) => {
  const { world, kiosk } = open();
  kiosk.ask(note(1, 100));
  kiosk.ask(note(2, 500));
  kiosk.ask(note(3, 100));
  const found = kiosk.ask(tap(COLLECTOR));
  const box = [
    { note: rub(100), count: 2 },
    { note: rub(500), count: 1 },
  ];
  t.like(found, { kind: "Holder", holder: "collector", account: "" });
  t.deepEqual(found?.kind === "Holder" && found.box, box);
  const till = new Speaker(world, TILL, "settlement");
  till.greet();
  t.like(till.ask(tap(COLLECTOR)), { box: [] });
});

test("a lost collector's card opens nothing, though a pupil's may bring money", (t) => {
  const { kiosk } = open(collectorCard("lost"));
  t.deepEqual(kiosk.ask(tap(COLLECTOR)), { kind: "Refused", reason: REASONS.card_lost });
});

test("a collection names both people and counts the notes of before it, in the order of the terminal's own operations", (t) => {
  const { world, kiosk } = open();
  kiosk.ask(note(1, 100));
  kiosk.ask(note(2, 500));
  const said = kiosk.ask(collection(3, COLLECTOR, CASHIER));
  t.like(said, { kind: "Collected", collection: 1, expected: rub(600), proven: true, seal: "77" });
  t.deepEqual(words(said), ["Сумкин Олег Игоревич", "Лебедева Анна Ивановна"]);
  t.deepEqual(kiosk.ask(collection(3, COLLECTOR, CASHIER)), said, "asked again");
  kiosk.ask(note(4, 50));
  t.like(kiosk.ask(collection(5, COLLECTOR, null)), { collection: 2, expected: rub(50), proven: true });
  const events = bodies(world).filter((body) => body.kind === "CashCollected");
  t.like(events[0], { collector: 9, uid: COLLECTOR, witness: 2, witnessUid: CASHIER, seal: "77", expected: rub(600) });
});

test("a box that somebody else took, or took alone where two are wanted, is written down and flagged", (t) => {
  const { world, kiosk } = open({ ...SCHOOL[0], twoPersons: true } as Directive);
  kiosk.ask(note(1, 100));
  t.like(kiosk.ask(collection(2, CASHIER, COLLECTOR)), { expected: rub(100), proven: false, collector: "" });
  t.like(kiosk.ask(collection(3, COLLECTOR, null)), { expected: 0, proven: false });
  t.like(kiosk.ask(collection(4, COLLECTOR, COLLECTOR)), { proven: false, witness: "" });
  const flags = bodies(world).filter((body) => body.kind === "FactFlagged");
  t.deepEqual(
    flags.map((body) => body.kind === "FactFlagged" && body.flag),
    ["collection_unproven", "collection_unproven", "collection_unproven"],
  );
});
