/**
 * School days on a seed: 703 pupils, their parents and teachers, a cashier, three terminals with their real images, one virtual clock. The same seed, the
 * same number of days and the same faults are the same days, to the last letter on the last receipt.
 */
import { createHash } from "node:crypto";
import { parseDate, terminalId } from "@trapeza/protocol";
import type { BusinessDate, CardUid, Directive } from "@trapeza/protocol";
import { receiptText } from "../devices/escpos.js";
import { handAt, type Hand } from "../hand.js";
import { createRandom } from "../random.js";
import { directivesFor, inventSchool, KIOSK, TILL, WALL, type DemoSchool } from "../school/school.js";
import type { Terminal } from "../terminal.js";
import { createWorld, type World } from "../world.js";
import { cashierOf } from "./cashier.js";
import { createChecker, type Checker } from "./check.js";
import { createTrouble, type FaultName, type Trouble } from "./fault.js";
import { parentsOf } from "./parent.js";
import { minuteOf, SIZES, type DaySize, type SizeName } from "./size.js";
import type { Sometimes } from "./sometimes.js";
import { queueAt, timeOf, type Fortune, type Place, type Stage } from "./stage.js";
import { wallOf } from "./teacher.js";

export interface DaysOptions {
  readonly seed: number;
  /** Calendar days from Tuesday, 1 September 2026; nobody comes at the weekend. */
  readonly days: number;
  readonly faults: readonly FaultName[];
  /** `full` unless told. */
  readonly size?: SizeName;
  /** No further day is lived through behind one on which a law was broken. */
  readonly untilBroken?: boolean;
  /** Told what happens as it happens: who comes and how they fare, what strikes, what is broken. */
  readonly onStory?: (atMs: number, line: string) => void;
  /** Told every simulated hour. */
  readonly onHour?: (progress: { readonly atMs: number; readonly operations: number; readonly violations: number }) => void;
}

/** Sums in kopecks. */
export interface DaysResult {
  readonly seed: number;
  readonly days: number;
  readonly schoolDays: number;
  readonly faults: readonly FaultName[];
  readonly size: SizeName;
  /** What terminals had the journal take down, each once. */
  readonly operations: number;
  readonly sales: number;
  readonly meals: number;
  readonly topUps: number;
  /** By the journal and at screens. */
  readonly refusals: number;
  readonly turnedAway: number;
  readonly gaveUp: number;
  /** What lies in the cassettes, whatever anybody wrote down. */
  readonly cashInserted: number;
  readonly cashCredited: number;
  readonly cashSuspended: number;
  /** Claims that no note may stand behind: the acceptor never said whether it took them. */
  readonly cashUnproven: number;
  readonly journalSize: number;
  readonly papers: number;
  /** How often each fault has struck. */
  readonly struck: Readonly<Partial<Record<FaultName, number>>>;
  /** How often each seldom path was walked. */
  readonly sometimes: Readonly<Sometimes>;
  readonly violations: readonly string[];
  /** How many people had come when the first law was found broken; `null` when none was. */
  readonly brokenAtStep: number | null;
  /** SHA-256 over journal root, ledger balances and every paper, in hex. */
  readonly digest: string;
}

/** The same pupils on every seed: what a seed changes is what they do. */
const SCHOOL_SEED = 24;
const FIRST_DAY = parseDate("2026-09-01") as BusinessDate;
const SET_UP_DAYS = 40;
const MORNING = 420;
/** The first parent may come. */
const OPENS = 440;
const EVENING = 960;
/** Boots, connects, fetches the menu: before anybody comes, on a day of any length. */
const WAKE_MINUTES = 2;
const LOOK_MS = 600_000;
/** On a day that is over in minutes. */
const SHORT_LOOK_MS = 60_000;
const HOUR_MS = 3_600_000;
/** An exchange with the cloud costs two signatures, and nobody on this day looks at a page. */
const EXCHANGE_MS = 10_000;
/** Within the half second after which a driver takes its reader for silent. */
const PATIENCE_MS = 400;
/** After this long in peace nothing may be under way any more. */
const QUIET_MS = 900_000;
/** A holder takes a little longer than an order takes to arrive. */
const BLOCK_MS = 12_000;
/** The gateway is switched on before the terminals are. */
const UNLOCK_MS = 600_000;
const CASSETTE_NOTES = 1500;

