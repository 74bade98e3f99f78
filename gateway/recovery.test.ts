import test from "ava";
import { apply, cosignCheckpoint, createSchool, createVerifierKey, formatNote, journalOrigin, parseNote } from "@trapeza/protocol";
import type { Directive, Result, Up } from "@trapeza/protocol";
import { CASHIER, KIOSK, MORNING_MS, openWorld, PUPIL, rub, SCHOOL, SECRET, Speaker, terminal, TILL, WALL, when } from "./_school.test.js";
import type { Ear } from "./_school.test.js";
import { sha256 } from "./cipher.js";
import { createGateway } from "./gateway.js";
import type { Gateway } from "./gateway.js";
import { Inheritance } from "./inheritance.js";
import type { ClosedEpoch } from "./inheritance.js";
import { ORIGIN, cosigner, seededRandom, signer } from "./journal/_journal.test.js";
import { openJournal } from "./journal/journal.js";
import { RECOVERY_MS } from "./recovery.js";
import { createSigner } from "./signing.js";

const HOUSE = "trapeza.example";
const HEIR = { house: HOUSE, school: 7, cosigner: cosigner.key };

/** A school's first gateway with all that it did so far as a closed epoch, and how to open the next one. */
function closed(world: ReturnType<typeof openWorld>, size = world.journal.size): ClosedEpoch {
  const note = parseNote(world.journal.checkpointAt(size).note);
  if (!note.ok) throw new Error("no note");
  const checkpoint = formatNote(cosignCheckpoint(note.value, cosigner, 1));
  return { epoch: 1, key: signer.key.publicKey, checkpoint, entries: world.journal.entries(0, size, 1e9, 1e6) };
}

function second(epoch: ClosedEpoch): Ear & { gateway: Gateway; purse: () => number; time: { nowMs: number } } {
  const school = createSchool();
  const fold = (event: Parameters<typeof apply>[1]): void => apply(school, event);
  const inheritance = Inheritance.take([epoch], HEIR, { size: SCHOOL.length, hashes: [] }, fold);
  const origin = journalOrigin(HOUSE, 7, 2);
  const own = createSigner(origin, seededRandom("second")(32));
  const die = (reason: Error): never => {
    throw reason;
  };
  const journal = openJournal({
    ...{ path: ":memory:", origin, epoch: 2, signer: own, cosigner: cosigner.key, random: seededRandom("salt 2"), die, fold },
    inherited: { lines: inheritance.lines(), directives: inheritance.directives },
  });
  const sent: Ear["sent"] = [];
  const time = { nowMs: MORNING_MS + 60_000 };
  const gateway = createGateway({
    ...{ journal, school, inheritance, schoolNumber: 7, schoolSecret: SECRET, publicKey: own.key.publicKey, die },
    ...{ log: { info: () => undefined, warn: () => undefined }, random: seededRandom("gateway 2"), online: () => true },
    clock: { nowMs: () => time.nowMs, state: () => "synchronized" },
    send: (to, frame) => void sent.push({ terminal: to, frame }),
  });
  return { gateway, sent, time, purse: () => Number(school.accounts.get(1)?.additional) };
}

/** A terminal that was at the first gateway and finds the second in its place. */
function moved(speaker: Speaker, world: Ear): Speaker {
  const { id, kind, incarnation, lastN, token } = speaker;
  return Object.assign(new Speaker(world, id, kind), { incarnation, lastN, token, bootEpoch: 2 });
}

const note = (n: number) =>
  ({ kind: "NoteStacked", n, when, payee: { kind: "card", uid: PUPIL }, purse: "additional", visit: n, note: rub(100) }) as const;

function buy(till: Speaker, n: number): Result | null {
  const holder = till.ask({ kind: "Tap", uid: PUPIL, total: rub(20), sun: null });
  const handle = holder?.kind === "Holder" ? holder.handle : 0;
  const lines = [{ dish: 101, quantity: 1 }];
  return till.ask({ kind: "Sale", n, when, handle, lines, total: rub(20), menuVersion: 0, override: "none" });
}

function firstMorning() {
  const world = openWorld();
  const [kiosk, till, wall] = [
    new Speaker(world, KIOSK, "payment"),
    new Speaker(world, TILL, "settlement"),
    new Speaker(world, WALL, "information"),
  ];
  for (const one of [kiosk, till, wall]) one.greet();
  till.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: rub(0) });
  kiosk.ask(note(1));
  wall.ask({ kind: "Receipt", n: 1, when, of: 0, outcome: "printed" });
  return { world, kiosk, till, wall };
}

