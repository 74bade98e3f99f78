/** What goes wrong on a day, by name. Each is drawn from the seed; what people do about it is their own affair. */
import type { BusinessDate } from "@trapeza/protocol";
import type { World } from "../world.js";
import { fault, often, type BadDay, type Fault } from "./bad-day.js";
import { DEVICE_FAULTS } from "./fault-device.js";
import { DAWN_FAULTS, GATEWAY_FAULTS, NIGHT_FAULTS } from "./fault-gateway.js";
import { createMoments, type Moments } from "./fault-moment.js";
import { NETWORK_FAULTS } from "./fault-network.js";
import { SEEN, type Sometimes } from "./sometimes.js";
import { minuteOf, type DaySize } from "./size.js";
import { timeOf } from "./stage.js";

const PEOPLE_FAULTS = {
  clone: fault("somebody copies a pupil's card and buys with the copy (cashier.ts)", () => undefined),
  block: fault("a card is blocked at home or by the school while its holder stands at the machine (fault-moment.ts)", () => undefined),
};

const POWER_FAULTS = {
  "power-cut": often("terminals lose their power at any moment, with a note inside too", 11, (day) => {
    const id = day.random.pick([...day.world.terminals.keys()]);
    if (cut(day.world, id, day.random.between(1000, 90_000))) day.struck();
  }),
};

/** In the order in which they are arranged, so that one set is one day. */
const CATALOGUE = { ...NETWORK_FAULTS, ...POWER_FAULTS, ...DEVICE_FAULTS, ...GATEWAY_FAULTS, ...PEOPLE_FAULTS } as const;
export type FaultName = keyof typeof CATALOGUE | keyof typeof DAWN_FAULTS | keyof typeof NIGHT_FAULTS;

const NIGHT = Object.entries(NIGHT_FAULTS) as [keyof typeof NIGHT_FAULTS, { arrange(day: BadDay, offMs: number): void }][];
const DAWN = Object.entries(DAWN_FAULTS) as [keyof typeof DAWN_FAULTS, { arrange(day: BadDay): Promise<void> }][];

/** Each with the sentence that help prints. */
export const FAULTS = Object.fromEntries(
  Object.entries({ ...CATALOGUE, ...DAWN_FAULTS, ...NIGHT_FAULTS }).map(([name, { what }]) => [name, what]),
) as Readonly<Record<FaultName, string>>;
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** "none", "all" or names with commas; `null` when a name is unknown. In the catalogue's order. */
export function parseFaults(text: string): FaultName[] | null {
  if (text === "none" || text === "") return [];
  if (text === "all") return FAULT_NAMES;
  const wanted = text.split(",").map((name) => name.trim());
  if (wanted.some((name) => !Object.hasOwn(FAULTS, name))) return null;
  return FAULT_NAMES.filter((name) => wanted.includes(name));
}

export interface Trouble extends Moments {
  /** When everybody has gone: what is switched off until the morning at `untilMs`. */
  dusk(date: BusinessDate, untilMs: number): void;
  /** Before anybody comes: what is replaced at night. */
  dawn(date: BusinessDate): Promise<void>;
  /** Arranges the day's faults. */
  begin(date: BusinessDate): void;
  /** Everything is mended: the evening, when the sums must come out even. */
  end(): void;
  /** The days are over: what lasts for days is mended. `false`: nothing was. */
  finish(): boolean;
  /** How often each has struck. */
  readonly counts: Readonly<Record<FaultName, number>>;
}

export interface TroubleHooks {
  readonly sometimes: Sometimes;
  /** A line for whoever reads the story. */
  tell(line: string): void;
}

const FROM = 450;
const TO = 935;
/** Of what happens on a full day, so much does on a day of this pace at least: a short day is a hard one. */
const LEAST_SHARE = 0.2;

function cut({ clock, terminals }: World, id: number, offMs: number): boolean {
  const board = terminals.get(id)?.board;
  if (!board?.powered) return false;
  board.powerOff();
  clock.after(offMs, () => board.powerOn());
  return true;
}

/** What is mended on a day to come. */
interface Morning {
  readonly date: number;
  readonly task: () => void;
}

/** `false`: nothing was due. */
function recover(mornings: Morning[], date: number): boolean {
  const due = mornings.filter((morning) => morning.date <= date);
  mornings.splice(0, mornings.length, ...mornings.filter((morning) => morning.date > date));
  for (const { task } of due) task();
  return due.length > 0;
}

function mendTerminals({ terminals }: World): void {
  for (const { board, reader } of terminals.values()) {
    board.powerOn();
    reader.pull = null;
  }
}

export function createTrouble(world: World, names: readonly FaultName[], size: DaySize, { sometimes, tell }: TroubleHooks): Trouble {
  const { clock } = world;
  const random = world.random.fork("faults");
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<FaultName, number>;
  const repairs = new Set<() => void>();
  const mornings: Morning[] = [];
  const share = Math.max(LEAST_SHARE, size.crowd / 30);

  function mend(ms: number, task: () => void): void {
    const once = (): void => void (repairs.delete(once) && task());
    repairs.add(once);
    clock.after(ms, once);
  }

  function dayFor(name: FaultName, date: BusinessDate): BadDay {
    const own = random.fork(`${name} on ${date}`);
    const expected = (full: number): number => (size.crowd === 100 ? full : full * share);
    return {
      world,
      random: own,
      times(full) {
        const wanted = expected(full);
        return Math.floor(wanted) + (own.below(1000) < (wanted % 1) * 1000 ? 1 : 0);
      },
      sometime(task) {
        const minute = own.between(FROM, TO) + own.below(60_000) / 60_000;
        clock.after(timeOf(date, minuteOf(minute, size)) - clock.now(), task);
      },
      mend,
      later: (days, task) => void mornings.push({ date: date + days, task }),
      struck() {
        counts[name]++;
        tell(`fault ${name}`);
      },
      seen: (path) => void sometimes[SEEN[path]]++,
    };
  }

  const moments = createMoments({
    ...{ world, random, sometimes, mend },
    has: (name) => names.includes(name),
    struck(name, how) {
      counts[name]++;
      tell(`fault ${name}: ${how}`);
    },
    cut: (terminal, offMs) => cut(world, terminal, offMs),
  });
  return {
    ...moments,
    counts,
    dusk(date, untilMs) {
      for (const [name, one] of NIGHT) if (names.includes(name)) one.arrange(dayFor(name, date), untilMs - clock.now());
    },
    async dawn(date) {
      recover(mornings, date);
      for (const [name, one] of DAWN) if (names.includes(name)) await one.arrange(dayFor(name, date));
    },
    begin(date) {
      for (const [name, one] of Object.entries(CATALOGUE) as [FaultName, Fault][])
        if (names.includes(name)) one.arrange(dayFor(name, date));
    },
    finish: () => recover(mornings, Number.POSITIVE_INFINITY),
    end() {
      for (const mend of [...repairs]) mend();
      mendTerminals(world);
    },
  };
}
