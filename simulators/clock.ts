/**
 * Time as an argument. The world of a test runs on a virtual clock, where nothing happens until somebody says how long to wait and where two runs
 * with the same seed are the same; the demo runs on the real one.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Runs `task` once, `delayMs` from now at the earliest. */
  after(delayMs: number, task: () => void): Timer;
  /** A promise for `ms` from now: how a person waits. */
  pause(ms: number): Promise<void>;
}

export interface Timer {
  /** Harmless when the task has run or was cancelled before. */
  cancel(): void;
}

export interface VirtualClock extends Clock {
  /** Runs everything due within the next `ms`, in order of time and then of asking, and leaves the clock exactly `ms` later. */
  advance(ms: number): void;
  /** Like {@link advance}, but lets promises and I/O callbacks of the process run between two instants. */
  settle(ms: number): Promise<void>;
  /** Like {@link settle}, but lets promises run only where a {@link pause} has ended: many times faster where nothing else makes promises. */
  pass(ms: number): Promise<void>;
  /** How many tasks wait: 0 means that nothing would ever happen again. */
  waiting(): number;
}

interface Task {
  readonly due: number;
  readonly order: number;
  run: (() => void) | null;
}

/** `true` when `a` comes first; the order of asking breaks ties, so that runs repeat. */
function before(a: Task, b: Task): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

/** A binary heap: a simulated day has hundreds of thousands of timers. */
function push(heap: Task[], task: Task): void {
  let at = heap.length;
  heap.push(task);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!before(task, heap[parent])) break;
    heap[at] = heap[parent];
    at = parent;
  }
  heap[at] = task;
}

function pop(heap: Task[]): Task {
  const top = heap[0];
  const last = heap.pop() as Task;
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
    if (!before(heap[child], last)) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}

/** Tasks in order of time and then of asking, and the time itself. */
export interface Agenda {
  nowMs: number;
  live: number;
  after(delayMs: number, run: () => void): Timer;
  /** Moves the time to the next task due by `limit` and hands it over; `null` when there is none. */
  take(limit: number): (() => void) | null;
  /** When the next task is due, or was before it was cancelled; never: infinity. */
  due(): number;
  /** Whether the next task belongs to the same instant. A cancelled one may say so in vain. */
  goesOn(): boolean;
}

export function createAgenda(startMs: number): Agenda {
  const heap: Task[] = [];
  let order = 0;
  const agenda: Agenda = {
    nowMs: startMs,
    live: 0,
    after(delayMs, run) {
      const task: Task = { due: agenda.nowMs + Math.max(0, delayMs), order: order++, run };
      push(heap, task);
      agenda.live++;
      return {
        cancel() {
          if (task.run) agenda.live--;
          task.run = null;
        },
      };
    },
    take(limit) {
      while (heap.length > 0 && heap[0].due <= limit) {
        const task = pop(heap);
        if (!task.run) continue;
        agenda.nowMs = Math.max(agenda.nowMs, task.due);
        agenda.live--;
        const run = task.run;
        task.run = null;
        return run;
      }
      return null;
    },
    due: () => (heap.length > 0 ? heap[0].due : Number.POSITIVE_INFINITY),
    goesOn: () => heap.length > 0 && heap[0].due <= agenda.nowMs,
  };
  return agenda;
}

/** `startMs`: what the clock shows first; a school day begins at 07:00, not in 1970. */
export function createVirtualClock(startMs = 0): VirtualClock {
  const agenda = createAgenda(startMs);
  /** A pause has ended, and whoever waited for it has not gone on yet. */
  let woken = false;

  function wake(done: () => void): void {
    woken = true;
    done();
  }

  return {
    now: () => agenda.nowMs,
    after: agenda.after,
    advance(ms) {
      const end = agenda.nowMs + ms;
      for (let run = agenda.take(end); run; run = agenda.take(end)) run();
      agenda.nowMs = end;
    },
    async settle(ms) {
      const end = agenda.nowMs + ms;
      await breathe();
      for (;;) {
        const run = agenda.take(end);
        if (!run) break;
        run();
        // Others may have answered by a promise; what they then ask of this clock must still be in time.
        if (!agenda.goesOn()) await breathe();
      }
      agenda.nowMs = end;
    },
    async pass(ms) {
      const end = agenda.nowMs + ms;
      await breathe();
      for (;;) {
        const run = agenda.take(end);
        run?.();
        if (!run && !woken) break;
        if (!woken || (run && agenda.goesOn())) continue;
        woken = false;
        await breathe();
      }
      agenda.nowMs = end;
    },
    pause: (ms) => new Promise((done) => void agenda.after(ms, () => wake(done))),
    waiting: () => agenda.live,
  };
}

/** One turn of the process's event loop. */
function breathe(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}

/** The machine's own clock. Its timers do not keep the process alive: whoever serves something does that. */
export function createRealClock(): Clock {
  const after = (delayMs: number, task: () => void): Timer => {
    const timer = setTimeout(task, Math.max(0, delayMs)).unref();
    return { cancel: () => clearTimeout(timer) };
  };
  return { now: () => Date.now(), after, pause: (ms) => new Promise((done) => void after(ms, done)) };
}
