/** Parents at the kiosk: a card or a typed number, one purse or both, one to four notes, and all that people do beside that. */
import { luhnDigit } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import type { Random } from "../random.js";
import type { DemoPupil } from "../school/school.js";
import { cardOf, says, type Errand, type Stage } from "./stage.js";
import { countOf } from "./size.js";
import { KIOSK_SAYS, SHARED } from "./words.js";

type Way = "card" | "number" | "slip" | "stranger" | "telephone" | "teacher";
type Purse = "main" | "additional";

/** What a parent has in mind before they come. */
interface Plan {
  readonly pupil: DemoPupil;
  readonly way: Way;
  readonly notes: readonly { readonly kopecks: number; readonly purse: Purse }[];
  /** Walks away without pressing the last key: before the first note, or behind the last. */
  readonly leaves: "before" | "after" | null;
}

const OPENS = 440;
const LAST = 940;
const PATIENCE_MS = 150_000;
const { typeNumber: START, cashStopped: STOPPED, choosePurse: WHICH_PURSE } = KIOSK_SAYS;
const NOTES = [1000, 5000, 5000, 10_000, 10_000, 10_000, 50_000, 50_000, 100_000];
/** Good money that this machine does not take: 5000, 2000 and 200 roubles. */
const UNWANTED = [500_000, 200_000, 20_000];
const LABELS: Readonly<Record<Purse, readonly [first: string, later: string]>> = {
  main: [SHARED.main, SHARED.main],
  additional: [SHARED.additional, SHARED.additionalShort],
};

/** The day's visits; most come before the lessons and when they are over. */
export function parentsOf(stage: Stage, date: BusinessDate): Errand[] {
  const random = stage.random.fork(`parents ${date}`);
  const count = countOf(random.between(38, 52), stage.size);
  return Array.from({ length: count }, (_, at) => {
    const own = random.fork(`parent ${at}`);
    const plan = planOf(stage, own);
    const minute = own.chance(40) ? own.between(OPENS, OPENS + 60) : own.between(OPENS, LAST);
    const who = `the parent of account ${plan.pupil.id} (${plan.way})`;
    return { atMs: stage.at(date, minute + own.below(60) / 60), who, run: () => visit(stage, plan) };
  });
}

function planOf(stage: Stage, random: Random): Plan {
  const dice = random.below(100);
  const way: Way =
    dice < 55 ? "card" : dice < 85 ? "number" : dice < 91 ? "slip" : dice < 94 ? "stranger" : dice < 97 ? "telephone" : "teacher";
  let pupil = random.pick(stage.school.pupils);
  while (stage.lost.has(pupil.id)) pupil = random.pick(stage.school.pupils);
  let purse: Purse = random.chance(50) ? "main" : "additional";
  const notes = Array.from({ length: random.between(1, 4) }, () => {
    if (random.chance(20)) purse = purse === "main" ? "additional" : "main";
    return { kopecks: random.pick(random.chance(7) ? UNWANTED : NOTES), purse };
  });
  const leaves = random.chance(5) ? "before" : random.chance(5) ? "after" : null;
  return { pupil, way, notes, leaves };
}

export async function visit(stage: Stage, plan: Plan): Promise<void> {
  const { kiosk } = stage;
  const { hand } = kiosk;
  await hand.until(() => says(kiosk, START) || says(kiosk, STOPPED), PATIENCE_MS);
  if (says(kiosk, STOPPED)) {
    // The cassette of a long week fills up; any other reason belongs to a fault.
    if (!stage.hasFaults && !says(kiosk, KIOSK_SAYS.full)) throw new Error("no cash is taken: " + hand.read().join(" | "));
    stage.fortune.turnedAway++;
    return;
  }
  if (!(await introduce(stage, plan))) {
    stage.fortune.refused++;
    return;
  }
  if (plan.leaves === "before") return;
  await feedAll(stage, plan);
}

/** `false`: the machine knows no such account. */
async function introduce(stage: Stage, plan: Plan): Promise<boolean> {
  const { kiosk, school } = stage;
  const { hand } = kiosk;
  const { way, pupil } = plan;
  if (way === "number" || way === "slip") {
    await hand.press(START);
    if (way === "slip") await mistype(stage, pupil);
    await hand.type(pupil.account);
    await hand.press(KIOSK_SAYS.next);
    await hand.until(WHICH_PURSE);
    return true;
  }
  if (way === "card") await hand.tap(cardOf(stage, pupil.uid, "pupil"));
  if (way === "stranger") await hand.tap(cardOf(stage, "fe" + pupil.uid.slice(2), "pupil"));
  if (way === "telephone") await hand.tap(cardOf(stage, "08" + pupil.uid.slice(2), "pupil", 0x20));
  if (way === "teacher") await hand.tap(cardOf(stage, school.staff[pupil.class.id - 1].uid, "teacher"));
  const refused = (): boolean => says(kiosk, KIOSK_SAYS.noAccount) || says(kiosk, SHARED.stranger);
  await hand.until(() => says(kiosk, WHICH_PURSE) || refused());
  return !refused();
}

/** One digit wrong: the check digit finds it out, and the parent wipes everything and begins again. */
async function mistype({ kiosk }: Stage, pupil: DemoPupil): Promise<void> {
  const { hand } = kiosk;
  const wrong = pupil.account.slice(0, -1) + ((Number(luhnDigit(pupil.account.slice(0, -1))) + 3) % 10);
  await hand.type(wrong);
  await hand.press(KIOSK_SAYS.next);
  await hand.until(KIOSK_SAYS.checkNumber);
  for (let i = 0; i < wrong.length; i++) await hand.press("<");
}

async function feedAll(stage: Stage, plan: Plan): Promise<void> {
  const { hand } = stage.kiosk;
  const before = hand.papers();
  let purse = plan.notes[0].purse;
  await hand.press(LABELS[purse][0]);
  await hand.until(KIOSK_SAYS.insert);
  let sum = 0;
  for (const note of plan.notes) {
    if (note.purse !== purse) {
      purse = note.purse;
      await hand.press(LABELS[purse][1]);
    }
    if (!(await feed(stage, note.kopecks))) continue;
    sum += note.kopecks;
    // The sum is the largest thing on the screen; blanks and comma are for the eye.
    const shown = String(sum);
    await hand.until(() => hand.read().some((line) => line.replace(/[^0-9]/g, "") === shown), 15_000);
  }
  if (plan.leaves === "after") return;
  await hand.press(SHARED.done);
  if (sum > 0) await hand.until(() => hand.papers() > before, 30_000);
}

/** `true` when the note is in the cassette, `false` when it came back out. */
async function feed(stage: Stage, kopecks: number): Promise<boolean> {
  const { hand, terminal } = stage.kiosk;
  const { acceptor } = terminal;
  if (!acceptor) throw new Error("there is no slot for notes");
  const before = acceptor.truth();
  for (let tries = 0; !(await hand.feed(kopecks)); tries++) {
    if (tries === 15) throw new Error(`the slot does not take ${kopecks}, it is ${acceptor.status.kind}`);
    await hand.wait(700);
  }
  stage.noteInside();
  const isInBox = (): boolean => acceptor.truth().cassette.length > before.cassette.length;
  await hand.until(() => isInBox() || acceptor.truth().returned.length > before.returned.length, 25_000);
  return isInBox();
}
