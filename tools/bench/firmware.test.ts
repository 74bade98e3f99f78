import test from "ava";
import { measureWire } from "./wire.js";

for (const { message, bytes, json, cbor, protobuf } of measureWire())
  test(`${message}: ${bytes} bytes are fewer than JSON's ${json}, CBOR's ${cbor} and no more than protobuf's ${protobuf}`, (t) => {
    t.true(bytes < json && bytes < cbor && bytes <= protobuf);
  });