export async function simulateDays(options: DaysOptions): Promise<DaysResult> {
  const { world, stage, checker, trouble } = await openDays(options);
  let schoolDays = 0;
  let brokenAtStep: number | null = null;
  for (let day = 0; day < options.days; day++) {
    const date = (FIRST_DAY + day) as BusinessDate;
    if (isWeekend(date)) continue;
    const [morningMs, eveningMs] = [morningOf(date, stage.size), stage.at(date, EVENING)];
    if (world.clock.now() < morningMs) {
      trouble.dusk(date, morningMs - UNLOCK_MS);
      await world.sleepUntil(morningMs);
    }
    schoolDays++;
    await trouble.dawn(date);
    trouble.begin(date);
    await live(stage, checker, date, options);
    trouble.end();
    await comeToRest(world, eveningMs);
    if (world.school.date !== date) checker.violate(`it is day ${date}, and the school's books are still on day ${world.school.date}`);
    await checker.close();
    if (checker.violations.length === 0) continue;
    brokenAtStep ??= stage.fortune.steps;
    if (options.untilBroken) break;
  }
  if (trouble.finish()) {
    await comeToRest(world, world.clock.now());
    await checker.close();
    if (checker.violations.length > 0) brokenAtStep ??= stage.fortune.steps;
  }
  const { size = "full" } = options;
  const { seed, days, faults } = options;
  return {
    ...{ seed, days, faults, size, brokenAtStep },
    ...resultOf(world, stage.fortune, checker),
    struck: trouble.counts,
    schoolDays,
    digest: await digestOf(world, stage.school.number),
  };
}

/** 1970-01-01 was a Thursday. */
function isWeekend(date: BusinessDate): boolean {
  return (date + 3) % 7 >= 5;
}

export interface Opened {
  readonly world: World;
  readonly stage: Stage;
  readonly checker: Checker;
  readonly trouble: Trouble;
}

function morningOf(date: BusinessDate, size: DaySize): number {
  return timeOf(date, size.pace === 100 ? MORNING : minuteOf(OPENS, size) - WAKE_MINUTES);
}

/** The school on the morning of its first day, with everybody who watches over it. */
export async function openDays({ seed, faults, size: named = "full", onStory }: DaysOptions): Promise<Opened> {
  const size: DaySize = SIZES[named];
  const school = inventSchool(createRandom(SCHOOL_SEED), size.classes);
  const lost = new Set(
    createRandom(seed)
      .fork("lost cards")
      .shuffle(school.pupils)
      .slice(0, 5)
      .map(({ id }) => id),
  );
  const world = await createWorld({
    ...{
      seed,
      startMs: morningOf(FIRST_DAY, size),
      schoolNumber: school.number,
      exchangeMs: EXCHANGE_MS,
      roomsStay: true,
      patienceMs: PATIENCE_MS,
    },
    directives: directivesOf(school, lost, seed),
    acceptor: { cassetteHolds: CASSETTE_NOTES },
    terminals: [
      { id: KIOSK, kind: "payment" },
      { id: TILL, kind: "settlement" },
      { id: WALL, kind: "information" },
    ],
  });
  const tell = (line: string): void => onStory?.(world.clock.now(), line);
  const checker = createChecker(world, school.number, faults.length > 0, tell);
  const trouble = createTrouble(world, faults, size, { sometimes: checker.tally.sometimes, tell });
  const place = (id: number): Place => placeAt(world, id);
  const stage: Stage = {
    ...{ world, school, lost, kiosk: place(KIOSK), till: place(TILL), wall: place(WALL), random: world.random.fork("people") },
    ...{ fortune: { refused: 0, turnedAway: 0, gaveUp: 0, steps: 0 }, hasFaults: faults.length > 0, cards: new Map() },
    ...{ size, at: (date: BusinessDate, minute: number) => timeOf(date, minuteOf(minute, size)) },
    ...{ hasTwins: faults.includes("clone"), mustFindTwins: faults.length === 1, twinHeld: () => trouble.twinHeld() },
    async cardInUse(uid: CardUid) {
      if (await trouble.cardInUse(uid)) await world.clock.pause(BLOCK_MS);
    },
    ...{ noteInside: () => trouble.noteInside(), violate: checker.violate, tell },
  };
  return { world, stage, checker, trouble };
}

/** Whichever board stands there now. */
function placeAt(world: World, id: number): Place {
  let hand: Hand | null = null;
  let hers: Terminal | null = null;
  const now = (): Terminal => {
    const terminal = world.terminals.get(id);
    if (!terminal) throw new Error(`there is no terminal ${id}`);
    return terminal;
  };
  return {
    get terminal() {
      return now();
    },
    get hand() {
      if (!hand || hers !== now()) hand = handAt((hers = now()), world.clock);
      return hand;
    },
  };
}

