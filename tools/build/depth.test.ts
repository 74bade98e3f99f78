import test from "ava";
import { deepest } from "./depth.js";

const programs: readonly [what: string, code: string, calls: number][] = [
  ["nothing is called", "function a(){return 1}", 0],
  ["one calls another that calls a third", "function c(){}function b(){c()}function a(){b();c()}a()", 3],
  ["a function calls itself", "function a(n){return n?a(n-1):0}", 0],
  ["two call each other", "function a(n){return n?b(n-1):0}function b(n){return a(n)}", 1],
  ["of two that call each other one goes further", "function d(){}function c(){d()}function a(n){b(n);c()}function b(n){a(n)}b(1)", 4],
  ["a method that two objects have", "function c(){}var x={go:function(){}},y={go:function(){c()}};function a(o){o.go()}", 2],
  ["a method that is put on later", "function c(){}function b(){c()}var x={};x.go=b;function a(o){o.go()}", 2],
  ["what is handed to one of ours is called by it", "function c(){}function each(f){f()}function a(){each(function(){c()})}", 2],
  ["what a list is walked with", "function c(){}function a(l){l.map(function(){c()})}", 2],
  ["what a timer is given begins anew", "function c(){}function b(){c()}function a(){setTimeout(b,1)}", 1],
  ["a function within a function", "function a(){function b(){c()}function c(){}b()}", 2],
];
for (const [what, code, calls] of programs) test(`${what}: ${calls} deep`, (t) => t.is(deepest(code).calls, calls));
