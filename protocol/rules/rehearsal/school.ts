/**
 * A small invented school to try the rules on: scenarios and property tests play in it. Every event goes the whole way, encoded, decoded, audited, applied,
 * checked; so a test of any rule is a test of the journal as well.
 */
import type { Directive } from "../../journal/directive.js";
import { eventSchema } from "../../journal/event.js";
import type { Clock, Event, EventBody } from "../../journal/event.js";
import { decodeWhole, encode } from "../../wire/schema.js";
import { accountNumber, cardUid, dateFromCivil, kopecks, luhnDigit, terminalId } from "../../wire/units.js";
import type { BusinessDate, CardUid, Kopecks, Sequence } from "../../wire/units.js";
import type { Reason } from "../../wire/reason.js";
import { apply } from "../apply.js";
import { audit } from "../audit.js";
import { decide } from "../decide.js";
import { decideDirective } from "../decide-directive.js";
import { checkInvariants } from "../invariant.js";
import type { Context, Decision, Request } from "../request.js";
import { createSchool } from "../school.js";
import type { School } from "../school.js";
import { RULES_VERSION } from "../version.js";

/** Friday, 20 November 2026. */
export const TODAY = dateFromCivil(2026, 11, 20);
const AUTUMN = dateFromCivil(2026, 9, 1);
const ZONE_MINUTES = 180;

/** Everything a test can turn: the school, its journal so far, and the hour. */
export interface Rehearsal {
  readonly school: School;
  readonly events: Event[];
  /** The journal as bytes, for a replay from scratch. */
  readonly journal: Uint8Array[];
  terminal: number;
  date: BusinessDate;
  minute: number;
  clock: Clock;
  /** What the gateway found before the next request; used up by it. */
  found: readonly Reason[];
  /** Broken laws and auditors' remarks, as they came. */
  readonly complaints: string[];
}

export const PLACES = { gateway: 0, kiosk: 1, till: 2, wall: 3, "wall 2": 4, "till 2": 5 } as const;
export const MEALS = { breakfast: 1, lunch: 2, snack: 3 } as const;
export const CATEGORIES = { paid: 1, half: 2, free: 3 } as const;
export const DISHES = { pie: 1, cake: 2, tea: 3 } as const;
/** Account ids of those who have purses; Pavel teaches, Dina is in 5B, Gleb eats free, Vera at half price. */
export const PEOPLE = { Anna: 1, Boris: 2, Vera: 3, Gleb: 4, Dina: 5, Pavel: 6 } as const;
export const STAFF = { Tamara: 1, Kira: 2, Sofia: 3, Igor: 4, Oleg: 5, Ulyana: 6, Pavel: 7 } as const;

export function cardUidOf(name: string): CardUid {
  const names = [...Object.keys(PEOPLE), ...Object.keys(STAFF), "spare"];
  return cardUid("04a1b2" + String(10 + names.indexOf(name)).padStart(2, "0"));
}

export function numberOf(account: number) {
  const digits = "02420131" + account;
  return accountNumber(digits + luhnDigit(digits));
}

export function createRehearsal(): Rehearsal {
  const rehearsal: Rehearsal = {
    school: createSchool(),
    events: [],
    journal: [],
    terminal: PLACES.till,
    date: 0 as BusinessDate,
    minute: 12 * 60,
    clock: "synchronized",
    found: [],
    complaints: [],
  };
  const started: EventBody = {
    kind: "GatewayStarted",
    school: 24,
    epoch: 1,
    key: new Uint8Array(32),
    previous: null,
    rulesVersion: RULES_VERSION,
  };
  commit(rehearsal, [started]);
  rehearsal.date = TODAY;
  ask(rehearsal, { kind: "OpenDay", date: TODAY, uid: null, online: true });
  for (const directive of furniture()) tell(rehearsal, directive);
  ask(rehearsal, { kind: "ShiftOpen", uid: cardUidOf("Kira"), declared: kopecks(0) });
  return rehearsal;
}

