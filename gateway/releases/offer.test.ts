import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { offerFor } from "./offer.js";
import { openShelf } from "./shelf.js";
import { releaseOf } from "./_release.test.js";

const till = { terminalKind: "settlement", line: "none", firmware: "1.0" } as const;
const kiosk = { terminalKind: "payment", line: "id003", firmware: "1.0" } as const;

test("a release is offered to whom it is for: the kind of terminal, its bill validator, the wire; and not to whom it runs on", (t) => {
  const release = releaseOf("2.0");
  t.is(offerFor(till, release), release);
  t.is(offerFor({ ...till, firmware: "2.0" }, release), null);
  t.is(offerFor(kiosk, release), null);
  t.is(offerFor(till, releaseOf("2.0", { minimalProtocol: 2 })), null);
  t.is(offerFor(till, null), null);
  const forKiosk = releaseOf("2.0", { kind: "payment", line: "id003" });
  t.is(offerFor(kiosk, forKiosk), forKiosk);
  t.is(offerFor({ ...kiosk, line: "ccnet" }, forKiosk), null);
});

test("a file is noticed within seconds; what is no release, or another program's, is named in the log and not offered", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-shelf-"));
  const time = { nowMs: 0 };
  const said: string[] = [];
  const shelf = openShelf(folder, () => time.nowMs, {
    info: () => undefined,
    warn: (fields) => void said.push((fields as { what: string }).what),
  });
  t.is(shelf("settlement"), null);
  const release = releaseOf("2.0");
  writeFileSync(join(folder, "settlement.release"), release.bytes);
  t.is(shelf("settlement"), null);
  time.nowMs = 5000;
  t.deepEqual(shelf("settlement")?.id, release.id);
  t.deepEqual(said, []);
  writeFileSync(join(folder, "settlement.release"), release.bytes.slice(1));
  writeFileSync(join(folder, "payment.release"), releaseOf("2.0", { kind: "payment", line: "id003" }).bytes);
  time.nowMs = 10000;
  t.is(shelf("settlement"), null);
  t.is(shelf("payment"), null);
  t.is(said.length, 2);
  t.is(said[1], "it is for other terminals than its name says");
});
