import test from "ava";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodePortrait } from "@trapeza/protocol";
import { portraitFile, readPortrait } from "./portraits.js";
import { openWorld, PUPIL, Speaker, TILL } from "./_school.test.js";

const portrait = { width: 6, height: 3, rows: Uint8Array.from({ length: 9 }, (_, i) => i * 17) };

test("a portrait is read from its file, and no other file is", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "portraits-"));
  t.is(readPortrait(folder, "0242013137"), null);
  writeFileSync(portraitFile(folder, "0242013137"), encodePortrait(portrait));
  t.deepEqual(readPortrait(folder, "0242013137"), portrait);
  t.is(readPortrait(join(folder, "inner"), "../0242013137"), null);
});

test("a face goes out in pieces of a frame each, to whom the handle belongs", (t) => {
  const rows = Uint8Array.from({ length: 36 * 96 }, (_, i) => i & 255);
  const world = openWorld(":memory:", undefined, true, {
    portraitOf: (number) => (number === "0242013137" ? { width: 72, height: 96, rows } : null),
  });
  const till = new Speaker(world, TILL, "settlement");
  till.greet();
  const holder = till.ask({ kind: "Tap", uid: PUPIL, total: null, sun: null });
  const handle = holder?.kind === "Holder" ? holder.handle : 0;
  const pieces: Uint8Array[] = [];
  for (let row = 0; row < 96;) {
    const photo = till.ask({ kind: "PhotoRequest", handle, row });
    if (photo?.kind !== "Photo" || photo.rows.length === 0) return t.fail();
    t.true(photo.rows.length <= 450);
    pieces.push(photo.rows);
    row += photo.rows.length / 36;
  }
  t.deepEqual(Uint8Array.from(pieces.flatMap((piece) => [...piece])), rows);
  t.like(till.ask({ kind: "PhotoRequest", handle, row: 200 }), { kind: "Photo", rows: new Uint8Array(0) });
  t.like(till.ask({ kind: "PhotoRequest", handle: handle + 1, row: 0 }), { width: 0 });
});
