import { createCipheriv } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { createTree, decodeWhole, eventSchema, fromHex, REASONS, sunMac } from "@trapeza/protocol";
import type { CardUid, Directive, Result, Up } from "@trapeza/protocol";
import { CASHIER, KIOSK, openWorld, PUPIL, rub, SCHOOL, SECRET, Speaker, TILL, TODAY, WALL, when } from "./_school.test.js";
import type { World } from "./_school.test.js";
import { cardKeys } from "./card-keys.js";
import { sha256 } from "./cipher.js";

const KEYS = cardKeys(SECRET);
const NTAG = "04a1b2c3d4e5f6" as CardUid;
type Blocks = [Uint8Array, Uint8Array];
type Answer = Extract<Result, { kind: "Ticket" }>;

const fresh = (uid: CardUid): Blocks => [KEYS.seal(uid, { epoch: 0, counter: 1 }), new Uint8Array(16)];

interface Stage {
  readonly world: World;
  readonly till: Speaker;
  readonly kiosk: Speaker;
  readonly wall: Speaker;
}

function openStage(directives: readonly Directive[] = SCHOOL, path?: string): Stage {
  const world = openWorld(path, directives);
  const [till, kiosk, wall] = [
    new Speaker(world, TILL, "settlement"),
    new Speaker(world, KIOSK, "payment"),
    new Speaker(world, WALL, "information"),
  ];
  for (const one of [till, kiosk, wall]) one.greet();
  till.ask({ kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: rub(0) });
  return { world, till, kiosk, wall };
}

const tapped = (speaker: Speaker, uid = PUPIL, sun: Uint8Array | null = null) => speaker.ask({ kind: "Tap", uid, total: rub(20), sun });
const holder = (result: Result | null) => (result?.kind === "Holder" ? result : null);
const refusedFor = (result: Result | null) => (result?.kind === "Refused" ? result.reason : 0);

function read(speaker: Speaker, handle: number, blocks: Blocks, challenge = 0): Answer | null {
  const [first, second] = blocks;
  const answer = speaker.ask({ kind: "Ticket", handle, challenge, what: "read", first, second });
  return answer?.kind === "Ticket" ? answer : null;
}

const word = (speaker: Speaker, handle: number, what: "written" | "locked") =>
  speaker.ask({ kind: "Ticket", handle, challenge: 0, what, first: null, second: null } as Up);

/** One tap as a terminal makes it: read, written, told; read once more when that is wanted. */
function whole(speaker: Speaker, blocks: Blocks): Answer["verdict"] | "nobody" {
  const found = holder(tapped(speaker));
  if (!found) return "nobody";
  let answer = read(speaker, found.handle, blocks);
  if (answer?.verdict === "reread") answer = read(speaker, found.handle, blocks, answer.challenge);
  if (!answer) return "nobody";
  if (answer.write) {
    blocks[answer.second ? 1 : 0] = answer.write;
    word(speaker, found.handle, "written");
  }
  return answer.verdict;
}

function suspected({ world }: Stage): number {
  return world.school.cards.get(PUPIL)?.suspect ? 1 : 0;
}

test("a tap brings the key of its card; what is read is answered with the next ticket for the older block", (t) => {
  const { till } = openStage();
  const found = holder(tapped(till));
  t.deepEqual(found?.ticketKey, KEYS.sector(PUPIL, "B"));
  t.false(found?.suspect);
  const answer = read(till, found!.handle, fresh(PUPIL));
  t.like(answer, { verdict: "good", second: true });
  t.deepEqual(KEYS.open(PUPIL, answer!.write!), { epoch: 1, counter: 2 });
});

test("the same question twice is one tap, and its ticket is not issued again", (t) => {
  const { till } = openStage();
  const { handle } = holder(tapped(till))!;
  const first = read(till, handle, fresh(PUPIL));
  t.deepEqual(read(till, handle, fresh(PUPIL)), first);
  const next = holder(tapped(till))!;
  t.notDeepEqual(read(till, next.handle, fresh(PUPIL))?.write, first?.write);
});

test("a handle is good for its own terminal and for a minute", (t) => {
  const { world, till, kiosk } = openStage();
  const { handle } = holder(tapped(till))!;
  t.is(read(kiosk, handle, fresh(PUPIL)), null);
  world.time.nowMs += 61_000;
  t.is(refusedFor(word(till, handle, "written")), REASONS.stale_session);
});

