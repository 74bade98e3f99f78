import { createHash } from "node:crypto";
import test from "ava";
import { growTree, latinBytes, lmsPublicKey, makeRelease, signLms, toHex, UPDATE_STATES, WIRE_VERSION } from "@trapeza/protocol";
import type { Release, TerminalKind } from "@trapeza/protocol";
import { loadProgram } from "../program.js";
import { KIOSK, TILL, WALL } from "../school/school.js";
import type { DemoPupil } from "../school/school.js";
import { cardOf, openStage, type Stage } from "./_school-day.test.js";

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());
const secret = { height: 5, id: new Uint8Array(16).fill(1), seed: new Uint8Array(32).fill(2) } as const;
const nodes = growTree(sha256, secret);
const signer = toHex(lmsPublicKey(secret, nodes[1]));
let leaf = 0;

const MINUTE = 60_000;
const IDS: Readonly<Record<TerminalKind, number>> = { payment: KIOSK, settlement: TILL, information: WALL };

/** The built program as a release of this version; `code` instead of it. */
function releaseOf(kind: TerminalKind, version: string, code?: string, securityVersion = 1): Release {
  const { image, files } = loadProgram(kind);
  const words = Object.entries(files).find(([name]) => name.startsWith("words-"))?.[1] ?? new Uint8Array(0);
  const about = { kind, version, securityVersion, minimalProtocol: WIRE_VERSION, line: kind === "payment" ? "ccnet" : "none" } as const;
  const sign = (manifest: Uint8Array): Uint8Array => signLms(sha256, secret, nodes, leaf++, sha256(manifest), manifest);
  return makeRelease(sha256, about, { image: latinBytes(code ?? image), words }, sign);
}

/** What the terminal says of itself now: how its update stands, and the version in its last Hello. */
function stateOf({ world }: Stage, id: number): string {
  return UPDATE_STATES[world.statuses.get(id)?.update ?? 0] ?? "";
}

const saver = ({ school }: Stage): DemoPupil =>
  school.pupils.find((pupil) => pupil.additionalKopecks > 20_000 && pupil.mainKopecks > 20_000) as DemoPupil;

test.serial("three terminals get a release while a day goes on, and nothing that happens meanwhile is lost", async (t) => {
  const stage = await openStage(1, [], signer);
  const { world, kiosk } = stage;
  const boots = new Map(Object.values(IDS).map((id) => [id, world.terminals.get(id)?.board.boots ?? 0]));
  for (const kind of ["payment", "settlement", "information"] as const) world.releases.set(kind, releaseOf(kind, "2.0.0"));
  await world.run(MINUTE + 5000);
  const pupil = saver(stage);
  const feed = async (): Promise<void> => {
    await kiosk.tap(cardOf(pupil));
    await kiosk.until("Какой счёт пополнить?", 20_000);
    await kiosk.press("Основной");
    await kiosk.until("Вставляйте");
    await kiosk.wait(1500);
    if (!(await kiosk.feed(10_000))) throw new Error("the slot did not take the note");
    await kiosk.until("100,00", 20_000);
    await kiosk.press("Готово");
    await kiosk.until(() => kiosk.papers() > 0, 30_000);
  };
  await world.play(feed());
  t.is(world.school.accounts.get(pupil.id)?.main as number, pupil.mainKopecks + 10_000, "served in the middle of the transfer");
  await world.run(5 * MINUTE);
  for (const id of Object.values(IDS)) {
    const board = world.terminals.get(id)?.board;
    t.true((board?.boots ?? 0) >= (boots.get(id) ?? 0) + 2, `terminal ${id}: looked at, and started`);
    t.is(world.firmware(id), "2.0.0");
    t.is(stateOf(stage, id), "none");
  }
  await world.drain();
  t.deepEqual(await world.cloud.verifyLedger(24), []);
  t.is(world.school.accounts.get(pupil.id)?.main as number, pupil.mainKopecks + 10_000);
});

test.serial("a release that starts and never says hello is given back after two trials", async (t) => {
  const stage = await openStage(1, [], signer);
  const { world } = stage;
  world.releases.set("information", releaseOf("information", "3.0.0", "print('here I am, and nobody hears me')"));
  world.releases.set("settlement", releaseOf("settlement", "3.0.0", "this is no program"));
  await world.run(6 * MINUTE);
  t.is(world.firmware(TILL), "0.1.0", "what cannot even be begun goes back at once");
  t.is(stateOf(stage, TILL), "rolled_back");
  await world.run(22 * MINUTE);
  t.is(world.firmware(WALL), "0.1.0");
  t.is(stateOf(stage, WALL), "rolled_back");
});

test.serial("what is not ours, not for it, or older is refused, and the status says why", async (t) => {
  const stage = await openStage(1, [], signer);
  const { world } = stage;
  const forged = releaseOf("payment", "2.0.0");
  forged.bytes[700] ^= 1;
  world.releases.set("payment", forged);
  world.releases.set("settlement", releaseOf("settlement", "2.0.0", undefined, 5));
  await world.run(6 * MINUTE);
  t.is(stateOf(stage, KIOSK), "signature");
  t.is(world.firmware(KIOSK), "0.1.0");
  t.is(world.firmware(TILL), "2.0.0");
  world.releases.set("settlement", releaseOf("settlement", "1.9.0", undefined, 4));
  await world.run(6 * MINUTE);
  t.is(stateOf(stage, TILL), "older");
  t.is(world.firmware(TILL), "2.0.0");
});
