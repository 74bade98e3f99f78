import test from "ava";
import { ccnet } from "@trapeza/protocol";
import { createVirtualClock, type VirtualClock } from "../clock.js";
import { createCcnetTwin, type CcnetOptions, type CcnetTwin } from "./ccnet.js";

interface Rig {
  readonly clock: VirtualClock;
  readonly twin: CcnetTwin;
  /** Sends a frame and returns the payload that answers it, or null. */
  ask(frame: Uint8Array): Uint8Array | null;
  /** Kind of what POLL says; acknowledged when asked for. */
  poll(acknowledge?: boolean): string;
}

const HUNDRED = 10_000;

function rig(options: Partial<CcnetOptions> = {}): Rig {
  const clock = createVirtualClock();
  const twin = createCcnetTwin({ clock, ...options });
  const scanner = ccnet.createScanner();
  const heard: Uint8Array[] = [];
  twin.connect((bytes) => {
    for (const frame of ccnet.scan(scanner, bytes)) if (frame.kind === "frame") heard.push(frame.payload);
  });
  twin.power?.(true);
  function ask(frame: Uint8Array): Uint8Array | null {
    heard.length = 0;
    twin.receive(frame);
    clock.advance(10);
    return heard[0] ?? null;
  }
  return {
    clock,
    twin,
    ask,
    poll(acknowledge = true) {
      const answer = ask(ccnet.command(ccnet.POLL));
      if (answer && acknowledge) twin.receive(ccnet.command(ccnet.ACK));
      return answer ? ccnet.decodeStatus(answer).kind : "nothing";
    },
  };
}

/** A rig that has been reset and takes all notes into escrow but 5000. */
function ready(options: Partial<CcnetOptions> = {}): Rig {
  const unit = rig(options);
  unit.ask(ccnet.command(ccnet.RESET));
  unit.clock.advance(4000);
  unit.ask(ccnet.enableBillTypes(0b0111_1100));
  return unit;
}

test("power up, reset, initialise, disabled, idling", (t) => {
  const { ask, poll, clock } = rig();
  t.is(poll(), "power_up");
  t.deepEqual(ask(ccnet.command(ccnet.RESET)), new Uint8Array([ccnet.ACK]));
  t.is(poll(), "initialize");
  clock.advance(4000);
  t.is(poll(), "disabled");
  t.is(ccnet.decodeBillTable(ask(ccnet.command(ccnet.GET_BILL_TABLE)) ?? new Uint8Array(0))?.length, 8);
  ask(ccnet.enableBillTypes(0xff));
  t.is(poll(), "idling");
  t.deepEqual(ask(ccnet.command(ccnet.GET_BILL_TABLE)), new Uint8Array([ccnet.ILLEGAL]));
});

test("a note goes from hand to escrow to cassette, and stacked repeats until it is acknowledged", (t) => {
  const { ask, poll, clock, twin } = ready();
  t.true(twin.insert(HUNDRED));
  t.false(twin.insert(HUNDRED));
  t.is(poll(), "accepting");
  clock.advance(1500);
  t.is(poll(), "escrow");
  ask(ccnet.command(ccnet.STACK));
  t.is(poll(), "stacking");
  t.deepEqual(twin.truth().cassette, []);
  clock.advance(2000);
  t.is(poll(false), "stacked");
  t.is(poll(false), "stacked");
  t.is(poll(true), "stacked");
  t.is(poll(), "idling");
  t.deepEqual(twin.truth(), { cassette: [HUNDRED], returned: [], collected: [] });
});

test("some units say stacked only once", (t) => {
  const { ask, poll, clock, twin } = ready({ stackedIsSaid: "once" });
  twin.insert(HUNDRED);
  clock.advance(1500);
  ask(ccnet.command(ccnet.STACK));
  clock.advance(2000);
  t.is(poll(false), "stacked");
  t.is(poll(false), "idling");
});

test("a note outside the mask is rejected and goes back", (t) => {
  const { poll, clock, twin } = ready();
  t.true(twin.insert(500_000));
  clock.advance(1500);
  t.is(poll(), "rejecting");
  clock.advance(1000);
  t.is(poll(), "idling");
  t.deepEqual(twin.truth().returned, [500_000]);
});

test("RETURN gives the note back; so does escrow without a decision, unless HOLD asks for more time", (t) => {
  const { ask, poll, clock, twin } = ready();
  twin.insert(HUNDRED);
  clock.advance(1500);
  ask(ccnet.command(ccnet.RETURN));
  t.is(poll(), "returning");
  clock.advance(1000);
  t.is(poll(), "returned");
  twin.insert(HUNDRED);
  clock.advance(1300 + 9000);
  t.is(poll(), "escrow");
  ask(ccnet.command(ccnet.HOLD));
  clock.advance(9000);
  t.is(poll(), "holding");
  clock.advance(2000);
  t.is(poll(), "returned");
  t.deepEqual(twin.truth(), { cassette: [], returned: [HUNDRED, HUNDRED], collected: [] });
});

test("STACK without a note in escrow is illegal", (t) => {
  const { ask } = ready();
  t.deepEqual(ask(ccnet.command(ccnet.STACK)), new Uint8Array([ccnet.ILLEGAL]));
});

