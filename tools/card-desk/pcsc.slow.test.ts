/** Cards made through Debian's own pcscd, whose reader and cards are virtual. */
import test, { type ExecutionContext } from "ava";
import { cardKeys } from "@trapeza/gateway";
import { fromHex, toHex, type CardRefusal, type CardUid } from "@trapeza/protocol";
import { cloneOf, createBlankNtag, memoryOf, personalise, type Card } from "@trapeza/simulators";
import { startVpcd, whyNoVpcd, type Vpcd } from "./_vpcd.test.js";
import { workAtDesk } from "./batch.js";
import { CardGone, Refused, type CardReader } from "./contact.js";
import { makeCard, uidOf } from "./make.js";
import type { OfficeLine } from "./office.js";
import { openPcscReader, ReaderTrouble } from "./pcsc.js";
import { RUSSIAN } from "./words.ru.js";

const why = whyNoVpcd();
const real = why === null ? test.serial : test.serial.skip;
const named = (title: string) => (why === null ? title : `${title} (${why})`);
const KEYS = cardKeys(new Uint8Array(32).fill(7));
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;
const blank = (uid: string, traits: Partial<Card> = {}): Card => ({ uid: bytes(uid), kind: "pupil", label: "", ...traits });

let daemon: Vpcd;
let reader: CardReader;

test.before(async () => {
  if (why !== null) return;
  daemon = await startVpcd();
  reader = await openPcscReader({ socket: daemon.socket });
});
test.after.always(async () => {
  await reader?.close();
  await daemon?.close();
});

/** Laid there again when it was gone at once, as a person would: the virtual reader may take a moment to let go of the card before. */
async function made(card: Card, tries = 3): ReturnType<typeof laid> {
  return laid(card).catch((error: unknown) => {
    if (error instanceof CardGone && tries > 1) return made(card, tries - 1);
    throw error;
  });
}

async function laid(card: Card) {
  await daemon.lay(card);
  const contact = await reader.card(never);
  if (!contact) throw new Error("no card");
  try {
    const chip = card.ntag ? "ntag" : "mifare";
    return await makeCard({ contact, keys: KEYS, chip, written: () => undefined, address: "meals.example/t?p=" }, await uidOf(contact));
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  } finally {
    await contact.release();
    await daemon.lay(null);
    await reader.removal(never);
  }
}

/** What is written on it, to be compared with what is written on it later. */
const bytesOf = (card: Card) => memoryOf(card).slice();

async function isRefused(t: ExecutionContext, card: Card, refusal: CardRefusal, why: string) {
  const before = bytesOf(card);
  t.is(await made(card), refusal, why);
  t.deepEqual(bytesOf(card), before, "nothing was written on it: " + why);
}

real(named("a MIFARE is issued with keys of its own in every sector, and laid there again it is found whole"), async (t) => {
  const [first, second] = [blank("31000001"), blank("31000002")];
  t.deepEqual(await made(first), { kind: "mifare", before: false, unseen: [] });
  t.deepEqual(KEYS.open("31000001" as CardUid, memoryOf(first).slice(64, 80)), { epoch: 0, counter: 1 });
  for (let sector = 0; sector < 16; sector++) {
    const [a, b] = (["A", "B"] as const).map((which) => toHex(KEYS.sector("31000001" as CardUid, which, sector)));
    t.is(toHex(memoryOf(first).slice(sector * 64 + 48, sector * 64 + 64)), a + "78778869" + b);
  }
  const issued = bytesOf(first);
  t.like(await made(first), { before: true });
  t.deepEqual(bytesOf(first), issued);
  t.like(await made(second), { kind: "mifare", before: false });
  t.notDeepEqual(bytesOf(second).slice(64), issued.slice(64), "each has its own");
});

const JOB = { application: 6, name: "Иванов Иван", class: "3Б", number: "0242013137" };