export function contextOf(rehearsal: Rehearsal): Context {
  const { date, minute, clock, found } = rehearsal;
  return { terminal: rehearsal.terminal as Context["terminal"], date, atMs: atMsOf(rehearsal.date, minute), clock, found };
}

function atMsOf(date: BusinessDate, minute: number): number {
  return Math.max(0, (date * 1440 + minute - ZONE_MINUTES) * 60000);
}

/** Decides and commits; a decision, refused or not, must leave the state alone until its events are applied. */
export function ask(rehearsal: Rehearsal, request: Request): Decision {
  const decision = decide(rehearsal.school, request, contextOf(rehearsal));
  rehearsal.found = [];
  commit(rehearsal, decision.bodies);
  return decision;
}

export function tell(rehearsal: Rehearsal, directive: Directive): EventBody[] {
  const bodies = decideDirective(rehearsal.school, rehearsal.school.directives + 1, directive, contextOf(rehearsal));
  commit(rehearsal, bodies);
  return bodies;
}

/** Writes events as a gateway would and folds them in as a reader of the journal would. */
export function commit(rehearsal: Rehearsal, bodies: readonly EventBody[]): void {
  for (const body of bodies) {
    const date = body.kind === "DayOpened" ? body.date : rehearsal.school.date;
    const atMs = atMsOf(rehearsal.date, rehearsal.minute);
    const place = rehearsal.terminal > 0 ? { terminal: terminalId(rehearsal.terminal), incarnation: 1, n: 1, part: 0 } : null;
    const seq = rehearsal.events.length as Sequence;
    const event: Event = { seq, atMs, clock: rehearsal.clock, date, operation: place, digest: null, body };
    const bytes = encode(eventSchema, event);
    const read = decodeWhole(eventSchema, bytes);
    if (!read.ok) throw new Error(body.kind + " cannot be read back: " + read.malformed.what + " at " + read.malformed.offset);
    rehearsal.complaints.push(...audit(rehearsal.school, read.value));
    apply(rehearsal.school, read.value);
    rehearsal.complaints.push(...checkInvariants(rehearsal.school));
    rehearsal.events.push(read.value);
    rehearsal.journal.push(bytes);
  }
}

/** A school that has only heard the journal. */
export function replay(journal: readonly Uint8Array[]): School {
  const school = createSchool();
  for (const bytes of journal) {
    const read = decodeWhole(eventSchema, bytes);
    if (!read.ok) throw new Error(read.malformed.what);
    apply(school, read.value);
  }
  return school;
}

function furniture(): Directive[] {
  const school = { number: 24, name: "School 24", operator: "Operator", address: null, claimPhone: "8 800 000-00-00" };
  const policy = {
    language: "ru",
    zoneMinutes: ZONE_MINUTES,
    debtLimit: kopecks(15000),
    mercyMeals: false,
    twoPersons: false,
    receiptsFrom: 1,
  } as const;
  return [
    { kind: "SetSchool", ...school, ...policy },
    { kind: "SetCaterer", id: 1, name: "Canteen" },
    { kind: "SetCaterer", id: 2, name: "Buffet" },
    ...Object.entries(CATEGORIES).map(([name, id]): Directive => ({ kind: "SetCategory", id, name })),
    { kind: "SetClass", id: 51, name: "5A" },
    { kind: "SetClass", id: 52, name: "5B" },
    ...machines(),
    ...employees(),
    ...pupils(),
    ...food(),
  ];
}

function machines(): Directive[] {
  const common = { enrolment: 1, service: "open", capacity: 100 } as const;
  return [
    { kind: "SetTerminal", id: terminalId(1), terminalKind: "payment", place: "hall", ...common },
    { kind: "SetTerminal", id: terminalId(2), terminalKind: "settlement", place: "Buffet", ...common },
    { kind: "SetTerminal", id: terminalId(3), terminalKind: "information", place: "corridor", ...common },
    { kind: "SetTerminal", id: terminalId(4), terminalKind: "information", place: "dining room", ...common },
    { kind: "SetTerminal", id: terminalId(5), terminalKind: "settlement", place: "dining room", ...common },
  ];
}

