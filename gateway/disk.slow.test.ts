import { spawnSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { REASONS } from "@trapeza/protocol";
import type { Up } from "@trapeza/protocol";
import { parseGatewayConfig } from "./config.js";
import { ORIGIN, SEED, signer } from "./journal/_journal.test.js";
import { verifyJournalFile } from "./journal/verify.js";
import { LiveTerminal } from "./_live.test.js";
import { KIOSK, openWorld, PUPIL, rub, SECRET, TILL, when } from "./_school.test.js";
import { startGateway } from "./start.js";
import type { RunningGateway } from "./start.js";

const folder = mkdtempSync(join(tmpdir(), "trapeza-full-"));
/** A file system of its own is a thing for root. */
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=40m", "trapeza-test", folder]).status === 0;
const withSmallDisk = mounted ? test : test.skip;
const skipped = mounted ? "" : " (skipped: only root can mount a small file system)";
test.after.always(() => {
  if (mounted) spawnSync("umount", [folder]);
});

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const note = (n: number): Up => ({
  kind: "NoteStacked",
  n,
  when: { ...when, known: false },
  payee: { kind: "card", uid: PUPIL },
  purse: "main",
  note: rub(10),
  visit: n,
});

/** Writes until not a byte more fits. */
function fill(path: string): void {
  for (const bytes of [1048576, 4096, 1]) {
    try {
      for (;;) appendFileSync(path, new Uint8Array(bytes));
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOSPC") throw error;
    }
  }
}

async function until(gateway: RunningGateway, disk: string | null): Promise<boolean> {
  for (let tries = 0; tries < 600; tries++) {
    if ((gateway.status().disk?.kind ?? null) === disk) return true;
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}

withSmallDisk(`a disk that is really full: a note waits in its terminal, and is credited once there is room${skipped}`, async (t) => {
  t.timeout(180_000);
  const path = join(folder, "journal.sqlite");
  openWorld(path).journal.close();
  const gateway = await startGateway(
    parseGatewayConfig({
      ...{ dataDir: folder, house: "trapeza.example", school: 7, epoch: 1, mqttPort: 0, httpPort: 0, reserveMb: 16, logLevel: "silent" },
      ...{ schoolSecret: hex(SECRET), gatewaySeed: hex(SEED), statusPassword: "five small keys" },
    }),
  );
  const [kiosk, till] = [new LiveTerminal(KIOSK, "payment"), new LiveTerminal(TILL, "settlement")];
  for (const terminal of [kiosk, till]) t.true(await terminal.start(gateway.mqttPort));
  const first = await kiosk.ask(note(1));
  t.like(first, { kind: "Credited" });

  const filler = join(folder, "filler");
  fill(filler);
  t.is(await kiosk.ask(note(2)), null, "nothing is said of what could not be written");
  t.true(await until(gateway, "full"));
  for (const terminal of [kiosk, till]) {
    t.true(await terminal.greet());
    t.is(terminal.speaker.welcome?.service, "closed");
  }
  t.deepEqual(await kiosk.ask(note(1)), first, "what was said is said again");
  t.deepEqual(await till.ask({ kind: "Tap", uid: PUPIL, total: rub(20), sun: null }), {
    kind: "Refused",
    reason: REASONS.out_of_service,
  });

  rmSync(filler);
  t.true(await until(gateway, null), "it goes on by itself");
  t.true(await kiosk.greet());
  t.is(kiosk.speaker.welcome?.service, "open");
  t.like(await kiosk.ask(note(2)), { kind: "Credited" });
  for (const terminal of [kiosk, till]) terminal.stop();
  await gateway.close();
  const names: string[] = [];
  const fold = () => ({ operation }: { operation: { n: number } | null }) => void (operation && names.push(String(operation.n))); // prettier-ignore
  const verified = verifyJournalFile(path, { origin: ORIGIN, key: signer.key, cosigner: null, fold });
  t.deepEqual([verified.firstBad, verified.troubles, names], [null, [], ["1", "2"]]);
});