/** The office's batch with one child on it, and a person who lays one card after the other there. */
function deskWith(cards: Card[], isNew: (uid: string) => boolean) {
  const told: string[] = [];
  const ending = new AbortController();
  let isMade = false;
  const office: OfficeLine = {
    work: async () => ({ school: "Школа", batch: isMade ? null : { id: 1, chip: "mifare", of: 1, cards: [JOB] } }),
    step: async () => "go",
    async made({ application }, uid) {
      if (!isNew(uid)) return "known";
      told.push(application + " made " + uid);
      isMade = true;
      ending.abort();
      return "made";
    },
    refused: async ({ application }, uid, refusal) => void told.push(application + " " + refusal + " " + uid),
  };
  const person: CardReader = {
    ...reader,
    async card(signal) {
      const next = cards.shift();
      if (next) await daemon.lay(next);
      else ending.abort();
      return reader.card(signal);
    },
    async removal(signal) {
      await daemon.lay(null);
      await reader.removal(signal);
    },
  };
  const batch = { reader: person, office, keys: KEYS, address: "meals.example/t?p=", words: RUSSIAN, say: () => undefined };
  return { told, run: () => workAtDesk({ ...batch, pause: turn, signal: ending.signal }) };
}

real(named("a card is issued again; the lost one, a classmate's and a copy that nothing betrays are refused"), async (t) => {
  const [lost, classmates, fresh] = [blank("31000011"), blank("31000012"), blank("31000013")];
  for (const card of [lost, classmates]) t.like(await made(card), { before: false });
  const silent = { ...cloneOf(classmates), magic: false };
  memoryOf(silent).set(bytesOf(classmates));
  personalise(lost, KEYS, { epoch: 1, counter: 17 });
  const used = bytesOf(lost);
  const desk = deskWith([lost, classmates, silent, fresh], (uid) => uid === "31000013");
  t.deepEqual(await desk.run(), { made: 1, refused: 3 });
  t.deepEqual(desk.told, ["6 used 31000011", "6 known 31000012", "6 known 31000012", "6 made 31000013"]);
  t.deepEqual(bytesOf(lost), used, "its holder is not convicted by what the desk wrote");
  t.deepEqual(KEYS.open("31000013" as CardUid, memoryOf(fresh).slice(64, 80)), { epoch: 0, counter: 1 });
});

real(named("a copy of an issued card is refused, whatever it was copied to"), async (t) => {
  const original = blank("31000003");
  t.like(await made(original), { kind: "mifare" });
  await isRefused(t, cloneOf(original), "magic", "block 0 can be written");
  const sold = blank("31000007");
  memoryOf(sold).set(bytesOf(original).slice(16), 16);
  await isRefused(t, sold, "foreign_key", "an ordinary card, all but the maker's block copied to it");
  await isRefused(t, blank("31000004", { wakes: true }), "magic", "it wakes up for copies");
  await isRefused(t, blank("31000005", { backdoor: bytes("a396efa4e24f") }), "backdoor", "the maker's own key");
});

real(named("a card that keeps a key which everybody knows is refused, a new one and one that was issued"), async (t) => {
  const frozen = bytes("778788");
  const fresh = blank("31000006");
  memoryOf(fresh).set(frozen, 15 * 64 + 48 + 6);
  t.is(await made(fresh), "default_key");
  const leftover = personalise(blank("31000008"), KEYS);
  memoryOf(leftover).set(bytes("ffffffffffff" + "77878869" + "ffffffffffff"), 9 * 64 + 48);
  t.is(await made(leftover), "default_key");
});

real(named("an NTAG 424 is issued"), async (t) => {
  const uid = bytes("04310000070101");
  const random = (count: number) => new Uint8Array(count).map((_, at) => at * 7 + 1);
  const card = blank(toHex(uid), { sak: 0x20, ntag: createBlankNtag(uid, random) });
  t.deepEqual(await made(card), { kind: "ntag", before: false, unseen: [] });
  t.like(await made(card), { before: true });
});

real(named("a reader that is not there is one sentence"), async (t) => {
  await t.throwsAsync(openPcscReader({ socket: daemon.socket, reader: "Omnikey" }), { instanceOf: ReaderTrouble, message: /Omnikey/ });
  await t.throwsAsync(openPcscReader({ socket: daemon.socket + ".not" }), { instanceOf: ReaderTrouble, message: /ENOENT/ });
});
