import test from "ava";
import {
  cosignCheckpoint,
  createTree,
  decodeWhole,
  encode,
  eventsAnswer,
  eventsUpload,
  formatNote,
  leafHash,
  openCheckpoint,
} from "@trapeza/protocol";
import type { EventsAnswer } from "@trapeza/protocol";
import { backoffMs, MAX_BACKOFF_MS } from "./backoff.js";
import type { CloudTransport } from "./cloud-client.js";
import { sha256 } from "./cipher.js";
import { cosigner, ORIGIN, plain, signer, testOptions, testPath } from "./journal/_journal.test.js";
import { openJournal } from "./journal/journal.js";
import { verifySignature } from "./signing.js";
import { Uplink } from "./uplink.js";

const silent = { info: () => undefined, warn: () => undefined };
type Upload = { from: number; entries: Uint8Array[]; checkpoint: string };

/** A cloud that keeps leaves, refuses gaps and cosigns what leads to the signed root. `says` overrules it. */
function fakeCloud() {
  const leaves: Uint8Array[] = [];
  const uploads: { from: number; count: number }[] = [];
  const cloud = {
    leaves,
    uploads,
    says: null as null | ((upload: Upload) => EventsAnswer | number | Error),
    transport: null as unknown as CloudTransport,
    keep: null as unknown as (upload: Upload) => EventsAnswer,
  };
  const store = ({ from, entries, checkpoint }: Upload): EventsAnswer => {
    if (from > leaves.length) return { kind: "NotStored", trouble: "gap", size: leaves.length, at: leaves.length, what: "" };
    const opened = openCheckpoint(checkpoint, ORIGIN, signer.key, [], verifySignature);
    if (!opened.ok) return { kind: "NotStored", trouble: "signature", size: leaves.length, at: from, what: opened.reason };
    leaves.push(...entries.slice(leaves.length - from).map((entry) => leafHash(sha256, entry)));
    const tree = createTree(sha256);
    leaves.forEach((leaf) => tree.append(leaf));
    if (Buffer.compare(tree.root(), opened.checkpoint.root) !== 0) throw new Error("fork");
    return { kind: "Stored", checkpoint: formatNote(cosignCheckpoint(opened.note, cosigner, 1700000000)) };
  };
  cloud.keep = store;
  cloud.transport = async (_method, _path, body) => {
    const decoded = decodeWhole(eventsUpload, body as Uint8Array);
    if (!decoded.ok) throw new Error("malformed upload");
    uploads.push({ from: decoded.value.from, count: decoded.value.entries.length });
    const answer = cloud.says ? cloud.says(decoded.value as Upload) : store(decoded.value as Upload);
    if (answer instanceof Error) throw answer;
    if (typeof answer === "number") return { status: answer, body: new Uint8Array(0) };
    return { status: answer.kind === "Stored" ? 200 : 409, body: encode(eventsAnswer, answer) };
  };
  return cloud;
}

function worldOf(path = ":memory:") {
  const journal = openJournal(testOptions(path));
  const cloud = fakeCloud();
  const time = { nowMs: 0 };
  const cosigned: number[] = [];
  const outruns: number[] = [];
  const again = (): Uplink =>
    new Uplink({
      ...{ journal, transport: cloud.transport, nowMs: () => time.nowMs, chance: () => 0, log: silent },
      onClosed: () => undefined,
      onCosigned: () => void cosigned.push(journal.cosigned?.size ?? -1),
      onOutrun: (size) => void outruns.push(size),
    });
  return { journal, cloud, time, cosigned, uplink: again(), again, outruns };
}

test("what is committed is sent, cosigned and then safe; with nothing new nothing is sent", async (t) => {
  const { journal, cloud, time, cosigned, uplink } = worldOf();
  journal.commit([plain(0, 5)]);
  t.deepEqual(await uplink.step(), { kind: "sent", waitMs: 0 });
  t.is((await uplink.step()).kind, "idle");
  journal.commit([plain(5, 2)]);
  t.is((await uplink.step()).kind, "idle", "one checkpoint a second");
  time.nowMs += 1001;
  t.is((await uplink.step()).kind, "sent");
  t.deepEqual(
    [cosigned, cloud.uploads],
    [
      [5, 7],
      [
        { from: 0, count: 5 },
        { from: 5, count: 2 },
      ],
    ],
  );
});

test("away, the cloud is asked again ever more rarely; back, it gets everything once", async (t) => {
  const { journal, cloud, time, uplink } = worldOf();
  cloud.says = () => new Error("no route");
  const waits: number[] = [];
  for (let i = 0; i < 9; i++) {
    journal.commit([plain(i * 3, 3)]);
    time.nowMs += 2000;
    waits.push((await uplink.step()).waitMs);
  }
  t.deepEqual(waits, [750, 1500, 3000, 6000, 12000, 24000, 45000, 45000, 45000]);
  cloud.says = () => 503;
  t.is((await uplink.step()).kind, "failed");
  cloud.says = null;
  t.is((await uplink.step()).kind, "sent");
  t.is(cloud.leaves.length, 27);
  t.is(journal.cosigned?.size, 27);
});

