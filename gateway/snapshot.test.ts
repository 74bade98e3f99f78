import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test from "ava";
import { apply, createSchool, decodeSchool, encodeSchool, toHex } from "@trapeza/protocol";
import type { School, Up } from "@trapeza/protocol";
import { EDITION } from "./edition.js";
import { ORIGIN, signer, testPath } from "./journal/_journal.test.js";
import { lookAtJournalFile } from "./journal/journal-file.js";
import { recheck } from "./journal/recheck.js";
import type { Rechecked } from "./journal/recheck.js";
import { snapshotFolder } from "./journal/snapshot-folder.js";
import type { SnapshotFolder } from "./journal/snapshot-folder.js";
import { Keeper } from "./keeper.js";
import type { KeeperOptions, RecheckReport } from "./keeper.js";
import { CASHIER, KIOSK, openWorld, PUPIL, rub, SCHOOL, Speaker, TILL, when } from "./_school.test.js";
import type { World } from "./_school.test.js";

function look(path: string): Rechecked {
  const school = createSchool();
  const file = lookAtJournalFile(path);
  try {
    return recheck({
      ...{ file, folder: snapshotFolder(path) as SnapshotFolder, origin: ORIGIN, key: signer.key, heads: [] },
      ...{ edition: EDITION, keepAfter: 1, breathe: () => undefined },
      ...{ fold: (event) => apply(school, event), state: () => encodeSchool(school) },
    });
  } finally {
    file.close();
  }
}

/** Opens the gateway again, as it starts in a school: from a snapshot when there is one. */
function reopened(path: string): { world: World; folded: number } {
  let folded = 0;
  const restore = (school: School) => ({
    edition: EDITION,
    restore: (state: Uint8Array) => {
      const decoded = decodeSchool(state);
      if (decoded.ok) Object.assign(school, decoded.value);
      return decoded.ok;
    },
  });
  const world = openWorld(path, SCHOOL, true, {}, (school) => ({
    restoring: restore(school),
    fold: (event) => {
      folded++;
      apply(school, event);
    },
  }));
  return { world, folded };
}

function sell(till: Speaker, n: number): unknown {
  const holder = till.ask({ kind: "Tap", uid: PUPIL, total: rub(20), sun: null });
  const handle = holder?.kind === "Holder" ? holder.handle : 0;
  const sale: Up = { kind: "Sale", n, when, handle, lines: [{ dish: 101, quantity: 1 }], total: rub(20), menuVersion: 0, override: "none" };
  return till.ask(sale);
}

test("a gateway that begins with a snapshot sells and answers like one that has folded every event", (t) => {
  const path = testPath();
  const first = openWorld(path);
  const till = new Speaker(first, TILL, "settlement");
  const kiosk = new Speaker(first, KIOSK, "payment");
  till.greet();
  kiosk.greet();
  const shift: Up = { kind: "Shift", n: 1, when, action: "open", uid: CASHIER, declared: rub(0) };
  t.like(till.ask(shift), { kind: "ShiftDone" });
  t.like(sell(till, 2), { kind: "Sold" });
  const { next } = look(path);
  t.is(next && first.journal.keepSnapshot(next), null);
  const note: Up = { kind: "NoteStacked", n: 1, when, payee: { kind: "card", uid: PUPIL }, purse: "additional", note: rub(100), visit: 1 };
  const credited = kiosk.ask(note);
  t.like(credited, { kind: "Credited" });
  first.journal.close();

  const { world, folded } = reopened(path);
  t.true(folded >= 1 && folded < 4, `${folded} events after the snapshot`);
  t.true(world.journal.opening.restored > SCHOOL.length);
  const whole = openWorld(path);
  t.is(toHex(encodeSchool(world.school)), toHex(encodeSchool(whole.school)));
  whole.journal.close();
  for (const speaker of [till, kiosk]) Object.assign(speaker, { world, bootEpoch: 2, k: 0 });
  till.greet();
  kiosk.greet();
  t.deepEqual(kiosk.ask(note), credited, "asked again, it says the same");
  t.like(sell(till, 3), { kind: "Sold", additional: rub(200 - 20 - 20 + 100) });
  world.journal.close();
});

