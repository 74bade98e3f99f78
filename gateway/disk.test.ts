import test from "ava";
import { encodeSchool, REASONS, toHex } from "@trapeza/protocol";
import type { Result, Up } from "@trapeza/protocol";
import { Disk } from "./disk.js";
import type { DiskOptions } from "./disk.js";
import { FaultyDisk } from "./journal/_faulty.test.js";
import { ORIGIN, signer, testPath } from "./journal/_journal.test.js";
import type { DiskFault } from "./journal/disk-error.js";
import { verifyJournalFile } from "./journal/verify.js";
import { CASHIER, KIOSK, openWorld, PUPIL, rub, SCHOOL, Speaker, TEACHER, TILL, TODAY, WALL, when } from "./_school.test.js";
import type { World } from "./_school.test.js";

const log = { info: () => undefined, warn: () => undefined };
const RESERVE = 1000;

interface Place {
  readonly path: string;
  readonly world: World;
  readonly disk: Disk;
  readonly faulty: FaultyDisk;
  readonly room: { free: number };
}

/** A school on a disk that can fail. */
function openPlace(path = testPath()): Place {
  const faulty = new FaultyDisk();
  const room = { free: 10 * RESERVE };
  const time = { nowMs: 0 };
  const options: DiskOptions = {
    ...{ freeBytes: () => room.free, reserveBytes: RESERVE, nowMs: () => time.nowMs, log },
    tryWriting: () => world.journal.tryWriting(),
  };
  const disk = new Disk(options);
  const world: World = openWorld(path, SCHOOL, true, { disk }, () => ({ open: faulty.open, ail: (error) => void disk.failed(error) }));
  time.nowMs = world.time.nowMs;
  Object.defineProperty(time, "nowMs", { get: () => world.time.nowMs });
  return { path, world, disk, faulty, room };
}

/** A terminal with an outbox: what has no answer is asked again, in order, before anything new. */
class Actor {
  readonly asked: Up[] = [];
  readonly answers: (Result | null)[] = [];
  readonly speaker: Speaker;

  constructor(world: World, id: typeof KIOSK, kind: "payment" | "settlement" | "information") {
    this.speaker = new Speaker(world, id, kind);
    this.speaker.greet();
  }

  /** Gives the next operation, when the last one has its answer. */
  do(make: (n: number) => Up | null): void {
    this.retry();
    if (this.answers.includes(null)) return;
    const up = make(this.asked.length + 1);
    if (!up) return;
    this.asked.push(up);
    this.answers.push(this.speaker.ask(up));
  }

  retry(): void {
    const open = this.answers.indexOf(null);
    if (open >= 0) this.answers[open] = this.speaker.ask(this.asked[open] as Up);
  }
}

const shift = (n: number): Up => ({ kind: "Shift", n, when, action: "open", uid: CASHIER, declared: rub(0) });
const note = (n: number): Up => ({
  kind: "NoteStacked",
  n,
  when,
  payee: { kind: "card", uid: PUPIL },
  purse: "main",
  note: rub(10),
  visit: n,
});

function sale({ speaker }: Actor) {
  return (n: number): Up | null => {
    const holder = speaker.ask({ kind: "Tap", uid: PUPIL, total: rub(20), sun: null });
    if (holder?.kind !== "Holder") return null;
    const { handle } = holder;
    return { kind: "Sale", n, when, handle, lines: [{ dish: 101, quantity: 1 }], total: rub(20), menuVersion: 0, override: "none" };
  };
}

function lunch({ speaker }: Actor, id: number) {
  return (n: number): Up | null => {
    const list = speaker.ask({ kind: "ClassList", uid: TEACHER, class: 0, meal: 0, ahead: 0 });
    if (list?.kind !== "Class") return null;
    return { kind: "MealConfirm", n, when, uid: TEACHER, class: 11, meal: 1, date: TODAY, ids: [id] };
  };
}

