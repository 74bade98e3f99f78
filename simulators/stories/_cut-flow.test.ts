/**
 * The power goes at every single thing that a till, a wall or an emptied kiosk does in one of its flows: before and in the middle of each write into flash,
 * before each word to printer and gateway, and after it has left but before an answer can come. One world lives through all of them, one cut after the other,
 * so that the ring of flash sectors turns as well; each life is counted before the next begins.
 *
 * What lies between two things is the same as "before the second": nothing outside volatile memory changes there.
 */
import test from "ava";
import { decodeWhole, eventSchema, luhnDigit } from "@trapeza/protocol";
import type { BusinessDate, Event } from "@trapeza/protocol";
import { receiptText } from "../devices/escpos.js";
import { handAt, type Hand } from "../hand.js";
import { createRandom } from "../random.js";
import { directivesFor, inventSchool, KIOSK, TILL, WALL, type DemoPupil, type DemoSchool } from "../school/school.js";
import type { Terminal } from "../terminal.js";
import { createWorld, type World } from "../world.js";
import { FRIDAY, FRIDAY_MS } from "./_school-day.test.js";

export interface Counter {
  readonly world: World;
  readonly terminal: Terminal;
  readonly hand: Hand;
  readonly school: DemoSchool;
  /** What somebody could read since the flow began: on the screen at any moment, and on paper. */
  readonly told: Set<string>;
  /** Operations that stand in the journal, up to the entry `judged`. */
  readonly seen: Set<string>;
  judged: number;
}

/** Something that people do at a terminal. `turn` counts the lives, for flows that a class or a pupil can go through only once. */
export interface Flow {
  readonly name: string;
  readonly kind: "payment" | "settlement" | "information";
  /** Wires on which words are cut, too, beside those to printer and gateway. */
  readonly wires?: readonly ("pn532" | "ccnet")[];
  /** Once, before the first life; lets time pass by itself. */
  prepare?(counter: Counter): Promise<void>;
  /** Leads the terminal to where the flow begins, whatever the life before has left; nothing is cut here. */
  ready(counter: Counter, turn: number): Promise<void>;
  /** Cut somewhere. Whoever stands before a dark screen goes away. */
  act(counter: Counter, turn: number): Promise<void>;
  /** After the power is back, and whatever was away: what people do then, uncut. */
  after?(counter: Counter, turn: number): Promise<void>;
  /** What is wrong, in words. `events`: committed since the flow began. */
  check(counter: Counter, events: readonly Event[], turn: number): string[];
}

const KOPECKS = 100_000_000;
const CLASSES = 160;
const DARK_MS = 700;
/** Boots, looks for its printer, connects, hands over what it kept, prints. */
const RECOVERY_MS = 9000;
const STEP_MS = 50;

/** Classes of two pupils, rich enough for every life; the staff of the demonstration school and a teacher for each class. */
function schoolOfPairs(): DemoSchool {
  const school = inventSchool(createRandom(24));
  const classes = Array.from({ length: CLASSES }, (_, at) => ({ id: at + 1, name: `${at + 1}А`, grade: 6 }));
  const pupils = school.pupils.slice(0, 2 * CLASSES).map((pupil, at): DemoPupil => ({
    ...pupil,
    class: classes[at >> 1],
    category: 3,
    mainKopecks: KOPECKS,
    additionalKopecks: KOPECKS,
  }));
  const teachers = school.pupils.slice(2 * CLASSES, 3 * CLASSES).map((pupil, at) => ({
    ...{ id: at + 1, person: pupil.person, role: "teacher" as const, uid: pupil.uid, cardNumber: pupil.cardNumber, class: classes[at] },
  }));
  const others = school.staff.filter((one) => one.role !== "teacher").map((one, at) => ({ ...one, id: CLASSES + at + 1 }));
  return { ...school, classes, pupils, staff: [...teachers, ...others] };
}

