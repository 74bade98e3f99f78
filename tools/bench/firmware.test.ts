import test from "ava";
import { measureFirmware } from "./firmware.js";
import { measureWire } from "./wire.js";

for (const { message, bytes, json, cbor, protobuf } of measureWire())
  test(`${message}: ${bytes} bytes are fewer than JSON's ${json}, CBOR's ${cbor} and no more than protobuf's ${protobuf}`, (t) => {
    t.true(bytes < json && bytes < cbor && bytes <= protobuf);
  });

test("without an interpreter every image is there with its figures, and its memory is not known rather than nought", async (t) => {
  const { images, wire } = await measureFirmware(null);
  t.deepEqual(
    images.map(({ name }) => name),
    ["payment", "settlement", "information", "payment-id003"],
  );
  for (const { bytes, functions, variablesIdle, variablesPeak, host } of images) {
    t.true(bytes > 10_000 && bytes <= 65_536 && functions > 100);
    t.deepEqual([variablesIdle, variablesPeak, host], [null, null, "none"]);
  }
  for (const row of wire) t.deepEqual(Object.keys(row), ["message", "bytes", "json", "cbor", "protobuf"]);
});
