import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "ava";
import { apply } from "../rules/apply.js";
import { encodeSchool } from "../rules/encode.js";
import { createSchool } from "../rules/school.js";
import { fromHex, toHex } from "../wire/bytes.js";
import { decodeWhole, encode } from "../wire/schema.js";
import { decodeEntry, encodeEntry, leafHash } from "./entry.js";
import { eventSchema } from "./event.js";
import type { Event } from "./event.js";
import { createTree } from "./merkle.js";

/** Values as JSON can say them: bytes are `{ "hex": … }`. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Vectors {
  readonly entries: readonly { readonly event: Json; readonly entry: string; readonly leaf: string }[];
  readonly roots: { readonly [size: string]: string };
  readonly stateHash: string;
}

const vectors = JSON.parse(readFileSync(new URL("../../vectors/journal.json", import.meta.url), "utf8")) as Vectors;
const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());

function fromJson(value: Json): unknown {
  if (Array.isArray(value)) return value.map(fromJson);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.hex === "string") return fromHex(value.hex);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fromJson(inner)]));
}

test("every published event is spelled and read to the letter, and has the published leaf", (t) => {
  for (const { event, entry, leaf } of vectors.entries) {
    const bytes = fromHex(entry) as Uint8Array;
    const decoded = decodeEntry(bytes);
    if (!decoded.ok) return t.fail(entry);
    const read = decodeWhole(eventSchema, decoded.value.event);
    t.deepEqual<unknown, unknown>(read, { ok: true, value: fromJson(event) });
    const written = encodeEntry({ salt: decoded.value.salt, event: encode(eventSchema, fromJson(event) as Event) });
    t.is(toHex(written), entry);
    t.is(toHex(leafHash(sha256, bytes)), leaf);
  }
});

test("the published journal grows through the published roots", (t) => {
  const tree = createTree(sha256);
  let seen = 0;
  for (const { leaf } of vectors.entries) {
    tree.append(fromHex(leaf) as Uint8Array);
    const root = vectors.roots[String(tree.size)];
    if (root === undefined) continue;
    t.is(toHex(tree.root()), root);
    seen++;
  }
  t.is(seen, Object.keys(vectors.roots).length);
});

test("the published journal folds to the published state", (t) => {
  const school = createSchool();
  for (const { event } of vectors.entries) apply(school, fromJson(event) as Event);
  t.is(toHex(sha256(encodeSchool(school))), vectors.stateHash);
});
