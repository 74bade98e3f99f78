/**
 * A plugin of Stryker that plays AVA's tests in its own process: all of them are loaded once, and a mutant is a switch that is thrown before they are
 * played. A process for each mutant, which is Stryker's way with a runner it does not know, takes seconds for what takes milliseconds here.
 * Shapes: Stryker's `TestRunner` of @stryker-mutator/api 9.
 */
import { register } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import type { Collected } from "./stand-in.js";

/** A property that has found nothing so long will not: its runs are many for the sake of the product, and here there are thousands of products. */
const PROPERTY_MS = 700;

interface Switchboard {
  activeMutant?: string;
  currentTestId?: string;
  mutantCoverage?: unknown;
  hitCount?: number;
  hitLimit?: number;
}

interface Played {
  readonly id: string;
  readonly name: string;
  readonly timeSpentMs: number;
  /** 0 passed, 1 failed. */
  readonly status: 0 | 1;
  readonly failureMessage: string;
}

/** Where Stryker's instrumented code looks for the mutant that is on. */
const board = ((globalThis as { __stryker__?: Switchboard }).__stryker__ ??= {});

function play({ title, play }: Collected): Played {
  const sinceMs = performance.now();
  const told = (failure?: unknown): Played => ({
    ...{ id: title, name: title, timeSpentMs: performance.now() - sinceMs },
    ...{ status: failure === undefined ? 0 : 1, failureMessage: failure instanceof Error ? failure.message.slice(0, 300) : "" },
  });
  try {
    // What waits would go on while the next mutant is on.
    if (play() instanceof Promise) return told(new Error("a test that waits cannot be played here"));
    return told();
  } catch (error) {
    return told(error instanceof Error ? error : new Error(String(error)));
  }
}

class RulesRunner {
  static readonly inject = ["options"];
  readonly #files: readonly string[];
  #tests: readonly Collected[] | null = null;

  constructor(options: { readonly trapeza: { readonly tests: readonly string[] } }) {
    this.#files = options.trapeza.tests;
  }

  capabilities(): { reloadEnvironment: boolean } {
    return { reloadEnvironment: false };
  }

  async #load(): Promise<readonly Collected[]> {
    if (this.#tests) return this.#tests;
    register(new URL("./hook.js", import.meta.url));
    fc.configureGlobal({ interruptAfterTimeLimit: PROPERTY_MS, markInterruptAsFailure: false });
    for (const file of this.#files) await import(pathToFileURL(resolve(file)).href);
    const { collected } = await import("./stand-in.js");
    this.#tests = collected;
    return collected;
  }

  async dryRun(): Promise<object> {
    const tests: Played[] = [];
    for (const test of await this.#load()) {
      board.currentTestId = test.title;
      tests.push(play(test));
    }
    board.currentTestId = undefined;
    return { status: "complete", tests, mutantCoverage: board.mutantCoverage };
  }

  async mutantRun(asked: {
    readonly activeMutant: { readonly id: string };
    readonly testFilter?: readonly string[];
    readonly hitLimit?: number;
    readonly mutantActivation: "static" | "runtime";
  }): Promise<object> {
    // A mutant in what is worked out while modules load must be on before they do; Stryker gives it a process of its own.
    if (asked.mutantActivation === "static") board.activeMutant = asked.activeMutant.id;
    const tests = (await this.#load()).filter(({ title }) => asked.testFilter?.includes(title) ?? true);
    board.activeMutant = asked.activeMutant.id;
    board.hitCount = asked.hitLimit === undefined ? undefined : 0;
    board.hitLimit = asked.hitLimit;
    try {
      for (const [at, test] of tests.entries()) {
        const { status, failureMessage } = play(test);
        if ((board.hitCount ?? 0) > (board.hitLimit ?? Infinity)) return { status: "timeout", reason: "it goes round and round" };
        if (status === 1) return { status: "killed", killedBy: [test.title], failureMessage, nrOfTests: at + 1 };
      }
      return { status: "survived", nrOfTests: tests.length };
    } finally {
      board.activeMutant = undefined;
    }
  }
}

export const strykerPlugins = [{ kind: "TestRunner", name: "trapeza", injectableClass: RulesRunner }];
