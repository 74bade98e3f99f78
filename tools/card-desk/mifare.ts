/**
 * A MIFARE Classic 1K becomes a school's card through the reader's own commands (PC/SC part 3 §3.2.2): every sector gets this card's keys, sector 1 the
 * first ticket. A card that was pulled away is simply put back: what is ours already is left as it is. A trailer is one block, and a card that is pulled
 * away while just that is written may be lost; it is then refused as `foreign_key`.
 */
import type { CardKeys } from "@trapeza/gateway";
import { compareTickets, concat, equalBytes, fromHex, latinText, TICKET_BLOCK, type CardUid, type Ticket } from "@trapeza/protocol";
import { good, Refused, type Contact } from "./contact.js";

const SECTORS = 16;
const BLOCK_BYTES = 16;
const TICKET_SECTOR = TICKET_BLOCK >> 2;
/** Comes before all that any gateway issues (protocol/README.md, Cards). */
const FIRST: Ticket = { epoch: 0, counter: 1 };
/** Key A reads, key B also writes, and neither is ever read (MF1S50YYX §8.7). */
const ACCESS = Uint8Array.of(0x78, 0x77, 0x88, 0x69);
const KEY_A = 0x60;
const KEY_B = 0x61;
const KEY_BACKDOOR = 0x64;
const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;
/** What cards come with: from the factory, for a directory of applications, for NFC Forum data, from some makers. */
const KNOWN_KEYS = ["ffffffffffff", "a0a1a2a3a4a5", "d3f7d3f7d3f7", "000000000000"].map(bytes);
const TRANSPORT_KEY = KNOWN_KEYS[0];
/** Of FM11RF08S, FM11RF08 and FM11RF32N (eprint.iacr.org/2024/1275). */
const BACKDOOR_KEYS = ["a396efa4e24f", "a31667a8cec1", "518b3354e760"].map(bytes);

export interface Made {
  readonly kind: "mifare" | "ntag";
  /** It was this school's already, and is whole. */
  readonly before: boolean;
  /** What this reader cannot look for. */
  readonly unseen: readonly "wake"[];
}

interface Desk {
  readonly contact: Contact;
  readonly keys: CardKeys;
  readonly uid: CardUid;
  readonly written: () => void;
  readonly lock: Lock;
}

/**
 * A card that has refused something sleeps. Most readers wake it by themselves, some want it reset, which takes pcscd a fifth of a second each time: too
 * long for the fifty keys that are tried in vain. So what this reader does is found out at the first key that fits after one that did not.
 */
interface Lock {
  asleep: boolean;
  reader: "unknown" | "wakes" | "leaves";
}

interface Opening {
  readonly which: "A" | "B";
  readonly key: Uint8Array;
  readonly own: boolean;
}

/** `uid` of 4 bytes. Throws {@link Refused}. */
export async function makeMifare(given: Omit<Desk, "lock">): Promise<Made> {
  const desk: Desk = { ...given, lock: { asleep: false, reader: "unknown" } };
  const { contact } = desk;
  const openings: Opening[] = [];
  for (let sector = 0; sector < SECTORS; sector++) openings.push(await opening(desk, sector));
  await refuseCopies(desk, openings[0]);
  const wake = await wakesUp(contact);
  if (wake === true) throw new Refused("magic");
  const before = openings.every(({ own }) => own) && (await firstTicket(desk));
  if (!before) {
    await writeTicket(desk, openings[TICKET_SECTOR]);
    for (let sector = 0; sector < SECTORS; sector++) if (!openings[sector].own) await writeTrailer(desk, sector, openings[sector]);
  }
  desk.written();
  await contact.again();
  await readBack(desk);
  return { kind: "mifare", before, unseen: wake === null ? ["wake"] : [] };
}

async function authenticate({ contact, lock }: Desk, block: number, kind: number, key: Uint8Array): Promise<boolean> {
  const once = async () => {
    await contact.transmit(concat([Uint8Array.of(0xff, 0x82, 0x00, 0x00, key.length), key]));
    return good(await contact.transmit(Uint8Array.of(0xff, 0x86, 0x00, 0x00, 0x05, 0x01, 0x00, block, kind, 0x00))) !== null;
  };
  const slept = lock.asleep;
  if (slept && lock.reader === "leaves") await contact.again();
  let opened = await once();
  if (slept && lock.reader === "unknown") {
    if (opened) lock.reader = "wakes";
    else {
      await contact.again();
      opened = await once();
      if (opened) lock.reader = "leaves";
    }
  }
  lock.asleep = !opened;
  return opened;
}

const open = (desk: Desk, block: number, { which, key }: Pick<Opening, "which" | "key">): Promise<boolean> =>
  authenticate(desk, block, which === "A" ? KEY_A : KEY_B, key);

async function read({ contact }: Desk, block: number): Promise<Uint8Array | null> {
  const data = good(await contact.transmit(Uint8Array.of(0xff, 0xb0, 0x00, block, BLOCK_BYTES)));
  return data?.length === BLOCK_BYTES ? data : null;
}

async function write({ contact }: Desk, block: number, data: Uint8Array): Promise<boolean> {
  return good(await contact.transmit(concat([Uint8Array.of(0xff, 0xd6, 0x00, block, BLOCK_BYTES), data]))) !== null;
}

