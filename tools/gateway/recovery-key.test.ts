import test from "ava";
import { makeRecoveryKey, open, seal } from "./recovery-key.js";

const inside = new TextEncoder().encode("a school's secret");

test("only the private half opens a box, and no two boxes are alike", (t) => {
  const key = makeRecoveryKey();
  const box = seal(key.publicKey, inside);
  t.deepEqual(open(key.privateKey, box), inside);
  t.is(open(makeRecoveryKey().privateKey, box), null);
  t.notDeepEqual(seal(key.publicKey, inside), box);
});

test("a box with any bit changed, or cut anywhere, is not opened", (t) => {
  const key = makeRecoveryKey();
  const box = seal(key.publicKey, inside);
  for (let at = 0; at < box.length; at++) {
    const changed = box.slice();
    changed[at] ^= 1 << (at & 7);
    t.is(open(key.privateKey, changed), null, `byte ${at}`);
    t.is(open(key.privateKey, box.slice(0, at)), null, `cut at ${at}`);
  }
  t.is(open(new Uint8Array(31), box), null);
});
