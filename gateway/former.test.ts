import test from "ava";
import type { EventBody, Up } from "@trapeza/protocol";
import { decodeWhole, eventSchema, SALT_BYTES } from "@trapeza/protocol";
import { KIOSK, openWorld, PUPIL, rub, Speaker, terminal, when } from "./_school.test.js";
import type { World } from "./_school.test.js";

const note = (n: number, roubles = 100): Up => ({
  ...{ kind: "NoteStacked", n, when, payee: { kind: "card", uid: PUPIL }, purse: "additional", visit: n },
  note: rub(roubles),
});
/** What the pupil had before, and has now, beyond that. */
const paidIn = (world: World): number => Number(world.school.accounts.get(1)?.additional) - Number(rub(200));

function bodies(world: World): EventBody[] {
  return [...world.journal.entries(0, world.journal.size, 1e6, 1000)].flatMap((bytes) => {
    const event = decodeWhole(eventSchema, bytes.subarray(SALT_BYTES));
    return event.ok ? [event.value.body] : [];
  });
}

/** A kiosk with two notes credited, then enrolled anew: the flash, its numbers and its name are the old ones, the key is new. */
function enrolledAnew(world: World): Speaker {
  const kiosk = new Speaker(world, KIOSK, "payment");
  kiosk.greet();
  kiosk.ask(note(1));
  kiosk.ask(note(2));
  world.gateway.applyDirectives([terminal(KIOSK, "payment", 2)], { size: 0, hashes: [] });
  const renewed = new Speaker(world, KIOSK, "payment", 2);
  Object.assign(renewed, { incarnation: kiosk.incarnation, lastN: 4, token: kiosk.token, bootEpoch: 2 });
  return renewed;
}

test("a kiosk enrolled anew with money unsent says it under its former name, then gets the new one", (t) => {
  const world = openWorld();
  const kiosk = enrolledAnew(world);
  t.like(kiosk.greet({ answered: 2 }), { incarnation: 1, haveUpTo: 2, service: "no_cash" });
  t.is(paidIn(world), Number(rub(200)));
  t.is(kiosk.ask(note(3))?.kind, "Credited");
  const last = kiosk.give(kiosk.seal(note(4))).map((down) => down.kind);
  t.deepEqual(last, ["Reply", "Rehello"]);
  t.is(paidIn(world), Number(rub(400)));
  t.like(kiosk.greet({ answered: 4 }), { incarnation: 2, haveUpTo: 0, service: "open" });
  t.is(bodies(world).filter((body) => body.kind === "TerminalEnrolled").length, 2);
  Object.assign(kiosk, { lastN: 0 });
  t.is(kiosk.ask(note(1))?.kind, "Credited", "numbers begin anew under the new name");
});

test("what was journalled before is answered as before and credited once", (t) => {
  const world = openWorld();
  const kiosk = enrolledAnew(world);
  // The second answer was lost: the kiosk knows of one only.
  t.like(kiosk.greet({ answered: 1 }), { incarnation: 1, haveUpTo: 2 });
  const size = world.journal.size;
  t.is(kiosk.ask(note(2))?.kind, "Credited");
  t.is(world.journal.size, size);
  t.is(kiosk.ask(note(3))?.kind, "Credited");
  t.is(kiosk.ask(note(3))?.kind, "Credited", "the same again");
  t.is(world.journal.size, size + 1);
  t.is(kiosk.ask(note(4, 500))?.kind, "Credited");
});

test("cut off in the middle it begins where it stood, and a lost Rehello is said again with every Status", (t) => {
  const world = openWorld();
  const kiosk = enrolledAnew(world);
  kiosk.greet({ answered: 2 });
  kiosk.ask(note(3));
  t.like(kiosk.greet({ answered: 2, bootEpoch: 3 }), { incarnation: 1, haveUpTo: 3 });
  t.is(kiosk.ask(note(3))?.kind, "Credited");
  kiosk.ask(note(4));
  const status = { kind: "Status", paper: "ok", reader: "ok", acceptor: "ok", unsent: 0, freeMemory: 1000, update: 0 } as const;
  const said = kiosk.give(kiosk.seal(status)).map((down) => down.kind);
  t.deepEqual(said, ["Reply", "Rehello"]);
  t.is(paidIn(world), Number(rub(400)));
});

test("another gateway's time: the notes lie in suspense with their claim codes, once, and a person compares", (t) => {
  const world = openWorld();
  const kiosk = new Speaker(world, KIOSK, "payment");
  Object.assign(kiosk, { incarnation: 5, lastN: 42, bootEpoch: 9 });
  t.like(kiosk.greet({ answered: 40 }), { incarnation: 5, haveUpTo: 40, service: "no_cash" });
  const said = kiosk.ask(note(41));
  t.like(said, { kind: "Credited", held: true });
  const size = world.journal.size;
  t.deepEqual(kiosk.ask(note(41)), said, "the answer was lost");
  t.is(world.journal.size, size);
  t.is(paidIn(world), 0, "nothing was credited");
  const flagged = bodies(world).find((body) => body.kind === "FactFlagged");
  t.regex(flagged?.kind === "FactFlagged" ? flagged.text : "", /^terminal \d+, incarnation 5, operation 41: NoteStacked .*for card /);
  kiosk.ask({ kind: "Receipt", n: 42, when, of: 41, outcome: "printed" });
  t.like(kiosk.greet({ answered: 42 }), { incarnation: 6, service: "open" });
});

test("a gap in the former numbers asks for a Hello and changes nothing", (t) => {
  const world = openWorld();
  const kiosk = enrolledAnew(world);
  kiosk.greet({ answered: 2 });
  const size = world.journal.size;
  t.deepEqual(
    kiosk.give(kiosk.seal(note(4))).map((down) => down.kind),
    ["Rehello"],
  );
  t.is(world.journal.size, size);
});

test("a note that went in between the Hello and the new name is not lost either", (t) => {
  const world = openWorld();
  const kiosk = enrolledAnew(world);
  kiosk.greet({ answered: 2 });
  kiosk.ask(note(3));
  kiosk.ask(note(4));
  t.is(kiosk.greet({ answered: 4 })?.incarnation, 2);
  // The Welcome never arrived; a fifth note is in the cassette under the former name.
  t.like(kiosk.greet({ incarnation: 1, lastN: 5, answered: 4 }), { incarnation: 1, haveUpTo: 4 });
  t.is(kiosk.ask(note(5))?.kind, "Credited");
  t.is(kiosk.greet({ incarnation: 1, lastN: 5, answered: 5 })?.incarnation, 2);
});
