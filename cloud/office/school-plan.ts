/**
 * A school as its operator wants it, from a file: whose it is, its rules, meals, buffet groups and terminals. People, cards, dishes and prices are the
 * office's pages' own. Read again after a change, the file says the change: that is how a terminal is added, closed, or given another key.
 */
import { directiveSchema, encode, equalBytes, LANGUAGES, TERMINAL_KINDS } from "@trapeza/protocol";
import type { Directive, DirectiveOf, Kopecks, TerminalId } from "@trapeza/protocol";
import { WrongSetting } from "../config.js";

export interface SchoolPlan {
  readonly number: number;
  readonly name: string;
  readonly directives: readonly Directive[];
}

const SERVICES = ["open", "no_cash", "closed"] as const;
const MOST_GROUPS = 16;
const MOST_RUBLES = 1_000_000;

/** A part of the file, and where it stands in it. */
class Part {
  readonly #given: Readonly<Record<string, unknown>>;
  readonly #where: string;

  constructor(given: unknown, where: string, names: readonly string[]) {
    if (typeof given !== "object" || given === null || Array.isArray(given))
      throw new WrongSetting(where === "" ? "the file" : where.slice(0, -1), undefined, "an object in braces");
    this.#given = given as Readonly<Record<string, unknown>>;
    this.#where = where;
    for (const name of Object.keys(given))
      if (!names.includes(name)) throw new WrongSetting(where + name, name, "one of " + names.join(", "));
  }

