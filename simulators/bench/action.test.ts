import test from "ava";
import { parseAction } from "./action.js";

const parse = (value: unknown) => parseAction(JSON.stringify(value), 3, 2);

test("every action a page can send is understood", (t) => {
  t.deepEqual(parse({ kind: "touch", terminal: 0, x: 319, y: 0 }), { kind: "touch", terminal: 0, x: 319, y: 0 });
  t.deepEqual(parse({ kind: "present", terminal: 2, card: 1, stay: true }), { kind: "present", terminal: 2, card: 1, stay: true });
  t.deepEqual(parse({ kind: "insert", terminal: 0, valueKopecks: 10000 }), { kind: "insert", terminal: 0, valueKopecks: 10000 });
  t.deepEqual(parse({ kind: "power", terminal: 1, on: false }), { kind: "power", terminal: 1, on: false });
  for (const on of [true, false])
    t.deepEqual(parse({ kind: "fault", terminal: 1, fault: "paper-end", on }), { kind: "fault", terminal: 1, fault: "paper-end", on });
  for (const trouble of ["lost", null])
    t.deepEqual(parse({ kind: "wire", terminal: 1, device: "reader", trouble }), {
      kind: "wire",
      terminal: 1,
      device: "reader",
      trouble,
    } as never);
  t.deepEqual(parse({ kind: "internet", on: false }), { kind: "internet", on: false });
  t.deepEqual(parse({ kind: "rate", rate: 60 }), { kind: "rate", rate: 60 });
  t.deepEqual(parse({ kind: "step" }), { kind: "step" });
  t.deepEqual(parse({ kind: "release", terminal: 1 }), { kind: "release", terminal: 1 });
});

const REFUSED: readonly [string, unknown][] = [
  ["a terminal that is not there", { kind: "release", terminal: 3 }],
  ["a card that is not there", { kind: "present", terminal: 0, card: 2 }],
  ["a touch beside the screen", { kind: "touch", terminal: 0, x: 320, y: 0 }],
  ["half a kopeck", { kind: "insert", terminal: 0, valueKopecks: 0.5 }],
  ["a debt", { kind: "insert", terminal: 0, valueKopecks: -100 }],
  ["a switch in between", { kind: "power", terminal: 0, on: "yes" }],
  ["a fault of no catalogue", { kind: "fault", terminal: 0, fault: "toString", on: true }],
  ["a wire that leads nowhere", { kind: "wire", terminal: 0, device: "kettle", trouble: "lost" }],
  ["a trouble that no wire has", { kind: "wire", terminal: 0, device: "reader", trouble: "blue" }],
  ["a time that runs backwards", { kind: "rate", rate: -1 }],
  ["a switch of the school on one terminal", { kind: "gateway", terminal: 0, on: false }],
  ["a kind that nobody knows", { kind: "constructor", terminal: 0, on: true }],
  ["nothing", null],
  ["a number", 7],
];

for (const [what, value] of REFUSED) test(`${what} is no action`, (t) => t.is(parse(value), null));

test("what is not JSON is no action", (t) => t.is(parseAction("{kind", 3, 2), null));
