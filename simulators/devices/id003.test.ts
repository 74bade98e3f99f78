import test from "ava";
import { id003 } from "@trapeza/protocol";
import { createVirtualClock, type VirtualClock } from "../clock.js";
import { createId003Twin, type Id003Options, type Id003Twin } from "./id003.js";

interface Rig {
  readonly clock: VirtualClock;
  readonly twin: Id003Twin;
  /** Sends a frame and returns the payload that answers it, or null. */
  ask(frame: Uint8Array): Uint8Array | null;
  /** Asks every 200 ms for so long and returns what was said last. */
  watch(ms: number): string;
}

const HUNDRED = 10_000;

/** Powered, reset, told which notes to take, open. */
function ready(options: Partial<Id003Options> = {}): Rig {
  const clock = createVirtualClock();
  const twin = createId003Twin({ clock, ...options });
  let heard: Uint8Array | null = null;
  twin.connect((bytes) => {
    const frame = id003.scan(id003.createScanner(), bytes)[0];
    heard = frame?.kind === "frame" ? frame.payload : null;
  });
  const ask = (frame: Uint8Array): Uint8Array | null => {
    heard = null;
    twin.receive(frame);
    clock.advance(10);
    return heard;
  };
  const watch = (ms: number): string => {
    const end = clock.now() + ms;
    for (;;) {
      const answer = ask(id003.command(id003.STATUS_REQUEST));
      const said = answer ? id003.decodeStatus(answer).kind : "nothing";
      if (clock.now() + 200 > end) return said;
      clock.advance(190);
    }
  };
  twin.power?.(true);
  ask(id003.command(id003.RESET));
  clock.advance(4000);
  ask(id003.enable(0b0001_1110));
  ask(id003.inhibit(false));
  return { clock, twin, ask, watch };
}

test("settings are echoed, and a note waits at vend valid until it is acknowledged", (t) => {
  const { twin, ask, watch } = ready();
  t.deepEqual(ask(id003.inhibit(false)), new Uint8Array([id003.SET_INHIBIT, 0]));
  t.true(twin.insert(HUNDRED));
  t.is(watch(1600), "escrow");
  t.deepEqual(ask(id003.command(id003.STACK_1)), new Uint8Array([id003.ACK]));
  t.is(watch(2000), "vend_valid");
  t.is(watch(20_000), "vend_valid");
  t.false(twin.insert(HUNDRED), "no progress before the acknowledgement");
  t.is(ask(id003.command(id003.ACK)), null);
  t.is(watch(0), "stacked");
  t.is(watch(0), "idling");
  t.deepEqual(twin.truth().cassette, [HUNDRED]);
});

test("an acknowledgement that comes a minute late is not taken, and only RESET helps", (t) => {
  for (const recovers of [true, false]) {
    const { twin, ask, watch } = ready({ recovers });
    twin.insert(HUNDRED);
    watch(1600);
    ask(id003.command(id003.STACK_1));
    t.is(watch(65_000), "vend_valid");
    ask(id003.command(id003.ACK));
    t.is(watch(0), "vend_valid");
    ask(id003.command(id003.RESET));
    t.is(watch(4000), recovers ? "vend_valid" : "disabled");
  }
});

test("ten seconds without a decision, or three without a question: the note is rejected", (t) => {
  for (const patient of [true, false]) {
    const { twin, clock, watch } = ready();
    twin.insert(HUNDRED);
    t.is(watch(1600), "escrow");
    if (patient) t.is(watch(10_400), "rejecting");
    else clock.advance(6000);
    t.is(watch(1200), "idling");
    t.deepEqual(twin.truth().returned, [HUNDRED]);
  }
});

test("where the note is when the power goes decides what is said when it comes back", (t) => {
  for (const [stacked, said, inCassette] of [
    [false, "power_up_bill_in_acceptor", 0],
    [true, "power_up_bill_in_stacker", 1],
  ] as const) {
    const { twin, ask, watch } = ready();
    twin.insert(HUNDRED);
    watch(1600);
    if (stacked) ask(id003.command(id003.STACK_1));
    watch(800);
    twin.blink();
    t.is(watch(0), said);
    ask(id003.command(id003.RESET));
    t.is(watch(4000), stacked ? "vend_valid" : "disabled");
    t.is(twin.truth().cassette.length, inCassette);
  }
});

test("notes that are not among those to be taken are pushed back", (t) => {
  const { twin, watch } = ready();
  twin.insert(500_000);
  t.is(watch(1600), "rejecting");
  watch(1500);
  t.deepEqual(twin.truth().returned, [500_000]);
});

test("a command that makes no sense now is refused, a damaged one gets no answer", (t) => {
  const { ask } = ready();
  t.deepEqual(ask(id003.command(id003.STACK_1)), new Uint8Array([id003.INVALID_COMMAND]));
  const damaged = id003.command(id003.STATUS_REQUEST);
  damaged[3] ^= 1;
  t.is(ask(damaged), null);
});
