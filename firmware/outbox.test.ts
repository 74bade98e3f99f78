import { createHash } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import type { Flash } from "./board.js";
import type { Intent } from "./outbox-state.js";
import * as outbox from "./outbox.js";

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());

class PowerCut extends Error {}

interface TornFlash extends Flash {
  readonly bytes: Uint8Array;
  /** Writes and erases done so far. */
  count(): number;
  /** The power goes in the `at`-th write or erase from now, when `share` of it is done. */
  cutAt(at: number, share: number): void;
}

function createFlash(sectors: number, sectorBytes: number): TornFlash {
  const bytes = new Uint8Array(sectors * sectorBytes).fill(255);
  let done = 0;
  let cut = { left: -1, share: 0 };
  const happens = (length: number): { length: number; dies: boolean } => {
    done++;
    if (cut.left < 0 || --cut.left >= 0) return { length, dies: false };
    cut = { left: -1, share: 0 };
    return { length: Math.floor(length * share()), dies: true };
  };
  let shareNow = 0;
  const share = (): number => shareNow;
  return {
    sectors,
    sectorBytes,
    bytes,
    count: () => done,
    cutAt(at, part) {
      cut = { left: at, share: part };
      shareNow = part;
    },
    read: (sector, offset, length) => bytes.slice(sector * sectorBytes + offset, sector * sectorBytes + offset + length),
    write(sector, offset, data) {
      if (offset % 4 !== 0 || data.length % 4 !== 0 || offset + data.length > sectorBytes) throw new RangeError(`${offset}+${data.length}`);
      const { length, dies } = happens(data.length);
      for (let i = 0; i < length; i++) bytes[sector * sectorBytes + offset + i] &= data[i];
      if (dies) throw new PowerCut();
    },
    erase(sector) {
      const { length, dies } = happens(sectorBytes);
      bytes.fill(255, sector * sectorBytes, sector * sectorBytes + length);
      if (dies) throw new PowerCut();
    },
  };
}

const note = { payee: { kind: "card", uid: "11223344" }, purse: "main", note: 10000, visit: 1 } as unknown as Omit<Intent, "intent">;
const body = (n: number): Uint8Array => new Uint8Array(40).fill(n & 255);

test("a new flash is opened as boot 1, and each start is a higher boot", (t) => {
  const flash = createFlash(4, 512);
  t.is(outbox.openOutbox(flash, sha256).state.bootEpoch, 1);
  t.is(outbox.openOutbox(flash, sha256).state.bootEpoch, 2);
});

test("operations are numbered without gaps and come back byte for byte after a restart", (t) => {
  const flash = createFlash(4, 1024);
  const box = outbox.openOutbox(flash, sha256);
  t.is(outbox.store(box, 19, body(1), 0), 1);
  t.is(outbox.store(box, 16, body(2), 0), 2);
  const again = outbox.openOutbox(flash, sha256);
  t.is(outbox.unsent(again), 2);
  t.deepEqual(outbox.stored(again, 2), { n: 2, closes: 0, kind: 16, body: body(2) });
  outbox.answered(again, 1, null);
  t.is(outbox.unsent(outbox.openOutbox(flash, sha256)), 1);
});

test("an intent stays open over a restart until an operation closes it in the same write", (t) => {
  const flash = createFlash(4, 1024);
  const box = outbox.openOutbox(flash, sha256);
  const intent = outbox.openIntent(box, note);
  const again = outbox.openOutbox(flash, sha256);
  t.deepEqual(again.state.open, intent);
  outbox.store(again, 19, body(1), intent.intent);
  t.is(outbox.openOutbox(flash, sha256).state.open, null);
});

test("a gateway that knows us by another name is not believed while operations are unsent", (t) => {
  const box = outbox.openOutbox(createFlash(4, 1024), sha256);
  const token = new Uint8Array(8).fill(7);
  t.true(outbox.adopt(box, 1, 0, token, 1));
  outbox.store(box, 19, body(1), 0);
  t.false(outbox.adopt(box, 2, 0, token, 1));
  t.true(outbox.adopt(box, 1, 1, token, 1));
  t.is(outbox.unsent(box), 1, "the gateway has it, but its answer has not been heard");
  outbox.answered(box, 1, null);
  t.is(outbox.unsent(box), 0);
});

