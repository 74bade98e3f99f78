/**
 * What the gateway remembers of cards: the rows of those that prove themselves, the taps whose tickets are on their way, and the cards that did not know
 * their key today. Only the rows outlive a restart; a tap is then simply made again.
 */
import type { CardUid, Result, Ticket } from "@trapeza/protocol";
import { cardKeys } from "./card-keys.js";
import type { CardKeys } from "./card-keys.js";
import { HANDLE_MS } from "./handles.js";
import type { CardRow } from "./journal/store.js";
import type { Place } from "./ticket.js";

/** A card that lies on a reader, under the handle that its Holder bears. */
export interface Tap {
  readonly terminal: number;
  readonly uid: CardUid;
  readonly untilMs: number;
  /** Asked of the terminal when it must read again; 0: not yet. */
  challenge: number;
  /** The ticket that it is to write. */
  given: Ticket | null;
  /** Answers by question, so that a question asked twice is not two taps. */
  readonly said: Map<string, Result>;
}

export interface CardTroubles {
  /** Cards that did not know their key, three times or more. */
  readonly refusedKey: number;
  /** Cards that were held to two terminals within {@link WALK_MS}. */
  readonly twoPlaces: number;
}

/** Nobody is at another terminal within this. */
const WALK_MS = 2000;
const MOST_TAPS = 4096;
/** After so many refused keys of one card on one day somebody is told. */
const ALARM_AFTER = 3;
/** A UID of 4 bytes in hex: a MIFARE Classic. Longer ones are other cards unless they have proved the contrary. */
const SHORT_UID = 8;

export class Cards {
  readonly keys: CardKeys;
  readonly #rows: Map<CardUid, CardRow>;
  readonly #taps = new Map<number, Tap>();
  readonly #locked = new Map<CardUid, { date: number; times: number }>();
  /** Where each card was last held up. */
  readonly #shown = new Map<CardUid, Place>();
  /** Business date on which a card was in two places at once. */
  readonly #twoPlaces = new Map<CardUid, number>();

  constructor(schoolSecret: Uint8Array, rows: readonly CardRow[]) {
    this.keys = cardKeys(schoolSecret);
    this.#rows = new Map(rows.map((row) => [row.uid, row]));
  }

  rowOf(uid: CardUid): CardRow | null {
    return this.#rows.get(uid) ?? null;
  }

  remember(row: CardRow): void {
    this.#rows.set(row.uid, row);
  }

  /**
   * The key for the ticket of a card, `null` for one that has none to show: an NTAG, or a card that did not know its key today and never did. Keys are
   * not handed out for nothing, because whoever holds up an imitation learns from a reader that tries one.
   */
  ticketKeyFor(uid: CardUid, date: number): Uint8Array | null {
    const row = this.#rows.get(uid);
    if (row ? row.kind !== "ticket" : uid.length !== SHORT_UID || this.#timesLocked(uid, date) > 0) return null;
    return this.keys.sector(uid, "B");
  }

  begin(handle: number, terminal: number, uid: CardUid, nowMs: number): void {
    for (const [old, tap] of this.#taps) {
      if (tap.untilMs >= nowMs && this.#taps.size < MOST_TAPS) break;
      this.#taps.delete(old);
    }
    this.#taps.set(handle, { terminal, uid, untilMs: nowMs + HANDLE_MS, challenge: 0, given: null, said: new Map() });
  }

  tapOf(handle: number, terminal: number, nowMs: number): Tap | null {
    const tap = this.#taps.get(handle);
    return tap && tap.terminal === terminal && tap.untilMs >= nowMs ? tap : null;
  }

  /** A card did not know its key, or held no ticket. Returns `true` when that is the last time before somebody is told. */
  lock(uid: CardUid, date: number): boolean {
    const times = this.#timesLocked(uid, date) + 1;
    this.#locked.set(uid, { date, times });
    return times === ALARM_AFTER;
  }

  #timesLocked(uid: CardUid, date: number): number {
    const found = this.#locked.get(uid);
    return found && found.date === date ? found.times : 0;
  }

  /** A card is held up at a place. Nobody walks from one terminal to another in no time; but a frame may be late, so this is a hint and convicts nobody. */
  show(uid: CardUid, date: number, place: Place): void {
    const last = this.#shown.get(uid);
    this.#shown.set(uid, place);
    if (!last || last.terminal === place.terminal || place.atMs - last.atMs >= WALK_MS) return;
    this.#twoPlaces.set(uid, date);
  }

  /** How many cards somebody should look into today. */
  troubles(date: number): CardTroubles {
    return {
      refusedKey: [...this.#locked.values()].filter((one) => one.date === date && one.times >= ALARM_AFTER).length,
      twoPlaces: [...this.#twoPlaces.values()].filter((day) => day === date).length,
    };
  }
}
