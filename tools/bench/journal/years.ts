/**
 * School years that were never lived: meals and sales decided by the rules and committed by the journal as a gateway does it, only without terminals. Day
 * after day of 2.5 events an account, until there are as many as were asked for.
 */
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createGateway, createSigner, openJournal, sha256, type Decision, type Journal } from "@trapeza/gateway";
import {
  apply,
  createSchool,
  createTree,
  decide,
  journalOrigin,
  terminalId,
  type BusinessDate,
  type CardUid,
  type Directive,
  type Event,
  type Kopecks,
  type Request,
  type School,
  type Sequence,
  type TerminalId,
} from "@trapeza/protocol";
import { CASHIER, HOUSE, pupilCard, SCHOOL_NUMBER, schoolOf, tillId, type BenchKeys } from "../gateway/school.js";

const TILLS = 4;
const WALL = terminalId(TILLS + 1);
const TEACHER = "04000009" as CardUid;
const MEAL = 1;
const DISHES = [
  "Poppy-seed bun, fresh",
  "Potato pie, baked, hot",
  "Apple juice, 200 ml",
  "Dried fruit compote",
  "Salad of vegetables",
  "Sausage in dough",
];
const FIRST_DISH = 201;
const CLASS_SIZE = 40;
const DAY_MS = 86_400_000;
/** About what a till's answer to a sale takes. */
const ANSWER_BYTES = 64;
const BATCH = 256;

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
const die = (reason: Error): never => {
  throw reason;
};

function lunchroom(accounts: number, first: BusinessDate): Directive[] {
  const from = (first - 1) as BusinessDate;
  const validThrough = (first + 3000) as BusinessDate;
  const wealth = { main: 10_000_000 as Kopecks, additional: 0 as Kopecks };
  return [
    ...schoolOf(accounts, TILLS, (first + 30) as BusinessDate).map((directive): Directive => {
      return directive.kind === "SetCard" ? { ...directive, validThrough } : directive;
    }),
    ...DISHES.map((name, i): Directive => {
      const price = (2500 + 500 * i) as Kopecks;
      return { kind: "SetDish", code: FIRST_DISH + i, name, price, group: 0, allergens: [], caterer: 1, offered: true, from };
    }),
    { kind: "SetMeal", id: MEAL, name: "Lunch", servedFrom: 0, closes: 1440, cutOffDays: 1, cutOffMinute: 900 },
    { kind: "SetTariff", meal: MEAL, category: 1, share: 9800 as Kopecks, subsidy: 1000 as Kopecks, program: 1, caterer: 1, from },
    { kind: "SetStaff", id: 9, name: "Teacher", role: "teacher", class: 1 },
    {
      ...{ kind: "SetCard", uid: TEACHER, number: "T1", holder: "teacher", account: null, staff: 9, state: "active" },
      ...{ by: "operator", validThrough },
    },
    { kind: "SetTerminal", id: WALL, terminalKind: "information", enrolment: 1, place: "hall", service: "open", capacity: 0 },
    ...Array.from({ length: accounts }, (_, i): Directive => ({
      kind: "TopUp",
      account: i + 1,
      ...wealth,
      source: "payment",
      reference: `m${i}`,
    })),
  ];
}

/** One after another, as a gateway's desk does it: decided, folded, and in groups made durable. */
class Years {
  readonly school: School = createSchool();
  readonly journal: Journal;
  #batch: Decision<null>[] = [];
  #next = 0;
  #atMs: number;
  readonly #numbers = new Map<number, number>();

