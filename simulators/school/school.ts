/**
 * The demonstration school: 30 classes, 703 pupils, their teachers, two cashiers, a buffet and two organised meals. Everything is drawn from one seed, so a
 * pupil has the same name, card and purses tomorrow. What it gives is a list of directives: the school is set up the way a real one would be.
 */
import { accountNumber, cardUid, kopecks, luhnDigit, terminalId, toHex } from "@trapeza/protocol";
import type { AccountNumber, BusinessDate, CardHolder, CardUid, Directive, StaffRole } from "@trapeza/protocol";
import type { Random } from "../random.js";
import { BUFFET, BUFFET_GROUPS, CATEGORIES, TWO_WEEKS } from "./menu.js";
import { fullName, inventPerson, shortName } from "./name.js";
import type { Person } from "./name.js";

export const BREAKFAST = 1;
export const LUNCH = 2;
export const CATERER = 1;
export const KIOSK = terminalId(1);
export const TILL = terminalId(2);
export const WALL = terminalId(3);

/** How many pupils sit in each class; 30 classes, 703 in all. */
const CLASS_SIZES: readonly (readonly [string, number])[] = [
  ..."АБВГ".split("").map((letter) => ["1" + letter, 26] as const),
  ..."АБВ".split("").map((letter) => ["2" + letter, 26] as const),
  ..."АБВ".split("").map((letter) => ["3" + letter, 25] as const),
  ..."АБВ".split("").map((letter) => ["4" + letter, 25] as const),
  ..."АБВ".split("").map((letter) => ["5" + letter, 24] as const),
  ..."АБВ".split("").map((letter) => ["6" + letter, 23] as const),
  ..."АБВ".split("").map((letter) => ["7" + letter, 23] as const),
  ..."АБВ".split("").map((letter) => ["8" + letter, 22] as const),
  ..."АБ".split("").map((letter) => ["9" + letter, 22] as const),
  ["10А", 18],
  ["11А", 17],
  ["11Б", 16],
];

export interface DemoClass {
  readonly id: number;
  readonly name: string;
  readonly grade: number;
}

export interface DemoPupil {
  /** The account's small number within the school. */
  readonly id: number;
  readonly person: Person;
  readonly account: AccountNumber;
  readonly uid: CardUid;
  readonly cardNumber: string;
  readonly class: DemoClass;
  readonly category: number;
  readonly mainKopecks: number;
  readonly additionalKopecks: number;
}

export interface DemoStaff {
  readonly id: number;
  readonly person: Person;
  readonly role: StaffRole;
  readonly uid: CardUid;
  readonly cardNumber: string;
  readonly class: DemoClass | null;
}

export interface DemoSchool {
  readonly number: number;
  readonly name: string;
  readonly classes: readonly DemoClass[];
  readonly pupils: readonly DemoPupil[];
  readonly staff: readonly DemoStaff[];
}

/** Draws the whole school, or one that has only some of its classes, by their ids there. `random` alone decides; the same seed is the same school. */
export function inventSchool(random: Random, only?: readonly number[]): DemoSchool {
  const sizes = CLASS_SIZES.filter((_, at) => only?.includes(at + 1) ?? true);
  const classes = sizes.map(([name], at) => ({ id: at + 1, name, grade: parseInt(name, 10) }));
  const uids = distinct(random.fork("cards"));
  const pupils: DemoPupil[] = [];
  const draw = random.fork("pupils");
  classes.forEach((schoolClass, at) => {
    for (let i = 0; i < sizes[at][1]; i++) pupils.push(inventPupil(draw, pupils.length + 1, schoolClass, uids()));
  });
  return { number: 24, name: "Школа №24", classes, pupils, staff: inventStaff(random.fork("staff"), classes, uids) };
}

function inventPupil(random: Random, id: number, schoolClass: DemoClass, uid: CardUid): DemoPupil {
  const digits = "0242" + String(13000 + id).padStart(5, "0");
  const young = schoolClass.grade <= 4;
  const free = random.chance(9);
  const large = random.chance(14);
  const category = young ? (free ? 2 : 1) : free ? 5 : large ? 4 : 3;
  // One family in twelve is behind; a debt leaves the additional purse empty (rule: a debt and savings never stand side by side).
  const behind = category !== 2 && category !== 5 && random.chance(8);
  return {
    id,
    person: inventPerson(random),
    account: accountNumber(digits + luhnDigit(digits)),
    uid,
    cardNumber: String(24_000_000 + id * 7),
    class: schoolClass,
    category,
    mainKopecks: behind ? -random.between(10, 149) * 100 : random.between(0, 160) * 1000,
    additionalKopecks: behind ? 0 : random.between(0, 90) * 1000,
  };
}

function inventStaff(random: Random, classes: readonly DemoClass[], uids: () => CardUid): DemoStaff[] {
  const others: readonly StaffRole[] = ["cashier", "cashier", "supervisor", "collector", "technician"];
  const posts = [
    ...classes.map((schoolClass) => ({ role: "teacher" as StaffRole, class: schoolClass as DemoClass | null })),
    ...others.map((role) => ({ role, class: null })),
  ];
  return posts.map((post, at) => ({
    id: at + 1,
    person: inventPerson(random, post.role !== "technician" && post.role !== "collector" && random.chance(88)),
    role: post.role,
    uid: uids(),
    cardNumber: String(24_900_000 + at + 1),
    class: post.class,
  }));
}

/** Four-byte UIDs (MIFARE Classic 1K), none twice; a first byte 08 would mean a random one (ISO/IEC 14443-3), 88 a cascade. */
function distinct(random: Random): () => CardUid {
  const given = new Set<string>();
  return () => {
    for (;;) {
      const uid = toHex(random.bytes(4));
      if (given.has(uid) || uid.startsWith("08") || uid.startsWith("88")) continue;
      given.add(uid);
      return cardUid(uid);
    }
  };
}