/** `printer`: its model. */
export async function openCounter(kind: Flow["kind"], printer?: string): Promise<Counter> {
  const school = schoolOfPairs();
  const id = { payment: KIOSK, settlement: TILL, information: WALL }[kind];
  const world = await createWorld({
    ...{ seed: 1, startMs: FRIDAY_MS, schoolNumber: school.number, exchangeMs: 5000 },
    directives: directivesFor(school, (FRIDAY - 40) as BusinessDate),
    terminals: [{ id, kind, printer }],
  });
  const terminal = world.terminals.get(id);
  if (!terminal) throw new Error("there is no terminal");
  await world.run(6000);
  return { world, terminal, hand: handAt(terminal, world.clock), school, told: new Set(), seen: new Set(), judged: 0 };
}

const SALT_BYTES = 16;

/** What was committed from `index` on. */
export function eventsFrom({ world }: Counter, index: number): Event[] {
  const { journal } = world;
  return journal.entries(index, journal.size, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).flatMap((entry) => {
    const event = decodeWhole(eventSchema, entry.subarray(SALT_BYTES));
    return event.ok ? [event.value] : [];
  });
}

/** The name under which a paper speaks of an operation that nobody has decided yet. */
export function claimCodeOf({ operation }: Event): string {
  if (!operation) return "";
  const { terminal, incarnation, n } = operation;
  return `${terminal}-${incarnation}-${n}-${luhnDigit(`${terminal}${incarnation}${n}`)}`;
}

/** Whether a screen or a paper has said `text` since the flow began. */
export function wasTold({ told }: Counter, text: string): boolean {
  for (const line of told) if (line.includes(text)) return true;
  return false;
}

/** Writes down what can be read now. */
export function look({ hand, terminal, told }: Counter): void {
  for (const line of hand.read()) told.add(line);
  for (const paper of [...terminal.printer.receipts, terminal.printer.current]) told.add(receiptText(paper));
}

/** Questions that are asked all the time and change nothing: how the printer is, MQTT's ping, whether there is a card, POLL and its acknowledgement. */
function isIdleTalk(line: string, bytes: Uint8Array): boolean {
  if (line === "escpos") return bytes[0] === 0x10 && bytes[1] === 0x04;
  if (line === "pn532") return !bytes.some((byte, at) => byte === 0xd4 && bytes[at + 1] === 0x40);
  if (line === "ccnet") return bytes[3] === 0x33 || bytes[3] === 0x00;
  return bytes[0] === 0xc0;
}

/** A word that was cut after it has left: heard at the other end, but the answer has not come. */
const HEARD_MS: Readonly<Record<string, number>> = { network: 1, pn532: 5, ccnet: 9 };

interface Saw {
  /** Places passed so far. */
  passed(): number;
  stop(): void;
}

/** Counts the places at which the power can go and pulls it at place `at` (from 1; 0: never). */
function sawAt({ terminal, world }: Counter, wires: Flow["wires"], at: number): Saw {
  const { board } = terminal;
  const { flash } = board;
  const { writeRaw, eraseRaw } = flash;
  let place = 0;
  const written = (bytes: number): void => {
    place += 2;
    if (at === place - 1) flash.tearAfter(1, 0);
    if (at === place) flash.tearAfter(1, bytes >> 1);
  };
  flash.writeRaw = (from, data) => {
    written(data.length);
    writeRaw(from, data);
  };
  flash.eraseRaw = (page) => {
    written(4096);
    eraseRaw(page);
  };
  const sawn: readonly string[] = ["escpos", "network", ...(wires ?? [])];
  const deafen = terminal.listen(({ line, direction, bytes }) => {
    if (direction !== "out" || !board.powered || !sawn.includes(line) || isIdleTalk(line, bytes)) return;
    place++;
    if (at === place) return board.powerOff();
    const heardMs = HEARD_MS[line];
    if (heardMs === undefined) return;
    place++;
    if (at === place) world.clock.after(heardMs, () => board.powerOff());
  });
  return {
    passed: () => place,
    stop() {
      deafen();
      Object.assign(flash, { writeRaw, eraseRaw });
    },
  };
}

async function watch(counter: Counter, ms: number, until: () => boolean = () => false): Promise<void> {
  const end = counter.world.clock.now() + ms;
  while (counter.world.clock.now() < end && !until()) {
    await counter.world.run(STEP_MS);
    look(counter);
  }
}