test("an answer that got lost costs nothing but the same upload again", async (t) => {
  const path = testPath();
  const first = worldOf(path);
  first.journal.commit([plain(0, 4)]);
  const answerLost: CloudTransport = async (...request) => {
    await first.cloud.transport(...request);
    throw new Error("reset");
  };
  const uplink = new Uplink({
    journal: first.journal,
    transport: answerLost,
    nowMs: () => 0,
    chance: () => 0,
    onCosigned: () => undefined,
    onClosed: () => undefined,
    log: silent,
  });
  t.is((await uplink.step()).kind, "failed");
  t.is((await first.uplink.step()).kind, "sent");
  t.is(first.cloud.leaves.length, 4);
});

test("a cloud that has less is sent from where it ends", async (t) => {
  const { journal, cloud, time, uplink } = worldOf();
  journal.commit([plain(0, 6)]);
  await uplink.step();
  cloud.leaves.length = 2;
  journal.commit([plain(6, 1)]);
  time.nowMs += 1001;
  t.is((await uplink.step()).kind, "again");
  t.is((await uplink.step()).kind, "sent");
  t.deepEqual(cloud.uploads.slice(1), [
    { from: 6, count: 1 },
    { from: 2, count: 5 },
  ]);
  t.is(journal.cosigned?.size, 7);
});

test("a cloud that has more than we remember is sent the rest from where it ends", async (t) => {
  const { journal, cloud, uplink } = worldOf();
  journal.commit([plain(0, 6)]);
  // The file in which the cosigned head lay is gone, and one upload no longer reaches as far as the cloud has come.
  for (const entry of journal.entries(0, 4, 1e6, 9)) cloud.leaves.push(leafHash(sha256, entry));
  let first = true;
  cloud.says = ({ from, entries, checkpoint }) => {
    const trouble = { kind: "NotStored", trouble: "ahead", size: 4, at: 4, what: "the cloud holds 4 entries" } as const;
    if (first) first = false;
    else cloud.says = null;
    return from === 0 ? trouble : cloud.keep({ from, entries, checkpoint });
  };
  t.is((await uplink.step()).kind, "again");
  t.is((await uplink.step()).kind, "sent");
  t.is(journal.cosigned?.size, 6);
  t.is(uplink.alarm, null);
});

test("a cloud that is there and cannot take an upload keeps no directive back for ever; one that is away does", async (t) => {
  const { journal, cloud, uplink } = worldOf();
  journal.commit([plain(0, 3)]);
  cloud.says = () => new Error("no route");
  for (let i = 0; i < 9; i++) await uplink.step();
  t.false(uplink.isHeard);
  cloud.says = () => 500;
  for (let i = 0; i < 5; i++) {
    t.false(uplink.isHeard);
    await uplink.step();
  }
  t.true(uplink.isHeard);
});

for (const [trouble, size] of [
  ["ahead", 9],
  ["gap", 9],
  ["fork", 3],
  ["epoch_closed", 3],
] as const) {
  test(`stops for a person: ${trouble}, the cloud holding ${size} of our 3`, async (t) => {
    const { journal, cloud, uplink, outruns } = worldOf();
    journal.commit([plain(0, 3)]);
    cloud.says = () => ({ kind: "NotStored", trouble, size, at: 2, what: "because" });
    t.is((await uplink.step()).kind, "stopped");
    t.truthy(uplink.alarm);
    cloud.says = null;
    t.is((await uplink.step()).kind, "stopped", "and stays so");
    t.is(cloud.uploads.length, 1);
    const isOther = size > 3 || trouble === "fork";
    t.deepEqual([journal.outrun, outruns], isOther ? [{ size, by: "the cloud" }, [size]] : [null, []]);
  });
}

test("after a start the cloud is asked what it holds, although there is nothing new", async (t) => {
  const { journal, cloud, uplink, again } = worldOf();
  journal.commit([plain(0, 3)]);
  t.is((await uplink.step()).kind, "sent");
  const started = again();
  t.false(started.isHeard);
  cloud.says = () => ({ kind: "NotStored", trouble: "ahead", size: 4, at: 4, what: "the cloud holds 4 entries" });
  t.is((await started.step()).kind, "stopped");
  t.true(started.isHeard);
  t.deepEqual(journal.outrun, { size: 4, by: "the cloud" });
});

test("a cosignature over something else is not kept", async (t) => {
  const { journal, cloud, uplink } = worldOf();
  journal.commit([plain(0, 3)]);
  cloud.says = ({ checkpoint }) => ({ kind: "Stored", checkpoint });
  t.is((await uplink.step()).kind, "failed");
  t.is(journal.cosigned, null);
});

test("a month's backlog goes up in bodies of at most 512 entries, each with its own checkpoint", async (t) => {
  const { journal, cloud, uplink } = worldOf();
  for (let from = 0; from < 10000; from += 1000) journal.commit([plain(from, 1000)]);
  let steps = 0;
  while ((await uplink.step()).kind === "sent") steps++;
  t.is(cloud.leaves.length, 10000);
  t.true(steps >= 3 && cloud.uploads.every((upload) => upload.count <= 512));
});

test("retries spread and never wait longer than a minute", (t) => {
  t.deepEqual(
    [1, 2, 7, 1000].map((failures) => backoffMs(failures, 0.999)),
    [999, 1999, 59985, 59985],
  );
  t.true(backoffMs(50, 1) <= MAX_BACKOFF_MS);
});