test("power lost with the note in escrow: it says so, and RESET gives the note back", (t) => {
  const { ask, poll, clock, twin } = ready();
  twin.insert(HUNDRED);
  clock.advance(1500);
  twin.power?.(false);
  t.is(poll(), "nothing");
  twin.power?.(true);
  t.is(poll(), "power_up_bill_in_validator");
  ask(ccnet.command(ccnet.RESET));
  clock.advance(4000);
  t.is(poll(), "disabled");
  t.deepEqual(twin.truth(), { cassette: [], returned: [HUNDRED], collected: [] });
});

test("power lost past the point of no return: the note is stacked after RESET and told then", (t) => {
  const { ask, poll, clock, twin } = ready();
  twin.insert(HUNDRED);
  clock.advance(1500);
  ask(ccnet.command(ccnet.STACK));
  clock.advance(600);
  twin.power?.(false);
  twin.power?.(true);
  t.is(poll(), "power_up_bill_in_stacker");
  ask(ccnet.command(ccnet.RESET));
  clock.advance(4000);
  t.is(poll(), "stacked");
  t.is(poll(), "disabled");
  t.deepEqual(twin.truth().cassette, [HUNDRED]);
});

test("an unacknowledged stacked survives a power cut only in units that recover", (t) => {
  for (const recoversAfterPowerCut of [true, false]) {
    const { ask, poll, clock, twin } = ready({ recoversAfterPowerCut });
    twin.insert(HUNDRED);
    clock.advance(1500);
    ask(ccnet.command(ccnet.STACK));
    clock.advance(2000);
    t.is(poll(false), "stacked");
    twin.power?.(false);
    twin.power?.(true);
    t.is(poll(), recoversAfterPowerCut ? "power_up_bill_in_stacker" : "power_up");
    ask(ccnet.command(ccnet.RESET));
    clock.advance(4000);
    t.is(poll(), recoversAfterPowerCut ? "stacked" : "disabled");
    t.deepEqual(twin.truth().cassette, [HUNDRED]);
  }
});

test("a jam holds the note until a technician comes", (t) => {
  const { poll, clock, twin } = ready();
  twin.insert(HUNDRED);
  twin.jam("validator");
  clock.advance(5000);
  t.is(poll(), "validator_jammed");
  t.deepEqual(twin.truth(), { cassette: [], returned: [], collected: [] });
  twin.clearJam();
  clock.advance(4000);
  t.is(poll(), "disabled");
  t.deepEqual(twin.truth().returned, [HUNDRED]);
});

test("the cassette leaves with its notes; a full one takes no more", (t) => {
  const { ask, poll, clock, twin } = ready({ cassetteHolds: 1 });
  twin.insert(HUNDRED);
  clock.advance(1500);
  ask(ccnet.command(ccnet.STACK));
  clock.advance(2000);
  poll();
  t.is(poll(), "cassette_full");
  t.false(twin.insert(HUNDRED));
  twin.removeCassette();
  t.is(poll(), "cassette_out");
  twin.returnCassette();
  clock.advance(4000);
  t.is(poll(), "disabled");
  t.deepEqual(twin.truth(), { cassette: [], returned: [], collected: [HUNDRED] });
});

test("a damaged frame is answered with NAK, NAK is answered with the last answer", (t) => {
  const { ask } = ready();
  const damaged = ccnet.command(ccnet.POLL);
  damaged[4] ^= 1;
  t.deepEqual(ask(damaged), new Uint8Array([ccnet.NAK]));
  const status = ask(ccnet.command(ccnet.POLL));
  t.deepEqual(ask(ccnet.command(ccnet.NAK)), status);
});

test("a trap catches the next note at the entry or past the point of no return, and is gone with it", (t) => {
  for (const [where, kind, left] of [
    ["validator", "validator_jammed", "returned"],
    ["cassette", "cassette_jammed", "cassette"],
  ] as const) {
    const { ask, poll, clock, twin } = ready();
    Object.assign(twin.mood, { trap: where });
    t.is(poll(), "idling", "nothing is the matter yet");
    twin.insert(HUNDRED);
    clock.advance(1500);
    ask(ccnet.command(ccnet.STACK));
    clock.advance(3000);
    t.is(poll(), kind);
    t.is(twin.stuck(), where);
    t.is(twin.mood.trap, null);
    twin.clearJam();
    clock.advance(4000);
    t.deepEqual(twin.truth()[left], [HUNDRED]);
  }
});

test("a unit in a bad mood refuses, gives back what it was told to stack, or thinks it is full", (t) => {
  const refusing = ready();
  refusing.twin.mood.refuses = true;
  refusing.twin.insert(HUNDRED);
  refusing.clock.advance(1400);
  t.is(refusing.poll(), "rejecting");
  const giving = ready();
  giving.twin.mood.givesBack = true;
  giving.twin.insert(HUNDRED);
  giving.clock.advance(1400);
  t.is(giving.poll(), "escrow");
  t.deepEqual(giving.ask(ccnet.command(ccnet.STACK)), new Uint8Array([ccnet.ACK]));
  t.is(giving.poll(), "stacking");
  giving.clock.advance(400);
  t.is(giving.poll(), "returning");
  giving.clock.advance(1000);
  t.is(giving.poll(), "returned");
  t.deepEqual(giving.twin.truth(), { cassette: [], returned: [HUNDRED], collected: [] });
  const full = ready();
  full.twin.mood.isFull = true;
  t.is(full.poll(), "cassette_full");
  t.false(full.twin.insert(HUNDRED));
});
