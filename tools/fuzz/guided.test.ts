import test from "ava";
import { createCoverage } from "./coverage.js";
import { chanceFrom, fuzz, type Target } from "./guided.js";
import { instrument } from "./instrument.js";

/** A parser that throws behind three doors, each of which is a branch of its own. */
const SOURCE = `
export function parse(raw) {
  if (raw[0] === 0x54) if (raw[1] === 0x52) { if (raw[2] === 0x50) return open(raw); }
  return raw.length > 3 && raw[9] === 7 ? 2 : 3;
}
const open = () => { throw new Error("planted"); };
`;

async function planted(): Promise<Target> {
  const address = `data:text/javascript,${encodeURIComponent(instrument(SOURCE))}`;
  const { parse } = (await import(address)) as { parse: (raw: Uint8Array) => number };
  const faultOf = (raw: Uint8Array): string | null => {
    try {
      parse(raw);
      return null;
    } catch (error) {
      return (error as Error).message;
    }
  };
  return { name: "planted", samples: [new Uint8Array(4)], faultOf };
}

test("bytes that lead somewhere new lead further: a fault behind three doors is found, and by chance alone it is not", async (t) => {
  const target = await planted();
  const goesOn = (tried: number): boolean => tried < 300_000;
  const guided = fuzz(target, [], createCoverage(), chanceFrom(1), goesOn);
  t.is(guided.faults[0], "planted");
  t.true(guided.kept.some((raw) => raw[0] === 0x54 && raw[1] !== 0x52));
  const blind = { newBranches: (call: () => void) => (call(), 0) };
  t.deepEqual(fuzz(target, [], blind, chanceFrom(1), goesOn), { kept: [], faults: [], tried: 300_000 });
});

test("what is instrumented does what it did", async (t) => {
  const source = `
    export const f = (a, b) => {
      let s = 0; for (const x of a) if (x > 1) s += x; else s -= 1; do s++; while (s < b);
      return a.length && (s ?? 1) ? { s } : null; };
    export function g(n) { switch (n) { case 1: return "one"; default: return n?.name ?? "none"; } }`;
  const at = (text: string): Promise<Record<string, (...values: unknown[]) => unknown>> =>
    import(`data:text/javascript,${encodeURIComponent(text)}`) as Promise<Record<string, (...values: unknown[]) => unknown>>;
  const [plain, counted] = [await at(source), await at(instrument(source))];
  for (const list of [[], [1], [2, 3], [0, 5, 1]]) t.deepEqual(counted.f(list, 4), plain.f(list, 4));
  for (const what of [1, 2, { name: "x" }, null]) t.is(counted.g(what), plain.g(what));
});
