import test from "ava";
import { ADDRESS, ANY_ROW, columnsOf, COLUMNS, LAYOUTS, pullRow, ROWS } from "./keypad.js";
import { ADDRESS as DISPLAY } from "./hd44780.js";

test("one row at a time is pulled down, the columns stay inputs", (t) => {
  t.deepEqual([0, 1, 2, 3].map(pullRow), [0xfe, 0xfd, 0xfb, 0xf7]);
  for (let row = 0; row < ROWS; row++) t.is(pullRow(row) & ANY_ROW, ANY_ROW);
});

test("a column that is pulled down reads low, the first one on pin 4", (t) => {
  t.is(columnsOf(0xf0), 0);
  t.is(columnsOf(0xe0), 1);
  t.is(columnsOf(0x7e), 8, "what the rows read does not matter");
  t.is(columnsOf(0x0f), 15);
});

test("each layout says ten figures once, OK and cancel, and stands at another address than the display", (t) => {
  for (const [name, layout] of Object.entries(LAYOUTS)) {
    t.is(layout.length, ROWS * COLUMNS, name);
    for (const figure of "0123456789") t.is(layout.split(figure).length, 2, `${name}: ${figure}`);
    t.true(layout.includes("k") && layout.includes("c"), name);
  }
  t.not(ADDRESS, DISPLAY);
});
