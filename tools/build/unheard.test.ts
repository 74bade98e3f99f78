import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { downTags, upTags } from "@trapeza/protocol";
import { rootPath as root } from "../tree.js";
import { withoutUnheard } from "./unheard.js";

const read = (path: string): string => readFileSync(join(root, path), "utf8");
const entries = ["payment", "settlement", "information"].map((kind) => `firmware/main-${kind}.ts`);

test("each image lacks only what is another terminal's, and the tables stay whole", (t) => {
  for (const entry of entries) {
    const up = withoutUnheard(read("protocol/wire/up.ts"), "protocol/wire/up.ts", entry);
    const down = withoutUnheard(read("protocol/wire/down.ts"), "protocol/wire/down.ts", entry);
    for (const always of ["Tap:", "Status:", "Receipt:", "Ticket:"]) t.true(up.includes(always), `${entry} ${always}`);
    for (const always of ["Refused:", "Holder:", "Recorded:", "Reply:", "Policy:", "Rehello:", "Safe:"])
      t.true(down.includes(always), `${entry} ${always}`);
  }
  const kiosk = withoutUnheard(read("protocol/wire/down.ts"), "protocol/wire/down.ts", entries[0]);
  t.false(kiosk.includes("SoldBefore:"));
  t.true(kiosk.includes("Collected:"));
  const till = withoutUnheard(read("protocol/wire/up.ts"), "protocol/wire/up.ts", entries[1]);
  t.false(till.includes("NoteStacked:"));
  t.true(till.includes("Sale:"));
});

test("no other file and no other program loses anything", (t) => {
  const code = read("protocol/wire/up.ts");
  t.is(withoutUnheard(code, "protocol/wire/up.ts", "firmware/bench.ts"), code);
  t.is(withoutUnheard(code, "protocol/wire/units.ts", entries[0]), code);
});

test("what a program says by name is in its own tables", (t) => {
  // Whoever renames a message and leaves the old name in the list would only make an image larger; a list with a name that nobody has is a slip.
  t.truthy(upTags.tagOf("Tap"));
  t.truthy(downTags.tagOf("Reply"));
});
