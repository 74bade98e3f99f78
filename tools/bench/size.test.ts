import test from "ava";
import { cborBytes, jsonBytes, protobufBytes, Raw, type Content } from "./size.js";

/** Lengths of the encodings printed in RFC 8949, appendix A. */
const cbor: readonly (readonly [content: Content, bytes: number])[] = [
  [0, 1],
  [23, 1],
  [24, 2],
  [100, 2],
  [1000, 3],
  [1000000, 5],
  [1000000000000, 9],
  [-1, 1],
  [-100, 2],
  [-1000, 3],
  [true, 1],
  [null, 1],
  [new Raw(4), 5],
  ["", 1],
  ["IETF", 5],
  ["\u00fc", 3],
  [[1, [2, 3], [4, 5]], 8],
  [{ a: 1, b: [2, 3] }, 9],
  [Array.from({ length: 25 }, (_, i) => i + 1), 29],
];
for (const [content, bytes] of cbor)
  test(`CBOR: ${JSON.stringify(content)} takes ${bytes} bytes (RFC 8949, appendix A)`, (t) => t.is(cborBytes(content), bytes));

/** From "Encoding" in the Protocol Buffers documentation: 08 96 01, 12 07 "testing", an embedded message, a packed list. */
const protobuf: readonly (readonly [content: Content, bytes: number])[] = [
  [{ a: 150 }, 3],
  [{ a: 0, b: "testing" }, 9],
  [{ a: 0, b: 0, c: { a: 150 } }, 5],
  [{ a: [3, 270, 86942] }, 8],
  [{ a: 0, b: false, c: "" }, 0],
  [{ a: [{ b: 1 }, { b: 0 }] }, 6],
  [{ a: -2 }, 2],
];
for (const [content, bytes] of protobuf)
  test(`protobuf: ${JSON.stringify(content)} takes ${bytes} bytes`, (t) => t.is(protobufBytes(content), bytes));

test("JSON spells raw bytes as hex and counts UTF-8", (t) => {
  t.is(jsonBytes({ a: new Raw(2), b: "ю" }), '{"a":"0000","b":"ю"}'.length + 1);
});
