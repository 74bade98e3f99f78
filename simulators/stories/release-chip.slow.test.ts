/**
 * A release over the wire on one board: the running program takes it in pieces, the loader looks at it and starts it from its slot, a Welcome proves it.
 * Told on the simulated board, and on a real Espruino when ESPRUINO_BIN names one: there `.bootcde` is the loader, and each restart a new process.
 */
import { createHash } from "node:crypto";
import test, { type ExecutionContext } from "ava";
import { growTree, latinBytes, lmsPublicKey, makeRelease, signLms, toHex, WIRE_VERSION } from "@trapeza/protocol";
import type { Release } from "@trapeza/protocol";
import { openInterpreter, whyNoInterpreter, type InterpreterBoard } from "../interpreter.js";
import { openLoopback } from "../loopback.js";
import { loadProgram } from "../program.js";
import { WALL } from "../school/school.js";

const sha256 = (data: Uint8Array): Uint8Array => new Uint8Array(createHash("sha256").update(data).digest());
const secret = { height: 5, id: new Uint8Array(16).fill(1), seed: new Uint8Array(32).fill(2) } as const;
const nodes = growTree(sha256, secret);
const why = whyNoInterpreter();
/** Some 150 pieces, a minute of quiet, and a signature that the loader looks at eight hashes at a time. */
const WITHIN_MS = 900_000;
const LOOK_MS = 2000;
/** A simulated board need not wait for a minute of quiet. */
const SPEED = 8;
/** Of the mark in a slot's first sector that says "has heard a Welcome" (firmware/slot.ts). */
const PROVEN = 36;

function newWall(): Release {
  const { image, files } = loadProgram("information");
  const words = Object.entries(files).find(([name]) => name.startsWith("words-"))?.[1] ?? new Uint8Array(0);
  const about = { kind: "information", line: "none", version: "2.0.0", securityVersion: 1, minimalProtocol: WIRE_VERSION } as const;
  return makeRelease(sha256, about, { image: latinBytes(image), words }, (manifest) =>
    signLms(sha256, secret, nodes, 0, sha256(manifest), manifest),
  );
}

async function update(
  t: ExecutionContext,
  openBoard?: (options: Parameters<typeof openInterpreter>[1]) => InterpreterBoard,
): Promise<void> {
  t.timeout(WITHIN_MS + 60_000);
  const loopback = await openLoopback(openBoard, {
    ...{ kinds: ["information"], signer: toHex(lmsPublicKey(secret, nodes[1])) },
    speed: openBoard ? 1 : SPEED,
  });
  t.teardown(() => loopback.close());
  await loopback.ready(60_000);
  t.is(loopback.firmware(WALL), "0.1.0");
  const boots = loopback.terminals.get(WALL)!.board.boots;
  loopback.releases.set("information", newWall());
  const end = Date.now() + WITHIN_MS;
  while (loopback.firmware(WALL) !== "2.0.0" && Date.now() < end) await loopback.wall.wait(LOOK_MS);
  t.is(loopback.firmware(WALL), "2.0.0");
  t.is(loopback.terminals.get(WALL)!.board.boots, boots + 2, "looked at once, started once");
  await loopback.wall.until("Приложите карту", 60_000);
}

test.serial("on the simulated board: a release is taken, looked at, started and proven", async (t) => {
  await update(t);
});

const onEspruino = why === "" ? test.serial : test.serial.skip;

onEspruino(`on a real Espruino: a release is taken, looked at, started and proven${why === "" ? "" : ` (${why})`}`, async (t) => {
  const boards: InterpreterBoard[] = [];
  t.teardown(() => boards.forEach((board) => board.close()));
  await update(t, (options) => {
    boards.push(openInterpreter(process.env.ESPRUINO_BIN as string, options));
    return boards[boards.length - 1]!;
  });
  const [slot, mark] = (await boards[0]!.evaluate(`boot.slot+","+require("Flash").read(4,boot.at+${PROVEN})`)).split(/,(.*)/);
  t.is(slot, "0", "it runs from its slot, not from Storage");
  t.is(mark, "0,0,0,0", "the slot bears the mark of a release that has heard a Welcome");
});
