import { mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { apply, cosignCheckpoint, createSchool, encodeSchool, formatNote, journalOrigin, parseNote, toHex } from "@trapeza/protocol";
import type { EpochAnswer, School } from "@trapeza/protocol";
import { KIOSK, openWorld, PUPIL, rub, Speaker, when } from "./_school.test.js";
import { keepDirectiveEdge, keepEpoch, keptInheritance } from "./epoch-file.js";
import type { Inheritance } from "./inheritance.js";
import { isInheritedRight, takeInheritance } from "./inherited-snapshot.js";
import type { Heirloom } from "./inherited-snapshot.js";
import { cosigner, seededRandom, signer as first } from "./journal/_journal.test.js";
import { createSigner } from "./signing.js";

const HOUSE = "trapeza.example";
const ORIGIN = journalOrigin(HOUSE, 7, 3);
const own = createSigner(ORIGIN, seededRandom("third")(32));
const HEIR = { house: HOUSE, school: 7, cosigner: cosigner.key };

/** The folder of a school's third gateway: a first epoch with a note in it, and a second that was never used. */
async function folder(): Promise<Heirloom> {
  const dataDir = mkdtempSync(join(tmpdir(), "trapeza-inherited-"));
  const { gateway, journal, sent, school } = openWorld();
  const kiosk = new Speaker({ gateway, sent }, KIOSK, "payment");
  kiosk.greet();
  kiosk.ask({ kind: "NoteStacked", n: 1, when, payee: { kind: "card", uid: PUPIL }, purse: "main", visit: 1, note: rub(100) });
  const { size } = journal;
  const note = parseNote(journal.checkpointAt(size).note);
  const checkpoint = note.ok ? formatNote(cosignCheckpoint(note.value, cosigner, 1)) : "";
  const page = { epoch: 1, key: first.key.publicKey, size, from: 0, entries: journal.entries(0, size, 1e9, 1e6), checkpoint };
  const unused = { epoch: 2, key: seededRandom("second")(32), size: 0, from: 0, entries: [], checkpoint: "" };
  const once = async function* (one: EpochAnswer) {
    yield one;
  };
  await keepEpoch(dataDir, 1, once(page));
  await keepEpoch(dataDir, 2, once(unused));
  keepDirectiveEdge(dataDir, { size: school.directives, hashes: [] });
  return { dataDir, epoch: 3, origin: ORIGIN, heir: HEIR, key: own.key };
}

interface Taken {
  readonly isRestored: boolean;
  readonly ignored: string | null;
  readonly state: string;
  readonly inheritance: Inheritance;
}

function take(heirloom: Heirloom): Taken {
  const school = createSchool();
  const taken = takeInheritance(heirloom, own, school);
  if (!taken) throw new Error("nothing was inherited");
  return { ...taken, state: toHex(encodeSchool(school)) };
}

/** What the background check does. */
function isRight(heirloom: Heirloom): boolean {
  const school: School = createSchool();
  const inheritance = keptInheritance(heirloom.dataDir, heirloom.epoch, HEIR, (event) => apply(school, event));
  return inheritance !== null && isInheritedRight(heirloom, inheritance, school);
}

const fileIn = ({ dataDir }: Heirloom, name: string): string => join(dataDir, "epochs", name);

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[(at + bytes.length) % bytes.length] ^= 1;
  writeFileSync(path, bytes);
}

test("closed epochs are folded at the first start, and taken from a snapshot at the next", async (t) => {
  const heirloom = await folder();
  const [one, two] = [take(heirloom), take(heirloom)];
  t.deepEqual([one.isRestored, two.isRestored], [false, true]);
  t.is(two.state, one.state);
  t.deepEqual(two.inheritance.bytes(), one.inheritance.bytes());
  t.deepEqual(two.inheritance.previous, one.inheritance.previous);
  t.deepEqual(two.inheritance.rows(), one.inheritance.rows());
  t.is(two.inheritance.upTo(KIOSK, 1), 1);
  t.is(two.inheritance.operation(KIOSK, 1, 1)?.events[0]?.body.kind, "TopUpCredited");
  t.true(isRight(heirloom));
});

test("a start from that snapshot reads no entry; the check behind it does", async (t) => {
  const heirloom = await folder();
  take(heirloom);
  flip(fileIn(heirloom, "1.epoch"), -30);
  t.true(take(heirloom).isRestored);
  t.throws(() => isRight(heirloom), { message: /epoch 1 of this school is not what was signed/ });
});

test("a snapshot of the epochs that was changed, or is another's, is not used and made anew", async (t) => {
  for (const spoil of ["body", "note", "rules", "gateway", "torn"] as const) {
    const heirloom = await folder();
    const { state } = take(heirloom);
    const [body, note] = ["snapshot-inherited.body", "snapshot-inherited.note"].map((name) => fileIn(heirloom, name));
    if (spoil === "body") flip(body, 40);
    if (spoil === "torn") truncateSync(body, 20);
    if (spoil === "note") flip(note, 20);
    if (spoil === "rules") writeFileSync(note, readFileSync(note, "utf8").replace(/rules 1/, "rules 0"));
    const origin = journalOrigin(HOUSE, 7, 4);
    const taken = take(spoil === "gateway" ? { ...heirloom, origin, key: createSigner(origin, seededRandom("third")(32)).key } : heirloom);
    t.false(taken.isRestored, spoil);
    t.truthy(taken.ignored, spoil);
    t.is(taken.state, state);
    if (spoil !== "gateway") t.true(take(heirloom).isRestored, "the one made anew is good");
  }
});

test("an epoch's file that was cut off or put aside is noticed at the start itself", async (t) => {
  const heirloom = await folder();
  take(heirloom);
  const path = fileIn(heirloom, "1.epoch");
  truncateSync(path, readFileSync(path).length - 10);
  t.throws(() => take(heirloom), { message: /broken off/ });
  t.throws(() => take({ ...heirloom, epoch: 4 }), { message: /epoch 3 of this school is missing/ });
});

test("the head that the cloud has cosigned stands above the snapshot", async (t) => {
  const heirloom = await folder();
  take(heirloom);
  const stranger = createSigner("cloud", seededRandom("another cloud")(32)).key;
  t.throws(() => take({ ...heirloom, heir: { ...HEIR, cosigner: { ...cosigner.key, publicKey: stranger.publicKey } } }), {
    message: /not what was signed/,
  });
  t.deepEqual(readdirSync(join(heirloom.dataDir, "epochs")).length, 5);
});