  wrong(name: string, allowed: string): WrongSetting {
    const value = this.#given[name];
    return new WrongSetting(this.#where + name, value === undefined ? undefined : (JSON.stringify(value) ?? ""), allowed);
  }

  text(name: string, most: number): string {
    const value = this.#given[name];
    // Terminals and printers know windows-1251 and lines; what stands on a receipt is one of them.
    if (typeof value !== "string" || value.trim() === "" || value.length > most || /[\r\n\t]/.test(value))
      throw this.wrong(name, `a line of 1 to ${most} characters`);
    return value.trim();
  }

  whole(name: string, from: number, to: number): number {
    const value = this.#given[name];
    if (typeof value !== "number" || !Number.isInteger(value) || value < from || value > to)
      throw this.wrong(name, `a whole number from ${from} to ${to}`);
    return value;
  }

  kopecks(name: string): Kopecks {
    return this.whole(name, 0, MOST_RUBLES * 100) as Kopecks;
  }

  yes(name: string): boolean {
    const value = this.#given[name];
    if (typeof value !== "boolean") throw this.wrong(name, "true or false");
    return value;
  }

  word<W extends string>(name: string, words: readonly W[]): W {
    const found = words.find((word) => word === this.#given[name]);
    if (found === undefined) throw this.wrong(name, "one of " + words.join(", "));
    return found;
  }

  /** Minutes of the day from "07:30"; "24:00" is its end. */
  clock(name: string): number {
    const [, hours, minutes] = /^([0-9]{2}):([0-5][0-9])$/.exec(String(this.#given[name])) ?? [];
    const minute = Number(hours) * 60 + Number(minutes);
    if (!(minute <= 1440)) throw this.wrong(name, 'a time of the day as "07:30"');
    return minute;
  }

  list(name: string, most: number): readonly unknown[] {
    const value = this.#given[name];
    if (!Array.isArray(value) || value.length > most) throw this.wrong(name, `a list of at most ${most}`);
    return value;
  }

  part(name: string, names: readonly string[]): Part {
    return new Part(this.#given[name], this.#where + name + ".", names);
  }

  parts(name: string, most: number, names: readonly string[]): Part[] {
    return this.list(name, most).map((given, at) => new Part(given, `${this.#where}${name}[${at}].`, names));
  }
}

const OWN = ["number", "name", "operator", "address", "claimPhone", "language", "zoneMinutes"];
const RULES = ["debtLimitKopecks", "mercyMeals", "twoPersons", "receiptsFrom", "fees", "meals", "buffetGroups", "terminals"];

/** Reads the file's text; a line that begins with // is for people. Throws {@link WrongSetting} at the first thing that is not allowed. */
export function parseSchoolPlan(text: string): SchoolPlan {
  let given: unknown;
  try {
    given = JSON.parse(text.replace(/^\s*\/\/.*$/gm, ""));
  } catch {
    throw new WrongSetting("the file", undefined, "well-formed JSON, in which a line may begin with //");
  }
  const plan = new Part(given, "", [...OWN, ...RULES]);
  const school = ownOf(plan);
  const fees = plan.part("fees", ["activationKopecks", "reissueKopecks"]);
  const groups = plan.list("buffetGroups", MOST_GROUPS).map((name, id): Directive => {
    if (typeof name !== "string" || name.trim() === "" || name.length > 48)
      throw plan.wrong("buffetGroups", "names of 1 to 48 characters, in the order of the till's keys");
    return { kind: "SetGroup", id, name };
  });
  return {
    number: school.number,
    name: school.name,
    directives: [
      school,
      { kind: "SetFees", activation: fees.kopecks("activationKopecks"), reissue: fees.kopecks("reissueKopecks") },
      ...mealsOf(plan),
      ...groups,
      ...terminalsOf(plan),
    ],
  };
}

function ownOf(plan: Part): DirectiveOf<"SetSchool"> {
  return {
    kind: "SetSchool",
    number: plan.whole("number", 1, 999999999),
    name: plan.text("name", 160),
    operator: plan.text("operator", 160),
    address: plan.text("address", 200),
    claimPhone: plan.text("claimPhone", 32),
    language: plan.word("language", LANGUAGES),
    zoneMinutes: plan.whole("zoneMinutes", -720, 840),
    debtLimit: plan.kopecks("debtLimitKopecks"),
    mercyMeals: plan.yes("mercyMeals"),
    twoPersons: plan.yes("twoPersons"),
    receiptsFrom: plan.whole("receiptsFrom", 1, 999999999),
  };
}

function mealsOf(plan: Part): Directive[] {
  const meals = plan.parts("meals", 16, ["number", "name", "servedFrom", "closes", "cutOffDays", "cutOff"]).map((meal) => {
    const [servedFrom, closes] = [meal.clock("servedFrom"), meal.clock("closes")];
    if (closes <= servedFrom) throw meal.wrong("closes", "later than servedFrom");
    const [cutOffDays, cutOffMinute] = [meal.whole("cutOffDays", 0, 30), meal.clock("cutOff")];
    return {
      kind: "SetMeal",
      id: meal.whole("number", 1, 999),
      name: meal.text("name", 160),
      servedFrom,
      closes,
      cutOffDays,
      cutOffMinute,
    } as const;
  });
  distinct(plan, "meals", meals);
  return meals;
}

function terminalsOf(plan: Part): Directive[] {
  const names = ["number", "kind", "place", "enrolment", "service", "capacity"];
  const terminals = plan.parts("terminals", 100, names).map((terminal) => ({
    kind: "SetTerminal" as const,
    id: terminal.whole("number", 1, 65535) as TerminalId,
    terminalKind: terminal.word("kind", TERMINAL_KINDS),
    enrolment: terminal.whole("enrolment", 1, 4294967295),
    place: terminal.text("place", 80),
    service: terminal.word("service", SERVICES),
    capacity: terminal.whole("capacity", 0, 10000),
  }));
  distinct(plan, "terminals", terminals);
  return terminals;
}

function distinct(plan: Part, name: string, things: readonly { readonly id: number }[]): void {
  if (new Set(things.map(({ id }) => id)).size < things.length) throw plan.wrong(name, "things of different numbers");
}

/** What a directive describes, so that a later one replaces an earlier one: "terminal 2". */
export function subjectOf(directive: Directive): string | null {
  switch (directive.kind) {
    case "SetSchool":
      return "school";
    case "SetFees":
      return "fees";
    case "SetMeal":
      return "meal " + directive.id;
    case "SetGroup":
      return "group " + directive.id;
    case "SetTerminal":
      return "terminal " + directive.id;
    default:
      return null;
  }
}

/** Nothing that a school was told can be taken back by silence: a terminal whose line is gone would keep its key and go on selling. */
const WAYS_OUT: Readonly<Record<string, string>> = {
  terminal: 'there still: "service": "closed" and a raised enrolment put a terminal out of use',
  meal: "there still: a meal that nobody orders costs nothing",
  group: "there still: another name may stand in its place",
};

/**
 * What of the plan the school has not been told in just these words. Throws {@link WrongSetting} when something that it was told is missing, and when a
 * terminal's enrolment would go down: a key that was taken away would open the door again.
 */
export function untold(plan: SchoolPlan, told: Iterable<Directive>): Directive[] {
  const last = new Map<string, Directive>();
  for (const directive of told) {
    const subject = subjectOf(directive);
    if (subject !== null) last.set(subject, directive);
  }
  const planned = new Set(plan.directives.map(subjectOf));
  for (const subject of last.keys())
    if (!planned.has(subject)) throw new WrongSetting(subject, undefined, WAYS_OUT[subject.split(" ")[0]] ?? "there still");
  return plan.directives.filter((wanted) => {
    const subject = subjectOf(wanted) as string;
    const before = last.get(subject);
    if (before?.kind === "SetTerminal" && wanted.kind === "SetTerminal" && wanted.enrolment < before.enrolment)
      throw new WrongSetting(subject + ", enrolment", String(wanted.enrolment), `at least ${before.enrolment}, which it has been`);
    return before === undefined || !equalBytes(encode(directiveSchema, before), encode(directiveSchema, wanted));
  });
}