async function playWhole(counter: Counter, story: Promise<void>): Promise<void> {
  let over = false;
  const told = story.finally(() => (over = true));
  told.catch(() => undefined);
  await watch(counter, 180_000, () => over);
  await told;
}

interface Life {
  readonly complaints: string[];
  /** The flow came to its end before the place was reached: there are no more places. */
  readonly whole: boolean;
}

async function live(counter: Counter, flow: Flow, at: number, again: number): Promise<Life> {
  const { world, terminal, told } = counter;
  await playWhole(counter, flow.ready(counter, at));
  told.clear();
  terminal.printer.discard();
  const begins = world.journal.size;
  const heard = world.complaints.length;
  const saw = sawAt(counter, flow.wires, at);
  let over = false;
  let problem: Error | null = null;
  flow
    .act(counter, at)
    .catch((error: Error) => (problem = error))
    .finally(() => (over = true));
  await watch(counter, 120_000, () => over || !terminal.board.powered);
  saw.stop();
  const whole = terminal.board.powered;
  if (whole && problem) throw problem as Error;
  if (!whole) {
    // The screen goes dark at once; whoever reads it now reads nothing.
    await world.run(DARK_MS);
    const second = sawAt(counter, flow.wires, again);
    terminal.board.powerOn();
    await watch(counter, RECOVERY_MS, () => !terminal.board.powered);
    second.stop();
    if (!terminal.board.powered) {
      await world.run(DARK_MS);
      terminal.board.powerOn();
      await watch(counter, RECOVERY_MS);
    }
  }
  if (!world.lan.plugged) {
    world.lan.plugged = true;
    await watch(counter, RECOVERY_MS);
  }
  if (flow.after) await playWhole(counter, flow.after(counter, at));
  await watch(counter, 1000);
  const complaints = world.complaints.slice(heard);
  const events = eventsFrom(counter, begins);
  complaints.push(...twice(counter, eventsFrom(counter, counter.judged)), ...flow.check(counter, events, at));
  counter.judged = world.journal.size;
  return { complaints, whole };
}

/** Every operation in the whole journal stands there once. */
function twice({ seen }: Counter, events: readonly Event[]): string[] {
  const complaints: string[] = [];
  for (const { operation } of events) {
    if (!operation) continue;
    const name = `${operation.terminal}-${operation.incarnation}-${operation.n}-${operation.part}`;
    if (seen.has(name)) complaints.push(`operation ${name} stands twice in the journal`);
    seen.add(name);
  }
  return complaints;
}

export interface Cuts {
  readonly places: number;
  readonly wrong: readonly string[];
}

/**
 * Cuts `flow` at every place, one life each, until a life comes to its end uncut. With `recoveryToo` the power goes a second time in each recovery, a place
 * further every life. Afterwards cloud and gateway must agree.
 */
export async function cutEverywhere(flow: Flow, recoveryToo = false): Promise<Cuts> {
  const counter = await openCounter(flow.kind);
  await flow.prepare?.(counter);
  const wrong: string[] = [];
  let places = 0;
  for (let at = 1; ; at++) {
    const { complaints, whole } = await live(counter, flow, at, recoveryToo ? 1 + (at % 14) : 0);
    if (complaints.length > 0) wrong.push(`place ${at}: ${complaints.join("; ")}`);
    if (whole) break;
    places++;
  }
  await counter.world.drain();
  wrong.push(...(await counter.world.cloud.verifyLedger(counter.school.number)));
  return { places, wrong };
}

/** Declares two tests a flow: with one cut a life, and with another one in the recovery. */
export function tellFlows(flows: readonly Flow[]): void {
  for (const flow of flows) {
    for (const [again, how] of [
      [false, ""],
      [true, ", and once more in the recovery"],
    ] as const) {
      test.serial(`${flow.name}, the power gone at every write and every word${how}: told is journalled, once`, async (t) => {
        t.timeout(400_000);
        const { places, wrong } = await cutEverywhere(flow, again);
        t.log(`${places} places`);
        t.deepEqual(wrong, []);
        t.true(places >= 6);
      });
    }
  }
}
