import test from "ava";
import { costsOf, estimatedPeak, estimatedStack, functionsIn, standing } from "./estimate.js";

const stack = { bytes: 21_000, calls: 30 };
const deep = (calls: number) => ({ calls, way: ["step", "print"] });

/** Figures for a 32-bit Espruino with variables of 14 bytes, asked with E.getSizeOf; the name that holds a value is one. */
const sizes: readonly [code: string, variables: number][] = [
  ["function f(){}", 4],
  ["function f(a,b){function g(c){}}", 6],
  ["var n=30", 1],
  ['var t="ok"', 2],
  ['var t="a text of thirty letters here."', 5],
  ["var f=function(a){}", 5],
  ["var o={a:1,b:{}}", 5],
];
for (const [code, variables] of sizes) test(`${code} takes ${variables} variables`, (t) => t.is(standing(code), variables));

test("what has grown since it was measured is added to what was measured", (t) => {
  const measured = { variablesIdle: 2000, variablesPeak: 2500, standing: standing("function f(){}"), stack };
  t.is(estimatedPeak("function f(){}function g(a){}", measured), 2505);
  t.is(estimatedPeak("", measured), 2496);
});

test("functions are counted at every depth", (t) => t.is(functionsIn("function f(){return function(){}}var g=function(){}"), 3));

test("an image that would take more than the budget is refused, one at the budget is not", (t) => {
  const measured = { date: "2026-11-30", variablesIdle: 2000, variablesPeak: 2996, standing: 0, stack };
  t.is(costsOf("function f(){}", deep(30), measured).complaint, "");
  t.regex(costsOf("function f(a){}", deep(30), measured).complaint, /^some 3001 variables, the limit is 3000: /);
  t.is(costsOf("function f(a){}", deep(30), null).complaint, "");
});

test("an image whose calls nest five deeper than what ran in 21,000 bytes may still be flashed, one of six is refused", (t) => {
  const measured = { date: "2026-11-30", variablesIdle: 2000, variablesPeak: 2000, standing: 0, stack };
  t.is(estimatedStack(35, measured), 25_000);
  t.is(costsOf("", deep(35), measured).complaint, "");
  t.regex(
    costsOf("", deep(36), measured).complaint,
    /^some 25800 bytes of stack, the limit is 25000: nest fewer calls than step > print, /,
  );
});