test("how long the journal was is remembered from the answers of this epoch, and forgotten with it", (t) => {
  const flash = createFlash(4, 1024);
  const box = outbox.openOutbox(flash, sha256);
  const proof = (epoch: number, index: number) => ({ epoch, index, leaf: new Uint8Array(16) });
  outbox.adopt(box, 1, 0, new Uint8Array(8), 3);
  outbox.answered(box, outbox.store(box, 19, body(1), 0), proof(3, 40));
  outbox.answered(box, outbox.store(box, 19, body(2), 0), proof(2, 9000));
  outbox.answered(box, outbox.store(box, 19, body(3), 0), proof(3, 12));
  outbox.answered(box, outbox.store(box, 19, body(4), 0), null);
  // Not worth a write of its own: the next Welcome's carries it.
  outbox.adopt(box, 1, 4, new Uint8Array(8), 3);
  const again = outbox.openOutbox(flash, sha256);
  for (const { state } of [box, again]) t.like(state, { heardEpoch: 3, heardSize: 41 });
  outbox.adopt(again, 1, 4, new Uint8Array(8), 4);
  t.like(outbox.openOutbox(flash, sha256).state, { heardEpoch: 4, heardSize: 0 });
});

test("what is safe in the cloud is kept until its answer has been heard", (t) => {
  const flash = createFlash(4, 1024);
  const box = outbox.openOutbox(flash, sha256);
  outbox.adopt(box, 1, 0, new Uint8Array(8), 1);
  for (let n = 1; n <= 3; n++) outbox.store(box, 19, body(n), 0);
  outbox.adopt(box, 1, 3, new Uint8Array(8), 1);
  outbox.safe(box, 3);
  for (const again of [box, outbox.openOutbox(flash, sha256)]) {
    t.is(outbox.unsent(again), 3);
    for (let n = 1; n <= 3; n++) t.deepEqual(outbox.stored(again, n)?.body, body(n));
  }
});

test("a replaced gateway that has less gets the rest again", (t) => {
  const box = outbox.openOutbox(createFlash(4, 2048), sha256);
  outbox.adopt(box, 1, 0, new Uint8Array(8), 1);
  for (let n = 1; n <= 5; n++) outbox.answered(box, outbox.store(box, 19, body(n), 0), null);
  outbox.safe(box, 2);
  outbox.adopt(box, 1, 3, new Uint8Array(8), 2);
  t.is(outbox.unsent(box), 2);
  t.truthy(outbox.stored(box, 4));
  t.is(outbox.stored(box, 2), null);
});

test("the ring turns for ever when the cloud keeps up, and refuses cash when it does not", (t) => {
  const flash = createFlash(6, 1024);
  const box = outbox.openOutbox(flash, sha256);
  for (let i = 0; i < 500; i++) {
    const n = outbox.store(box, 19, body(i), 0);
    outbox.answered(box, n, null);
    outbox.safe(box, n - 3);
  }
  const again = outbox.openOutbox(flash, sha256);
  t.is(again.state.lastN, 500);
  t.deepEqual(outbox.stored(again, 499)?.body, body(498));
  while (outbox.hasRoom(again)) t.not(outbox.store(again, 19, body(1), 0), 0);
  const unsent = outbox.unsent(again);
  t.true(unsent > 5);
  const full = outbox.openOutbox(flash, sha256);
  for (let n = full.state.lastN - unsent + 1; n <= full.state.lastN; n++) t.truthy(outbox.stored(full, n), `operation ${n}`);
});

/** One visit after another; answers what has been promised to people so far. */
function live(flash: Flash, rounds: number): { promised: number[]; intents: number } {
  const seen = { promised: [] as number[], intents: 0 };
  const box = outbox.openOutbox(flash, sha256);
  seenBy(box, rounds, seen);
  return seen;
}

function seenBy(box: outbox.Outbox, rounds: number, seen: { promised: number[]; intents: number }): void {
  for (let i = 0; i < rounds; i++) {
    const intent = outbox.openIntent(box, note);
    seen.intents = intent.intent;
    const n = outbox.store(box, 19, body(outbox.nextN(box)), intent.intent);
    seen.promised.push(n);
    if (i % 3 === 2) {
      outbox.answered(box, n - 1, null);
      outbox.safe(box, n - 2);
    }
  }
}

