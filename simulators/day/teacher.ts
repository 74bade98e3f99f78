/** The wall: teachers confirm breakfast and lunch of their classes, pupils look at their purses. */
import type { BusinessDate } from "@trapeza/protocol";
import type { Random } from "../random.js";
import type { DemoPupil, DemoStaff } from "../school/school.js";
import { cardOf, says, type Errand, type Stage } from "./stage.js";
import { countOf } from "./size.js";
import { SHARED, WALL_SAYS } from "./words.js";

const BREAKFAST = [480, 645] as const;
const LUNCH = [665, 880] as const;
const CURIOUS = [470, 930] as const;
const LOOKS = [466, 500, 560, 640, 760, 860, 925] as const;
const { tap: IDLE, nobody: NOBODY } = WALL_SAYS;
const { confirm: CONFIRM, noGateway: OFFLINE } = SHARED;
/** What a refused card hears, whatever the reason: blocked, reported lost. */
const REFUSALS = [SHARED.askTeacher];
const PATIENCE_MS = 240_000;
const PAPER_MS = 60_000;

export function wallOf(stage: Stage, date: BusinessDate): Errand[] {
  const random = stage.random.fork(`wall ${date}`);
  const all = stage.school.staff.filter((one) => one.class !== null);
  const teachers = stage.size.crowd === 100 ? all : random.shuffle(all).slice(0, countOf(all.length, stage.size));
  const errands: Errand[] = [];
  for (const [from, to] of [BREAKFAST, LUNCH]) {
    for (const teacher of teachers) {
      const own = random.fork(`teacher ${teacher.id} from ${from}`);
      const atMs = stage.at(date, own.between(from, to) + own.below(60) / 60);
      errands.push({ atMs, who: `the teacher of ${teacher.class?.name}`, run: () => confirm(stage, teacher, own) });
    }
  }
  for (let i = countOf(random.between(25, 45), stage.size); i > 0; i--) {
    const pupil = random.pick(stage.school.pupils);
    const atMs = stage.at(date, random.between(...CURIOUS) + random.below(60) / 60);
    errands.push({ atMs, who: `the curious pupil of account ${pupil.id}`, run: () => look(stage, pupil) });
  }
  return [...errands, ...supervisorOf(stage, date)];
}

/** Looks at the gateway's page in the morning, and again while nobody has been able to help. */
function supervisorOf(stage: Stage, date: BusinessDate): Errand[] {
  const { world, school, hasFaults } = stage;
  const supervisor = school.staff.find(({ role }) => role === "supervisor");
  if (!hasFaults || !supervisor) return [];
  const run = async (): Promise<void> => {
    if (world.school.date === date) return;
    const { hand } = stage.wall;
    await ready(stage);
    await hand.tap(cardOf(stage, supervisor.uid, "supervisor"));
    await hand.until(() => world.school.date === date, 15_000);
  };
  return LOOKS.map((minute) => ({ atMs: stage.at(date, minute), who: "the supervisor who looks whether all is well", run }));
}

/** Wipes away what the person before left on the screen. */
async function ready(stage: Stage): Promise<void> {
  const { wall, world } = stage;
  const end = world.clock.now() + PATIENCE_MS;
  while (!says(wall, IDLE)) {
    if (world.clock.now() > end) throw new Error("the wall does not come to rest: " + wall.hand.read().join(" | "));
    const key = [SHARED.done, SHARED.back, SHARED.no].find((label) => wall.hand.read().includes(label));
    if (key) await wall.hand.press(key);
    else await wall.hand.wait(500);
  }
}

async function look(stage: Stage, pupil: DemoPupil): Promise<void> {
  const { wall } = stage;
  await ready(stage);
  await wall.hand.tap(cardOf(stage, pupil.uid, "pupil"));
  const refused = (): boolean => [...REFUSALS, OFFLINE].some((text) => says(wall, text));
  await wall.hand.until(() => says(wall, SHARED.additionalShort) || refused(), 15_000);
  if (refused()) stage.fortune.refused++;
  await wall.hand.wait(2000);
}

async function confirm(stage: Stage, teacher: DemoStaff, random: Random): Promise<void> {
  if (!(await send(stage, teacher, random))) return;
  if (!random.chance(5)) return;
  // The wrong meal, or the class is late: undone at once, and confirmed a little later.
  const { wall } = stage;
  if (!wall.hand.read().includes(WALL_SAYS.undo)) return;
  await wall.hand.press(WALL_SAYS.undo);
  await wall.hand.until(WALL_SAYS.undoQuestion);
  await wall.hand.press(SHARED.yes);
  await wall.hand.until(() => says(wall, WALL_SAYS.undone) || says(wall, IDLE), PAPER_MS);
  await wall.hand.wait(20_000);
  await send(stage, teacher, random);
}

/** The class on the screen, or that there is no connection. A paper that is owed from an earlier hour comes first. */
async function openList(stage: Stage, teacher: DemoStaff): Promise<void> {
  const { wall } = stage;
  const { hand } = wall;
  for (;;) {
    await hand.tap(cardOf(stage, teacher.uid, "teacher"));
    await hand.until(() => [WALL_SAYS.more, SHARED.done].some((key) => hand.read().includes(key)) || says(wall, OFFLINE), 15_000);
    if (!hand.read().includes(SHARED.done)) return;
    await hand.wait(1000);
    await hand.press(SHARED.done);
  }
}

/** `false`: there was nobody to confirm. */
export async function send(stage: Stage, teacher: DemoStaff, random: Random): Promise<boolean> {
  const { wall, fortune } = stage;
  const { hand } = wall;
  await ready(stage);
  const before = hand.papers();
  await openList(stage, teacher);
  if (!hand.read().includes(CONFIRM)) {
    if (says(wall, OFFLINE)) fortune.turnedAway++;
    return false;
  }
  await untick(stage, teacher, random);
  await stage.cardInUse(teacher.uid);
  await hand.press(CONFIRM);
  await hand.until(() => hand.papers() > before || says(wall, NOBODY) || says(wall, IDLE), PAPER_MS);
  if (hand.papers() === before) fortune.refused++;
  return hand.papers() > before;
}

/** Who is ill today; seldom more than two of a class. Those on later pages are found by turning them. */
async function untick(stage: Stage, teacher: DemoStaff, random: Random): Promise<void> {
  const { hand } = stage.wall;
  if (random.chance(50)) return;
  const pupils = stage.school.pupils.filter((one) => one.class === teacher.class);
  const ill = random.shuffle(pupils).slice(0, random.between(1, 2));
  const surnames = ill.map((pupil) => pupil.person.surname);
  for (let page = 0; page < 3; page++) {
    const name = hand.read().find((line) => surnames.some((surname) => line.startsWith(surname + " ")));
    if (name) await hand.press(name);
    const next = hand.read().find((line) => /^\d\/\d >$/.test(line));
    if (!next) return;
    await hand.press(next);
  }
}
