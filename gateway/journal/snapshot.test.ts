import { readdirSync } from "node:fs";
import { dirname } from "node:path";
import test from "ava";
import Database from "better-sqlite3";
import { concat, equalBytes, formatNote, leafHash, signatureOf } from "@trapeza/protocol";
import type { Event } from "@trapeza/protocol";
import { sha256 } from "../cipher.js";
import { createSigner } from "../signing.js";
import { ORIGIN, plain, SEED, signer, testOptions, testPath } from "./_journal.test.js";
import { openJournal } from "./journal.js";
import type { Journal, JournalOptions } from "./journal.js";
import { lookAtJournalFile } from "./journal-file.js";
import { recheck } from "./recheck.js";
import type { Rechecked } from "./recheck.js";
import { findSnapshots, formatSnapshotText, keepNote, parseSnapshotText } from "./snapshot.js";
import type { SnapshotHead } from "./snapshot.js";
import { snapshotFolder } from "./snapshot-folder.js";
import type { SnapshotFolder } from "./snapshot-folder.js";

/** A state that depends on every event and its place: the hash over the one before and the event's number. */
class Chain {
  state = new Uint8Array(32);
  folded = 0;
  readonly fold = (event: Event): void => {
    this.state = new Uint8Array(sha256(concat([this.state, new TextEncoder().encode(String(event.seq))])));
    this.folded++;
  };
  readonly restore = (state: Uint8Array): boolean => {
    if (state.length === 32) this.state = state.slice();
    return state.length === 32;
  };
}

interface Opened {
  readonly journal: Journal;
  readonly chain: Chain;
}

function open(path: string, change: Partial<JournalOptions> = {}): Opened {
  const chain = new Chain();
  const restoring = { edition: "1-abc", restore: chain.restore };
  return { journal: openJournal(testOptions(path, { fold: chain.fold, restoring, ...change })), chain };
}

/** Adds events, with an answer to each tenth. */
function add({ journal }: Opened, count: number): void {
  const from = journal.size;
  journal.commit(
    Array.from({ length: count }, (_, i) => {
      const n = Math.floor((from + i) / 10) + 1;
      const key = { terminal: 3, incarnation: 1, n, digest: new Uint8Array(8).fill(n) };
      return (from + i) % 10 === 9 ? { ...plain(from + i, 1), operation: { key, answerIn: () => Uint8Array.of(n) } } : plain(from + i, 1);
    }),
  );
}

function look(path: string, folder: SnapshotFolder | null, keepAfter = 1, edition = "1-abc"): Rechecked {
  const chain = new Chain();
  const file = lookAtJournalFile(path);
  try {
    return recheck({
      ...{ file, origin: ORIGIN, key: signer.key, heads: [], edition, keepAfter, breathe: () => undefined },
      ...{ folder: folder as SnapshotFolder, fold: chain.fold, state: () => chain.state },
    });
  } finally {
    file.close();
  }
}

/** Checks the whole journal and makes the snapshot of what was found. */
function snap(path: string, { journal }: Opened, folder = snapshotFolder(path)): void {
  const { next } = look(path, folder);
  if (next) journal.keepSnapshot(next);
}

/** A closed journal of 700 events with snapshots of the first 300 and the first 600. */
function snapped(): string {
  const path = testPath();
  const opened = open(path);
  for (const count of [300, 300]) {
    add(opened, count);
    snap(path, opened);
  }
  add(opened, 100);
  opened.journal.checkpoint(0);
  opened.journal.close();
  return path;
}

const whole = (path: string): Opened => open(path, { folder: null });