test("a power cut in any write or erase, at any part of it, loses and doubles nothing", (t) => {
  const rehearsal = createFlash(4, 1024);
  live(rehearsal, 30);
  const writes = rehearsal.count();
  t.true(writes > 60);
  for (let at = 0; at < writes; at++) {
    for (const share of [0, 0.1, 0.5, 0.95]) {
      const flash = createFlash(4, 1024);
      const seen = { promised: [] as number[], intents: 0 };
      flash.cutAt(at, share);
      let safeUpTo = 0;
      try {
        const box = outbox.openOutbox(flash, sha256);
        try {
          seenBy(box, 30, seen);
        } finally {
          safeUpTo = box.state.safeUpTo;
        }
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      const where = `write ${at}, ${share * 100} %`;
      const box = outbox.openOutbox(flash, sha256);
      const last = seen.promised.length;
      t.true(box.state.lastN === last || box.state.lastN === last + 1, `${where}: ${box.state.lastN} against ${last}`);
      for (const n of seen.promised) {
        if (n <= safeUpTo || n <= box.state.safeUpTo) continue;
        t.deepEqual(outbox.stored(box, n)?.body, body(n), `${where}: operation ${n}`);
      }
      if (seen.intents > last && box.state.lastN === last) t.is(box.state.open?.intent, seen.intents, `${where}: the note on its way`);
      if (box.state.lastN > last) t.is(box.state.open, null, `${where}: a note both open and credited`);
    }
  }
});

test("a second cut while the first one is being cleared up does no more harm than the first", (t) => {
  fc.assert(
    fc.property(fc.nat(150), fc.nat(8), fc.double({ min: 0, max: 0.99, noNaN: true }), (first, second, share) => {
      const flash = createFlash(4, 1024);
      const seen = { promised: [] as number[], intents: 0 };
      let safeUpTo = 0;
      flash.cutAt(first, share);
      try {
        const box = outbox.openOutbox(flash, sha256);
        try {
          seenBy(box, 40, seen);
        } finally {
          safeUpTo = box.state.safeUpTo;
        }
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      flash.cutAt(second, 1 - share);
      try {
        outbox.openOutbox(flash, sha256);
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
      flash.cutAt(-1, 0);
      const box = outbox.openOutbox(flash, sha256);
      for (const n of seen.promised) if (n > safeUpTo && n > box.state.safeUpTo) t.deepEqual(outbox.stored(box, n)?.body, body(n));
    }),
    { numRuns: 400 },
  );
});

test("what is kept for ever is the old or the new whatever is cut, and travels round the ring", (t) => {
  const live = (flash: Flash, seen: { last: number }): void => {
    const box = outbox.openOutbox(flash, sha256);
    for (let i = 1; i <= 40; i++) {
      outbox.answered(box, outbox.store(box, 19, body(i), 0), null);
      outbox.safe(box, i - 1);
      if (i % 10 === 1) outbox.keep(box, outbox.POLICY, body(i));
      if (i % 10 === 1) seen.last = i;
    }
  };
  const rehearsal = createFlash(4, 1024);
  live(rehearsal, { last: 0 });
  const writes = rehearsal.count();
  t.deepEqual(outbox.kept(outbox.openOutbox(rehearsal, sha256), outbox.POLICY), body(31));
  for (let at = 0; at < writes; at++) {
    for (const share of [0, 0.5, 0.95]) {
      const flash = createFlash(4, 1024);
      const seen = { last: 0 };
      flash.cutAt(at, share);
      t.throws(() => live(flash, seen), { instanceOf: PowerCut });
      const found = outbox.kept(outbox.openOutbox(flash, sha256), outbox.POLICY);
      const good = [seen.last, seen.last + 10].some((i) => found?.[0] === body(i)[0]) || (seen.last === 0 && (!found || found[0] === 1));
      t.true(good, `write ${at}, ${share * 100} %: ${found?.[0]} after ${seen.last}`);
    }
  }
});

test("the same again costs no write, and what is kept does not eat the room of operations", (t) => {
  const flash = createFlash(4, 1024);
  const box = outbox.openOutbox(flash, sha256);
  outbox.keep(box, outbox.TOUCH, body(1));
  const before = flash.count();
  outbox.keep(box, outbox.TOUCH, body(1));
  t.is(flash.count(), before);
  t.is(outbox.kept(box, outbox.POLICY), null);
});

test("what the gateway allowed holds over a restart", (t) => {
  const flash = createFlash(4, 1024);
  const box = outbox.openOutbox(flash, sha256);
  t.is(box.state.service, "closed");
  outbox.allow(box, "open");
  t.is(outbox.openOutbox(flash, sha256).state.service, "open");
});

test("under a new name nothing of the old one comes back, whatever the ring and restarts do", (t) => {
  const flash = createFlash(6, 1024);
  let box = outbox.openOutbox(flash, sha256);
  const token = new Uint8Array(8);
  outbox.adopt(box, 1, 0, token, 1);
  for (let n = 1; n <= 40; n++) {
    outbox.store(box, 19, body(n), 0);
    outbox.answered(box, n, null);
  }
  t.true(outbox.adopt(box, 2, 0, token, 1));
  // Far enough for the sectors with the old operations to be carried over, with a restart and a greeting after a few.
  for (let n = 1; n <= 60; n++) {
    t.is(outbox.nextN(box), n, `before operation ${n}`);
    t.is(outbox.store(box, 19, body(n + 100), 0), n);
    outbox.answered(box, n, null);
    box = outbox.openOutbox(flash, sha256);
    if (n % 4 > 0) continue;
    outbox.safe(box, n);
    outbox.adopt(box, 2, n, token, 1);
  }
});
