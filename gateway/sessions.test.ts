import test from "ava";
import fc from "fast-check";
import { encodeSchool, packUp, REASONS, sealFrame, terminalId, toHex } from "@trapeza/protocol";
import type { Channel, Up } from "@trapeza/protocol";
import { testPath } from "./journal/_journal.test.js";
import { KIOSK, openWorld, PUPIL, rub, Speaker, terminal, TILL, when } from "./_school.test.js";
import type { World } from "./_school.test.js";

const note = (n: number): Up => ({
  kind: "NoteStacked",
  n,
  when,
  payee: { kind: "card", uid: PUPIL },
  purse: "main",
  note: rub(50),
  visit: 1,
});

function kioskIn(world: World): Speaker {
  const kiosk = new Speaker(world, KIOSK, "payment");
  kiosk.greet();
  return kiosk;
}

/** Everything a bad frame could have changed. */
const trace = (world: World): string => world.journal.size + " " + toHex(encodeSchool(world.school));

test("nothing made of noise, cuts or flipped bits changes anything or is answered", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  kiosk.ask(note(1));
  const good = kiosk.seal(note(2));
  const before = trace(world);
  const bad = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.nat(good.length - 1).map((end) => good.subarray(0, end)),
    fc.tuple(fc.nat(good.length - 1), fc.nat(7)).map(([at, bit]) => good.map((byte, i) => (i === at ? byte ^ (1 << bit) : byte))),
  );
  fc.assert(
    fc.property(bad, (frame) => {
      world.time.nowMs += 61000;
      world.gateway.receive(KIOSK, frame);
      world.gateway.flush();
      t.true(
        world.sent.splice(0).every((sent) => sent.frame.length === 13),
        "at most a Rehello",
      );
      t.is(trace(world), before);
    }),
    { numRuns: 500 },
  );
  t.is(kiosk.give(good).length, 1, "and the good frame is still good");
});

test("a frame played again is dropped without a word", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  const frame = kiosk.seal(note(1));
  t.is(kiosk.give(frame).length, 1);
  t.deepEqual(kiosk.give(frame), []);
  t.deepEqual(
    kiosk.give(kiosk.seal({ kind: "FindAccount", number: "1" as never })).map((down) => down.kind),
    ["Reply"],
  );
});

test("a frame of another terminal's session says nothing here", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  const till = new Speaker(world, TILL, "settlement");
  till.greet();
  const before = trace(world);
  t.deepEqual(
    till.give(kiosk.seal(note(1))).map((down) => down.kind),
    ["Rehello"],
  );
  t.is(trace(world), before);
});

test("a terminal that the school does not know is not even answered", (t) => {
  const world = openWorld();
  const stranger = new Speaker(world, terminalId(99), "payment");
  t.is(stranger.greet(), null);
  t.is(world.sent.length, 0);
});

test("well sealed nonsense is malformed, by its number", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  for (const [kind, body] of [
    [2, Uint8Array.of(200, 1)],
    [63, Uint8Array.of()],
    [19, Uint8Array.of(1, 1)],
  ] as const) {
    const heard = kiosk.give(sealFrame(kiosk.up as Channel, kind, ++kiosk.counter, false, body));
    t.deepEqual(heard, [{ kind: "Reply", re: kiosk.counter, result: { kind: "Refused", reason: REASONS.malformed } }]);
  }
});

test("twenty bad tags in a minute close the ears of the gateway for the rest of it", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  kiosk.ask(note(1));
  const bad = kiosk.seal(note(2)).map((byte) => byte ^ 1);
  for (let i = 0; i < 20; i++)
    world.gateway.receive(
      KIOSK,
      bad.map((byte, at) => (at === 0 ? 64 + 19 : byte)),
    );
  t.false(world.gateway.receive(KIOSK, kiosk.seal(note(2))), "even a good one");
  world.time.nowMs += 60001;
  t.is(kiosk.ask(note(2))?.kind, "Credited");
});

test("an old Hello said again puts nobody out", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  const overheard = kiosk.helloFrame();
  kiosk.give(overheard);
  t.is(kiosk.ask(note(1))?.kind, "Credited");
  kiosk.give(overheard);
  t.is(kiosk.ask(note(2))?.kind, "Credited", "the session goes on");
});

test("the old session lives until the new one's first good frame", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  kiosk.ask(note(1));
  const [up, counter] = [kiosk.up as Channel, kiosk.counter];
  kiosk.greet();
  const { kind, body } = packUp(note(2));
  t.true(world.gateway.receive(KIOSK, sealFrame(up, kind, counter + 1, false, body)), "the new one has not spoken");
  t.is(kiosk.ask(note(2))?.kind, "Credited");
  t.false(world.gateway.receive(KIOSK, sealFrame(up, kind, counter + 2, false, body)), "now it has");
});

test("the same Hello gets the same Welcome, a later one a new", (t) => {
  const world = openWorld();
  const kiosk = new Speaker(world, KIOSK, "payment");
  const hello = kiosk.helloFrame();
  world.gateway.receive(KIOSK, hello);
  world.gateway.receive(KIOSK, hello);
  world.gateway.receive(KIOSK, kiosk.helloFrame());
  world.gateway.flush();
  const welcomes = world.sent.filter(({ frame }) => frame[0] === 65).map(({ frame }) => toHex(frame));
  t.is(welcomes.length, 3);
  t.is(welcomes[0], welcomes[1]);
  t.not(welcomes[1], welcomes[2]);
});

test("the token of this session or the one before is good; flash of an older state is out of service", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  kiosk.ask(note(1));
  const old = kiosk.token;
  kiosk.greet();
  kiosk.ask(note(2));
  t.is(kiosk.greet({ resumeToken: old })?.service, "open", "the write of the new token may have been lost");
  kiosk.ask(note(3));
  kiosk.greet();
  kiosk.ask(note(4));
  const welcome = kiosk.greet({ resumeToken: old, lastN: 2 });
  t.deepEqual([welcome?.service, toHex(welcome?.resumeToken ?? new Uint8Array(1))], ["no_cash", "0000000000000000"]);
  const before = trace(world);
  t.is(kiosk.ask(note(5)), null, "a fact stays where it is");
  t.is(trace(world), before);
});

test("numbers that went back betray a copy too", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  kiosk.ask(note(1));
  kiosk.ask(note(2));
  t.is(kiosk.greet({ lastN: 1 })?.service, "no_cash");
});

test("a raised enrolment revokes the key at once and begins a new incarnation", (t) => {
  const world = openWorld();
  const kiosk = kioskIn(world);
  kiosk.ask(note(1));
  world.gateway.applyDirectives([terminal(KIOSK, "payment", 2)], { size: 0, hashes: [] });
  t.is(kiosk.ask(note(2)), null);
  t.is(kiosk.greet(), null);
  const renewed = new Speaker(world, KIOSK, "payment", 2);
  t.deepEqual([renewed.greet()?.incarnation, renewed.welcome?.haveUpTo], [2, 0]);
  t.is(renewed.ask(note(1))?.kind, "Credited");
});

test("a confirmed Hello is not good again after a restart", (t) => {
  const path = testPath();
  const world = openWorld(path);
  const kiosk = new Speaker(world, KIOSK, "payment");
  const hello = kiosk.helloFrame();
  kiosk.give(hello);
  kiosk.ask(note(1));
  world.journal.close();
  const again = openWorld(path);
  again.gateway.receive(KIOSK, hello);
  again.gateway.flush();
  t.is(again.sent.length, 0);
});
