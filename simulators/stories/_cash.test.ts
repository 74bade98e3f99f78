/**
 * What the stories about cash share: one kiosk, one pupil, and the count that must come out even. The acceptor's twin knows which notes lie in its
 * cassette; the gateway's journal knows which were credited and which are held; paper and screen are what a person takes home.
 */
import type { ExecutionContext } from "ava";
import { decodeWhole, eventSchema, formatClaim, isHeldInBox } from "@trapeza/protocol";
import type { BusinessDate, Event } from "@trapeza/protocol";
import { receiptText } from "../devices/escpos.js";
import { handAt, type Hand } from "../hand.js";
import type { AcceptorTwin } from "../note-path.js";
import { createRandom } from "../random.js";
import { directivesFor, inventSchool, KIOSK, type DemoPupil, type DemoSchool } from "../school/school.js";
import type { TerminalConfig } from "../board-flash.js";
import type { Terminal, TerminalOptions } from "../terminal.js";
import { createWorld, type World } from "../world.js";
import { cardOf, FRIDAY, FRIDAY_MS } from "./_school-day.test.js";

export const FIFTY = 5_000;
export const HUNDRED = 10_000;

export interface Desk {
  readonly world: World;
  readonly terminal: Terminal;
  readonly acceptor: AcceptorTwin;
  readonly hand: Hand;
  readonly pupil: DemoPupil;
  /** Claim codes that stood on the screen since the beginning. */
  readonly shown: Set<string>;
}

/** A school of three pupils is enough to stand at a kiosk, and quick to build. */
function smallSchool(): DemoSchool {
  const school = inventSchool(createRandom(24));
  const pupils = school.pupils.filter((pupil) => pupil.mainKopecks > 0 && pupil.additionalKopecks > 0).slice(0, 3);
  return {
    ...school,
    pupils,
    staff: school.staff.slice(-2),
    classes: school.classes.filter(({ id }) => pupils.some((one) => one.class.id === id)),
  };
}

const LOOK_MS = 500;
export const CODE = /^\d+-\d+-\d+-\d$/;

export async function openDesk(habits: TerminalOptions["acceptor"] = {}, line: TerminalConfig["line"] = "ccnet"): Promise<Desk> {
  const school = smallSchool();
  const world = await createWorld({
    ...{ seed: 1, startMs: FRIDAY_MS, schoolNumber: school.number, acceptor: habits },
    directives: directivesFor(school, (FRIDAY - 40) as BusinessDate),
    terminals: [{ id: KIOSK, kind: "payment", line }],
  });
  const terminal = world.terminals.get(KIOSK);
  const acceptor = terminal?.acceptor;
  if (!terminal || !acceptor) throw new Error("there is no kiosk");
  const shown = new Set<string>();
  const hand = handAt(terminal, world.clock);
  const look = (): void => {
    for (const text of hand.read()) if (CODE.test(text)) shown.add(text);
    world.clock.after(LOOK_MS, look);
  };
  look();
  await world.run(5000);
  return { world, terminal, acceptor, hand, pupil: school.pupils[0], shown };
}

/** Card, purse, ready for notes. */
export async function stepUp({ hand, pupil }: Desk): Promise<void> {
  await hand.tap(cardOf(pupil));
  await hand.until("Дополнительный");
  await hand.press("Дополнительный");
  await hand.until("Вставляйте");
}

/** Pushes a note in and waits until the acceptor is in `position`, and `afterMs` more. */
export async function feedUntil(desk: Desk, kopecks: number, position: string, afterMs = 0): Promise<void> {
  const { hand, acceptor } = desk;
  await hand.until(() => acceptor.status.kind === "idling");
  if (!(await hand.feed(kopecks))) throw new Error(`the slot does not take the note: ${acceptor.status.kind}`);
  await hand.until(() => acceptor.status.kind === position, 20_000);
  await hand.wait(afterMs);
}

/** One whole note, until the screen counts it. */
export async function feedWhole(desk: Desk, kopecks: number, shows: string): Promise<void> {
  await feedUntil(desk, kopecks, "stacking");
  await desk.hand.until(shows, 20_000);
}

/** Presses "done" and waits for what the person takes home. */
export async function leave({ hand }: Pick<Desk, "hand">): Promise<void> {
  const before = hand.papers();
  await hand.press("Готово");
  await hand.until(() => hand.papers() > before || hand.read().some((line) => CODE.test(line)), 30_000);
}

