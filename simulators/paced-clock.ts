/**
 * A clock that a hand can stop, push on and hurry: the bench's table lives by it. It starts with the machine's time and from then on goes as fast as it is
 * told. Tasks run in order of time and each at its own instant, as on a virtual clock: in a hurry nothing overtakes anything.
 */
import type { Network } from "./board-network.js";
import { createAgenda, type Clock } from "./clock.js";

export interface Pace {
  /** How many seconds here are one of the machine's; 0: time stands still. */
  readonly rate: number;
  setRate(rate: number): void;
  /** Lets so much time pass at once, whatever the rate. */
  step(ms: number): void;
}

export interface PacedClock extends Clock, Pace {}

/** What drives it: the machine's time and its timer, arguments so that a test needs neither. */
export interface Drive {
  now(): number;
  /** Calls `task` once, `ms` from now; the returned function takes that back. */
  wake(ms: number, task: () => void): () => void;
}

/** Longer than this nobody may work in one go: sockets and pages want to be heard, too. Time that there was no room for is not caught up. */
const BURST_MS = 15;
/** Sleeping longer than this would only make a change of the machine's time a leap. */
const SLEEP_MS = 1000;

export function createPacedClock(drive: Drive = machine()): PacedClock {
  const agenda = createAgenda(drive.now());
  let rate = 1;
  let seenMs = drive.now();
  let unwake: () => void = () => {};
  let isRunning = false;

  /** Lets everything happen that is due until `end`; `false` when there was no room for all of it. */
  function run(end: number): boolean {
    const until = drive.now() + BURST_MS;
    isRunning = true;
    for (let task = agenda.take(end); task; task = agenda.take(end)) {
      task();
      if (drive.now() > until) break;
    }
    isRunning = false;
    if (agenda.due() <= end) return false;
    agenda.nowMs = Math.max(agenda.nowMs, end);
    return true;
  }
  /** Brings the time here up to the machine's. */
  function follow(): void {
    const machineMs = drive.now();
    // A machine that slept or was put right: a second is all that anybody here has missed.
    const passed = Math.min(Math.max(0, machineMs - seenMs), SLEEP_MS) * rate;
    seenMs = machineMs;
    run(agenda.nowMs + passed);
    sleep();
  }
  function sleep(): void {
    unwake();
    if (rate === 0 || isRunning) return;
    const dueMs = (agenda.due() - agenda.nowMs) / rate;
    unwake = drive.wake(Math.min(Math.max(0, Math.ceil(dueMs)), SLEEP_MS), follow);
  }
  const nowMs = (): number => (isRunning ? agenda.nowMs : agenda.nowMs + Math.min(Math.max(0, drive.now() - seenMs), SLEEP_MS) * rate);
  function after(delayMs: number, task: () => void): { cancel(): void } {
    // Outside of a task the agenda's time is that of the last one.
    const timer = agenda.after(Math.max(0, delayMs) + nowMs() - agenda.nowMs, task);
    if (!isRunning) sleep();
    return timer;
  }
  sleep();
  return {
    get rate() {
      return rate;
    },
    now: () => Math.floor(nowMs()),
    after,
    pause: (ms) => new Promise((done) => void after(ms, done)),
    setRate(next) {
      follow();
      rate = next;
      sleep();
    },
    step(ms) {
      follow();
      const end = agenda.nowMs + ms;
      while (!run(end));
      sleep();
    },
  };
}

/** Its timers do not keep the process alive: whoever serves something does that. */
function machine(): Drive {
  return {
    now: () => Date.now(),
    wake(ms, task) {
      const timer = setTimeout(task, ms).unref();
      return () => clearTimeout(timer);
    },
  };
}

/** `network` as boards hear it that live by `clock`: nothing reaches them while their time stands still, and all of it afterwards in the same order. */
export function createPacedNetwork(network: Network, clock: Clock): Network {
  const later = (task: () => void): void => void clock.after(0, task);
  return {
    connect: (address, events) =>
      network.connect(address, {
        open: () => later(events.open),
        data: (bytes) => later(() => events.data(bytes)),
        drain: () => later(events.drain),
        close: (problem) => later(() => events.close(problem)),
      }),
  };
}