test("a journal opened from its snapshot is the same as one folded from the beginning, and goes on the same", (t) => {
  const path = snapped();
  const from = open(path);
  t.deepEqual(from.journal.opening, { restored: 600, ignored: [] });
  t.is(from.chain.folded, 100);
  const answered = [1, 35, 60, 61, 70].map((n) => from.journal.answers(3, 1, n));
  const roots = [1, 255, 256, 299, 600, 650, 700].map((size) => from.journal.checkpointAt(size).note);
  add(from, 50);
  const head = from.journal.checkpoint(5000);
  from.journal.close();
  const all = whole(path);
  t.is(all.chain.folded, 750);
  t.deepEqual(answered, [1, 35, 60, 61, 70].map((n) => all.journal.answers(3, 1, n))); // prettier-ignore
  t.deepEqual(roots, [1, 255, 256, 299, 600, 650, 700].map((size) => all.journal.checkpointAt(size).note)); // prettier-ignore
  t.deepEqual([all.journal.size, all.journal.lastAnswered(3, 1)], [750, 75]);
  t.deepEqual(head, all.journal.checkpoint(9000));
  all.journal.close();
  const again = open(path);
  t.deepEqual(again.chain.state, all.chain.state);
  again.journal.close();
});

test("two snapshots are kept, and what nobody names is swept away", (t) => {
  const path = testPath();
  const opened = open(path);
  const folder = snapshotFolder(path) as SnapshotFolder;
  folder.write("snapshot-000000000007.body", [Uint8Array.of(1)]);
  for (let i = 0; i < 4; i++) {
    add(opened, 20);
    snap(path, opened);
  }
  const names = ["body", "note"].flatMap((end) => [60, 80].map((size) => `snapshot-${String(size).padStart(12, "0")}.${end}`));
  t.deepEqual(folder.names().sort(), names.sort());
  t.is(look(path, folder, 20).next, null, "not enough has happened for another");
  opened.journal.close();
  t.false(readdirSync(dirname(path)).some((name) => name.endsWith(".part")));
});

/** A folder in which the power goes at the `cut`-th change: a file is then half there, under the name that it has while it is being written. */
function cutting(folder: SnapshotFolder, cut: number): SnapshotFolder {
  let change = 0;
  const powered = (half: () => void): void => {
    if (change++ < cut) return;
    if (change === cut + 1) half();
    throw new Error("no power");
  };
  return {
    ...folder,
    write: (name, parts) => {
      const all = concat(parts);
      powered(() => folder.write(name + ".part", [all.subarray(0, all.length / 2)]));
      folder.write(name, parts);
      powered(() => undefined);
    },
    remove: (name) => {
      powered(() => undefined);
      folder.remove(name);
    },
  };
}

test("cut at each write of a snapshot, the next start comes to the same state, and the next snapshot succeeds", (t) => {
  let cuts = 0;
  for (let cut = 0, powerless = true; powerless; cut++) {
    const path = snapped();
    const folder = snapshotFolder(path) as SnapshotFolder;
    const opened = open(path, { folder: cutting(folder, cut) });
    powerless = false;
    try {
      snap(path, opened, cutting(folder, cut));
    } catch (error) {
      t.is((error as Error).message, "no power");
      powerless = true;
      cuts++;
    }
    opened.journal.close();
    const again = open(path);
    t.deepEqual(again.chain.state, whole(path).chain.state, `cut ${cut}`);
    t.true(again.journal.opening.restored >= 600, `cut ${cut}`);
    add(again, 1);
    snap(path, again);
    t.deepEqual(look(path, folder).wrong, []);
    t.is(findSnapshots(folder, ORIGIN, signer.key)[0].head?.size, 701);
    again.journal.close();
  }
  t.true(cuts >= 4, `${cuts}`);
});

