import test from "ava";
import type { ExecutionContext } from "ava";
import type { Release } from "@trapeza/protocol";
import { createChip, imageOf, live, releaseOf, settle } from "./_release-rig.test.js";
import type { Chip, Outside } from "./_release-rig.test.js";

const always = (): boolean => true;
const [first, second] = [releaseOf("1.0"), releaseOf("2.0")];

function runs(t: ExecutionContext, chip: Chip, release: Release, offer: Release | null = null): void {
  const last = settle(chip, { offer, hears: always }).pop()!;
  t.is(last.end, "rest");
  t.true(imageOf(chip, last.start!).includes(release.manifest.version), `${release.manifest.version} runs`);
  t.true(last.start!.proven || live(chip, { offer: null, hears: always }).start!.proven, "and has proved itself");
}

test("a release is fetched, looked at and started; the next goes into the other slot", (t) => {
  const chip = createChip();
  runs(t, chip, first, first);
  runs(t, chip, second, second);
  t.is(new Set(chip.asked).size, chip.asked.length / 2, "each piece of each release once");
  t.is(live(chip, { offer: second, hears: always }).end, "rest", "what runs is not fetched again");
});

/** Cuts in every write of taking `offer`, with nothing, a part and all of it done; at each start a whole program runs. */
function cutEverywhere(t: ExecutionContext, prepare: () => Chip, offer: Release, before: (image: string) => boolean): number {
  const whole = prepare();
  const from = whole.writes;
  settle(whole, { offer, hears: always });
  const count = whole.writes - from;
  for (let cut = 1; cut <= count; cut++)
    for (const share of [0, 0.3, 0.8, 1]) {
      const chip = prepare();
      Object.assign(chip, { cutAt: chip.writes + cut, share });
      const lives = settle(chip, { offer, hears: always });
      const last = lives[lives.length - 1];
      const where = `cut ${cut} of ${count}, share ${share}`;
      if (lives.filter((life) => life.end === "cut").length !== 1) t.fail(`${where}: no cut`);
      for (const { start } of lives) {
        const image = start ? imageOf(chip, start) : null;
        if (image !== null && !before(image) && !image.includes(offer.manifest.version)) t.fail(`${where}: neither old nor new runs`);
      }
      if (last.end !== "rest" || !imageOf(chip, last.start!).includes(offer.manifest.version)) t.fail(`${where}: ends with ${last.state}`);
    }
  return count;
}

test("power cut in every write: from the technician's program to a release", (t) => {
  const count = cutEverywhere(t, createChip, first, (image) => image === "");
  t.true(count > 35, `${count} writes`);
});

test("power cut in every write: from a release to the next", (t) => {
  const one = createChip();
  settle(one, { offer: first, hears: always });
  const two = createChip();
  settle(two, { offer: first, hears: always });
  settle(two, { offer: second, hears: always });
  const from = (chip: Chip) => () => {
    const copy = createChip();
    copy.flash.bytes.set(chip.flash.bytes);
    return copy;
  };
  t.true(cutEverywhere(t, from(one), second, (image) => image.includes("1.0")) > 35);
  t.true(cutEverywhere(t, from(two), releaseOf("3.0"), (image) => image.includes("2.0")) > 35);
});

test("a cut in the middle costs a piece, not the way so far", (t) => {
  const chip = createChip();
  Object.assign(chip, { cutAt: 24 + 2 + 9, share: 0.5 });
  runs(t, chip, first, first);
  t.is(chip.asked.length, Math.ceil(first.bytes.length / 448) + 1);
});

function refusal(t: ExecutionContext, outside: Partial<Outside>, state: string, chip = createChip()): void {
  const offer = outside.offer ?? first;
  const lives = settle(chip, { offer, hears: always, ...outside });
  const last = lives[lives.length - 1];
  t.is(last.end, "rest");
  t.is(last.state, state);
  t.is(imageOf(chip, last.start!).includes(offer.manifest.version), false);
  // Nor is it fetched again.
  const asked = chip.asked.length;
  settle(chip, { offer, hears: always, ...outside });
  t.is(chip.asked.length, asked, state);
}

test("refused and named: a bad signature, another key, another kind or validator, an older one, a short one, a damaged one", (t) => {
  const broken = (at: number): Uint8Array => {
    const bytes = first.bytes.slice();
    bytes[at] ^= 1;
    return bytes;
  };
  refusal(t, { served: broken(256 + 700) }, "signature");
  refusal(t, { key: new Uint8Array(56) }, "signature");
  refusal(t, { key: new Uint8Array(0) }, "signature");
  refusal(t, { kind: "payment" }, "kind");
  refusal(t, { kind: "payment", line: "ccnet", offer: releaseOf("1.0", { kind: "payment", line: "id003" }) }, "kind");
  refusal(t, { kind: "payment", line: "id003", offer: releaseOf("1.0", { kind: "payment", line: "none" }) }, "kind");
  refusal(t, { served: first.bytes.slice(0, first.bytes.length - 4) }, "truncated");
  refusal(t, { served: broken(3072 + 44) }, "digest");
  refusal(t, { served: broken(first.bytes.length - 9) }, "digest");
  const chip = createChip();
  settle(chip, { offer: releaseOf("safe", { securityVersion: 5 }), hears: always });
  refusal(t, { offer: releaseOf("1.1", { securityVersion: 4 }) }, "older", chip);
});

test("a release that never hears a Welcome is started twice and no more; the one before it runs again and says so", (t) => {
  const chip = createChip();
  settle(chip, { offer: first, hears: always });
  const deaf: Outside = { offer: second, hears: (start) => !imageOf(chip, start).includes("2.0") };
  const lives = settle(chip, deaf);
  t.is(lives.filter(({ start }) => start && imageOf(chip, start).includes("2.0")).length, 2);
  const last = lives[lives.length - 1];
  t.true(imageOf(chip, last.start!).includes("1.0"));
  t.is(last.state, "rolled_back");
  t.is(live(chip, deaf).end, "rest", "it is not taken again");
  runs(t, chip, releaseOf("2.1"), releaseOf("2.1"));
});

test("what is older than a proved security version is erased and never runs again", (t) => {
  const chip = createChip();
  settle(chip, { offer: first, hears: always });
  settle(chip, { offer: releaseOf("safe", { securityVersion: 9 }), hears: always });
  live(chip, { offer: null, hears: always });
  const { start } = live(chip, { offer: null, hears: always });
  t.is(start!.slot, 1);
  t.deepEqual([...chip.flash.read(0, 0, 8)], new Array<number>(8).fill(0xff));
});