/** The school's own, and what families and office have told since: lost cards, no buffet, a kiosk with a large cassette. */
function directivesOf(school: DemoSchool, lost: ReadonlySet<number>, seed: number): Directive[] {
  const own = directivesFor(school, (FIRST_DAY - SET_UP_DAYS) as BusinessDate);
  const uids = new Set<string>(school.pupils.filter(({ id }) => lost.has(id)).map(({ uid }) => uid));
  const cards = own.flatMap((one): Directive[] =>
    one.kind === "SetCard" && uids.has(one.uid) ? [{ ...one, state: "lost", by: "parent" }] : [],
  );
  const strict = createRandom(seed).fork("strict parents").shuffle(school.pupils).slice(0, 8);
  const limits = strict.map(({ id }): Directive => ({
    ...{ kind: "SetLimits", account: id, dailyLimit: null, stopList: true, bannedDishes: [], bannedAllergens: [] },
  }));
  const kiosk = own.flatMap((one): Directive[] =>
    one.kind === "SetTerminal" && terminalId(one.id) === KIOSK ? [{ ...one, capacity: CASSETTE_NOTES }] : [],
  );
  return [...own, ...cards, ...limits, ...kiosk];
}

/** One day from the first parent to the closing of the shift, looked at every ten minutes. */
async function live(stage: Stage, checker: Checker, date: BusinessDate, { onHour }: DaysOptions): Promise<void> {
  const { world } = stage;
  const lookMs = stage.size.pace === 100 ? LOOK_MS : SHORT_LOOK_MS;
  let over = false;
  const everybody = Promise.all([
    queueAt(stage, stage.kiosk, parentsOf(stage, date)),
    queueAt(stage, stage.till, cashierOf(stage, date)),
    queueAt(stage, stage.wall, wallOf(stage, date)),
  ]).finally(() => (over = true));
  everybody.catch(() => undefined);
  while (!over) {
    await world.run(lookMs);
    await checker.look();
    if (world.clock.now() % HOUR_MS >= lookMs) continue;
    onHour?.({ atMs: world.clock.now(), operations: checker.tally.operations.size, violations: checker.violations.length });
  }
  await everybody;
}

/** Until evening, and then until the cloud has everything, but not for ever: what is still under way after that is found by the checks. */
async function comeToRest(world: World, eveningMs: number): Promise<void> {
  const end = Math.max(world.clock.now(), eveningMs) + QUIET_MS;
  await world.run(Math.max(eveningMs - world.clock.now(), 120_000));
  while (world.internet && world.clock.now() < end && world.journal.cosigned?.size !== world.journal.size) await world.run(EXCHANGE_MS);
}

function resultOf(world: World, fortune: Fortune, { tally, violations }: Checker) {
  const all = [...world.terminals.values(), ...world.retired.map(({ terminal }) => terminal)];
  const boxes = all.flatMap(({ acceptor }) => (acceptor ? [acceptor.truth()] : []));
  const notes = boxes.flatMap(({ cassette, collected }) => [...cassette, ...collected]);
  return {
    operations: tally.operations.size,
    sales: tally.sales,
    meals: tally.meals,
    topUps: tally.topUps,
    refusals: tally.refusals + fortune.refused,
    turnedAway: fortune.turnedAway,
    gaveUp: fortune.gaveUp,
    cashInserted: notes.reduce((sum, note) => sum + note, 0),
    cashCredited: tally.credited,
    cashSuspended: tally.suspended,
    cashUnproven: tally.unproven,
    journalSize: world.journal.size,
    papers: all.reduce((sum, { printer }) => sum + printer.receipts.length, 0),
    sometimes: tally.sometimes,
    violations,
  };
}

async function digestOf(world: World, schoolNumber: number): Promise<string> {
  const hash = createHash("sha256").update(world.journal.checkpointAt(world.journal.size).root);
  const balances = [...(await world.cloud.store.balances(schoolNumber))].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [account, amount] of balances) hash.update(`${account} ${amount}\n`);
  const retired = world.retired.map(({ id, terminal }) => [id, terminal] as const);
  for (const [id, { printer }] of [...retired, ...world.terminals]) {
    for (const receipt of printer.receipts) {
      hash.update(`${id}\n${receiptText(receipt)}\n`);
      for (const line of receipt.lines) if (line.kind === "qr") hash.update(line.data);
    }
  }
  return hash.digest("hex");
}