  constructor(folder: string, keys: BenchKeys, accounts: number, first: BusinessDate) {
    const origin = journalOrigin(HOUSE, SCHOOL_NUMBER, 1);
    const signer = createSigner(origin, keys.gatewaySeed);
    const { school } = this;
    this.#atMs = first * DAY_MS;
    this.journal = openJournal({
      ...{ path: join(folder, "journal.sqlite"), origin, epoch: 1, signer, cosigner: null, random, die },
      fold: (event) => apply(school, event),
    });
    const gateway = createGateway({
      ...{ journal: this.journal, school, schoolNumber: SCHOOL_NUMBER, schoolSecret: keys.schoolSecret, die, random },
      publicKey: signer.key.publicKey,
      clock: { nowMs: () => this.#atMs, state: () => "synchronized" },
      ...{ online: () => true, send: () => undefined, log: { info: () => undefined, warn: () => undefined } },
    });
    const directives = lunchroom(accounts, first);
    const tree = createTree(sha256);
    for (const { kind } of directives) tree.append(sha256(new TextEncoder().encode(kind)));
    gateway.applyDirectives(directives, tree.edge());
    gateway.flush();
    this.#next = this.journal.size;
    for (let till = 0; till < TILLS; till++) this.ask(tillId(till), { kind: "ShiftOpen", uid: CASHIER, declared: 0 as Kopecks });
  }

  get size(): number {
    return this.#next;
  }

  /** Throws when the rules refuse: these years are without trouble. */
  ask(terminal: TerminalId, request: Request): void {
    const { school } = this;
    const context = { terminal, date: school.date, atMs: (this.#atMs += 20), clock: "synchronized" as const };
    const decided = decide(school, request, context);
    if (decided.kind === "refused") throw new Error(`${request.kind} was refused: ${decided.reason}`);
    const n = (this.#numbers.get(terminal) ?? 0) + 1;
    this.#numbers.set(terminal, n);
    const key = { terminal, incarnation: 1, n, digest: random(8) };
    const events = decided.bodies.map((body, part): Event => {
      const operation = { terminal, incarnation: 1, n, part };
      const date = body.kind === "DayOpened" ? body.date : school.date;
      const event = { seq: this.#next++ as Sequence, atMs: context.atMs, clock: context.clock, date, operation, digest: key.digest, body };
      apply(school, event);
      return event;
    });
    this.#batch.push({ events, conclude: () => null, operation: { key, answerIn: () => random(ANSWER_BYTES) } });
    if (this.#batch.length >= BATCH) this.commit();
  }

  commit(): void {
    this.journal.commit(this.#batch);
    this.#batch = [];
  }

  day(date: BusinessDate, accounts: number): void {
    this.#atMs = date * DAY_MS;
    const { school } = this;
    if (date > school.date) this.ask(tillId(0), { kind: "OpenDay", date, uid: null, online: true });
    for (let from = 1; from <= accounts; from += CLASS_SIZE) {
      const ids = Array.from({ length: Math.min(CLASS_SIZE, accounts - from + 1) }, (_, i) => from + i);
      this.ask(WALL, { kind: "MealConfirm", uid: TEACHER, class: 1, meal: MEAL, date, ids, admitted: [] });
    }
    for (let sale = 0; sale < accounts * 1.5; sale++) {
      const lines = [FIRST_DISH + (sale % 6), FIRST_DISH + ((sale + 2) % 6)].map((dish) => ({ dish, quantity: 1 }));
      const total = lines.reduce((sum, { dish }) => sum + 2500 + 500 * (dish - FIRST_DISH), 0) as Kopecks;
      const payer = { by: "card" as const, uid: pupilCard(sale % accounts) };
      this.ask(tillId(sale % TILLS), { kind: "Sale", payer, lines, total, menuVersion: school.menuVersion, override: null });
    }
  }
}

/** Writes the journal into a folder. Returns the events in it: those that were asked for, and the rest of that day. */
export function liveYears(folder: string, keys: BenchKeys, accounts: number, events: number): number {
  const today = Math.floor(Date.now() / DAY_MS);
  const days = Math.ceil(events / (accounts * 2.5));
  const first = (today - days) as BusinessDate;
  const years = new Years(folder, keys, accounts, first);
  for (let date = first; years.size < events; date++) years.day(date as BusinessDate, accounts);
  years.commit();
  years.journal.checkpoint(Number.POSITIVE_INFINITY);
  years.journal.settle();
  const { size } = years.journal;
  years.journal.close();
  return size;
}
