import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { createTree, REASONS, terminalId } from "@trapeza/protocol";
import type { CardUid, Directive, Kopecks, Result, TerminalId } from "@trapeza/protocol";
import { openWorld, SCHOOL, Speaker, TEACHER, terminal, TODAY, WALL, when, type World } from "./_school.test.js";
import { sha256 } from "./cipher.js";

const OTHER_WALL = terminalId(4);
const COLLEAGUE = "04000003" as CardUid;
const validThrough = (TODAY + 300) as typeof TODAY;
const DAY_MS = 86_400_000;
const DEBT: Directive = { kind: "ForcedDebit", account: 2, purse: "main", amount: 15000 as Kopecks, cause: "chargeback", reference: "x" };
const MORE: readonly Directive[] = [
  ...SCHOOL,
  terminal(OTHER_WALL, "information"),
  { kind: "SetStaff", id: 3, name: "Коллега", role: "teacher", class: 11 },
  teacherCard(COLLEAGUE, 3, "active"),
];

function teacherCard(uid: CardUid, staff: number, state: "active" | "blocked" | "lost"): Directive {
  return { kind: "SetCard", uid, number: uid, holder: "teacher", account: null, staff, state, by: "school", validThrough };
}

function direct(world: World, directive: Directive): void {
  const tree = createTree(sha256, world.journal.directives);
  tree.append(sha256(new TextEncoder().encode(JSON.stringify(directive))));
  world.gateway.applyDirectives([directive], tree.edge());
}

function wallOf(world: World, id: TerminalId = WALL): Speaker {
  const wall = new Speaker(world, id, "information");
  wall.greet();
  return wall;
}

function confirm(wall: Speaker, n: number, ids: number[], uid = TEACHER): Result | null {
  return wall.ask({ kind: "MealConfirm", n, when, class: 11, meal: 1, date: TODAY, ids, uid });
}

const servedIn = (result: Result | null): unknown => (result?.kind === "Served" ? result.served.map((one) => one.id) : result);
const refusedIn = (result: Result | null): unknown => (result?.kind === "Served" ? result.refused : result);

function listed(wall: Speaker, uid = TEACHER): Result | null {
  return wall.ask({ kind: "ClassList", uid, ahead: 0, meal: 0, class: 0 });
}

test("who was admitted is charged although the teacher's card has been blocked since; a person is told", (t) => {
  const world = openWorld();
  const wall = wallOf(world);
  listed(wall);
  direct(world, teacherCard(TEACHER, 1, "blocked"));
  const said = confirm(wall, 1, [1, 2]);
  t.deepEqual(servedIn(said), [1, 2]);
  t.true(world.school.flagged.some((one) => one.flag === "card_not_valid"));
  t.deepEqual(listed(wall), { kind: "Refused", reason: REASONS.card_blocked });
  t.deepEqual(wall.ask({ kind: "MealUndo", n: 2, when, class: 11, meal: 1, date: TODAY, ids: [1], uid: TEACHER }), {
    kind: "Refused",
    reason: REASONS.card_blocked,
  });
});

test("a confirmation that waited in flash for two days beside a lost card is not lost", (t) => {
  const world = openWorld();
  const wall = wallOf(world);
  listed(wall);
  direct(world, teacherCard(TEACHER, 1, "lost"));
  world.time.nowMs += 2 * DAY_MS;
  wall.greet();
  t.deepEqual(servedIn(confirm(wall, 1, [1, 2, 3])), [1, 2, 3]);
});

test("a stolen key that claims old operations confirms nobody whom no teacher has asked for", (t) => {
  const world = openWorld();
  const wall = wallOf(world);
  wall.ask({ kind: "Tap", uid: TEACHER, total: null, sun: null });
  direct(world, DEBT);
  const thief = new Speaker(world, WALL, "information");
  Object.assign(thief, { incarnation: wall.incarnation, token: wall.token, bootEpoch: 2, lastN: 1000 });
  thief.greet();
  t.deepEqual(refusedIn(confirm(thief, 1, [2])), [{ id: 2, reason: REASONS.account_blocked }]);
});

test("a list counts for the terminal and the card that it was handed to", (t) => {
  const world = openWorld(":memory:", MORE);
  const [wall, other] = [wallOf(world), wallOf(world, OTHER_WALL)];
  listed(wall);
  direct(world, DEBT);
  t.deepEqual(refusedIn(confirm(other, 1, [2])), [{ id: 2, reason: REASONS.account_blocked }]);
  t.deepEqual(refusedIn(confirm(wall, 1, [2], COLLEAGUE)), [{ id: 2, reason: REASONS.account_blocked }]);
  t.deepEqual(servedIn(confirm(wall, 2, [2])), [2]);
});

test("lists outlive the gateway's process, and are forgotten when nothing can be confirmed on them any more", (t) => {
  const path = join(mkdtempSync(join(tmpdir(), "trapeza-")), "journal.sqlite");
  const before = openWorld(path);
  const wall = wallOf(before);
  listed(wall);
  t.deepEqual(
    before.journal.admissions().map(({ uid, date, ids }) => [uid, date, ids]),
    [[TEACHER, TODAY, [1, 2, 3]]],
  );
  before.journal.close();
  const after = openWorld(path);
  direct(after, DEBT);
  direct(after, teacherCard(TEACHER, 1, "blocked"));
  const again = new Speaker(after, WALL, "information");
  Object.assign(again, { incarnation: wall.incarnation, token: wall.token, bootEpoch: 2 });
  again.greet();
  t.deepEqual(servedIn(confirm(again, 1, [2])), [2]);
  direct(after, teacherCard(TEACHER, 1, "active"));
  after.time.nowMs += 63 * DAY_MS;
  listed(again);
  listed(again);
  t.is(after.journal.admissions().length, 1);
  after.journal.close();
});
