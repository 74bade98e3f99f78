/** One terminal gone mad beside one that works, with processes, TCP and disk as they are; the figures are of one run, and printed. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { gatewayProgram, sha256, terminalKey } from "@trapeza/gateway";
import { concat, encodePacket, mqttPassword, toHex, topicFor } from "@trapeza/protocol";
import { startHost } from "./bench/gateway/host.js";
import { percentile, rounded } from "./bench/gateway/measure.js";
import { HOUSE, prepareSchool, pupilCard, SCHOOL_NUMBER, tillId } from "./bench/gateway/school.js";
import { Till } from "./bench/gateway/till.js";

const SALES = 300;
/** A gateway that a mad terminal could hold up would be a hundred times slower, or silent. */
const MOST_TIMES_SLOWER = 25;

/** Sales one after the other, tap and all; how long each took, ms. */
async function sales(till: Till): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < SALES; i++) {
    const began = performance.now();
    await till.sell(await till.tap(pupilCard(i % 10)));
    took.push(performance.now() - began);
  }
  return took;
}

/** Comes in by the book and then says the same thing again and again, as fast as it is taken. */
function goMad(port: number, key: Uint8Array, index: number, says: Uint8Array): Socket {
  const name = String(tillId(index));
  const socket = connect(port, "127.0.0.1");
  const password = mqttPassword(sha256, key, 9, 1);
  socket.write(encodePacket({ kind: "connect", clientId: name, keepAlive: 60, user: name, password, will: null }));
  const much = concat(Array.from({ length: 1000 }, () => says));
  const speak = (): void => {
    while (!socket.destroyed && socket.write(much));
  };
  socket
    .once("data", speak)
    .on("drain", speak)
    .on("error", () => undefined);
  return socket;
}

test.serial("two terminals gone mad do not hold up the one that sells", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-flood-"));
  const keys = { schoolSecret: randomBytes(32), gatewaySeed: randomBytes(32) };
  prepareSchool(folder, keys, 10, 3);
  const settings = join(folder, "settings.json");
  const secrets = { schoolSecret: toHex(keys.schoolSecret), gatewaySeed: toHex(keys.gatewaySeed), statusPassword: toHex(randomBytes(12)) };
  const plain = { dataDir: folder, house: HOUSE, school: SCHOOL_NUMBER, epoch: 1, mqttPort: 0, httpPort: 0, logLevel: "silent" };
  writeFileSync(settings, JSON.stringify({ ...plain, ...secrets }), { mode: 0o600 });
  const gateway = await startHost([gatewayProgram, settings]);
  const till = new Till(tillId(0), keys.schoolSecret);
  try {
    await till.open(gateway.port);
    await sales(till);
    const alone = await sales(till);
    const frame = encodePacket({ kind: "publish", topic: topicFor(tillId(1), "up"), payload: randomBytes(60) });
    const mad = [
      goMad(gateway.port, terminalKey(keys.schoolSecret, tillId(1), 1), 1, frame),
      goMad(gateway.port, terminalKey(keys.schoolSecret, tillId(2), 1), 2, Uint8Array.of(0xc0, 0)),
    ];
    const beside = await sales(till);
    t.true(
      mad.every((socket) => !socket.destroyed),
      "they were at it to the end",
    );
    mad.forEach((socket) => socket.destroy());
    const figures = [alone, beside].map((took) => ({ p50: rounded(percentile(took, 0.5)), p99: rounded(percentile(took, 0.99)) }));
    const [quiet, loud] = figures;
    t.log(`a sale alone: ${JSON.stringify(quiet)} ms; beside them: ${JSON.stringify(loud)} ms; p99 ratio ${rounded(loud.p99 / quiet.p99)}`);
    t.true(loud.p50 < quiet.p50 * MOST_TIMES_SLOWER);
  } finally {
    till.close();
    await gateway.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
