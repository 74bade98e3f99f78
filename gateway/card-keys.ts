/** What a school's cards are opened and proved with. Everything follows from the school's secret, so a gateway that takes over knows the same cards. */
import {
  derive,
  diversifiedKey,
  fromHex,
  latinBytes,
  openTicket,
  sealTicket,
  sectorKey,
  TICKET_BLOCK,
  toHex,
  verifySun,
} from "@trapeza/protocol";
import type { CardUid, SunVerdict, Ticket } from "@trapeza/protocol";
import { decryptBlock, encryptBlock, sha256 } from "./cipher.js";

export interface CardKeys {
  /** Of a sector, of the one with the ticket unless told, 6 bytes: A may only read, B may write. */
  readonly sector: (uid: CardUid, which: "A" | "B", sector?: number) => Uint8Array;
  /** The block of a ticket, 16 bytes. */
  readonly seal: (uid: CardUid, ticket: Ticket) => Uint8Array;
  /** The ticket in a block, `null` when it is none of this school and card. */
  readonly open: (uid: CardUid, block: Uint8Array) => Ticket | null;
  /** `message`: PICC data (16) ‖ MAC (8). */
  readonly verify: (message: Uint8Array) => SunVerdict;
  /** Keys 0, 1 and 2 of an NTAG 424, 16 bytes each: its own that changes it, one for all that opens who it is, and its own that proves it. */
  readonly sun: (uid: CardUid) => { readonly rootKey: Uint8Array; readonly metaKey: Uint8Array; readonly fileKey: Uint8Array };
}

/** What cards are made with, 16 bytes each in hex. Whoever has these can make a school's cards and nothing else: no terminal's key follows from them. */
export interface CardMasters {
  readonly sectors: string;
  readonly tickets: string;
  readonly meta: string;
  readonly files: string;
  readonly roots: string;
}

/** Tells these cards' keys from those of another system made from the same master (AN10922 §2.2). */
const SYSTEM = latinBytes("TRPZ");
const TICKET_SECTOR = TICKET_BLOCK >> 2;
const PICC_BYTES = 16;

/** `schoolSecret` ≥ 32 bytes. */
export function cardMasters(schoolSecret: Uint8Array): CardMasters {
  const master = (label: string): string => toHex(derive(sha256, schoolSecret, label, new Uint8Array(0)).subarray(0, 16));
  const [sectors, tickets, meta] = [master("card sector"), master("card ticket"), master("card sun meta")];
  return { sectors, tickets, meta, files: master("card sun file"), roots: master("card sun root") };
}

/** `schoolSecret` ≥ 32 bytes. */
export function cardKeys(schoolSecret: Uint8Array): CardKeys {
  return keysFrom(cardMasters(schoolSecret));
}

export function keysFrom(masters: CardMasters): CardKeys {
  const { sectors, tickets, meta: metaKey, files, roots } = bytesOf(masters);
  const ownFrom = (master: Uint8Array, uid: Uint8Array): Uint8Array =>
    diversifiedKey(encryptBlock, master, new Uint8Array([...uid, ...SYSTEM]));
  const fileKeyFor = (uid: Uint8Array): Uint8Array => ownFrom(files, uid);
  const raw = (uid: CardUid): Uint8Array => fromHex(uid) ?? new Uint8Array(0);
  // Asked for at each tap of each card, and always the same: a few hundred bytes a card of the school.
  const made = new Map<string, Uint8Array>();
  const sectorOf = (uid: CardUid, which: "A" | "B", sector = TICKET_SECTOR): Uint8Array => {
    // The other sectors are opened once in a card's life, when it is made.
    if (sector !== TICKET_SECTOR) return sectorKey(encryptBlock, sectors, raw(uid), sector, which, SYSTEM);
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
    sun: (uid) => ({ rootKey: ownFrom(roots, raw(uid)), metaKey, fileKey: fileKeyFor(raw(uid)) }),
  };
}

function bytesOf(masters: CardMasters): { readonly [name in keyof CardMasters]: Uint8Array } {
  const bytes = (name: keyof CardMasters): Uint8Array => fromHex(masters[name]) ?? new Uint8Array(0);
  return { sectors: bytes("sectors"), tickets: bytes("tickets"), meta: bytes("meta"), files: bytes("files"), roots: bytes("roots") };
}