/** Everything that was answered is in the journal and is answered so again; nothing stands there twice; memory is what the journal comes to. */
function checkAll(
  same: (a: unknown, b: unknown, message: string) => void,
  { path, world }: Place,
  actors: readonly Actor[],
  why: string,
): void {
  const live = toHex(encodeSchool(world.school));
  world.journal.close();
  const names = new Set<string>();
  const fold = () => ({ operation }: { operation: { terminal: number; n: number; part: number } | null }) => {
    if (!operation) return;
    const name = [operation.terminal, operation.n, operation.part].join(":");
    same(names.has(name), false, `${why}: ${name} stands twice`);
    names.add(name);
  }; // prettier-ignore
  const verified = verifyJournalFile(path, { origin: ORIGIN, key: signer.key, cosigner: null, fold });
  same([verified.firstBad, verified.troubles], [null, []], why);
  const again = openWorld(path);
  same(toHex(encodeSchool(again.school)), live, why);
  for (const { speaker, asked, answers } of actors) {
    Object.assign(speaker, { world: again, bootEpoch: speaker.bootEpoch + 1, k: 0 });
    speaker.greet();
    asked.forEach((up, i) => same(speaker.ask(up), answers[i], `${why}: operation ${i + 1} of terminal ${speaker.id}`));
  }
  again.journal.close();
}

/** One morning in which the `nth` write fails; `false` when there were not so many writes. */
function morning(
  t: { deepEqual: (a: unknown, b: unknown, m?: string) => void; like: (a: object | null, b: object, m?: string) => void },
  nth: number,
  fault: DiskFault,
  kept: boolean,
): boolean {
  const place = openPlace();
  const { world, disk, faulty } = place;
  const why = `${fault}${kept ? ", kept" : ""}, write ${nth}`;
  const till = new Actor(world, TILL, "settlement");
  const kiosk = new Actor(world, KIOSK, "payment");
  const wall = new Actor(world, WALL, "information");
  till.do(shift);
  kiosk.do(note);
  Object.assign(faulty, { left: nth, fault, kept });
  till.do(sale(till));
  kiosk.do(note);
  wall.do(lunch(wall, 1));
  world.journal.checkpoint(Number.POSITIVE_INFINITY);
  world.journal.settle();
  wall.do(lunch(wall, 2));
  if (faulty.failures === 0) {
    checkAll(t.deepEqual, place, [till, kiosk, wall], why);
    return false;
  }
  t.deepEqual([disk.mood, disk.trouble?.kind], ["mute", fault], why);
  for (const { speaker } of [till, kiosk, wall]) t.deepEqual(speaker.greet()?.service, "closed", why);
  t.deepEqual(
    till.speaker.ask({ kind: "Tap", uid: PUPIL, total: rub(20), sun: null }),
    { kind: "Refused", reason: REASONS.out_of_service },
    why,
  );
  t.deepEqual(till.speaker.ask(shift(1)), till.answers[0], `${why}: what was promised is said again`);
  const before = world.journal.size;
  kiosk.do(note);
  t.deepEqual(kiosk.asked.length === kiosk.answers.filter(Boolean).length, false, `${why}: a fact is neither refused nor acknowledged`);
  t.deepEqual(world.gateway.applyDirectives([{ kind: "SetCaterer", id: 9, name: "new" }], world.journal.directives), false, why);
  t.deepEqual([world.journal.size, disk.look(), disk.mood], [before, false, "mute"], why);

  faulty.left = null;
  world.time.nowMs += 5000;
  t.deepEqual([disk.look(), disk.mood], [true, "well"], why);
  world.gateway.wake();
  for (const { speaker } of [till, kiosk, wall]) t.deepEqual(speaker.greet()?.service, "open", why);
  for (const actor of [till, kiosk, wall]) actor.retry();
  till.do(sale(till));
  kiosk.do(note);
  wall.do(lunch(wall, 3));
  for (const { answers } of [till, kiosk, wall]) t.deepEqual(answers.includes(null), false, why);
  t.like(till.answers.at(-1) ?? null, { kind: "Sold" }, why);
  checkAll(t.deepEqual, place, [till, kiosk, wall], why);
  return true;
}

for (const [fault, kept] of [
  ["full", false],
  ["broken", false],
  ["broken", true],
  ["readonly", false],
] as const)
  test(`each write in turn fails (${fault}${kept ? ", but is kept" : ""}): nobody hears of what is not in the journal, and then all goes on`, (t) => {
    let writes = 0;
    while (morning(t, writes, fault, kept)) writes++;
    t.true(writes >= 15, `${writes}`);
  });

