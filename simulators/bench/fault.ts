/**
 * Everything that a technician can break at a terminal, a row each: where it belongs, whether it is so now, how it is made so. A new device's faults are
 * new rows here and their names in words-fault.ru.ts and words-fault.en.ts; the page draws what it finds.
 */
import type { CcnetTwin } from "../devices/ccnet.js";
import { RUSSIAN_BILLS } from "../devices/ccnet.js";
import type { Terminal } from "../terminal.js";
import { spoilWire, WIRE_TROUBLES, type WireFault, type WireTrouble } from "../wire-fault.js";

export type FaultDevice = "reader" | "printer" | "acceptor" | "network";

export interface Fault {
  readonly of: FaultDevice;
  /** A switch; without it a button, for what is over at once. */
  readonly isOn?: (terminal: Terminal) => boolean;
  readonly set: (terminal: Terminal, on: boolean) => void;
  /** Whether this terminal can have it at all; every one that has the device, unless told. */
  readonly fits?: (terminal: Terminal) => boolean;
}

/** Room for a head and a few lines. */
const HALF_RECEIPT_BYTES = 220;
/** A card is greeted, its sector opened, its ticket read: here the hand is gone. */
const MID_TALK = 2;

/** The same notes under other numbers, as after a change of firmware. */
const RENUMBERED = RUSSIAN_BILLS.map((bill, at) => ({ ...bill, billType: RUSSIAN_BILLS[(at + 1) % RUSSIAN_BILLS.length].billType }));
const renumbered = new WeakSet<object>();

function ccnetOf({ acceptor }: Terminal): CcnetTwin | null {
  return acceptor && "renumber" in acceptor ? acceptor : null;
}

/** Half of the new block, half of the old one. */
const half = (before: Uint8Array, after: Uint8Array): Uint8Array => after.map((byte, at) => (at < after.length >> 1 ? byte : before[at]));

const READER = {
  "reader-silent": { isOn: ({ reader }) => reader.silent, set: ({ reader }, on) => void (reader.silent = on) },
  "card-pulled": {
    isOn: ({ reader: { pull } }) => pull !== null && !pull.writes && pull.exchange > 0,
    set: ({ reader }, on) => void (reader.pull = on ? { exchange: MID_TALK, tear: null } : null),
  },
  "card-torn": {
    isOn: ({ reader: { pull } }) => pull?.writes === true && pull.exchange > 0,
    set: ({ reader }, on) => void (reader.pull = on ? { exchange: 1, tear: half, writes: true } : null),
  },
} satisfies Rows;

const PRINTER = {
  "paper-near-end": {
    isOn: ({ printer }) => printer.paper === "near-end",
    set: ({ printer }, on) => void (printer.paper = on ? "near-end" : "ok"),
  },
  "paper-end": {
    isOn: ({ printer }) => printer.paper === "end",
    set({ printer }, on) {
      printer.paper = on ? "end" : "ok";
      printer.bytesLeft = Number.POSITIVE_INFINITY;
    },
  },
  "paper-ends-soon": {
    isOn: ({ printer }) => printer.bytesLeft < Number.POSITIVE_INFINITY && printer.paper !== "end",
    set: ({ printer }, on) => void (printer.bytesLeft = on ? HALF_RECEIPT_BYTES : Number.POSITIVE_INFINITY),
  },
  "cover-open": { isOn: ({ printer }) => printer.coverOpen, set: ({ printer }, on) => void (printer.coverOpen = on) },
  "printer-silent": { isOn: ({ printer }) => printer.silent, set: ({ printer }, on) => void (printer.silent = on) },
  "printer-hung": { isOn: ({ printer }) => printer.hung, set: ({ printer }, on) => void (printer.hung = on) },
} satisfies Rows;

/** A jam is asked for beforehand; a note that is under way already gets stuck where it is. */
function jam(where: "validator" | "cassette"): Omit<Fault, "of"> {
  const underWay = ["accepting", "escrow", "holding", "stacking", "returning"];
  return {
    isOn: ({ acceptor }) => acceptor?.mood.trap === where || acceptor?.stuck() === where,
    set({ acceptor }, on) {
      if (!acceptor) return;
      if (!on) acceptor.clearJam();
      else if (underWay.includes(acceptor.status.kind)) acceptor.jam(where);
      else acceptor.mood.trap = where;
    },
  };
}

