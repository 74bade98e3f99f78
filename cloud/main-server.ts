/** `node cloud/dist/main-server.js`: the cloud in a process of its own, with its settings from the environment. */
import { readCloudConfig, WrongSetting } from "./config.js";
import { complaintOf } from "./complaint.js";
import { CannotStart, startCloud } from "./main.js";

/** As in sysexits.h. Not 1: Node itself ends with that when it breaks, and whoever keeps us running must tell the two apart. */
const FOR_A_PERSON = 78;
const BROKEN = 70;

const complain = (error: Error): void => console.error(JSON.stringify(complaintOf(error)));

function die(reason: unknown): never {
  complain(reason instanceof Error ? reason : new Error("what was thrown is no error"));
  process.exit(BROKEN);
}

async function main(): Promise<void> {
  const { url, cloud, close } = await startCloud(readCloudConfig(process.env), { onError: complain });
  // The key is public: each gateway's settings name it. Whoever started us reads the address here, for the system may have chosen the port.
  console.log(JSON.stringify({ started: true, url, key: cloud.verifierKey }));
  const stop = (): void => void close().then(() => process.exit(0), die);
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

// A promise that was refused and that nobody waits for comes here as well.
process.on("uncaughtException", die);

main().catch((error: Error) => {
  if (!(error instanceof WrongSetting || error instanceof CannotStart)) die(error);
  console.error(error.message);
  process.exit(error instanceof CannotStart && error.isPassing ? BROKEN : FOR_A_PERSON);
});