export function cardFor(name: string, holder: "pupil" | "teacher" | "cashier" | "supervisor" | "collector") {
  const account = name in PEOPLE ? PEOPLE[name as keyof typeof PEOPLE] : null;
  const staff = name in STAFF ? STAFF[name as keyof typeof STAFF] : null;
  const uid = cardUidOf(name);
  const validThrough = dateFromCivil(2028, 8, 31);
  return { kind: "SetCard", uid, number: "card " + uid, holder, account, staff, state: "active", by: "operator", validThrough } as const;
}

function employees(): Directive[] {
  const roles = {
    Tamara: "teacher",
    Kira: "cashier",
    Sofia: "supervisor",
    Igor: "collector",
    Oleg: "cashier",
    Ulyana: "teacher",
    Pavel: "teacher",
  } as const;
  const classes: { readonly [name: string]: number } = { Tamara: 51, Ulyana: 52 };
  return Object.entries(roles).flatMap(([name, role]): Directive[] => {
    const staff: Directive = { kind: "SetStaff", id: STAFF[name as keyof typeof STAFF], name, role, class: classes[name] ?? null };
    return name === "Pavel" ? [staff] : [staff, cardFor(name, role)];
  });
}

function pupils(): Directive[] {
  const categories: { readonly [name: string]: number } = { Vera: CATEGORIES.half, Gleb: CATEGORIES.free };
  return Object.entries(PEOPLE).flatMap(([name, id]): Directive[] => {
    const isPupil = name !== "Pavel";
    const person = { id, number: numberOf(id), holder: isPupil ? ("pupil" as const) : ("staff" as const), name, shortName: name + " K." };
    const place = { class: isPupil ? (name === "Dina" ? 52 : 51) : null, category: categories[name] ?? CATEGORIES.paid };
    const account: Directive = { kind: "SetAccount", ...person, ...place, debtLimit: null, status: "open" };
    return [account, cardFor(name, isPupil ? "pupil" : "teacher")];
  });
}

function food(): Directive[] {
  const dish = { group: 1, caterer: 2, offered: true, from: AUTUMN } as const;
  return [
    { kind: "SetGroup", id: 1, name: "Pastry" },
    { kind: "SetDish", code: DISHES.pie, name: "Pie", price: kopecks(3450), allergens: [], ...dish },
    { kind: "SetDish", code: DISHES.cake, name: "Cake", price: kopecks(6000), allergens: ["nuts"], ...dish },
    { kind: "SetDish", code: DISHES.tea, name: "Tea", price: kopecks(1500), allergens: [], ...dish },
    { kind: "SetMeal", id: MEALS.breakfast, name: "Breakfast", servedFrom: 480, closes: 600, cutOffDays: 1, cutOffMinute: 900 },
    { kind: "SetMeal", id: MEALS.lunch, name: "Lunch", servedFrom: 660, closes: 840, cutOffDays: 0, cutOffMinute: 540 },
    { kind: "SetMeal", id: MEALS.snack, name: "Snack", servedFrom: 600, closes: 1020, cutOffDays: 0, cutOffMinute: 540 },
    ...Object.values(MEALS).flatMap((meal) => [
      tariff(meal, CATEGORIES.paid, 9852, 0),
      tariff(meal, CATEGORIES.half, 4000, 5852),
      tariff(meal, CATEGORIES.free, 0, 9852),
    ]),
  ];
}

/** Prices in kopecks, from 1 September or a given date. */
export function tariff(meal: number, category: number, share: number, subsidy: number, from: BusinessDate = AUTUMN): Directive {
  const money: { share: Kopecks; subsidy: Kopecks } = { share: kopecks(share), subsidy: kopecks(subsidy) };
  return { kind: "SetTariff", meal, category, ...money, program: 7, caterer: 1, from };
}