const ACCEPTOR = {
  "jam-validator": jam("validator"),
  "jam-cassette": jam("cassette"),
  "note-refused": moody("refuses"),
  "note-given-back": moody("givesBack"),
  "cassette-full": moody("isFull"),
  "cassette-out": {
    isOn: ({ acceptor }) => acceptor?.isCassetteOut ?? false,
    set: ({ acceptor }, on) => (on ? acceptor?.removeCassette() : acceptor?.returnCassette()),
  },
  "bills-renumbered": {
    fits: (terminal) => ccnetOf(terminal) !== null,
    isOn: ({ acceptor }) => acceptor !== null && renumbered.has(acceptor),
    set(terminal, on) {
      const unit = ccnetOf(terminal);
      if (!unit) return;
      unit.renumber(on ? RENUMBERED : RUSSIAN_BILLS);
      if (on) renumbered.add(unit);
      else renumbered.delete(unit);
    },
  },
  "acceptor-silent": {
    isOn: ({ acceptor }) => acceptor?.silent ?? false,
    set: ({ acceptor }, on) => void (acceptor && (acceptor.silent = on)),
  },
  "note-on-string": { set: ({ acceptor }) => acceptor?.cheat() },
  "acceptor-blink": { set: ({ acceptor }) => acceptor?.blink() },
} satisfies Rows;

function moody(trait: "refuses" | "givesBack" | "isFull"): Omit<Fault, "of"> {
  return {
    isOn: ({ acceptor }) => acceptor?.mood[trait] ?? false,
    set: ({ acceptor }, on) => void (acceptor && (acceptor.mood[trait] = on)),
  };
}

const NETWORK = { "connection-cut": { set: ({ cable }) => cable.cut() } } satisfies Rows;

type Rows = Readonly<Record<string, Omit<Fault, "of">>>;

function rowsOf<N extends string>(of: FaultDevice, rows: Readonly<Record<N, Omit<Fault, "of">>>): Record<N, Fault> {
  return Object.fromEntries(Object.entries<Omit<Fault, "of">>(rows).map(([name, row]) => [name, { ...row, of }])) as Record<N, Fault>;
}

const CATALOGUE = {
  ...rowsOf("reader", READER),
  ...rowsOf("printer", PRINTER),
  ...rowsOf("acceptor", ACCEPTOR),
  ...rowsOf("network", NETWORK),
};

export type FaultName = keyof typeof CATALOGUE;
export const FAULTS: Readonly<Record<FaultName, Fault>> = CATALOGUE;
const NAMES = Object.keys(CATALOGUE) as FaultName[];

/** What `terminal` can suffer from, in the order of the catalogue. */
export function faultsOf(
  terminal: Terminal,
): readonly { readonly name: FaultName; readonly of: FaultDevice; readonly isSwitch: boolean }[] {
  const has = ({ of, fits }: Fault): boolean => (of !== "acceptor" || terminal.acceptor !== null) && (fits?.(terminal) ?? true);
  return NAMES.filter((name) => has(FAULTS[name])).map((name) => ({
    name,
    of: FAULTS[name].of,
    isSwitch: FAULTS[name].isOn !== undefined,
  }));
}

/** The switches that are on. */
export function faultsOn(terminal: Terminal): FaultName[] {
  return NAMES.filter((name) => FAULTS[name].isOn?.(terminal));
}

export function isFault(name: unknown): name is FaultName {
  return NAMES.some((known) => known === name);
}

export const WIRED = ["reader", "printer", "acceptor"] as const;
export type Wired = (typeof WIRED)[number];
/** What was done to a cable, so that it can be shown. */
const troubles = new WeakMap<WireFault, WireTrouble>();

function wireOf(terminal: Terminal, device: Wired): WireFault {
  return { reader: terminal.readerWire, printer: terminal.printerWire, acceptor: terminal.acceptorWire }[device];
}

export function setWire(terminal: Terminal, device: Wired, trouble: WireTrouble | null): void {
  const wire = wireOf(terminal, device);
  spoilWire(wire, trouble);
  if (trouble) troubles.set(wire, trouble);
  else troubles.delete(wire);
}

/** "" for a healthy cable. */
export function wireTroubles(terminal: Terminal): Record<Wired, WireTrouble | ""> {
  const of = (device: Wired): WireTrouble | "" => troubles.get(wireOf(terminal, device)) ?? "";
  return { reader: of("reader"), printer: of("printer"), acceptor: of("acceptor") };
}

export function isWireTrouble(name: unknown): name is WireTrouble {
  return WIRE_TROUBLES.some((known) => known === name);
}