function keeperOn(
  world: World,
  path: string,
  reports: RecheckReport[],
  more: Partial<KeeperOptions> = {},
): { keeper: Keeper; runs: number[] } {
  const runs: number[] = [];
  const log = { info: () => undefined, warn: () => undefined };
  const keeper = new Keeper({
    ...{ journal: world.journal, path, key: signer.key, folder: snapshotFolder(path) as SnapshotFolder, log },
    run: async (job) => {
      runs.push(job.heads.length);
      return reports.shift() ?? Promise.reject(new Error("killed"));
    },
    ...more,
  });
  return { keeper, runs };
}

test("the journal is read again after a start from a snapshot, and not at all when everything was folded and little has happened", async (t) => {
  const path = testPath();
  const first = openWorld(path);
  const { next } = look(path);
  t.is(next && first.journal.keepSnapshot(next), null);
  const idle = keeperOn(first, path, []);
  t.deepEqual([await idle.keeper.step(), await idle.keeper.step()].map(({ waitMs }) => waitMs), [20_000, 60_000]); // prettier-ignore
  t.is(idle.runs.length, 0);
  first.journal.close();
  const { world } = reopened(path);
  world.journal.checkpoint(0);
  const good = keeperOn(world, path, [{ size: world.journal.size, firstBad: null, wrong: [], next: "" }]);
  await good.keeper.step();
  await good.keeper.step();
  await good.keeper.step();
  t.deepEqual([good.runs, good.keeper.trouble], [[1], null]);
  const failing = keeperOn(world, path, []);
  await failing.keeper.step();
  t.is((await failing.keeper.step()).waitMs, 3600_000, "a check that was killed says nothing about the journal");
  t.is(failing.keeper.trouble, null);
  world.journal.close();
});

test("what the check finds is an alarm, and the snapshots go", async (t) => {
  const damaged = { size: 9, firstBad: { seq: 4, upTo: 4, what: "its bytes do not give its leaf hash" }, wrong: [], next: "" };
  const names = (path: string): string[] => (snapshotFolder(path) as SnapshotFolder).names();
  for (const report of [damaged, { size: 9, firstBad: null, wrong: ["snapshot"], next: "" }]) {
    const path = testPath();
    const first = openWorld(path);
    const { next } = look(path);
    t.is(next && first.journal.keepSnapshot(next), null);
    first.journal.close();
    const { world } = reopened(path);
    const wrong = report.wrong.map(() => names(path)[0]?.replace(/\.\w+$/, "") ?? "");
    const { keeper } = keeperOn(world, path, [{ ...report, wrong }]);
    await keeper.step();
    await keeper.step();
    t.deepEqual(names(path), []);
    t.deepEqual(
      keeper.trouble,
      report.firstBad
        ? { kind: "damaged", what: "the journal is damaged at event 4: its bytes do not give its leaf hash" }
        : { kind: "snapshot", size: world.journal.opening.restored },
    );
    world.journal.close();
  }
});

test("a check that finds the epochs before, or their snapshot, to be wrong is an alarm, and that snapshot goes", async (t) => {
  for (const found of [{ epochs: "epoch 1 of this school is not what was signed: …" }, { wrongEpochs: true }]) {
    const path = testPath();
    const dataDir = dirname(path);
    mkdirSync(join(dataDir, "epochs"));
    for (const end of ["body", "note"]) writeFileSync(join(dataDir, "epochs", "snapshot-inherited." + end), "");
    const world = openWorld(path);
    const report: RecheckReport = { size: world.journal.size, firstBad: null, wrong: [], next: "", ...found };
    const epochs = { dataDir, house: "trapeza.example", school: 7, epoch: 2, cosigner: "" };
    const { keeper } = keeperOn(world, path, [report], { epochs, isInheritedUnread: true });
    await keeper.step();
    await keeper.step();
    t.deepEqual(keeper.trouble, found.epochs ? { kind: "damaged", what: found.epochs } : { kind: "snapshot", size: 0 });
    t.deepEqual(readdirSync(join(dataDir, "epochs")), []);
    world.journal.close();
  }
});