/** The plates of one service date: the two-week cycle begins on the Monday of an even week since 1970; nothing on weekends. */
export function platesFor(date: BusinessDate): Directive[] {
  // Day 4 of 1970 was a Monday.
  const sinceMonday = (date - 4 + 14_000) % 14;
  const weekday = sinceMonday % 7;
  if (weekday > 4) return [];
  const plates = TWO_WEEKS[weekday + (sinceMonday >= 7 ? 5 : 0)];
  return [
    { kind: "SetMealMenu", meal: BREAKFAST, date, dishes: [...plates.breakfast] },
    { kind: "SetMealMenu", meal: LUNCH, date, dishes: [...plates.lunch] },
  ];
}

/** What the cloud tells the gateway so that this school exists there. `from`: the first business date on which prices and cards are good. */
export function directivesFor(school: DemoSchool, from: BusinessDate): Directive[] {
  return [
    ...schoolDirectives(school, from),
    ...school.staff.flatMap((staff) => staffDirectives(staff, from)),
    ...school.pupils.flatMap((pupil) => pupilDirectives(pupil, from)),
  ];
}

function schoolDirectives(school: DemoSchool, from: BusinessDate): Directive[] {
  return [
    {
      kind: "SetSchool",
      number: school.number,
      name: school.name,
      operator: "ООО «Трапеза-Оператор»",
      address: "ул. Школьная, 24",
      claimPhone: "8 (800) 000-00-24",
      language: "ru",
      zoneMinutes: 180,
      debtLimit: kopecks(15_000),
      mercyMeals: false,
      twoPersons: false,
      receiptsFrom: 1,
    },
    { kind: "SetCaterer", id: CATERER, name: "АНО «Школьный обед»" },
    ...school.classes.map((schoolClass): Directive => ({ kind: "SetClass", id: schoolClass.id, name: schoolClass.name })),
    ...CATEGORIES.map((category): Directive => ({ kind: "SetCategory", id: category.id, name: category.name })),
    ...mealDirectives(from),
    ...BUFFET_GROUPS.map((name, id): Directive => ({ kind: "SetGroup", id, name })),
    ...BUFFET.map((dish): Directive => ({
      kind: "SetDish",
      code: dish.code,
      name: dish.name,
      price: kopecks(dish.priceKopecks),
      group: BUFFET_GROUPS.indexOf(dish.group as (typeof BUFFET_GROUPS)[number]),
      allergens: [...dish.allergens],
      caterer: CATERER,
      offered: true,
      from,
    })),
    ...(["payment", "settlement", "information"] as const).map((terminalKind, at): Directive => ({
      kind: "SetTerminal",
      id: [KIOSK, TILL, WALL][at],
      terminalKind,
      enrolment: 1,
      place: ["Вестибюль", "Столовая, касса 1", "Столовая, вход"][at],
      service: "open",
      capacity: 600,
    })),
  ];
}

function mealDirectives(from: BusinessDate): Directive[] {
  const programs = [...new Set(CATEGORIES.map((category) => category.program))];
  const meals: Directive[] = [
    { kind: "SetMeal", id: BREAKFAST, name: "Завтрак", servedFrom: 0, closes: 660, cutOffDays: 1, cutOffMinute: 900 },
    { kind: "SetMeal", id: LUNCH, name: "Обед", servedFrom: 660, closes: 1440, cutOffDays: 1, cutOffMinute: 900 },
  ];
  for (const category of CATEGORIES) {
    for (const [meal, price] of [
      [BREAKFAST, category.breakfast],
      [LUNCH, category.lunch],
    ] as const) {
      meals.push({
        kind: "SetTariff",
        meal,
        category: category.id,
        share: kopecks(price.shareKopecks),
        subsidy: kopecks(price.subsidyKopecks),
        program: programs.indexOf(category.program),
        caterer: CATERER,
        from,
      });
    }
  }
  return meals;
}

function staffDirectives(staff: DemoStaff, from: BusinessDate): Directive[] {
  return [
    { kind: "SetStaff", id: staff.id, name: fullName(staff.person), role: staff.role, class: staff.class?.id ?? null },
    cardDirective(staff.uid, staff.cardNumber, staff.role, null, staff.id, from),
  ];
}

function pupilDirectives(pupil: DemoPupil, from: BusinessDate): Directive[] {
  const opening: Directive[] =
    pupil.mainKopecks === 0 && pupil.additionalKopecks === 0
      ? []
      : [
          {
            kind: "OpeningBalance",
            account: pupil.id,
            main: kopecks(pupil.mainKopecks),
            additional: kopecks(pupil.additionalKopecks),
          },
        ];
  return [
    {
      kind: "SetAccount",
      id: pupil.id,
      number: pupil.account,
      holder: "pupil",
      name: fullName(pupil.person),
      shortName: shortName(pupil.person),
      class: pupil.class.id,
      category: pupil.category,
      debtLimit: null,
      status: "open",
    },
    cardDirective(pupil.uid, pupil.cardNumber, "pupil", pupil.id, null, from),
    ...opening,
  ];
}

function cardDirective(
  uid: CardUid,
  number: string,
  holder: CardHolder,
  account: number | null,
  staff: number | null,
  from: BusinessDate,
): Directive {
  const threeYears = 1095;
  return {
    kind: "SetCard",
    uid,
    number,
    holder,
    account,
    staff,
    state: "active",
    by: "school",
    validThrough: (from + threeYears) as BusinessDate,
  };
}
