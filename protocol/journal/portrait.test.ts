import test from "ava";
import { decodeWhole, encode } from "../wire/schema.js";
import { decodePortrait, encodePortrait, facesBytes, portraitListSchema, portraitsToSign } from "./portrait.js";

const portrait = { width: 6, height: 3, rows: Uint8Array.from({ length: 9 }, (_, i) => i * 17) };

test("a portrait is read as it was written; what is none, or too large for a till, is none", (t) => {
  const whole = encodePortrait(portrait);
  t.deepEqual(decodePortrait(whole), portrait);
  for (let length = 0; length < whole.length; length++) t.is(decodePortrait(whole.slice(0, length)), null);
  t.is(decodePortrait(new Uint8Array([...whole, 0])), null);
  t.is(decodePortrait(encodePortrait({ width: 74, height: 1, rows: new Uint8Array(37) })), null);
  t.is(decodePortrait(encodePortrait({ width: 2, height: 97, rows: new Uint8Array(97) })), null);
  t.is(decodePortrait(encodePortrait({ width: 5, height: 1, rows: new Uint8Array(3) })), null);
});

test("a list is read as it was written; its signature is for one school; what it holds does not depend on when it was made", (t) => {
  const faces = [{ number: "0242013137", hash: new Uint8Array(32).fill(7) }];
  const one = { madeMs: 1, faces };
  t.deepEqual(decodeWhole(portraitListSchema, encode(portraitListSchema, one)), { ok: true, value: one });
  t.notDeepEqual(portraitsToSign("a/directives/24", Uint8Array.of(1)), portraitsToSign("a/directives/25", Uint8Array.of(1)));
  t.deepEqual(facesBytes(one), facesBytes({ madeMs: 2, faces }));
  t.notDeepEqual(facesBytes(one), facesBytes({ madeMs: 1, faces: [] }));
});