test("any flipped byte of a snapshot's files: it is ignored with the reason, and the one before it is used", (t) => {
  const path = snapped();
  const state = whole(path).chain.state;
  const folder = snapshotFolder(path) as SnapshotFolder;
  const places: [string, number][] = [];
  for (const end of ["note", "body"]) {
    const name = `snapshot-000000000600.${end}`;
    const { length } = folder.read(name);
    for (let at = 0; at < length; at += end === "note" ? 3 : 23) places.push([name, at]);
  }
  for (const [name, at] of places) {
    const bytes = folder.read(name);
    folder.write(name, [bytes.map((byte, i) => (i === at ? byte ^ 1 : byte))]);
    const { journal, chain } = open(path);
    t.is(journal.opening.restored, 300, `${name} at ${at}`);
    t.is(journal.opening.ignored.length, 1);
    t.true(equalBytes(chain.state, state));
    journal.close();
    folder.write(name, [bytes]);
  }
});

test("a torn body, a missing one, and a note that is no text", (t) => {
  const reasonFor = (damage: (folder: SnapshotFolder) => void): string => {
    const path = snapped();
    damage(snapshotFolder(path) as SnapshotFolder);
    const { journal } = open(path);
    t.is(journal.opening.restored, 300);
    journal.close();
    return journal.opening.ignored.join();
  };
  const [body, note] = ["snapshot-000000000600.body", "snapshot-000000000600.note"];
  t.is(reasonFor((folder) => folder.write(body, [folder.read(body).subarray(0, 40)])), "snapshot-000000000600: its body is torn"); // prettier-ignore
  t.is(reasonFor((folder) => folder.remove(body)), "snapshot-000000000600: its body is missing"); // prettier-ignore
  t.is(reasonFor((folder) => folder.write(note, [Uint8Array.of(255, 0)])), "snapshot-000000000600: its note is malformed"); // prettier-ignore
});

/** Puts another note over a snapshot of 600 events, signed by whom it says. */
function renote(path: string, change: (head: SnapshotHead) => SnapshotHead, by = signer): void {
  const folder = snapshotFolder(path) as SnapshotFolder;
  const found = findSnapshots(folder, ORIGIN, signer.key).find(({ head }) => head?.size === 600)?.head as SnapshotHead;
  const text = formatSnapshotText(change(found));
  folder.write("snapshot-000000000600.note", [new TextEncoder().encode(formatNote({ text, signatures: [signatureOf(text, by)] }))]);
}

test("a snapshot of another epoch, another gateway or other rules is not used", (t) => {
  const other = ORIGIN.replace(/1$/, "2");
  const cases: [string, (path: string) => void][] = [
    [`it is of ${other}`, (path) => renote(path, (head) => ({ ...head, origin: other }))],
    ["its note is not signed by this gateway", (path) => renote(path, (head) => head, createSigner(ORIGIN, sha256(SEED)))],
    ["it was made by edition 2-abc of the rules", (path) => renote(path, (head) => ({ ...head, edition: "2-abc" }))],
  ];
  for (const [why, change] of cases) {
    const path = snapped();
    change(path);
    const { journal, chain } = open(path);
    t.deepEqual([journal.opening.restored, journal.opening.ignored], [300, ["snapshot-000000000600: " + why]]);
    t.deepEqual(chain.state, whole(path).chain.state);
    journal.close();
  }
});

test("a journal that is shorter than its snapshot, or has another root, does not start", (t) => {
  const path = snapped();
  const folder = snapshotFolder(path) as SnapshotFolder;
  const short = testPath();
  const opened = open(short);
  add(opened, 590);
  opened.journal.close();
  const beside = snapshotFolder(short) as SnapshotFolder;
  for (const name of folder.names()) beside.write(name, [folder.read(name)]);
  // The salts are seeded, so the first 590 events are the same in both.
  t.throws(() => open(short), {
    message:
      "the journal is damaged at one of the events 590–599: missing, but the checkpoint of size 600 signed here in a snapshot covers them",
  });
  renote(path, (head) => ({ ...head, root: sha256(head.root) }));
  t.throws(() => open(path), {
    message: /^the journal is damaged at one of the events 0–599: they do not give the root in the checkpoint of size 600/,
  });
});

