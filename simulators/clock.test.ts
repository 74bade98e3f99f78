import test from "ava";
import { createVirtualClock } from "./clock.js";

test("tasks run in order of time, ties in order of asking", (t) => {
  const clock = createVirtualClock(1000);
  const seen: string[] = [];
  clock.after(20, () => seen.push("c@" + clock.now()));
  clock.after(10, () => seen.push("a@" + clock.now()));
  clock.after(10, () => seen.push("b@" + clock.now()));
  clock.advance(15);
  t.deepEqual(seen, ["a@1010", "b@1010"]);
  t.is(clock.now(), 1015);
  clock.advance(5);
  t.deepEqual(seen, ["a@1010", "b@1010", "c@1020"]);
  t.is(clock.waiting(), 0);
});

test("a task asked for during another runs in the same advance when it is due", (t) => {
  const clock = createVirtualClock();
  const seen: number[] = [];
  const tick = (): void => {
    seen.push(clock.now());
    clock.after(10, tick);
  };
  clock.after(10, tick);
  clock.advance(35);
  t.deepEqual(seen, [10, 20, 30]);
});

test("a cancelled task never runs and is not waited for", (t) => {
  const clock = createVirtualClock();
  const timer = clock.after(5, () => t.fail());
  timer.cancel();
  timer.cancel();
  t.is(clock.waiting(), 0);
  clock.advance(100);
});

test("settle lets a promise answer before the clock moves on", async (t) => {
  const clock = createVirtualClock();
  const seen: number[] = [];
  clock.after(10, () => void Promise.resolve().then(() => clock.after(5, () => seen.push(clock.now()))));
  clock.after(100, () => seen.push(clock.now()));
  await clock.settle(200);
  t.deepEqual(seen, [15, 100]);
});

test("a thousand timers in a shuffled order come out sorted", (t) => {
  const clock = createVirtualClock();
  const seen: number[] = [];
  for (let i = 0; i < 1000; i++) clock.after((i * 379) % 1000, () => seen.push(clock.now()));
  clock.advance(1000);
  t.is(seen.length, 1000);
  t.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
});

test("pass lets whoever paused go on before the clock does, also when nothing else is due", async (t) => {
  const clock = createVirtualClock(100);
  const seen: string[] = [];
  const person = async (): Promise<void> => {
    await clock.pause(10);
    seen.push(`first ${clock.now()}`);
    await clock.pause(0);
    await clock.pause(15);
    seen.push(`second ${clock.now()}`);
  };
  void person();
  clock.after(12, () => seen.push(`task ${clock.now()}`));
  clock.after(25, () => seen.push(`same instant ${clock.now()}`)).cancel();
  await clock.pass(30);
  t.deepEqual(seen, ["first 110", "task 112", "second 125"]);
  t.is(clock.now(), 130);
});
