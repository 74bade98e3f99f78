import test from "ava";
import fc from "fast-check";
import { fromBase64, toBase64 } from "./base64.js";

test("base64 is what RFC 4648 §10 says", (t) => {
  for (const [plain, text] of [
    ["", ""],
    ["f", "Zg=="],
    ["fo", "Zm8="],
    ["foo", "Zm9v"],
    ["foob", "Zm9vYg=="],
    ["fooba", "Zm9vYmE="],
    ["foobar", "Zm9vYmFy"],
  ]) {
    t.is(toBase64(new TextEncoder().encode(plain)), text);
    t.deepEqual(fromBase64(text), new TextEncoder().encode(plain));
  }
});

test("bytes come back, and are spelt as others spell them", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
      const text = toBase64(data);
      t.is(text, Buffer.from(data).toString("base64"));
      t.deepEqual(fromBase64(text), data);
    }),
  );
});

test("a text is read only in its one spelling", (t) => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."AQgwZm/+=- \n_"), maxLength: 12 }), (text) => {
      const data = fromBase64(text);
      t.true(data === null || toBase64(data) === text);
    }),
    { numRuns: 2000 },
  );
  for (const text of ["Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "=Zg=", "Zg==Zg==", "Zm9v\n", " Zm9v", "Zm9-", "Zm9_"]) {
    t.is(fromBase64(text), null, text);
  }
});
