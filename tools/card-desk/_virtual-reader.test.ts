/** For tests: a reader without a wire, on which cards are laid. */
import { contactless, type Card, type ReaderHabits } from "@trapeza/simulators";
import { CardGone, type CardReader, type Contact } from "./contact.js";

export interface VirtualReader extends CardReader {
  /** `null` takes the card away. */
  lay(card: Card | null): void;
  /** Takes the card away in the middle: after so many commands. */
  pullAfter(commands: number): void;
  /** Commands so far. */
  readonly commands: () => number;
}

export function createVirtualReader(habits: ReaderHabits = {}): VirtualReader {
  let lying: Card | null = null;
  let count = 0;
  let pullAt = Infinity;
  const changed = new Set<() => void>();
  const until = async (holds: () => boolean, signal: AbortSignal): Promise<void> => {
    while (!holds() && !signal.aborted) {
      await new Promise<void>((resolve) => {
        changed.add(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  };
  const tell = () => {
    for (const resolve of changed) resolve();
    changed.clear();
  };
  return {
    name: "virtual",
    lay(card) {
      [lying, pullAt] = [card, Infinity];
      tell();
    },
    pullAfter: (commands) => void (pullAt = count + commands),
    commands: () => count,
    async card(signal) {
      await until(() => lying !== null, signal);
      return lying && !signal.aborted ? contactOf(lying) : null;
    },
    removal: (signal) => until(() => lying === null, signal),
    close: async () => undefined,
  };

  function contactOf(card: Card): Contact {
    const chip = contactless(card, habits);
    return {
      atr: chip.atr,
      async transmit(apdu) {
        if (++count > pullAt) lying = null;
        if (lying !== card) throw new CardGone();
        return chip.transmit(apdu);
      },
      again: async () => chip.reset(),
      release: async () => undefined,
    };
  }
}
