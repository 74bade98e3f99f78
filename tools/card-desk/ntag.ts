/**
 * An NTAG 424 DNA becomes a school's card: its file gets the address with two empty places, the chip our keys and the order to write its message there
 * (NT4H2421Gx §10, AN12196 §6). Key 0 comes last: as long as it is the factory's, a chip that was pulled away is simply gone on with.
 */
import { decryptBlock, encryptBlock, type CardKeys } from "@trapeza/gateway";
import { concat, ev2, fromHex, latinBytes, pn532, type CardUid } from "@trapeza/protocol";
import { good, Refused, type Contact } from "./contact.js";
import type { Made } from "./mifare.js";

const cipher = { encryptBlock, decryptBlock };
const FACTORY_KEY = new Uint8Array(16);
const CHANGE_FILE_SETTINGS = 0x5f;
const FILE_NUMBER = 0x02;
const KEYS = [1, 2, 3, 4];
const PICC_DIGITS = 32;
const MAC_DIGITS = 16;
/** Abbreviations of NFC Forum URI records: 4 is "https://". */
const HTTPS = 0x04;
/** What a terminal reads; the whole message must lie in it (protocol/README.md, Cards). */
const READ_BYTES = 128;

export interface NtagDesk {
  readonly contact: Contact;
  readonly keys: CardKeys;
  readonly uid: CardUid;
  /** Where the address on the card leads whoever holds it to a telephone: "meals.example/t?p=". */
  readonly address: string;
  readonly written: () => void;
  /** Bytes that nobody could have guessed. */
  readonly random: (bytes: number) => Uint8Array;
}

/** Whether this is one: its maker, type and hardware (NT4H2421Gx §10.5.2). */
export async function isNtag(contact: Contact): Promise<boolean> {
  if (good(await contact.transmit(fromHex("00a4040007d276000085010100") as Uint8Array)) === null) return false;
  const [maker, type, , major] = await contact.transmit(Uint8Array.of(0x90, 0x60, 0x00, 0x00, 0x00));
  return maker === 0x04 && type === 0x04 && major === 0x30;
}

/** Throws {@link Refused}. */
export async function makeNtag(desk: NtagDesk): Promise<Made> {
  const { contact, keys, uid } = desk;
  const { rootKey, metaKey, fileKey } = keys.sun(uid);
  if (await sessionWith(desk, 0, rootKey)) {
    await readBack(desk);
    return { kind: "ntag", before: true, unseen: [] };
  }
  if (!(await sessionWith(desk, 0, FACTORY_KEY))) throw new Refused("foreign_key");
  const file = fileFor(desk.address);
  await selectFile(contact);
  // Refused when its settings were changed by the try before this one: then it is there.
  await contact.transmit(concat([Uint8Array.of(0x00, 0xd6, 0x00, 0x00, file.bytes.length), file.bytes]));
  for (const number of KEYS) {
    // Nobody needs keys 3 and 4, and nobody shall open anything with the factory's.
    const fresh = number === 1 ? metaKey : number === 2 ? fileKey : rootKey;
    if (!(await sessionWith(desk, number, fresh))) await changeKey(desk, number, fresh);
  }
  const settings = ev2.secretCommand(cipher, await opened(desk), CHANGE_FILE_SETTINGS, Uint8Array.of(FILE_NUMBER), settingsFor(file));
  if (!ev2.isAnswered(cipher, settings.next, await contact.transmit(settings.apdu))) throw new Refused("read_back");
  const last = ev2.keyChange(0, rootKey, null);
  const sealed = ev2.secretCommand(cipher, await opened(desk), last.command, last.header, last.data);
  const [status, detail] = await contact.transmit(sealed.apdu);
  if (status !== 0x91 || detail !== 0x00) throw new Refused("read_back");
  desk.written();
  await readBack(desk);
  return { kind: "ntag", before: false, unseen: [] };
}

/** A session under the factory's key 0; a refusal ends the one before, so each command of weight opens its own. */
async function opened(desk: NtagDesk): Promise<ev2.Ev2Session> {
  const session = await sessionWith(desk, 0, FACTORY_KEY);
  if (!session) throw new Refused("gone");
  return session;
}

async function changeKey(desk: NtagDesk, number: number, fresh: Uint8Array): Promise<void> {
  const { command, header, data } = ev2.keyChange(number, fresh, FACTORY_KEY);
  const sealed = ev2.secretCommand(cipher, await opened(desk), command, header, data);
  if (!ev2.isAnswered(cipher, sealed.next, await desk.contact.transmit(sealed.apdu))) throw new Refused("foreign_key");
}

/** `null`: the chip does not know this key. The application is selected anew, because reading the file leaves it selected. */
async function sessionWith({ contact, random }: NtagDesk, number: number, key: Uint8Array): Promise<ev2.Ev2Session | null> {
  await contact.transmit(fromHex("00a4040007d276000085010100") as Uint8Array);
  const challenge = await contact.transmit(ev2.askChallenge(number));
  if (challenge.length !== 18) return null;
  const ours = random(16);
  const { apdu, theirs } = ev2.proveKey(cipher, key, ours, challenge.subarray(0, 16));
  const proof = await contact.transmit(apdu);
  return ev2.openSession(cipher, key, { ours, theirs }, proof.slice(0, -2));
}

async function selectFile(contact: Contact): Promise<void> {
  for (const apdu of pn532.readNdef().slice(0, 2)) {
    if (good(await contact.transmit(apdu)) === null) throw new Refused("gone");
  }
}

interface TagFile {
  readonly bytes: Uint8Array;
  readonly piccAt: number;
  readonly macAt: number;
}

/** An NFC Forum record with the address; the places for PICC data and MAC are zeroes. */
export function fileFor(address: string): TagFile {
  const url = latinBytes(`${address}${"0".repeat(PICC_DIGITS)}&m=${"0".repeat(MAC_DIGITS)}`);
  const head = Uint8Array.of(0x00, url.length + 5, 0xd1, 0x01, url.length + 1, 0x55, HTTPS);
  const bytes = concat([head, url]);
  const macAt = bytes.length - MAC_DIGITS;
  if (bytes.length > READ_BYTES) throw new Error("the address is too long for a card: " + address);
  return { bytes, piccAt: macAt - 3 - PICC_DIGITS, macAt };
}

/**
 * Plain file, its message made at each reading; free to be read, written and changed only with key 0. The UID and the counter are mirrored encrypted under
 * key 1, the MAC is made with key 2 over nothing, and the counter is told to nobody (NT4H2421Gx §10.7.1).
 */
function settingsFor({ piccAt, macAt }: TagFile): Uint8Array {
  const place = (at: number): number[] => [at & 255, at >> 8, 0];
  return Uint8Array.of(0x40, 0x00, 0xe0, 0xc1, 0xff, 0x12, ...place(piccAt), ...place(macAt), ...place(macAt));
}

/** Two readings, as a till makes them: both prove this card, and the second counts on. */
async function readBack({ contact, keys, uid }: NtagDesk): Promise<void> {
  let last = -1;
  for (let reading = 0; reading < 2; reading++) {
    await contact.again();
    const [select, file, read] = pn532.readNdef();
    await contact.transmit(select);
    await contact.transmit(file);
    const message = pn532.sunIn(await contact.transmit(read));
    const verdict = message && keys.verify(message);
    if (!verdict?.ok || verdict.uid !== uid || verdict.counter <= last) throw new Refused("read_back");
    last = verdict.counter;
  }
}
