/** A thing held to a card reader, and what the reader can have of it once it is selected. */
import type { Ntag } from "./card-ntag.js";

export interface Card {
  /** 4, 7 or 10 bytes. */
  readonly uid: Uint8Array;
  /** Whose it is: "pupil", "teacher", "cashier", "collector" …; the reader does not know. */
  readonly kind: string;
  /** What stands on it, for people. */
  readonly label: string;
  /** 0x08 MIFARE Classic 1K, when left out; 0x20 a telephone or another ISO 14443-4 card. */
  readonly sak?: number;
  /** The chip of an NTAG 424; `sak` must say 0x20 then. */
  readonly ntag?: Ntag;
  /** Anybody may write its block 0, as on the copies that are sold as "CUID" or "Gen2". */
  readonly magic?: boolean;
  /** Opens without any key to whoever wakes it up by `40` and `43`, as on the copies that are sold as "Gen1a". */
  readonly wakes?: boolean;
  /** Its maker's own key to every sector, as in the chips of eprint.iacr.org/2024/1275; 6 bytes. */
  readonly backdoor?: Uint8Array;
}

/** One selection of a card: what goes to it and what comes back, `[status, data…]` as InDataExchange tells it. */
export interface Talk {
  exchange(request: Uint8Array): readonly number[];
}

export function sakOf(card: Card): number {
  return card.sak ?? 0x08;
}
