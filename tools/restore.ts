/** `npm run tool -- restore`: a cloud's database out of a backup, and then a look at all of it. */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { BackupTrouble, readBackup, restoreDatabase, verifyCloud, withDatabase } from "@trapeza/cloud";
import { cloudKeyIn } from "./backup/cloud-key.js";
import { said } from "./backup/said.js";
import { count } from "./verify/check.js";

const USAGE = "Usage: npm run tool -- restore --from <backup> --cloud <the cloud's data folder, with its cloud.key in it>";

export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { cloud: { type: "string" }, from: { type: "string" } } });
  if (values.cloud === undefined || values.from === undefined) {
    console.error(USAGE);
    return 2;
  }
  const [from, cloud] = [resolve(values.from), resolve(values.cloud)];
  return said(() => restore(from, cloud));
}

async function restore(folder: string, dataDir: string): Promise<number> {
  const { house, key } = await readBackup(folder);
  if ((await cloudKeyIn(dataDir, house)) !== key)
    throw new BackupTrouble(`the key in ${dataDir} is not that of the cloud of which the backup was made`);
  const place = { dataDir, databaseUrl: process.env.DATABASE_URL ?? null };
  const bringBack = async (url: string): Promise<number> => {
    await restoreDatabase(url, folder);
    const verdicts = await verifyCloud({ dataDir, databaseUrl: url, house });
    for (const { school, troubles } of verdicts) for (const trouble of troubles) console.error(`School ${school}: ${trouble}`);
    console.log(`${count(verdicts.length, "school")} brought back into ${dataDir}. Gateways send by themselves what happened since.`);
    return verdicts.every(({ troubles }) => troubles.length === 0) ? 0 : 1;
  };
  return withDatabase(place, bringBack, { mayMake: true });
}