/** A technician switches the kiosk off and on. */
export async function restart({ world, terminal }: Desk): Promise<void> {
  terminal.board.powerOff();
  await world.run(2000);
  terminal.board.powerOn();
}

export interface Count {
  readonly inCassette: number;
  readonly credited: number;
  /** In suspense, known to lie in the cassette. */
  readonly held: number;
  /** Claims for notes of which nobody can say whether they arrived. */
  readonly unproven: number;
}

export const sumOf = (notes: readonly number[]): number => notes.reduce((sum, note) => sum + note, 0);

const SALT_BYTES = 16;

/** Everything that the gateway has committed, oldest first. */
export function eventsOf({ world }: Desk): Event[] {
  return world.journal.entries(0, world.journal.size, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).flatMap((entry) => {
    const event = decodeWhole(eventSchema, entry.subarray(SALT_BYTES));
    return event.ok ? [event.value] : [];
  });
}

export function countOf(desk: Desk): Count {
  const { cassette, collected } = desk.acceptor.truth();
  return { inCassette: sumOf([...cassette, ...collected]), ...bookedIn(eventsOf(desk)) };
}

/** What became of notes in these events. */
export function bookedIn(events: readonly Event[]): Omit<Count, "inCassette"> {
  const count = { credited: 0, held: 0, unproven: 0 };
  for (const { body } of events) {
    if (body.kind === "TopUpCredited" || body.kind === "ForeignTopUp") count.credited += body.note;
    else if (body.kind === "TopUpHeld") count[isHeldInBox(body.why) ? "held" : "unproven"] += body.note;
  }
  return count;
}

interface Claim {
  /** The name under which the gateway knows the note. */
  readonly code: string;
  readonly visit: number;
  /** 0 while nothing is proven. */
  readonly kopecks: number;
}

function claimsOf(events: readonly Event[]): Claim[] {
  return events.flatMap(({ body, operation }): Claim[] => {
    if (!operation || (body.kind !== "TopUpCredited" && body.kind !== "TopUpHeld")) return [];
    const { terminal, incarnation, n } = operation;
    const code = formatClaim(terminal, incarnation, n);
    const isProven = body.kind === "TopUpCredited" || isHeldInBox(body.why);
    return [{ code, visit: body.visit === 0 ? -n : body.visit, kopecks: isProven ? body.note : 0 }];
  });
}

/** A paper bears the code of its last note and the sum of all that it names; after a power cut a visit may get two. What nobody was given, in words. */
export function withoutPaper(papers: readonly string[], shown: ReadonlySet<string>, events: readonly Event[]): string[] {
  const claims = claimsOf(events);
  const missing: string[] = [];
  for (const visit of new Set(claims.map((claim) => claim.visit))) {
    let open: string[] = [];
    let all = 0;
    let since = 0;
    for (const { code, kopecks } of claims.filter((claim) => claim.visit === visit)) {
      open.push(code);
      all += kopecks;
      since += kopecks;
      const totals = [all, since].map((sum) => `${Math.floor(sum / 100)},00`);
      if (!shown.has(code) && !papers.some((paper) => paper.includes(code) && totals.some((total) => paper.includes(total)))) continue;
      open = [];
      since = 0;
    }
    if (open.length > 0) missing.push(`nobody was given ${open.join(", ")} for ${since}`);
  }
  return missing;
}

/** A claim without proof is a promise to look: the note is in the cassette or it is not, so it may explain what is missing but never what is too much. */
export function uneven({ inCassette, credited, held, unproven }: Count): string[] {
  if (credited + held <= inCassette && credited + held + unproven >= inCassette) return [];
  return [`in the cassette ${inCassette}, credited ${credited}, held ${held}, unproven ${unproven}`];
}

/** What is wrong with the count, in words; empty when inserted = credited + suspended and everybody holds a paper or has seen a code. */
export function complaintsOf(desk: Desk): string[] {
  const complaints = [...desk.world.complaints, ...uneven(countOf(desk))];
  const { receipts, current } = desk.terminal.printer;
  complaints.push(...withoutPaper([...receipts, current].map(receiptText), desk.shown, eventsOf(desk)));
  return complaints;
}

/** Lets everything settle, then counts. */
export async function settled(t: ExecutionContext, desk: Desk, expected: Partial<Count>): Promise<void> {
  await desk.world.run(60_000);
  t.deepEqual(complaintsOf(desk), []);
  const count = countOf(desk);
  t.like(count, expected, JSON.stringify(count));
  await desk.world.drain();
  t.deepEqual(await desk.world.cloud.verifyLedger(24), []);
}
