/** What a person's hands do to a terminal on the bench. What comes over the socket is checked here: anything else is not an action. */
import type { Clock, Timer } from "../clock.js";
import type { Card } from "../card.js";
import type { Terminal } from "../terminal.js";

export type Action =
  | { readonly kind: "touch"; readonly terminal: number; readonly x: number; readonly y: number }
  | { readonly kind: "present"; readonly terminal: number; readonly card: number; readonly stay: boolean }
  | { readonly kind: "insert"; readonly terminal: number; readonly valueKopecks: number }
  | { readonly kind: "paper"; readonly terminal: number; readonly paper: "ok" | "near-end" | "end" }
  | { readonly kind: Switch; readonly terminal: number; readonly on: boolean }
  | { readonly kind: "release" | "remove" | "tear"; readonly terminal: number };

const SWITCHES = ["power", "network", "cover", "jam", "cassette", "printer", "reader", "acceptor"] as const;
type Switch = (typeof SWITCHES)[number];

function isWhole(value: unknown, below: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < below;
}

/** `null` for whatever is no action on one of `terminals` with one of `cards`. Never throws. */
export function parseAction(text: string, terminals: number, cards: number): Action | null {
  let given: Record<string, unknown> | null;
  try {
    given = JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
  if (typeof given !== "object" || given === null) return null;
  const { kind, terminal, x, y, card, stay, valueKopecks, paper, on } = given;
  if (!isWhole(terminal, terminals)) return null;
  if (kind === "release" || kind === "remove" || kind === "tear") return { kind, terminal };
  if (kind === "touch" && isWhole(x, 320) && isWhole(y, 240)) return { kind, terminal, x, y };
  if (kind === "present" && isWhole(card, cards)) return { kind, terminal, card, stay: stay === true };
  if (kind === "insert" && isWhole(valueKopecks, 1e9)) return { kind, terminal, valueKopecks };
  if (kind === "paper" && (paper === "ok" || paper === "near-end" || paper === "end")) return { kind, terminal, paper };
  const known = SWITCHES.find((name) => name === kind);
  return known && typeof on === "boolean" ? { kind: known, terminal, on } : null;
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
      case "paper":
        terminal.printer.paper = action.paper;
        return;
      case "tear":
        return terminal.printer.discard();
      default:
        return throwSwitch(terminal, action.kind, action.on);
    }
  };
}

function throwSwitch(terminal: Terminal, which: Switch, on: boolean): void {
  const { acceptor, board, cable, printer, reader } = terminal;
  if (which === "power") return on ? board.powerOn() : board.powerOff();
  if (which === "network") return on ? cable.plug() : cable.pull();
  if (which === "jam") return on ? acceptor?.jam("validator") : acceptor?.clearJam();
  if (which === "cassette") return on ? acceptor?.returnCassette() : acceptor?.removeCassette();
  if (which === "cover") printer.coverOpen = on;
  if (which === "printer") printer.silent = on;
  if (which === "reader") reader.silent = on;
  if (which === "acceptor" && acceptor) acceptor.silent = on;
}
