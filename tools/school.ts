/** `npm run tool -- school`: a school opened and told its settings; taken out of a cloud with all its history, and brought into an empty one. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  BackupTrouble,
  exportSchool,
  importSchool,
  loadOrCreateSeed,
  parseSchoolPlan,
  setSchool,
  withDatabase,
  WrongSetting,
} from "@trapeza/cloud";
import { cloudKeyIn } from "./backup/cloud-key.js";
import { said } from "./backup/said.js";
import { count } from "./verify/check.js";

const USAGE = `Usage: npm run tool -- school set --cloud <the cloud's data folder> --from <the school's settings, as cloud/deploy/school.jsonc>
       npm run tool -- school export --cloud <the cloud's data folder> --school <number> --to <folder> [--house <domain>]
       npm run tool -- school import --from <folder> --cloud <the new cloud's data folder> --key <the old cloud's key>`;

export async function run(args: string[]): Promise<number> {
  const options = {
    cloud: { type: "string" },
    school: { type: "string" },
    to: { type: "string" },
    from: { type: "string" },
    key: { type: "string" },
    house: { type: "string", default: process.env.TRAPEZA_HOUSE },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { cloud, school, to, from, key, house } = values;
  if (positionals[0] === "export" && cloud && school && to && house)
    return said(() => take(resolve(cloud), Number(school), resolve(to), house));
  if (positionals[0] === "set" && cloud && from) return said(() => set(resolve(cloud), resolve(from)));
  if (positionals[0] === "import" && cloud && from && key) return said(() => bring(resolve(from), resolve(cloud), key));
  console.error(USAGE);
  return 2;
}

/** Opens the school or tells it what has changed in its file. A cloud that runs tells it within seconds, one that does not at its next start. */
async function set(dataDir: string, file: string): Promise<number> {
  if (!existsSync(join(dataDir, "cloud.key")))
    throw new BackupTrouble(`There is no cloud in ${dataDir}: start it once, it makes its key and its database.`);
  if (!existsSync(file)) throw new BackupTrouble(`${file} is missing: cloud/deploy/school.jsonc shows what stands in it`);
  try {
    const plan = parseSchoolPlan(readFileSync(file, "utf8"));
    const place = { dataDir, databaseUrl: process.env.DATABASE_URL ?? null };
    const { isNew, changed } = await withDatabase(place, (url) => setSchool(url, plan, Date.now()));
    if (isNew) console.log(`School ${plan.number} is open.`);
    console.log(changed.length === 0 ? "It has been told all of this before." : `It is told: ${changed.join(", ")}.`);
    if (isNew) console.log(`A code for its gateway: npm run tool -- gateway code --cloud ${dataDir} --school ${plan.number}`);
    return 0;
  } catch (error) {
    if (error instanceof WrongSetting) throw new BackupTrouble(`${file}: ${error.message}`);
    throw error;
  }
}

async function take(dataDir: string, school: number, folder: string, house: string): Promise<number> {
  if (existsSync(folder)) throw new BackupTrouble(folder + " is there already; a copy gets a folder of its own");
  const key = await cloudKeyIn(dataDir, house);
  const seed = await loadOrCreateSeed(join(dataDir, "cloud.key"));
  const place = { dataDir, databaseUrl: process.env.DATABASE_URL ?? null };
  const { heads } = await withDatabase(place, (url) => exportSchool({ url, folder, house, school, seed, now: Date.now }));
  const events = heads.reduce((sum, { size }) => sum + size, 0);
  console.log(`School ${school}, ${count(events, "event")} of ${count(heads.length, "epoch")}, is in ${folder}.`);
  console.log(`Whoever takes it over checks it with this cloud's key, told by another way than the folder: ${key}`);
  return 0;
}

async function bring(folder: string, dataDir: string, key: string): Promise<number> {
  const place = { dataDir, databaseUrl: process.env.DATABASE_URL ?? null };
  const { school, house, heads, balances } = await withDatabase(place, (url) => importSchool(url, folder, key), { mayMake: true });
  await loadOrCreateSeed(join(dataDir, "cloud.key"));
  const events = heads.reduce((sum, { size }) => sum + size, 0);
  console.log(
    `School ${school}: ${count(events, "event")} verified, ${count(Object.keys(balances).length, "account")} equal to the kopeck.`,
  );
  console.log(`The school's journals bear the name ${house}: start the cloud with it, and tell the gateway the new address and this key:`);
  console.log(await cloudKeyIn(dataDir, house));
  console.log("Nobody of the old office can log in here: make the first operator with `npm run tool -- staff operator`.");
  return 0;
}
