/** What a card says, whatever its kind; and how one is copied. */
import { createMifare, memoryOf } from "./card-mifare.js";
import { sakOf } from "./card.js";
import type { Card, Talk } from "./card.js";

const TIMEOUT = 0x01;

/** Begins a conversation with a card that was just selected. */
export function talkWith(card: Card): Talk {
  if (card.ntag) {
    const { ntag } = card;
    ntag.select();
    return { exchange: (request) => [0, ...ntag.answer(request)] };
  }
  return sakOf(card) === 0x08 ? createMifare(card) : { exchange: () => [TIMEOUT] };
}

/** Another card with the same bytes, the manufacturer's block too: what a thief makes who had the keys. `kind`: what it is called. */
export function cloneOf(card: Card, kind = card.kind): Card {
  const clone: Card = { ...card, kind, magic: true };
  memoryOf(clone).set(memoryOf(card));
  return clone;
}