test("what a former gateway has answered is answered the same, what it never heard is decided, and each note counts once", (t) => {
  const { world, kiosk } = firstMorning();
  const size = world.journal.size;
  const said = kiosk.ask(note(2));
  const next = second(closed(world, size));
  t.is(next.purse(), Number(rub(300)));
  const there = moved(kiosk, next);
  t.like(there.greet({ answered: 2 }), { epoch: 2, incarnation: kiosk.incarnation, haveUpTo: 1, safeUpTo: 1 });
  t.is(there.ask(note(1))?.kind, "Credited", "asked again, although the first gateway had it");
  t.is(next.purse(), Number(rub(300)));
  t.like(there.ask(note(2)), { kind: "Credited", repaid: said?.kind === "Credited" ? said.repaid : null });
  t.is(next.purse(), Number(rub(400)));
  t.like(there.ask({ ...note(2), note: rub(500) }), { kind: "Credited", held: true }, "another note under a used number");
  t.is(there.ask(note(3))?.kind, "Credited");
  t.is(next.purse(), Number(rub(500)));
});

test("buffet sales wait for every terminal, notes do not", (t) => {
  const { world, kiosk, till, wall } = firstMorning();
  const next = second(closed(world));
  t.deepEqual(next.gateway.waitingFor(), [KIOSK, TILL, WALL]);
  const [kiosk2, till2, wall2] = [kiosk, till, wall].map((one) => moved(one, next));
  till2.greet();
  t.deepEqual(buy(till2, 2), { kind: "Refused", reason: 30 });
  kiosk2.greet({ lastN: 3 });
  t.deepEqual(next.gateway.waitingFor(), [KIOSK, WALL], "it has two notes to tell of");
  t.is(kiosk2.ask(note(2))?.kind, "Credited");
  t.is(kiosk2.ask(note(3))?.kind, "Credited");
  wall2.greet();
  t.deepEqual(next.gateway.waitingFor(), []);
  t.is(buy(till2, 3)?.kind, "Sold");
});

test("three minutes, or a person's word, are enough", (t) => {
  for (const end of ["time", "word"] as const) {
    const { world, till } = firstMorning();
    const next = second(closed(world));
    const there = moved(till, next);
    there.greet();
    next.time.nowMs += RECOVERY_MS - 1;
    t.deepEqual(buy(there, 2), { kind: "Refused", reason: 30 });
    if (end === "time") next.time.nowMs++;
    else next.gateway.endRecovery();
    t.is(buy(there, 3)?.kind, "Sold", end);
  }
});

test("a token of the former gateway is good once, and a flash that forgot its numbers is nobody's", (t) => {
  const { world, kiosk } = firstMorning();
  const next = second(closed(world));
  const there = moved(kiosk, next);
  there.greet();
  there.ask(note(2));
  const copy = moved(kiosk, next);
  copy.bootEpoch = 5;
  t.deepEqual(copy.greet({ lastN: 2 })?.resumeToken, new Uint8Array(8));
  const other = second(closed(world));
  const forgot = moved(kiosk, other);
  t.deepEqual(forgot.greet({ lastN: 0 })?.resumeToken, new Uint8Array(8));
});

test("a retired gateway refuses Requests and leaves Facts where they are", (t) => {
  const { world, kiosk, till } = firstMorning();
  const size = world.journal.size;
  world.gateway.retire();
  t.is(kiosk.ask(note(2)), null);
  t.like(buy(till, 2), { kind: "Refused", reason: 30 });
  t.is(world.journal.size, size);
});

test("a closed epoch in which anything was changed, left out or signed by others is not taken over", (t) => {
  const { world } = firstMorning();
  const epoch = closed(world);
  const entries = [...epoch.entries];
  const take = (change: Partial<ClosedEpoch>, heir: Partial<typeof HEIR> = {}) =>
    Inheritance.take([{ ...epoch, entries, ...change }], { ...HEIR, ...heir }, { size: 0, hashes: [] }, () => undefined);
  t.notThrows(() => take({}));
  const message = /epoch 1 of this school is not what was signed/;
  t.throws(() => take({ entries: entries.slice(0, -1) }), { message });
  t.throws(() => take({ entries: entries.map((bytes, i) => (i === 9 ? entries[8] : bytes)) }), { message });
  const salted = entries[3].slice();
  salted[0] ^= 1;
  t.throws(() => take({ entries: entries.map((bytes, i) => (i === 3 ? salted : bytes)) }), { message });
  t.throws(() => take({ checkpoint: world.journal.checkpointAt(entries.length).note }), { message: /no cloud has cosigned it/ });
  t.throws(() => take({ key: seededRandom("other")(32) }), { message: /does not follow/ });
  t.throws(() => take({}, { school: 8 }), { message });
  t.throws(() => take({}, { cosigner: createVerifierKey(sha256, "cloud.example", "cosignature", seededRandom("c")(32)) }), { message });
  t.regex(ORIGIN, /journal\/1$/);
});

