/** Stands in for AVA inside a mutation run: it only collects the tests, which the runner then plays as often as there are mutants. */
import { isDeepStrictEqual } from "node:util";

export interface Collected {
  readonly title: string;
  readonly play: () => unknown;
}

export const collected: Collected[] = [];

function hold(holds: boolean, message: string | undefined): void {
  if (!holds) throw new Error(message ?? "it does not hold");
}

/** What the tests of the rules ask; another word is a TypeError at the first play, before any mutant. */
const assertions = {
  is: (one: unknown, other: unknown, message?: string) => hold(Object.is(one, other), message),
  not: (one: unknown, other: unknown, message?: string) => hold(!Object.is(one, other), message),
  true: (one: unknown, message?: string) => hold(one === true, message),
  false: (one: unknown, message?: string) => hold(one === false, message),
  deepEqual: (one: unknown, other: unknown, message?: string) => hold(isDeepStrictEqual(one, other), message),
};

export default function test(title: string, body: (t: typeof assertions) => unknown): void {
  collected.push({ title, play: () => body(assertions) });
}
