import test from "ava";
import { checkImage } from "./gate.js";
import { declareAtHead } from "./scope.js";

/** Each sample parses and runs in Node; each would fail, or quietly differ, on the chip. */
const refused: readonly [title: string, code: string, because: RegExp][] = [
  ["an arrow function", "var f=()=>1;f()", /does not parse as ES5/],
  ["a bundle with an export", "var a=1;export{a}", /does not parse as ES5/],
  ["a call before the function", "f();function f(){}", /"f" is used where/],
  ["a read before the var", "function f(){var a=b;var b=1;return a+b}f()", /"b" is used where/],
  ["an assignment before the var", "function f(){u=1;var u;return u}f()", /"u" is used where/],
  ["a var in a branch that may be skipped", "function f(c){if(c){var t=1}else{t=2}return t}f(1)", /"t" is used where/],
  ["a var in one case used in another", "function f(c){switch(c){case 1:var t=1;break;default:t=2}return t}f(1)", /"t" is used where/],
  ["a var in a loop that may not turn", "function f(a){for(;a>0;a--){var t=a}return t}f(1)", /"t" is used where/],
  ["a var in a try block used after it", "function f(){try{var t=JSON.parse('')}catch(e){}return t}f()", /"t" is used where/],
  ["a label", "a:for(;;){break a}", /labels do not parse/],
  ["a default that is not the last case", "switch(1){default:break;case 1:}", /default must be the last case/],
  ["a non-capturing group", "var r=/(?:a)b/;r.test('')", /group beginning with/],
  ["a lazy quantifier", "var r=/a+?b/;r.test('')", /lazy quantifier/],
  ["a counted quantifier", "var r=/\\d{2}/;r.test('')", /counted quantifier/],
  ["a Cyrillic letter as it is", "var a='Ж';a", /not ASCII/],
  ["a Cyrillic letter escaped", "var a='\\u0416';a", /loses its high byte/],
  ["a Map", "var m=new Map;m", /"Map" is no global/],
  ["a timer outside espruino.ts", "setTimeout(function(){},1)", /"setTimeout" is no global/],
  ["Object.freeze", "Object.freeze({})", /no Object\.freeze/],
  ["Math.pow, which is inexact", "Math.pow(2,53)", /no Math\.pow/],
  ["a static reference to a builtin's method", "Array.prototype.slice.call([])", /no Array\.prototype/],
  ["a variable named as the board's own object", "var E=1;E", /"E" is a name of the board's own/],
  ["a function named as a pin", "function D4(){}D4()", /"D4" is a name of the board's own/],
  ["an undeclared assignment", "x=1", /"x" is no global/],
];

for (const [title, code, because] of refused) {
  test(`refused: ${title}`, (t) => {
    const complaints = checkImage(code);
    t.true(
      complaints.some((one) => because.test(one)),
      `${JSON.stringify(complaints)} should say ${because.source}`,
    );
  });
}

test("refused: an image over its budget, with both numbers", (t) => {
  t.deepEqual(checkImage("var a=1;a", 8), ["9 bytes, the limit is 8"]);
});

const passed: readonly [title: string, code: string][] = [
  ["a function used by a function above it", "function a(){return b()}function b(){return 1}a()"],
  ["a variable used by a function above it", "function a(){return v}var v=1;a()"],
  ["a loop with its own variable", "for(var i=0;i<3;i++){var t=i;t+t}"],
  ["bytes above 0x7f, a class and a regex in classes", 'var s="\\xcf\\xf0";/[?{}]+\\?/.test(s)'],
  ["properties named as absent globals", "var o={Map:1,name:2};o.Map+o.name"],
  ["a named function expression", "var f=function g(n){return n?g(n-1):0};f(1)"],
  ["a local variable named as the board's own object", "function f(){var E=1;return E}f()"],
  ["a caught error", "try{JSON.parse('')}catch(e){e.message}"],
];

for (const [title, code] of passed) {
  test(`passed: ${title}`, (t) => {
    t.deepEqual(checkImage(code), []);
  });
}

test("a variable declared too late moves to the head of its function, and the gate is content", (t) => {
  const late = "function f(c){switch(c){case 1:t=1;break;case 2:var t;return t}}f(1)";
  const early = declareAtHead(late);
  t.is(early, "function f(c){var t;switch(c){case 1:t=1;break;case 2:var t;return t}}f(1)");
  t.deepEqual(checkImage(early), []);
});

test("a function declared too late stays late, and the gate says so", (t) => {
  const late = "f();function f(){}";
  t.is(declareAtHead(late), late);
  t.is(checkImage(late).length, 1);
});
