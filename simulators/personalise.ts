/** The card desk in small: what makes a blank card one of a school's. */
import { cardUid, TICKET_BLOCK, toHex } from "@trapeza/protocol";
import type { CardUid, Ticket } from "@trapeza/protocol";
import type { CardKeys } from "@trapeza/gateway";
import { BLOCK_BYTES, memoryOf } from "./card-mifare.js";
import { createNtag } from "./card-ntag.js";
import type { Card } from "./card.js";

/** Issued by nobody's epoch: every gateway's own tickets come after it. */
const FIRST: Ticket = { epoch: 0, counter: 1 };
/** Key A may read, key B write and change the keys; neither key can be read (MF1S50YYX §8.7). */
const ACCESS = [0x78, 0x77, 0x88, 0x69];

/** Writes a MIFARE Classic's ticket sector. `ticket`: what its holder is to show next; a new card's first unless told. Returns the card. */
export function personalise(card: Card, keys: CardKeys, ticket = FIRST): Card {
  const uid = cardUid(toHex(card.uid));
  const memory = memoryOf(card);
  const sector = TICKET_BLOCK & ~3;
  memory.set(keys.seal(uid, ticket), TICKET_BLOCK * BLOCK_BYTES);
  memory.fill(0, (TICKET_BLOCK + 1) * BLOCK_BYTES, (TICKET_BLOCK + 2) * BLOCK_BYTES);
  memory.set([...keys.sector(uid, "A"), ...ACCESS, ...keys.sector(uid, "B")], (sector + 3) * BLOCK_BYTES);
  return card;
}

/** An NTAG 424 with this school's keys; `uid` of 7 bytes. */
export function ntagCard(uid: CardUid, kind: string, label: string, keys: CardKeys): Card {
  const raw = Uint8Array.from(Buffer.from(uid, "hex"));
  return { uid: raw, kind, label, sak: 0x20, ntag: createNtag({ uid: raw, ...keys.sun(uid) }) };
}