/** What the cloud makes of a tail: one operation, its events. */
function salvagedBy(world: ReturnType<typeof openWorld>, from: number): Directive {
  const events = world.journal.entries(from, world.journal.size, 1e9, 1e6).map((entry) => entry.slice(16));
  return { kind: "Salvaged", epoch: 1, index: from, events };
}

test("a salvaged note is credited once: before its terminal tells of it, after that, and twice over", (t) => {
  for (const first of ["salvage", "terminal"] as const) {
    const { world, kiosk } = firstMorning();
    const size = world.journal.size;
    kiosk.ask(note(2));
    const salvage = salvagedBy(world, size);
    const next = second(closed(world, size));
    const there = moved(kiosk, next);
    const tell = (): void => {
      there.greet({ answered: 2 });
      t.is(there.ask(note(2))?.kind, "Credited");
    };
    const bring = () => next.gateway.applyDirectives([salvage, salvage], { size: SCHOOL.length + 2, hashes: [] });
    if (first === "terminal") tell();
    bring();
    if (first === "salvage") tell();
    t.is(next.purse(), Number(rub(400)), first);
    t.is(there.ask(note(3))?.kind, "Credited", "its numbers go on");
    t.is(next.purse(), Number(rub(500)), first);
  }
});

function saleOf(n: number, holder: Result | null, quantity: number): Up {
  const handle = holder?.kind === "Holder" ? holder.handle : 0;
  return { kind: "Sale", n, when, handle, lines: [{ dish: 101, quantity }], total: rub(20 * quantity), menuVersion: 0, override: "none" };
}

test("a sale that only the dead gateway and the till knew of is booked when its receipt proves it, once, whoever else tells of it", (t) => {
  for (const salvage of ["never", "before", "between", "after"] as const) {
    const { world, till } = firstMorning();
    const size = world.journal.size;
    const { id, kind, incarnation, token } = till;
    const holder = till.ask({ kind: "Tap", uid: PUPIL, total: rub(20), sun: null });
    const sale = saleOf(2, holder, 1);
    t.is(till.ask(sale)?.kind, "Sold");
    const tail = salvagedBy(world, size);
    const receipt = { kind: "Receipt", n: 3, when, of: 2, outcome: "printed" } as const;
    till.ask(receipt);
    const next = second(closed(world, size));
    const bring = () => next.gateway.applyDirectives([tail], { size: SCHOOL.length + 1, hashes: [] });
    const there = Object.assign(new Speaker(next, id, kind), { incarnation, lastN: 3, token, bootEpoch: 2 });
    const before = next.purse();
    there.greet({ answered: 3 });
    if (salvage === "before") bring();
    const said = there.ask(sale);
    t.is(said?.kind, salvage === "before" ? "Sold" : "Refused", salvage);
    if (salvage === "between") bring();
    there.ask(receipt);
    if (salvage === "after") bring();
    t.is(next.purse(), before - Number(rub(20)), salvage);
  }
});

test("a sale that the dead gateway refused stays refused", (t) => {
  const { world, till } = firstMorning();
  const size = world.journal.size;
  const { id, kind, incarnation, token } = till;
  const holder = till.ask({ kind: "Tap", uid: PUPIL, total: rub(20), sun: null });
  const sale = saleOf(2, holder, 99);
  t.is(till.ask(sale)?.kind, "Refused");
  const next = second(closed(world, size));
  const there = Object.assign(new Speaker(next, id, kind), { incarnation, lastN: 2, token, bootEpoch: 2 });
  there.greet({ answered: 2 });
  t.is(there.ask(sale)?.kind, "Refused");
  there.ask({ kind: "Receipt", n: 3, when, of: 1, outcome: "printed" });
  t.is(next.purse(), Number(rub(300)));
});

test("a kiosk enrolled anew after the replacement tells what it holds under its former name, and it is credited, not held", (t) => {
  const { world, kiosk } = firstMorning();
  const size = world.journal.size;
  // Answered by the dead gateway, of which the cloud never heard; a third note has been answered by nobody.
  kiosk.ask(note(2));
  const next = second(closed(world, size));
  next.gateway.applyDirectives([terminal(KIOSK, "payment", 2)], { size: SCHOOL.length + 1, hashes: [] });
  const { incarnation, token } = kiosk;
  const renewed = Object.assign(new Speaker(next, KIOSK, "payment", 2), { incarnation, lastN: 3, token, bootEpoch: 2 });
  const before = next.purse();
  t.like(renewed.greet({ answered: 2 }), { incarnation, haveUpTo: 1, service: "no_cash" });
  t.like(renewed.ask(note(2)), { kind: "Credited", held: false });
  t.like(renewed.ask(note(3)), { kind: "Credited", held: false });
  t.is(next.purse(), before + Number(rub(200)));
  t.like(renewed.greet({ answered: 3 }), { incarnation: incarnation + 1, service: "open" });
});