/** The key by which a sector can be written. Ours first, so that a card put back is known after one try a sector. */
async function opening(desk: Desk, sector: number): Promise<Opening> {
  const block = sector * 4;
  const tries: Opening[] = [
    { which: "B", key: desk.keys.sector(desk.uid, "B", sector), own: true },
    // As cards are sold, only key A may write the keys.
    ...(["A", "B"] as const).flatMap((which) => KNOWN_KEYS.map((key): Opening => ({ which, key, own: false }))),
  ];
  for (const one of tries) if (await open(desk, block, one)) return one;
  throw new Refused("foreign_key");
}

/** Block 0 is the maker's: it names the card, nobody else may write it, and some makers' chips betray themselves in it. */
async function refuseCopies(desk: Desk, first: Opening): Promise<void> {
  const { uid } = desk;
  if (!(await open(desk, 0, first))) throw new Refused("gone");
  const maker = await read(desk, 0);
  const raw = bytes(uid);
  if (!maker) throw new Refused("foreign_key");
  if (!equalBytes(maker.subarray(0, 4), raw)) throw new Refused("magic");
  for (const key of BACKDOOR_KEYS) if (await authenticate(desk, 0, KEY_BACKDOOR, key)) throw new Refused("backdoor");
  // The same bytes: a card that takes them is none the worse for it, and is a copy or made for copies.
  if ((await open(desk, 0, first)) && (await write(desk, 0, maker))) throw new Refused("magic");
  await desk.contact.again();
}

/** `true`: it answers the wake-up of copies (`40` in seven bits, then `43`). `null`: this reader's PN532, if it has one, cannot be reached. */
async function wakesUp(contact: Contact): Promise<boolean | null> {
  const reader = await contact.transmit(Uint8Array.of(0xff, 0x00, 0x48, 0x00, 0x00));
  if (!latinText(reader).startsWith("ACR122")) return null;
  const direct = (...command: number[]) => contact.transmit(Uint8Array.of(0xff, 0x00, 0x00, 0x00, command.length + 1, 0xd4, ...command));
  const answers = async (...raw: number[]) => {
    const [, , status, first] = good(await direct(0x42, ...raw)) ?? [];
    return status === 0x00 && (first & 0x0f) === 0x0a;
  };
  // Registers of transmission and reception without check sums, and how many bits of the last byte go out (UM0701-02 §7.2.5).
  await direct(0x08, 0x63, 0x02, 0x00, 0x63, 0x03, 0x00);
  await answers(0x50, 0x00, 0x57, 0xcd);
  await direct(0x08, 0x63, 0x3d, 0x07);
  const woke = await answers(0x40);
  await direct(0x08, 0x63, 0x3d, 0x00);
  const opened = woke && (await answers(0x43));
  await direct(0x08, 0x63, 0x02, 0x80, 0x63, 0x03, 0x80);
  await contact.again();
  return opened;
}

/** Whether an own card shows the first ticket. One that has moved on is in use: its holder would be convicted by what we wrote. */
async function firstTicket(desk: Desk): Promise<boolean> {
  const { keys, uid } = desk;
  if (!(await open(desk, TICKET_BLOCK, ownKey(desk, TICKET_SECTOR, "B")))) throw new Refused("gone");
  const blocks = [await read(desk, TICKET_BLOCK), await read(desk, TICKET_BLOCK + 1)];
  const tickets = blocks.map((block) => block && keys.open(uid, block));
  if (tickets.some((ticket) => ticket && compareTickets(ticket, FIRST) > 0)) throw new Refused("used");
  return tickets[0] !== null;
}

const ownKey = ({ keys, uid }: Desk, sector: number, which: "A" | "B") => ({ which, key: keys.sector(uid, which, sector) });

async function writeTicket(desk: Desk, with_: Opening): Promise<void> {
  if (!(await open(desk, TICKET_BLOCK, with_))) throw new Refused("gone");
  if (with_.own) {
    // Of a card that was pulled away before the end: its ticket may have been written, and even used in the meantime.
    await firstTicket(desk);
    if (!(await open(desk, TICKET_BLOCK, with_))) throw new Refused("gone");
  }
  const written =
    (await write(desk, TICKET_BLOCK, desk.keys.seal(desk.uid, FIRST))) &&
    (await write(desk, TICKET_BLOCK + 1, new Uint8Array(BLOCK_BYTES)));
  if (!written) throw new Refused(with_.own ? "read_back" : "default_key");
}

/** A sector that keeps a key which everybody knows is a place for somebody else's ticket. */
async function writeTrailer(desk: Desk, sector: number, opening: Opening): Promise<void> {
  const block = sector * 4 + 3;
  const trailer = concat([ownKey(desk, sector, "A").key, ACCESS, ownKey(desk, sector, "B").key]);
  if (!(await open(desk, block, opening)) || !(await write(desk, block, trailer))) throw new Refused("default_key");
}

/** What was written is there, with both keys, and nothing opens with the key that cards are sold with: a chip that takes any key is no card. */
async function readBack(desk: Desk): Promise<void> {
  const { keys, uid } = desk;
  for (let sector = 0; sector < SECTORS; sector++) {
    for (const which of ["A", "B"] as const) {
      if (!(await open(desk, sector * 4, ownKey(desk, sector, which)))) throw new Refused("read_back");
      if (sector === TICKET_SECTOR && which === "A") {
        const ticket = await read(desk, TICKET_BLOCK);
        const found = ticket && keys.open(uid, ticket);
        if (!found || compareTickets(found, FIRST) !== 0) throw new Refused("read_back");
      }
      if (await open(desk, sector * 4, { which, key: TRANSPORT_KEY })) throw new Refused("default_key");
    }
  }
}
