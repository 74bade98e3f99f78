/** Whatever lies on the reader becomes a school's card, or is refused. */
import { randomBytes } from "node:crypto";
import type { CardKeys } from "@trapeza/gateway";
import { isCardUid, pn532, toHex, type CardUid } from "@trapeza/protocol";
import { good, Refused, type Contact } from "./contact.js";
import { makeMifare, type Made } from "./mifare.js";
import { isNtag, makeNtag } from "./ntag.js";

const SHORT_UID = 8;
/** In the ATR of a card without APDUs: PC/SC's own name, the standard, and the card's (PC/SC part 3, supplement). */
const CLASSIC_1K = "a0000003060300" + "01";

export interface Making {
  readonly contact: Contact;
  readonly keys: CardKeys;
  /** What its batch is made of. */
  readonly chip: "mifare" | "ntag";
  /** Heard when all is written, and is to be read back. */
  readonly written: () => void;
  /** As in the address on an NTAG: "meals.example/t?p=". */
  readonly address: string;
}

/** Name of the card; throws {@link Refused} for one that has none. */
export async function uidOf(contact: Contact): Promise<CardUid> {
  const uid = toHex(good(await contact.transmit(Uint8Array.of(0xff, 0xca, 0x00, 0x00, 0x00))) ?? new Uint8Array(0));
  if (!isCardUid(uid)) throw new Refused("unsupported");
  if (pn532.isRandomUid(uid)) throw new Refused("random_uid");
  return uid;
}

/** `uid` as {@link uidOf} read it. Throws {@link Refused}, and `CardGone` when the card is taken away. */
export async function makeCard({ contact, keys, chip, written, address }: Making, uid: CardUid): Promise<Made> {
  if (toHex(contact.atr).includes(CLASSIC_1K)) {
    // The gateway asks only cards with short names for a ticket.
    if (uid.length !== SHORT_UID) throw new Refused("unsupported");
    if (chip !== "mifare") throw new Refused("other_chip");
    return makeMifare({ contact, keys, uid, written });
  }
  if (!(await isNtag(contact))) throw new Refused("unsupported");
  if (chip !== "ntag") throw new Refused("other_chip");
  return makeNtag({ contact, keys, uid, address, written, random: (bytes) => new Uint8Array(randomBytes(bytes)) });
}