test("of a card and its copy the one left behind is found out once; kiosk and wall refuse, the till sells by face", (t) => {
  const stage = openStage();
  const { world, till, kiosk, wall } = stage;
  const card = fresh(PUPIL);
  t.is(whole(till, card), "good");
  const copy: Blocks = [...card];
  t.is(whole(kiosk, card), "good");
  t.is(whole(wall, copy), "suspect");
  t.is(suspected(stage), 1);
  t.is(refusedFor(tapped(kiosk)), REASONS.card_suspect);
  t.is(refusedFor(tapped(wall)), REASONS.card_suspect);
  const size = world.journal.size;
  const found = holder(tapped(till));
  t.true(found?.suspect);
  t.is(found?.ticketKey, null);
  const sold = till.ask({
    ...{ kind: "Sale", n: 2, when, handle: found!.handle, lines: [{ dish: 101, quantity: 1 }], total: rub(20), menuVersion: 1 },
    override: "none",
  } as Up);
  t.is(sold?.kind, "Sold");
  t.is(world.journal.size, size + 1);
  t.is(world.school.accounts.get(1)?.additional as number, rub(180));
});

test("the conviction names both places and both times", (t) => {
  const { world, till, kiosk, wall } = openStage();
  const card = fresh(PUPIL);
  whole(till, card);
  const copy: Blocks = [...card];
  world.time.nowMs += 1000;
  whole(kiosk, card);
  const otherAtMs = world.time.nowMs;
  world.time.nowMs += 60_000;
  const before = world.journal.size;
  whole(wall, copy);
  t.is(world.journal.size, before + 1);
  // An entry is its salt and the event.
  const event = decodeWhole(eventSchema, world.journal.entries(before, before + 1, 1e6, 1)[0].slice(16));
  if (!event.ok) return t.fail();
  t.like(event.value.body, { kind: "CardSuspected", uid: PUPIL, terminal: WALL, otherTerminal: KIOSK, otherAtMs, atMs: world.time.nowMs });
});

test("one stale frame convicts nobody, nor does one with a block unread, nor the first answer again", (t) => {
  const stage = openStage();
  const { till } = stage;
  const card = fresh(PUPIL);
  const old: Blocks = [...card];
  whole(till, card);
  const { handle } = holder(tapped(till))!;
  const again = read(till, handle, old);
  t.is(again?.verdict, "reread");
  t.deepEqual(read(till, handle, old), again);
  const partly = till.ask({ kind: "Ticket", handle, challenge: again!.challenge, what: "read", first: old[0], second: null });
  t.like(partly, { verdict: "reread" });
  t.is(suspected(stage), 0);
  // The card itself, read once more, is good.
  const { challenge } = partly as Answer;
  t.is(read(till, handle, card, challenge)?.verdict, "good");
});

test("a card that the office lets go again is believed once, and a copy of it is found out again", (t) => {
  const directives = [...SCHOOL];
  const stage = openStage(directives);
  const { world, till, kiosk, wall } = stage;
  const card = fresh(PUPIL);
  whole(till, card);
  const copy: Blocks = [...card];
  whole(kiosk, card);
  t.is(whole(wall, copy), "suspect");
  const own = SCHOOL.find((one) => one.kind === "SetCard" && one.uid === PUPIL) as Directive;
  const tree = createTree(sha256, world.journal.directives);
  tree.append(sha256(new Uint8Array(1)));
  world.gateway.applyDirectives([own], tree.edge());
  t.is(suspected(stage), 0);
  // Written anew at the desk, or just looked at: both are good, and roll on above all that was issued.
  t.is(whole(wall, fresh(PUPIL)), "good");
  t.is(whole(wall, copy), "suspect");
});

test("a card held to two terminals within a moment is a hint, and no more", (t) => {
  const stage = openStage();
  const { world, till, wall } = stage;
  tapped(till);
  world.time.nowMs += 500;
  t.is(tapped(wall)?.kind, "Holder");
  t.deepEqual(world.gateway.cardTroubles(), { refusedKey: 0, twoPlaces: 1 });
  t.is(suspected(stage), 0);
  const other = openStage();
  tapped(other.till);
  other.world.time.nowMs += 2000;
  tapped(other.wall);
  t.is(other.world.gateway.cardTroubles().twoPlaces, 0);
});

