import test from "ava";
import { qrPath } from "./paper.js";
import { changedRows, encodeStrip } from "./watch.js";

test("only the rows between the first and the last change are sent, and then count as sent", (t) => {
  const pixels = new Uint16Array(4 * 5);
  const sent = new Uint16Array(4 * 5);
  t.is(changedRows(pixels, sent, 4), null);
  pixels[5] = 7;
  pixels[14] = 9;
  const strip = changedRows(pixels, sent, 4);
  t.is(strip?.top, 1);
  t.deepEqual([...(strip?.rows ?? [])], [0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0]);
  t.is(changedRows(pixels, sent, 4), null);
});

test("a strip begins with terminal and row, colours follow with the low byte first", (t) => {
  t.deepEqual([...encodeStrip(2, { top: 258, rows: new Uint16Array([0x1234]) })], [2, 0, 2, 1, 0x34, 0x12]);
});

test("a QR code keeps its finder patterns: the top row begins with seven dark modules", (t) => {
  const { path, size } = qrPath(new Uint8Array([65, 66, 67]));
  t.is(size, 21);
  t.true(path.startsWith("M0 0h7v1h-7z"));
});
