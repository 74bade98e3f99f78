/** What a person's hands do at the bench, to a terminal or to the school around it. What comes over the socket is checked here: all else is no action. */
import type { Clock, Timer } from "../clock.js";
import type { Card } from "../card.js";
import type { Terminal } from "../terminal.js";
import type { WireTrouble } from "../wire-fault.js";
import { FAULTS, isFault, isWireTrouble, setWire, WIRED, type FaultName, type Wired } from "./fault.js";
import { RATES, type HouseAction } from "./house.js";

export type Action =
  | { readonly kind: "touch"; readonly terminal: number; readonly x: number; readonly y: number }
  | { readonly kind: "present"; readonly terminal: number; readonly card: number; readonly stay: boolean }
  | { readonly kind: "insert"; readonly terminal: number; readonly valueKopecks: number }
  | { readonly kind: "fault"; readonly terminal: number; readonly fault: FaultName; readonly on: boolean }
  | { readonly kind: "wire"; readonly terminal: number; readonly device: Wired; readonly trouble: WireTrouble | null }
  | { readonly kind: "power" | "network"; readonly terminal: number; readonly on: boolean }
  | { readonly kind: "release" | "remove" | "tear"; readonly terminal: number };

function isWhole(value: unknown, below: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < below;
}

/** `null` for whatever is no action on one of `terminals` with one of `cards`, or on the school. Never throws. */
export function parseAction(text: string, terminals: number, cards: number): Action | HouseAction | null {
  let given: Record<string, unknown> | null;
  try {
    given = JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
  if (typeof given !== "object" || given === null) return null;
  const { kind, terminal, x, y, card, stay, valueKopecks } = given;
  if (terminal === undefined) return parseHouseAction(given);
  if (!isWhole(terminal, terminals)) return null;
  if (kind === "release" || kind === "remove" || kind === "tear") return { kind, terminal };
  if (kind === "touch" && isWhole(x, 320) && isWhole(y, 240)) return { kind, terminal, x, y };
  if (kind === "present" && isWhole(card, cards)) return { kind, terminal, card, stay: stay === true };
  if (kind === "insert" && isWhole(valueKopecks, 1e9)) return { kind, terminal, valueKopecks };
  return parseBreaking(given, terminal);
}

function parseBreaking({ kind, fault, device, trouble, on }: Record<string, unknown>, terminal: number): Action | null {
  const wired = WIRED.find((name) => name === device);
  if (kind === "wire" && wired && (trouble === null || isWireTrouble(trouble))) return { kind, terminal, device: wired, trouble };
  if (typeof on !== "boolean") return null;
  if (kind === "power" || kind === "network") return { kind, terminal, on };
  return kind === "fault" && isFault(fault) ? { kind, terminal, fault, on } : null;
}

function parseHouseAction({ kind, on, rate }: Record<string, unknown>): HouseAction | null {
  if ((kind === "gateway" || kind === "internet") && typeof on === "boolean") return { kind, on };
  const known = RATES.find((one) => one === rate);
  if (kind === "rate" && known !== undefined) return { kind, rate: known };
  return kind === "step" ? { kind } : null;
}

/** How long a hand holds a card to a reader. */
const HOLD_MS = 1000;
/** The shortest press of a finger: a click of a mouse or a test can be shorter than any panel notices. */
const PRESS_MS = 120;

/** A technician's hands over a set of terminals, moving at the speed of `clock`. */
export function createHands(terminals: readonly Terminal[], cards: readonly Card[], clock: Clock): (action: Action) => void {
  const fingers = terminals.map((): { downAt: number; lifting: Timer | null } => ({ downAt: 0, lifting: null }));

  function touch(index: number, x: number, y: number): void {
    const finger = fingers[index];
    const panel = terminals[index].touch;
    finger.lifting?.cancel();
    if (!panel.touched || finger.lifting) finger.downAt = clock.now();
    finger.lifting = null;
    panel.touch(x, y);
  }
  function release(index: number): void {
    const finger = fingers[index];
    finger.lifting?.cancel();
    finger.lifting = clock.after(Math.max(0, finger.downAt + PRESS_MS - clock.now()), () => {
      finger.lifting = null;
      terminals[index].touch.release();
    });
  }

  return (action) => {
    const terminal = terminals[action.terminal];
    switch (action.kind) {
      case "touch":
        return touch(action.terminal, action.x, action.y);
      case "release":
        return release(action.terminal);
      case "present": {
        const card = cards[action.card];
        terminal.reader.present(card);
        // Another card may lie there by then, and that one stays.
        if (!action.stay) clock.after(HOLD_MS, () => terminal.reader.card === card && terminal.reader.remove());
        return;
      }
      case "remove":
        return terminal.reader.remove();
      case "insert":
        return void terminal.acceptor?.insert(action.valueKopecks);
      case "tear":
        return terminal.printer.discard();
      case "power":
        return action.on ? terminal.board.powerOn() : terminal.board.powerOff();
      case "network":
        return action.on ? terminal.cable.plug() : terminal.cable.pull();
      case "fault":
        return FAULTS[action.fault].set(terminal, action.on);
      case "wire":
        return setWire(terminal, action.device, action.trouble);
    }
  };
}
