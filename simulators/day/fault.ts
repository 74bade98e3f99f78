/** What goes wrong on a day, by name. Each is drawn from the seed; what people do about it is their own affair. */
import type { BusinessDate } from "@trapeza/protocol";
import type { Terminal } from "../terminal.js";
import type { World } from "../world.js";
import { minuteOf, type DaySize } from "./size.js";
import { timeOf } from "./stage.js";

/** Each with the sentence that help prints. */
export const FAULTS = {
  "cloud-away": "the school has no internet from 10:00 to 12:00",
  "power-cut": "terminals lose their power at any moment, with a note inside too",
  cable: "somebody pulls a terminal's network cable for seconds or minutes",
} as const;
export type FaultName = keyof typeof FAULTS;

export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[];

/** "none", "all" or names with commas; `null` when a name is unknown. In the catalogue's order, so that one set is one day. */
export function parseFaults(text: string): FaultName[] | null {
  if (text === "none" || text === "") return [];
  if (text === "all") return FAULT_NAMES;
  const wanted = text.split(",").map((name) => name.trim());
  if (wanted.some((name) => !Object.hasOwn(FAULTS, name))) return null;
  return FAULT_NAMES.filter((name) => wanted.includes(name));
}

export interface Trouble {
  /** Arranges the day's faults. */
  begin(date: BusinessDate): void;
  noteInside(): void;
  /** Everything is mended: the evening, when the sums must come out even. */
  end(): void;
}

const FROM = 450;
const TO = 935;
/** Of a hundred notes, so many meet a power cut on their way. */
const UNLUCKY_NOTES = 6;
/** From the slot to the cassette and the paper behind it. */
const NOTE_MS = 6000;

export function createTrouble(world: World, kiosk: Terminal, names: readonly FaultName[], size: DaySize): Trouble {
  const { clock } = world;
  const random = world.random.fork("faults");
  const terminals = [...world.terminals.values()];

  function at(date: BusinessDate, minute: number, task: () => void): void {
    clock.after(timeOf(date, minuteOf(minute, size)) - clock.now(), task);
  }
  function cut({ board }: Terminal, offMs: number): void {
    if (!board.powered) return;
    board.powerOff();
    clock.after(offMs, () => board.powerOn());
  }
  function trip({ cable }: Terminal, outMs: number): void {
    if (!cable.plugged) return;
    cable.pull();
    clock.after(outMs, () => cable.plug());
  }

  return {
    begin(date) {
      const own = random.fork(`day ${date}`);
      if (names.includes("cloud-away")) {
        at(date, 600, () => (world.internet = false));
        at(date, 720, () => (world.internet = true));
      }
      for (let i = names.includes("power-cut") ? own.between(8, 14) : 0; i > 0; i--) {
        const [terminal, offMs] = [own.pick(terminals), own.between(1000, 90_000)];
        at(date, own.between(FROM, TO) + own.below(60_000) / 60_000, () => cut(terminal, offMs));
      }
      for (let i = names.includes("cable") ? own.between(5, 9) : 0; i > 0; i--) {
        const [terminal, outMs] = [own.pick(terminals), own.chance(50) ? own.between(5000, 40_000) : own.between(40_000, 600_000)];
        at(date, own.between(FROM, TO) + own.below(60_000) / 60_000, () => trip(terminal, outMs));
      }
    },
    noteInside() {
      if (!names.includes("power-cut") || !random.chance(UNLUCKY_NOTES)) return;
      const offMs = random.between(1000, 30_000);
      clock.after(random.below(NOTE_MS), () => cut(kiosk, offMs));
    },
    end() {
      world.internet = true;
      for (const { board, cable } of terminals) {
        board.powerOn();
        cable.plug();
      }
    },
  };
}
