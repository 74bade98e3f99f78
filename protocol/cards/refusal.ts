/** Why the card desk does not make a card of what lies on its reader. Numbers stand in the office's trail and never change. */
export const CARD_REFUSALS = {
  /** Neither a MIFARE Classic 1K with a UID of 4 bytes nor an NTAG 424 DNA. */
  unsupported: 1,
  /** A UID made up anew at each tap, as telephones do. */
  random_uid: 2,
  /** A key that is neither a new card's nor this school's. */
  foreign_key: 3,
  /** It keeps a key that everybody knows. */
  default_key: 4,
  /** Its UID can be written: a copy, or made for copies. */
  magic: 5,
  /** A chip with its maker's own key to every sector. */
  backdoor: 6,
  /** A card of this school that is in use. */
  used: 7,
  /** It did not keep what was written. */
  read_back: 8,
  /** Taken away too early. */
  gone: 9,
  /** The office has this card already. */
  known: 10,
  /** A good card, of the kind that this batch is not made of. */
  other_chip: 11,
} as const;

export type CardRefusal = keyof typeof CARD_REFUSALS;

/** `null` for a number of a desk that is newer than we are. */
export function cardRefusal(number: number): CardRefusal | null {
  return (Object.keys(CARD_REFUSALS) as CardRefusal[]).find((name) => CARD_REFUSALS[name] === number) ?? null;
}
