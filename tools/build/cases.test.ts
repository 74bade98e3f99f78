import test from "ava";
import { dropCases } from "./cases.js";

test("a kind that the image names nowhere goes out of the table of messages", (t) => {
  const code = 'var table = { Tap: [2, a], Sale: [16, b], Menu: [M, c] };\nsend({ kind: "Tap" }, kind === "Menu");';
  t.is(dropCases(code), 'var table = { Tap: [2, a], Menu: [M, c] };\nsend({ kind: "Tap" }, kind === "Menu");');
});

test("an answer that need not be named stays: without it an operation would be sent for ever", (t) => {
  const code = "var table = { Refused: [1, a], Recorded: [14, b] };";
  t.is(dropCases(code), code);
});