test("a card that does not know its key is asked no more that day; one that had known it three times is an alarm", (t) => {
  const { world, till } = openStage();
  const plain = holder(tapped(till))!;
  t.like(word(till, plain.handle, "locked"), { kind: "Ticket", verdict: "good", write: null });
  t.is(holder(tapped(till))?.ticketKey, null);
  t.is(world.gateway.cardTroubles().refusedKey, 0);
  const other = openStage();
  whole(other.till, fresh(PUPIL));
  for (let i = 0; i < 3; i++) {
    t.is(other.world.gateway.cardTroubles().refusedKey, 0);
    word(other.till, holder(tapped(other.till))!.handle, "locked");
  }
  t.is(other.world.gateway.cardTroubles().refusedKey, 1);
  other.world.time.nowMs += 86_400_000;
  other.world.gateway.flush();
  t.is(other.world.gateway.cardTroubles().refusedKey, 0);
});

test("what is known of a card survives a restart", (t) => {
  const path = join(mkdtempSync(join(tmpdir(), "trapeza-cards-")), "journal.sqlite");
  const { world, till } = openStage(SCHOOL, path);
  const card = fresh(PUPIL);
  const old: Blocks = [...card];
  whole(till, card);
  world.journal.close();
  const again = openWorld(path, SCHOOL);
  const wall = new Speaker(again, WALL, "information");
  wall.greet();
  t.is(whole(wall, old), "suspect");
  again.journal.close();
});

const encryptBlock = (key: Uint8Array, block: Uint8Array): Uint8Array =>
  new Uint8Array(createCipheriv("aes-128-ecb", key, null).setAutoPadding(false).update(block));

function messageOf(uid: CardUid, counter: number, keys = KEYS.sun(uid)): Uint8Array {
  const plain = new Uint8Array(16);
  const raw = fromHex(uid)!;
  plain.set([0xc7, ...raw, counter & 255, (counter >> 8) & 255, counter >> 16]);
  return Uint8Array.from([...encryptBlock(keys.metaKey, plain), ...sunMac(encryptBlock, keys.fileKey, raw, counter, new Uint8Array(0))]);
}

const ntag: Directive = {
  ...{ kind: "SetCard", uid: NTAG, number: "77", holder: "pupil", account: 1, staff: null, state: "active", by: "operator" },
  validThrough: (TODAY + 300) as typeof TODAY,
};

test("an NTAG's message is good once; heard again, older, of another card or with another key it is not", (t) => {
  const { world, till, wall } = openStage([...SCHOOL, ntag]);
  t.is(tapped(till, NTAG, messageOf(NTAG, 7))?.kind, "Holder");
  t.is(holder(tapped(till, NTAG, messageOf(NTAG, 8)))?.ticketKey, null);
  // The terminal asks again because it heard no answer.
  t.is(tapped(till, NTAG, messageOf(NTAG, 8))?.kind, "Holder");
  t.is(refusedFor(tapped(wall, NTAG, messageOf(NTAG, 8))), REASONS.card_suspect);
  world.time.nowMs += 6000;
  t.is(refusedFor(tapped(till, NTAG, messageOf(NTAG, 8))), REASONS.card_suspect);
  t.is(refusedFor(tapped(till, NTAG, messageOf(NTAG, 7))), REASONS.card_suspect);
  t.is(refusedFor(tapped(till, PUPIL, messageOf(NTAG, 9))), REASONS.card_suspect);
  const wrong = { ...KEYS.sun(NTAG), fileKey: new Uint8Array(16) };
  t.is(refusedFor(tapped(till, NTAG, messageOf(NTAG, 10, wrong))), REASONS.card_suspect);
  t.is(refusedFor(tapped(till, NTAG, new Uint8Array(24))), REASONS.card_suspect);
  // Its own next one is good, and nobody was convicted for what another did.
  t.is(tapped(till, NTAG, messageOf(NTAG, 11))?.kind, "Holder");
  t.false(world.school.cards.get(NTAG)?.suspect);
});

test("a card that has proved itself must go on proving itself; one that never has is taken as it is", (t) => {
  const { till } = openStage([...SCHOOL, ntag]);
  t.is(holder(tapped(till, NTAG))?.ticketKey, null);
  t.is(tapped(till, NTAG, new Uint8Array(24).fill(9))?.kind, "Holder");
  t.is(tapped(till, NTAG, messageOf(NTAG, 1))?.kind, "Holder");
  t.is(refusedFor(tapped(till, NTAG)), REASONS.card_unreadable);
  t.is(refusedFor(tapped(till, "04ffffffffffff" as CardUid, messageOf("04ffffffffffff" as CardUid, 1))), REASONS.unknown_card);
});
