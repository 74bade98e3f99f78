import test from "ava";
import { withArrows } from "./arrow.js";

test("a function without a name becomes an arrow with its braces, wherever it is handed to somebody or kept", (t) => {
  t.is(withArrows("f(function(a){return a});"), "f(a=>{return a});");
  t.is(withArrows("x={go:function(){},at:[function(a,b){a(function(c){b(c)})}]};"), "x={go:()=>{},at:[(a,b)=>{a(c=>{b(c)})}]};");
  t.is(withArrows("function n(){return function(){return 1}}"), "function n(){return ()=>{return 1}}");
});

test("it stays a function where an arrow would mean something else", (t) => {
  const kept = [
    "f(function(){return this.a});",
    "f(function(){return arguments});",
    "f(function(){return function(){return this}});",
    "f(function own(){own()});",
    "!function(){}();",
    "x={get go(){return 1}};",
    "a&&function(){};",
  ];
  for (const code of kept) t.is(withArrows(code), code);
});