test("while only the reserve is left, a till sells nothing and says so for good, and everything that cannot wait is recorded", (t) => {
  const place = openPlace();
  const { world, disk, room } = place;
  const till = new Actor(world, TILL, "settlement");
  const kiosk = new Actor(world, KIOSK, "payment");
  const wall = new Actor(world, WALL, "information");
  till.do(shift);
  const early = sale(till)(2);
  room.free = RESERVE - 1;
  t.deepEqual([disk.look(), disk.mood], [true, "low"]);
  world.gateway.wake();
  t.deepEqual([till, kiosk, wall].map(({ speaker }) => speaker.greet()?.service), ["open", "no_cash", "open"]); // prettier-ignore
  till.do(() => early);
  t.deepEqual(till.answers.at(-1), { kind: "Refused", reason: REASONS.out_of_service });
  t.is(sale(till)(3), null);
  kiosk.do(note);
  t.like(kiosk.answers.at(-1), { kind: "Credited" });
  wall.do(lunch(wall, 1));
  t.like(wall.answers.at(-1), { kind: "Served" });
  room.free = RESERVE + 1;
  t.deepEqual([disk.look(), disk.mood], [false, "low"], "not for a few bytes");
  room.free = 2 * RESERVE;
  t.deepEqual([disk.look(), disk.mood], [true, "well"]);
  world.gateway.wake();
  till.speaker.greet();
  till.do(sale(till));
  t.like(till.answers.at(-1), { kind: "Sold" });
  checkAll(t.deepEqual, place, [till, kiosk, wall], "reserve");
});

test("one terminal that says it has heard of more than lies here is not believed: after a start there is a minute's silence, and never another", (t) => {
  const { world, disk } = openPlace();
  const kiosk = new Actor(world, KIOSK, "payment");
  const wall = new Actor(world, WALL, "information");
  kiosk.do(note);
  const claim = { heardEpoch: 1, heardSize: 1e9 };
  kiosk.speaker.greet(claim);
  t.like(disk.trouble, { kind: "doubted", size: 1e9, by: "terminal 1" });
  t.deepEqual(world.gateway.claims(), [{ terminal: 1, size: 1e9 }]);
  kiosk.do(note);
  t.is(kiosk.answers.at(-1), null);
  world.time.nowMs += 59_000;
  t.deepEqual([disk.look(), disk.mood], [false, "mute"]);
  world.time.nowMs += 1_000;
  t.deepEqual([disk.look(), disk.mood], [true, "well"]);
  kiosk.speaker.greet(claim);
  wall.speaker.greet({ heardEpoch: 1, heardSize: world.journal.size });
  t.is(disk.mood, "well");
  kiosk.retry();
  t.like(kiosk.answers.at(-1), { kind: "Credited" });
  t.is(world.journal.outrun, null);
  t.deepEqual(world.gateway.claims(), [{ terminal: 1, size: 1e9 }], "somebody should look at it");
  kiosk.speaker.greet({ heardEpoch: 1, heardSize: 0 });
  t.deepEqual(world.gateway.claims(), []);
  world.journal.close();
});

test("two terminals that have heard of more than lies here: nothing is added to this epoch ever again, also after a restart", (t) => {
  const place = openPlace();
  const { world, disk } = place;
  const wall = new Actor(world, WALL, "information");
  const kiosk = new Actor(world, KIOSK, "payment");
  kiosk.do(note);
  const { size } = world.journal;
  kiosk.speaker.greet({ heardEpoch: 2, heardSize: size + 99 });
  kiosk.speaker.greet({ heardEpoch: 1, heardSize: size });
  t.is(disk.mood, "well");
  kiosk.speaker.greet({ heardEpoch: 1, heardSize: size + 1 });
  wall.speaker.greet({ heardEpoch: 1, heardSize: size + 7 });
  t.like(disk.trouble, { kind: "outrun", size: size + 1, by: "terminals 3, 1" });
  t.is(kiosk.speaker.greet()?.service, "closed");
  kiosk.do(note);
  t.deepEqual([kiosk.answers.at(-1), world.journal.size, disk.look(), disk.mood], [null, size, false, "mute"]);
  t.like(kiosk.speaker.ask(note(1)), { kind: "Credited" });
  world.journal.close();
  const again = openPlace(place.path);
  t.deepEqual(again.world.journal.outrun, { size: size + 1, by: "terminals 3, 1" });
  again.world.journal.close();
});

test("what is not the disk's fault still ends the process", (t) => {
  const disk = new Disk({ freeBytes: () => 1, reserveBytes: 0, tryWriting: () => undefined, nowMs: () => 0, log });
  t.false(disk.failed(new Error("a bug")));
  t.is(disk.mood, "well");
  t.true(disk.failed(Object.assign(new Error("no space left"), { code: "ENOSPC" })));
  t.like(disk.trouble, { kind: "full" });
});
