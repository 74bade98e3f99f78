import test from "ava";
import type { ConnectionEvents, Network } from "./board-network.js";
import { createPacedClock, createPacedNetwork } from "./paced-clock.js";

/** A machine whose time is moved by hand; whoever sleeps is woken on the way. */
function machine() {
  let nowMs = 1000;
  let sleeper: { readonly at: number; readonly task: () => void } | null = null;
  return {
    now: () => nowMs,
    wake(ms: number, task: () => void) {
      sleeper = { at: nowMs + ms, task };
      return () => void (sleeper = null);
    },
    pass(ms: number) {
      const end = nowMs + ms;
      while (sleeper && sleeper.at <= end) {
        const { at, task } = sleeper;
        sleeper = null;
        nowMs = Math.max(nowMs, at);
        task();
      }
      nowMs = end;
    },
  };
}

test("it goes with the machine, stands still, is pushed on, and hurries", (t) => {
  const drive = machine();
  const clock = createPacedClock(drive);
  const heard: string[] = [];
  const begin = clock.now();
  for (const ms of [30, 10, 200, 5000]) clock.after(ms, () => heard.push(`${ms} at ${clock.now() - begin}`));
  drive.pass(20);
  t.deepEqual(heard.splice(0), ["10 at 10"]);
  clock.setRate(0);
  drive.pass(100_000);
  t.is(clock.now() - begin, 20);
  t.deepEqual(heard, []);
  clock.step(100);
  t.is(clock.now() - begin, 120);
  t.deepEqual(heard.splice(0), ["30 at 30"]);
  clock.setRate(60);
  drive.pass(100);
  t.is(clock.now() - begin, 6120);
  t.deepEqual(heard.splice(0), ["200 at 200", "5000 at 5000"]);
  clock.setRate(0.1);
  drive.pass(1000);
  t.is(clock.now() - begin, 6220);
});

test("in a hurry nothing overtakes anything, and what a task asks for comes at its own time", (t) => {
  const drive = machine();
  const clock = createPacedClock(drive);
  const begin = clock.now();
  const heard: number[] = [];
  const tick = (): void => {
    heard.push(clock.now() - begin);
    if (heard.length < 5) clock.after(7, tick);
  };
  clock.after(7, tick);
  clock.setRate(60);
  drive.pass(1);
  t.deepEqual(heard, [7, 14, 21, 28, 35]);
});

test("a machine that slept for an hour has not lived through it here", (t) => {
  const drive = machine();
  const clock = createPacedClock({ ...drive, wake: () => () => {} });
  const begin = clock.now();
  drive.pass(3_600_000);
  t.is(clock.now() - begin, 1000);
});

test("what comes over the network while time stands still is heard afterwards, in its order", (t) => {
  const drive = machine();
  const clock = createPacedClock(drive);
  let board: ConnectionEvents | null = null;
  const network: Network = {
    connect(_, events) {
      board = events;
      return { write() {}, end() {}, vanish() {} };
    },
  };
  const heard: string[] = [];
  const say = (what: string) => (): void => void heard.push(what);
  createPacedNetwork(network, clock).connect(
    { host: "h", port: 1 },
    { open: say("open"), data: say("data"), drain: say("drain"), close: say("close") },
  );
  clock.setRate(0);
  const events = board as unknown as ConnectionEvents;
  events.open();
  events.data(new Uint8Array(1));
  events.close(null);
  drive.pass(500);
  t.deepEqual(heard, []);
  clock.step(100);
  t.deepEqual(heard, ["open", "data", "close"]);
});
