import test from "ava";
import { createTree, directiveSchema, directivesAnswer, encode, encodeEntry, leafHash, signCheckpoint } from "@trapeza/protocol";
import type { Directive } from "@trapeza/protocol";
import type { CloudTransport } from "./cloud-client.js";
import { sha256 } from "./cipher.js";
import { DirectiveFeed } from "./directives.js";
import { seededRandom, testPath } from "./journal/_journal.test.js";
import { createSigner } from "./signing.js";
import { openWorld, rub, SCHOOL } from "./_school.test.js";
import type { World } from "./_school.test.js";

const cloudSigner = createSigner("trapeza.example", seededRandom("cloud key")(32));
const ORIGIN = "trapeza.example/school/7/directives";
const silent = { info: () => undefined, warn: () => undefined };
const topUp = (i: number): Directive => ({
  kind: "TopUp",
  account: 1,
  main: rub(i),
  additional: rub(0),
  source: "payment",
  reference: "r" + i,
});

interface Change {
  readonly entries?: (entries: Uint8Array[]) => Uint8Array[];
  readonly from?: number;
  readonly size?: number;
  readonly origin?: string;
}

/** A cloud with a directive log; `change` makes it lie. */
function cloudWith(directives: readonly Directive[], pageSize: number, change: Change = {}): CloudTransport {
  const random = seededRandom("directive salts");
  const entries = directives.map((directive) => encodeEntry({ salt: random(16), event: encode(directiveSchema, directive) }));
  return async (_method, path) => {
    const from = Number(/from=(\d+)/.exec(path)?.[1]);
    const page = entries.slice(from, from + pageSize);
    const tree = createTree(sha256);
    entries.slice(0, change.size ?? from + page.length).forEach((entry) => tree.append(leafHash(sha256, entry)));
    const checkpoint = signCheckpoint({ origin: change.origin ?? ORIGIN, size: tree.size, root: tree.root() }, cloudSigner);
    const answer = { from: change.from ?? from, entries: change.entries ? change.entries(page) : page, checkpoint };
    return { status: 200, body: encode(directivesAnswer, answer) };
  };
}

function feedFor(world: World, transport: CloudTransport): DirectiveFeed {
  return new DirectiveFeed({
    ...{
      transport,
      origin: ORIGIN,
      key: cloudSigner.key,
      applied: () => world.journal.directives,
      onHeard: () => undefined,
      onClosed: () => undefined,
      chance: () => 0,
      log: silent,
    },
    apply: (directives, edge) => world.gateway.applyDirectives(directives, edge),
    breathe: async () => undefined,
  });
}

test("a school arrives page by page, each directive once, and goes on after a restart", async (t) => {
  const path = testPath();
  const all = [...SCHOOL, ...Array.from({ length: 300 }, (_, i) => topUp(i + 1))];
  const world = openWorld(path, []);
  const feed = feedFor(world, cloudWith(all, 250));
  t.deepEqual(await feed.step(0), { kind: "applied", count: 250, waitMs: 0 });
  world.journal.close();
  const again = openWorld(path, []);
  const rest = feedFor(again, cloudWith(all, 250));
  t.is((await rest.step(0)).count, all.length - 250);
  t.is((await rest.step(0)).kind, "empty");
  t.is(again.school.directives, all.length);
  t.is(again.school.accounts.get(1)?.main, rub(300 + (300 * 301) / 2));
});

const lies: [title: string, change: Change][] = [
  ["an entry left out", { entries: (page) => page.slice(1) }],
  ["two entries swapped", { entries: (page) => [page[1], page[0], ...page.slice(2)] }],
  ["a changed entry", { entries: (page) => [page[0].map((byte, i) => (i === 20 ? byte ^ 1 : byte)), ...page.slice(1)] }],
  ["an entry too many", { entries: (page) => [...page, page[0]] }],
  ["a page from elsewhere", { from: 3 }],
  ["a checkpoint of an older state", { size: 2 }],
  ["another school's log", { origin: "trapeza.example/school/8/directives" }],
];
for (const [title, change] of lies) {
  test("not believed, and a person is called: " + title, async (t) => {
    const world = openWorld(":memory:", []);
    const before = world.journal.size;
    const feed = feedFor(world, cloudWith(SCHOOL, 50, change));
    t.is((await feed.step(0)).kind, "stopped");
    t.truthy(feed.alarm);
    t.is(world.journal.size, before);
  });
}

test("a cloud that has forgotten directives is not followed back", async (t) => {
  const world = openWorld(":memory:", []);
  await feedFor(world, cloudWith(SCHOOL, 50)).step(0);
  const feed = feedFor(world, cloudWith(SCHOOL.slice(0, 3), 50, { from: SCHOOL.length }));
  t.is((await feed.step(0)).kind, "stopped");
  t.regex(feed.alarm ?? "", /^the cloud has 3 directives, \d+ are applied here$/);
});

test("no answer is no alarm", async (t) => {
  const world = openWorld(":memory:", []);
  const feed = feedFor(world, async () => {
    throw new Error("no route");
  });
  t.deepEqual([(await feed.step(0)).waitMs, (await feed.step(0)).waitMs, feed.alarm], [750, 1500, null]);
});
