import test from "ava";
import { cardKeys } from "@trapeza/gateway";
import { fromHex, pn532, toHex, type CardUid } from "@trapeza/protocol";
import { cloneOf, contactless, createBlankNtag, memoryOf, personalise, type Card, type ReaderHabits } from "@trapeza/simulators";
import { createVirtualReader } from "./_virtual-reader.test.js";
import { CardGone, Refused } from "./contact.js";
import { makeCard, uidOf } from "./make.js";

const KEYS = cardKeys(new Uint8Array(32).fill(7));
const OTHERS = cardKeys(new Uint8Array(32).fill(8));
const ADDRESS = "meals.example/t?p=";
const never = new AbortController().signal;
const bytes = (hex: string): Uint8Array => fromHex(hex) as Uint8Array;

let nextUid = 0x20_00_00_01;
function blank(traits: Partial<Card> = {}): Card {
  const card: Card = { uid: bytes((nextUid++).toString(16).padStart(8, "0")), kind: "pupil", label: "", ...traits };
  return card;
}

const written = () => undefined;
const chipOf = ({ ntag }: Card) => (ntag ? "ntag" : "mifare");

async function made(card: Card, { keys = KEYS, habits = {} as ReaderHabits } = {}) {
  const reader = createVirtualReader(habits);
  reader.lay(card);
  const contact = await reader.card(never);
  if (!contact) throw new Error("no card");
  try {
    return await makeCard({ contact, keys, chip: chipOf(card), written, address: ADDRESS }, await uidOf(contact));
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

const uidIn = (card: Card) => toHex(card.uid) as CardUid;
const block = (card: Card, at: number) => memoryOf(card).slice(at * 16, at * 16 + 16);

test("a new MIFARE gets the first ticket and its own keys in every sector, as the gateway expects them", async (t) => {
  const card = blank();
  t.deepEqual(await made(card), { kind: "mifare", before: false, unseen: [] });
  const uid = uidIn(card);
  t.deepEqual(KEYS.open(uid, block(card, 4)), { epoch: 0, counter: 1 });
  const trailers = new Set<string>();
  for (let sector = 0; sector < 16; sector++) {
    const trailer = block(card, sector * 4 + 3);
    t.is(toHex(trailer), toHex(KEYS.sector(uid, "A", sector)) + "78778869" + toHex(KEYS.sector(uid, "B", sector)));
    trailers.add(toHex(trailer));
  }
  t.is(trailers.size, 16);
  t.deepEqual(block(card, 7), block(personalise(blank({ uid: card.uid }), KEYS), 7), "as the simulated school has them");
});

test("with a reader that leaves a card asleep after a wrong key it is the same", async (t) => {
  const card = blank();
  t.like(await made(card, { habits: { sleeps: true } }), { before: false });
  t.like(await made(card, { habits: { sleeps: true } }), { before: true });
  t.is(await made(card, { habits: { sleeps: true }, keys: OTHERS }), "foreign_key");
  t.is(await made(cloneOf(card), { habits: { sleeps: true } }), "magic");
});

test("a card that is whole is left as it is; one that is in use is refused, because its holder would be convicted", async (t) => {
  const card = blank();
  await made(card);
  const before = memoryOf(card).slice();
  t.deepEqual(await made(card), { kind: "mifare", before: true, unseen: [] });
  t.deepEqual(memoryOf(card), before);
  personalise(card, KEYS, { epoch: 3, counter: 17 });
  t.is(await made(card), "used");
  t.deepEqual(KEYS.open(uidIn(card), block(card, 4)), { epoch: 3, counter: 17 });
});

test("pulled away at any command, a MIFARE is made when it is laid there again", async (t) => {
  const counting = createVirtualReader();
  counting.lay(blank());
  const contact = (await counting.card(never))!;
  await makeCard({ contact, keys: KEYS, chip: "mifare", written, address: ADDRESS }, await uidOf(contact));
  for (let at = 1; at < counting.commands(); at += 3) {
    const card = blank();
    const reader = createVirtualReader();
    reader.lay(card);
    reader.pullAfter(at);
    const pulled = (await reader.card(never))!;
    await t.throwsAsync(
      async () => makeCard({ contact: pulled, keys: KEYS, chip: "mifare", written, address: ADDRESS }, await uidOf(pulled)),
      {
        instanceOf: CardGone,
      },
    );
    t.like(await made(card), { kind: "mifare" }, "after " + at);
    t.deepEqual(KEYS.open(uidIn(card), block(card, 4)), { epoch: 0, counter: 1 });
  }
});

test("a copy is refused whatever it can do: a writable block 0, the wake-up, another name than its block 0", async (t) => {
  const original = blank();
  await made(original);
  t.is(await made(cloneOf(original)), "magic", "of a card that is not in use yet");
  t.is(await made(blank({ magic: true })), "magic", "a new one of that kind");
  t.is(await made(blank({ wakes: true })), "magic");
  const renamed = blank();
  memoryOf(renamed)[0] ^= 1;
  t.is(await made(renamed), "magic");
});

test("a reader that cannot reach its PN532 says what it has not looked for", async (t) => {
  t.deepEqual(await made(blank({ wakes: true }), { habits: { passes: false } }), { kind: "mifare", before: false, unseen: ["wake"] });
});

for (const key of ["a396efa4e24f", "a31667a8cec1", "518b3354e760"]) {
  test(`a chip whose maker's key ${key} opens every sector is refused before anything is written`, async (t) => {
    const card = blank({ backdoor: bytes(key) });
    const before = memoryOf(card).slice();
    t.is(await made(card), "backdoor");
    t.deepEqual(memoryOf(card), before);
  });
}

test("a sector that keeps a key everybody knows makes the card a refused one", async (t) => {
  const frozen = blank();
  memoryOf(frozen).set(bytes("778788"), 15 * 64 + 48 + 6);
  t.is(await made(frozen), "default_key");
  const directory = blank();
  memoryOf(directory).set(bytes("a0a1a2a3a4a5"), 48);
  t.like(await made(directory), { kind: "mifare" }, "one that can be changed is changed");
  t.is(toHex(block(directory, 3)).slice(12), "78778869" + toHex(KEYS.sector(uidIn(directory), "B", 0)));
});

test("a card of another school, or with anybody else's key, is refused and not touched", async (t) => {
  const card = blank();
  await made(card);
  const before = memoryOf(card).slice();
  t.is(await made(card, { keys: OTHERS }), "foreign_key");
  t.deepEqual(memoryOf(card), before);
});

test("a telephone and other cards are refused", async (t) => {
  t.is(await made({ uid: bytes("08aabbcc"), kind: "phone", label: "", sak: 0x20 }), "random_uid");
  t.is(await made({ uid: bytes("20aabbcc"), kind: "bank", label: "", sak: 0x20 }), "unsupported");
  t.is(await made(blank({ uid: bytes("04aabbccddeeff") })), "unsupported", "a MIFARE that no terminal would ask for a ticket");
});

let chance = 0;
const random = (count: number) => new Uint8Array(count).map(() => (chance = (chance * 73 + 41) & 255));

function blankNtag(uid: string): { card: Card; keys: readonly Uint8Array[] } {
  const ntag = createBlankNtag(bytes(uid), random);
  return { card: { uid: bytes(uid), kind: "pupil", label: "", sak: 0x20, ntag }, keys: ntag.keys };
}

test("a new NTAG gets our five keys, and the gateway believes what it then says of itself", async (t) => {
  const { card, keys } = blankNtag("04deadbeef0102");
  t.deepEqual(await made(card), { kind: "ntag", before: false, unseen: [] });
  const own = KEYS.sun(uidIn(card));
  t.deepEqual(
    keys.map(toHex),
    [own.rootKey, own.metaKey, own.fileKey, own.rootKey, own.rootKey].map(toHex),
    "nothing of the factory's is left",
  );
  const chip = contactless(card);
  const [select, file, read] = pn532.readNdef();
  for (const apdu of [select, file]) chip.transmit(apdu);
  const answer = chip.transmit(read);
  t.regex(Buffer.from(answer).toString("latin1"), /meals\.example\/t\?p=[0-9A-F]{32}&m=[0-9A-F]{16}/);
  t.like(KEYS.verify(pn532.sunIn(answer)!), { ok: true, uid: uidIn(card) });
  t.deepEqual(await made(card), { kind: "ntag", before: true, unseen: [] });
  t.is(await made(card, { keys: OTHERS }), "foreign_key");
});

test("pulled away at any command, an NTAG is made when it is laid there again", async (t) => {
  for (let at = 1; ; at++) {
    const { card } = blankNtag("04deadbeef" + at.toString(16).padStart(4, "0"));
    const reader = createVirtualReader();
    reader.lay(card);
    reader.pullAfter(at);
    const contact = (await reader.card(never))!;
    const gone = await makeCard({ contact, keys: KEYS, chip: "ntag", written, address: ADDRESS }, uidIn(card)).then(
      () => false,
      (error: unknown) => error instanceof CardGone,
    );
    if (!gone) break;
    t.like(await made(card), { kind: "ntag" }, "after " + at);
  }
});
