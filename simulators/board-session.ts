/**
 * One life of a board, from power on to power off: its realm, its event loop and what waits in it.
 *
 * Everything the firmware hears of comes through {@link Session.later} or {@link Session.call}, so that ending the session silences timers, ports and
 * sockets at one stroke, and so that a handler that throws is printed and forgotten as the chip does.
 */
import type vm from "node:vm";
import type { Clock, Timer } from "./clock.js";
import { PowerCut } from "./board-flash.js";

export type Handler = (...args: unknown[]) => unknown;

export interface Session {
  readonly realm: vm.Context;
  readonly clock: Clock;
  alive: boolean;
  /** Runs firmware code now, or when a blocking call is over; what it throws is printed. `self` becomes `this`. */
  call(handler: Handler, args: unknown[], self?: unknown): void;
  /** Runs firmware code after `delayMs`, unless the power has gone by then. */
  later(delayMs: number, handler: Handler, args: unknown[], self?: unknown): Timer;
  /** Runs our own code after `delayMs`, unless the power has gone by then. */
  after(delayMs: number, task: () => void): Timer;
  /** Stops the firmware's world until the returned function is called: sockets of the chip block. */
  block(): () => void;
  readonly blocked: boolean;
  /** Wraps a function of the chip's library: without power it throws instead of acting. */
  api<F extends Handler>(work: F): F;
  print(text: string): void;
  /** Set by `process.on("uncaughtException")`. */
  onUncaught: Handler | null;
}

/** `print` receives each line of the console. */
export function createSession(realm: vm.Context, clock: Clock, print: (text: string) => void): Session {
  let blocks = 0;
  let held: (() => void)[] = [];

  function guarded(handler: Handler, args: unknown[], self: unknown): void {
    try {
      handler.apply(self, args);
    } catch (error) {
      if (error instanceof PowerCut || !session.alive) return;
      if (session.onUncaught) {
        const listener = session.onUncaught;
        session.onUncaught = null;
        guarded(listener, [error], undefined);
        session.onUncaught = listener;
        return;
      }
      print("Uncaught " + describeError(error));
    }
  }

  const session: Session = {
    realm,
    clock,
    alive: true,
    onUncaught: null,
    print,
    call(handler, args, self) {
      if (!session.alive) return;
      if (blocks > 0) held.push(() => session.call(handler, args, self));
      else guarded(handler, args, self);
    },
    later: (delayMs, handler, args, self) => clock.after(delayMs, () => session.call(handler, args, self)),
    after: (delayMs, task) =>
      clock.after(delayMs, () => {
        if (session.alive) task();
      }),
    get blocked() {
      return blocks > 0;
    },
    block() {
      blocks++;
      let open = true;
      return () => {
        if (!open) return;
        open = false;
        blocks--;
        if (blocks > 0) return;
        const waiting = held;
        held = [];
        for (const run of waiting) run();
      };
    },
    api: (work) =>
      ((...args: unknown[]) => {
        if (!session.alive) throw new PowerCut("no power");
        return work(...args);
      }) as typeof work,
  };
  return session;
}

function describeError(error: unknown): string {
  const stack = (error as { stack?: unknown } | null)?.stack;
  return typeof stack === "string" ? stack.split("\n").slice(0, 6).join("\n") : String(error);
}

/** Handlers by event, as `on` of Espruino's objects keeps them; they are called later, never in the caller's stack. */
export interface Emitter {
  /** Puts `on`, `removeListener`, `removeAllListeners` and `emit` on an object of the realm. */
  dress(target: Record<string, unknown>): void;
  emit(event: string, args: unknown[]): void;
  has(event: string): boolean;
}

/** `heard` is told of each new listener: data that waited for one can go. */
export function createEmitter(session: Session, heard: (event: string) => void = () => {}): Emitter {
  const handlers = new Map<string, Handler[]>();
  let self: unknown;
  const emitter: Emitter = {
    dress(target) {
      self = target;
      target.on = session.api((event: unknown, handler: unknown) => {
        handlers.set(String(event), [...(handlers.get(String(event)) ?? []), handler as Handler]);
        heard(String(event));
      });
      target.removeListener = session.api((event: unknown, handler: unknown) => {
        handlers.set(
          String(event),
          (handlers.get(String(event)) ?? []).filter((h) => h !== handler),
        );
      });
      target.removeAllListeners = session.api((event: unknown) => {
        if (event === undefined) handlers.clear();
        else handlers.delete(String(event));
      });
      target.emit = session.api((event: unknown, ...args: unknown[]) => void session.after(0, () => emitter.emit(String(event), args)));
    },
    emit(event, args) {
      for (const handler of handlers.get(event) ?? []) session.call(handler, args, self);
    },
    has: (event) => (handlers.get(event) ?? []).length > 0,
  };
  return emitter;
}
