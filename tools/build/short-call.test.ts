import test from "ava";
import { shortenCalls } from "./short-call.js";

const many = (call: string): string => Array.from({ length: 10 }, () => `use(${call});`).join("\n");

test("what is said often under a long name is said by a function, arguments and all", (t) => {
  const code = shortenCalls(many("new Uint8Array([1, Math.floor(x / 2)])"));
  t.is(code.split("\n")[0], "function wholeOf(number) { return Math.floor(number); }");
  t.is(code.split("\n")[1], "function newBytes(of) { return new Uint8Array(of); }");
  t.is(code.split("\n")[2], "use(newBytes([1, wholeOf(x / 2)]));");
});

test("what is said seldom, or with other arguments, stays", (t) => {
  t.is(shortenCalls("use(new Uint8Array(3));"), "use(new Uint8Array(3));");
  const views = many("new Uint8Array(buffer, 0, 4)");
  t.is(shortenCalls(views), views);
  const others = many("new Uint16Array(4)");
  t.is(shortenCalls(others), others);
});

test("the arguments of the new function do the same as the old call", (t) => {
  const run = (code: string): unknown => new Function(`var out = []; function use(x) { out.push(Array.from(x)); } ${code}; return out;`)();
  const code = many("new Uint8Array([1.5, Math.floor((-2.5) * 3), 300])");
  t.deepEqual(run(shortenCalls(code)), run(code));
});