test("an event changed under a snapshot is not seen by the start, and is named by the check that follows it", (t) => {
  const path = snapped();
  const database = new Database(path);
  const row = database.prepare("SELECT salt, event FROM entries_0 WHERE seq = 41").get() as { salt: Buffer; event: Buffer };
  row.event[1] ^= 1;
  const leaf = leafHash(sha256, concat([row.salt, row.event]));
  database.prepare("UPDATE entries_0 SET event = ?, leaf = ? WHERE seq = 41").run(row.event, leaf);
  database.close();
  const { journal } = open(path);
  t.is(journal.opening.restored, 600);
  t.deepEqual(look(path, snapshotFolder(path)).firstBad, {
    ...{ seq: 0, upTo: 299 },
    what: "they do not give the root in the checkpoint of size 300 signed here in a snapshot",
  });
  journal.close();
  t.throws(() => whole(path), { message: /^the journal is damaged at one of the events 0–699: / });
});

test("an answer changed under a snapshot is named by the check, and not given to whoever asks for it", (t) => {
  const path = snapped();
  const database = new Database(path);
  database.exec("UPDATE answers_0 SET answer = x'00' WHERE id = 20");
  database.close();
  const { journal } = open(path);
  t.deepEqual(look(path, snapshotFolder(path)).firstBad, { seq: 200, upTo: 699, what: "answer 20: the row does not match its checksum" });
  t.throws(() => journal.answers(3, 1, 21), { message: "answer 20: the row does not match its checksum" });
  journal.close();
});

test("a snapshot whose state is not what the events come to is found out, even when it is well signed", (t) => {
  const path = snapped();
  const folder = snapshotFolder(path) as SnapshotFolder;
  const name = "snapshot-000000000600.body";
  const bytes = folder.read(name);
  bytes[bytes.length - 1] ^= 1;
  folder.write(name, [bytes]);
  renote(path, (head) => ({
    ...head,
    sections: { ...head.sections, state: { bytes: 32, hash: sha256(bytes.subarray(bytes.length - 32)) } },
  }));
  const { journal, chain } = open(path);
  t.is(journal.opening.restored, 600);
  t.notDeepEqual(chain.state, whole(path).chain.state);
  t.deepEqual(look(path, folder).wrong, ["snapshot-000000000600"]);
  journal.close();
});

test("a body that comes from other entries is not signed", (t) => {
  const path = testPath();
  const opened = open(path);
  add(opened, 30);
  const { next } = look(path, snapshotFolder(path));
  const head = next as SnapshotHead;
  t.regex(
    opened.journal.keepSnapshot({ ...head, root: sha256(head.root) }) ?? "",
    /^its entries give the root [0-9a-f]{64}, at that size it was /,
  );
  t.regex(opened.journal.keepSnapshot({ ...head, size: 31 }) ?? "", /^it is of 31 entries/);
  t.deepEqual(findSnapshots(snapshotFolder(path) as SnapshotFolder, ORIGIN, signer.key), []);
  t.is(opened.journal.keepSnapshot(head), null);
  opened.journal.close();
});

test("a snapshot's text is read as it was written, and no other text is", (t) => {
  const section = { bytes: 5, hash: sha256(Uint8Array.of(5)) };
  const head = {
    origin: ORIGIN,
    size: 12,
    root: sha256(Uint8Array.of(1)),
    edition: "3-abc",
    sections: { blocks: section, answers: section, state: section },
  };
  const text = formatSnapshotText(head);
  t.deepEqual(parseSnapshotText(text), head);
  for (let at = 0; at < text.length; at++) t.is(parseSnapshotText(text.slice(0, at)), null);
  t.is(parseSnapshotText(text.replace("answers", "state")), null);
  t.is(parseSnapshotText(text.replace("size 12", "size -12")), null);
  const folder = snapshotFolder(testPath()) as SnapshotFolder;
  keepNote(folder, head, signer);
  t.deepEqual(findSnapshots(folder, ORIGIN, signer.key).map((found) => found.head), [head]); // prettier-ignore
});
