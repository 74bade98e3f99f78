/** What happens to the devices of a terminal, and to the cables that they hang on. */
import type { Terminal } from "../terminal.js";
import { healthyWire, type Journey } from "../wire-fault.js";
import { often, type BadDay } from "./bad-day.js";

function anyOf({ world, random }: BadDay): Terminal {
  return random.pick([...world.terminals.values()]);
}

/** Bytes of one device's line come damaged, not at all, or glued to the next. */
function badJourney(day: BadDay): Journey {
  const { random } = day;
  let held: Uint8Array | null = null;
  return (frame) => {
    const before = held ? [held] : [];
    held = null;
    const dice = random.below(24);
    if (dice > 3 || frame.length === 0) return [...before, frame];
    day.struck();
    if (dice === 0) return before;
    if (dice === 1) return [...before, frame.slice(0, random.below(frame.length))];
    if (dice === 2) {
      held = frame;
      return before;
    }
    const flipped = new Uint8Array(frame);
    flipped[random.below(frame.length)] ^= 1 << random.below(8);
    return [...before, flipped];
  };
}

function acceptorOf(day: BadDay): { readonly kiosk: Terminal; readonly unit: NonNullable<Terminal["acceptor"]> } | null {
  const kiosk = [...day.world.terminals.values()].find(({ acceptor }) => acceptor !== null);
  return kiosk?.acceptor ? { kiosk, unit: kiosk.acceptor } : null;
}

function jam(day: BadDay): void {
  const unit = acceptorOf(day)?.unit;
  if (!unit || unit.isJammed) return;
  unit.jam(day.random.pick(["validator", "cassette"] as const));
  day.struck();
  day.mend(day.random.between(30_000, 300_000), () => unit.clearJam());
}

function badLine(day: BadDay): void {
  const wire = acceptorOf(day)?.kiosk.acceptorWire;
  if (!wire) return;
  Object.assign(wire, { toHost: badJourney(day), toDevice: badJourney(day), echo: day.random.chance(20) });
  day.mend(day.random.between(20_000, 300_000), () => void Object.assign(wire, healthyWire()));
}

export const DEVICE_FAULTS = {
  jam: often("a note jams in the bill validator, and somebody frees it after minutes", 4, jam),
  cheat: often("somebody pulls at a note on a string", 2, (day) => {
    acceptorOf(day)?.unit.cheat();
    day.struck();
  }),
  cassette: often("the cassette is out of its place for a minute, with nobody's card", 2, (day) => {
    const unit = acceptorOf(day)?.unit;
    if (!unit || unit.isCassetteOut) return;
    unit.removeCassette();
    day.struck();
    day.mend(day.random.between(10_000, 90_000), () => unit.returnCassette());
  }),
  "acceptor-blink": often("the bill validator's own supply fails for a moment", 3, (day) => {
    acceptorOf(day)?.unit.blink();
    day.struck();
  }),
  "acceptor-line": often("bytes between board and validator are lost, damaged, glued or echoed", 3, badLine),
  "acceptor-silent": often("the validator hears and says nothing", 2, (day) => {
    const unit = acceptorOf(day)?.unit;
    if (!unit) return;
    unit.silent = true;
    day.struck();
    day.mend(day.random.between(2000, 60_000), () => (unit.silent = false));
  }),
  paper: often("a printer runs out of paper, in the middle of a receipt perhaps", 4, (day) => {
    const { printer } = anyOf(day);
    printer.bytesLeft = day.random.below(400);
    day.struck();
    day.mend(day.random.between(20_000, 240_000), () => {
      printer.bytesLeft = Number.POSITIVE_INFINITY;
      printer.paper = "ok";
    });
  }),
  cover: often("a printer's cover is open", 3, (day) => {
    const { printer } = anyOf(day);
    printer.coverOpen = true;
    day.struck();
    day.mend(day.random.between(10_000, 120_000), () => (printer.coverOpen = false));
  }),
  "printer-silent": often("a printer does not tell how it is", 2, (day) => {
    const { printer } = anyOf(day);
    printer.silent = true;
    day.struck();
    day.mend(day.random.between(10_000, 180_000), () => (printer.silent = false));
  }),
  "reader-silent": often("a card reader says nothing", 3, (day) => {
    const { reader } = anyOf(day);
    reader.silent = true;
    day.struck();
    day.mend(day.random.between(1000, 60_000), () => (reader.silent = false));
  }),
  "card-torn": often("a card is pulled away in the middle of its talk with the reader", 25, (day) => {
    anyOf(day).reader.pull = { exchange: day.random.between(1, 14), tear: null };
    day.struck();
  }),
  standstill: often("a board's interpreter stands still for seconds", 12, (day) => {
    anyOf(day).board.standStill?.(day.random.between(200, 4000));
    day.struck();
  }),
};
