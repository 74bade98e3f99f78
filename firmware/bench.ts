/** A virtual clock and a scripted line, for the tests of the drivers. */
import type { Clock, Port } from "./board.js";

export interface BenchClock extends Clock {
  advance(ms: number): void;
}

export function createBenchClock(): BenchClock {
  let now = 0;
  let next = 1;
  const timers = new Map<number, { due: number; run: () => void }>();
  return {
    now: () => now,
    after<A>(delayMs: number, run: (argument: A) => void, argument?: A) {
      timers.set(next, { due: now + delayMs, run: () => run(argument as A) });
      return next++;
    },
    cancel(timer) {
      timers.delete(timer);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.due <= end).sort((a, b) => a[1].due - b[1].due || a[0] - b[0])[0];
        if (!due) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].due);
        due[1].run();
      }
      now = end;
    },
  };
}

export interface BenchPort extends Port {
  /** What the device at the other end says now. */
  say(bytes: Uint8Array): void;
}

/** `answer` hears each write and may answer with bytes, which arrive 20 ms later. */
export function createBenchPort(clock: Clock, answer: (written: Uint8Array) => Uint8Array | null): BenchPort {
  let take: (bytes: Uint8Array) => void = () => {};
  return {
    write(bytes) {
      const reply = answer(Uint8Array.from(bytes));
      if (reply) clock.after(20, () => take(reply));
    },
    onData(listener) {
      take = listener;
    },
    say: (bytes) => take(bytes),
  };
}
