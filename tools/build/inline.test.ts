import test from "ava";
import { inlineFormulas } from "./inline.js";

const samples: readonly [title: string, code: string, written: string][] = [
  ["a formula stands where it was called", "function twice(a) { return a * 2; } use(twice(b));", " use((2*b));"],
  ["one of constants is worked out", "function plain(max) { return (max || 0) * 8; } use(plain(), plain(3));", " use((0), (24));"],
  ["one in another", "function f(a) { return [a]; } use(f(f(1)));", " use(([[1]]));"],
  ["by another name", "function f(a) { return [a]; } var g = f; use(g(1));", " var g = 0; use(([1]));"],
  ["a constant", "var ROW = 15 * 2; use(ROW + at);", "var ROW = 15 * 2; use((30) + at);"],
  ["a call as the argument, evaluated once", "function f(a) { return a + 1; } use(f(next()));", " use((next()+1));"],
];
for (const [title, code, written] of samples) test(title, (t) => t.is(inlineFormulas(code), written));

const kept: readonly [title: string, code: string][] = [
  ["an argument that would be evaluated twice", "function f(a) { return a + a; } use(f(next()));"],
  ["an argument that might not be evaluated", "function f(a, b) { return a || b; } use(f(x, next()));"],
  ["an argument that would be evaluated after a call", "function f(a) { return first() + a; } use(f(x.y));"],
  ["two calls that would change places", "function f(a, b) { return b - a; } use(f(one(), two()));"],
  ["a function that somebody keeps", "function f(a) { return a; } use(f); f(1);"],
  ["a function that calls itself", "function f(a) { return a ? f(a - 1) : 0; } use(f(3));"],
  ["a number that changes", "var n = 1; n++; use(n);"],
  ["a long text", 'var t = "abcdefgh"; use(t, t);'],
  ["a statement", "function f(a) { if (a) return 1; return 2; } use(f(3));"],
  ["what would make the image grow", `function f(a) { return [${"a.length, ".repeat(20)}a]; } use(f(x), f(y), f(z));`],
];
for (const [title, code] of kept) test(`left where it is: ${title}`, (t) => t.is(inlineFormulas(code), code));
