import test from "ava";
import fc from "fast-check";
import { toHex } from "../wire/bytes.js";
import * as xpt2046 from "./xpt2046.js";

test("a reading is asked for with one control byte and two empty ones", (t) => {
  t.is(toHex(xpt2046.request(xpt2046.READ_X)), "d00000");
  t.is(toHex(xpt2046.request(xpt2046.READ_Y)), "900000");
});

test("twelve bits go there and back", (t) => {
  for (let value = 0; value < 4096; value++) t.is(xpt2046.decodeReading(xpt2046.encodeReading(value)), value);
  t.is(xpt2046.decodeReading(new Uint8Array(2)), null);
});

test("every pixel survives the way through the panel, mirrored panels too", (t) => {
  const mirrored = { left: 3900, right: 150, top: 3800, bottom: 240 };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 319 }), fc.integer({ min: 0, max: 239 }), fc.boolean(), (x, y, mirror) => {
      const calibration = mirror ? mirrored : xpt2046.TYPICAL;
      const raw = xpt2046.toRaw(calibration, x, y);
      t.deepEqual(xpt2046.toPixel(calibration, raw.rawX, raw.rawY), { x, y });
    }),
  );
});

test("a finger beyond the edge is on the edge", (t) => {
  t.deepEqual(xpt2046.toPixel(xpt2046.TYPICAL, 0, 4095), { x: 0, y: 239 });
  t.deepEqual(xpt2046.toPixel(xpt2046.TYPICAL, 4095, 0), { x: 319, y: 0 });
});
