/** `node cloud/dist/main-server.js`: the cloud in a process of its own, with its settings from the environment. */
import { readCloudConfig, WrongSetting } from "./config.js";
import { complaintOf } from "./complaint.js";
import { CannotStart, startCloud } from "./main.js";

const complain = (error: Error): void => console.error(JSON.stringify(complaintOf(error)));

async function main(): Promise<void> {
  const { url, cloud, close } = await startCloud(readCloudConfig(process.env), { onError: complain });
  // The key is public: each gateway's settings name it. Whoever started us reads the address here, for the system may have chosen the port.
  console.log(JSON.stringify({ started: true, url, key: cloud.verifierKey }));
  const stop = (): void => void close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

main().catch((error: Error) => {
  const isForPerson = error instanceof WrongSetting || error instanceof CannotStart;
  if (isForPerson) console.error(error.message);
  else complain(error);
  process.exit(isForPerson ? 1 : 70);
});
