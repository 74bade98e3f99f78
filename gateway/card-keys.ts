/** What a school's cards are opened and proved with. Everything follows from the school's secret, so a gateway that takes over knows the same cards. */
import { derive, diversifiedKey, fromHex, latinBytes, openTicket, sealTicket, sectorKey, TICKET_BLOCK, verifySun } from "@trapeza/protocol";
import type { CardUid, SunVerdict, Ticket } from "@trapeza/protocol";
import { decryptBlock, encryptBlock, sha256 } from "./cipher.js";

export interface CardKeys {
  /** Of the sector with the ticket, 6 bytes: A may only read, B may write. */
  readonly sector: (uid: CardUid, which: "A" | "B") => Uint8Array;
  /** The block of a ticket, 16 bytes. */
  readonly seal: (uid: CardUid, ticket: Ticket) => Uint8Array;
  /** The ticket in a block, `null` when it is none of this school and card. */
  readonly open: (uid: CardUid, block: Uint8Array) => Ticket | null;
  /** `message`: PICC data (16) ‖ MAC (8). */
  readonly verify: (message: Uint8Array) => SunVerdict;
  /** Keys 1 and 2 of an NTAG 424, 16 bytes each: one opens who it is, the other, its own, proves it. */
  readonly sun: (uid: CardUid) => { readonly metaKey: Uint8Array; readonly fileKey: Uint8Array };
}

/** Tells these cards' keys from those of another system made from the same master (AN10922 §2.2). */
const SYSTEM = latinBytes("TRPZ");
const TICKET_SECTOR = TICKET_BLOCK >> 2;
const PICC_BYTES = 16;

/** `schoolSecret` ≥ 32 bytes. */
export function cardKeys(schoolSecret: Uint8Array): CardKeys {
  const master = (label: string): Uint8Array => derive(sha256, schoolSecret, label, new Uint8Array(0)).subarray(0, 16);
  const [sectors, tickets, metaKey, files] = ["card sector", "card ticket", "card sun meta", "card sun file"].map(master);
  const fileKeyFor = (uid: Uint8Array): Uint8Array => diversifiedKey(encryptBlock, files, new Uint8Array([...uid, ...SYSTEM]));
  const raw = (uid: CardUid): Uint8Array => fromHex(uid) ?? new Uint8Array(0);
  // Asked for at each tap of each card, and always the same: a few hundred bytes a card of the school.
  const made = new Map<string, Uint8Array>();
  const sectorOf = (uid: CardUid, which: "A" | "B"): Uint8Array => {
    const name = which + uid;
    let key = made.get(name);
    if (!key) made.set(name, (key = sectorKey(encryptBlock, sectors, raw(uid), TICKET_SECTOR, which, SYSTEM)));
    return key;
  };
  return {
    sector: sectorOf,
    seal: (uid, ticket) => sealTicket(encryptBlock, tickets, raw(uid), ticket),
    open: (uid, block) => openTicket(encryptBlock, tickets, raw(uid), block),
    verify: (message) =>
      verifySun(
        { encryptBlock, decryptBlock },
        { metaKey, fileKeyFor },
        { picc: message.slice(0, PICC_BYTES), data: new Uint8Array(0), mac: message.slice(PICC_BYTES) },
      ),
    sun: (uid) => ({ metaKey, fileKey: fileKeyFor(raw(uid)) }),
  };
}
