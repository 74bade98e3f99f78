/** `node gateway/dist/main.js <settings.json>`: a gateway in a process of its own, which may be killed at any moment. */
import { readGatewayConfig, WrongSetting } from "./config.js";
import { DamagedJournal } from "./journal/check.js";
import { DamagedEpoch } from "./inheritance.js";
import { DamagedRow } from "./journal/store.js";
import { AlreadyRunning } from "./lock.js";
import { deadlyNode } from "./node-edition.js";
import { startGateway } from "./start.js";

/** As in sysexits.h. Not 1: Node itself ends with that when it breaks, and whoever keeps us running must tell the two apart. */
const FOR_A_PERSON = 78;
const BROKEN = 70;

class WrongNode extends Error {}

function die(error: Error): never {
  process.stderr.write((error.stack ?? String(error)) + "\n");
  process.exit(BROKEN);
}

async function main(): Promise<void> {
  const deadly = deadlyNode(process.versions.node);
  if (deadly !== null) throw new WrongNode(deadly);
  const running = await startGateway(readGatewayConfig(process.argv[2] ?? process.env.TRAPEZA_GATEWAY_CONFIG));
  const { mqttPort, httpPort } = running;
  // Whoever started us reads the ports here: they may have been chosen by the system.
  process.stdout.write(JSON.stringify({ started: true, mqttPort, httpPort }) + "\n");
  const stop = (): void => void running.close().then(() => process.exit(0), die);
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Whoever keeps us as a child and dies without a word leaves nobody behind.
  process.once("disconnect", stop);
}

// A promise that was refused and that nobody waits for comes here as well.
process.on("uncaughtException", die);

main().catch((error: Error) => {
  // A wrong setting, a second gateway and a damaged journal are news for a person; anything else comes with its stack.
  const expected = [WrongNode, WrongSetting, AlreadyRunning, DamagedJournal, DamagedRow, DamagedEpoch].some(
    (kind) => error instanceof kind,
  );
  if (!expected) die(error);
  process.stderr.write(error.message + "\n");
  process.exit(FOR_A_PERSON);
});
