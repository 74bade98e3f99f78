import test from "ava";
import { keypad } from "@trapeza/protocol";
import { createVirtualClock } from "../clock.js";
import { createKeypadTwin } from "./keypad.js";

function rig() {
  const clock = createVirtualClock();
  const twin = createKeypadTwin(clock);
  const columns = (pins: number): number => {
    twin.write(new Uint8Array([pins]));
    return keypad.columnsOf(twin.read());
  };
  return { clock, twin, columns, rows: () => [0, 1, 2, 3].map((row) => columns(keypad.pullRow(row))) };
}

test("a key pulls its column down when its row is pulled down, and no other", async (t) => {
  const { clock, twin, columns, rows } = rig();
  t.is(columns(keypad.ANY_ROW), 0);
  twin.press(6);
  await clock.pass(10);
  t.is(columns(keypad.ANY_ROW), 4);
  t.deepEqual(rows(), [0, 4, 0, 0]);
  twin.release(6);
  await clock.pass(10);
  t.deepEqual(rows(), [0, 0, 0, 0]);
});

test("a contact opens and closes again before it rests", async (t) => {
  const { clock, twin } = rig();
  const story: number[] = [];
  twin.onChange = () => story.push(twin.closed);
  twin.press(0);
  await clock.pass(10);
  t.deepEqual(story, [1, 0, 1, 0, 1]);
});

test("three corners of a rectangle read as four: there are no diodes", async (t) => {
  const { clock, twin, rows } = rig();
  for (const place of [0, 1, 4]) twin.press(place);
  await clock.pass(10);
  t.deepEqual(rows(), [3, 3, 0, 0]);
});

test("with the plug out nobody answers, and the pins read high", (t) => {
  const { twin } = rig();
  twin.plugged = false;
  t.false(twin.write(new Uint8Array([keypad.ANY_ROW])));
  t.is(twin.read(), 255);
});
