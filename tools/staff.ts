/** `npm run tool -- staff`: the office's first person, and the demonstration's second factor for whoever has no authenticator at hand. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { codeOf, hireStaff, loadOrCreateSeed, stepAt, withDatabase } from "@trapeza/cloud";
import { fromHex } from "@trapeza/protocol";
import { loadSecrets } from "./demo/secrets.js";

const USAGE = `Usage: npm run tool -- staff operator --cloud <the cloud's data folder> --login <login> --name <full name>
       npm run tool -- staff code [--data <the demonstration's folder>]`;
const PASSWORD_BYTES = 12;

export async function run(args: string[]): Promise<number> {
  const options = {
    cloud: { type: "string" },
    login: { type: "string" },
    name: { type: "string" },
    data: { type: "string", default: "data" },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  if (positionals[0] === "code") return code(values.data);
  const { cloud, login, name } = values;
  if (positionals[0] !== "operator" || !cloud || !login || !name) {
    console.error(USAGE);
    return 2;
  }
  return operator(cloud, login, name);
}

function code(folder: string): number {
  const secret = loadSecrets(join(folder, "secrets.json"))?.officeSecret;
  if (secret === undefined) {
    console.error(`There is no demonstration in ${folder}: start it with "npm start".`);
    return 1;
  }
  console.log(codeOf(fromHex(secret) as Uint8Array, stepAt(Date.now())));
  return 0;
}

/** A database of the cloud's own that was not running is stopped again afterwards. */
async function operator(folder: string, login: string, name: string): Promise<number> {
  const seedFile = join(folder, "cloud.key");
  if (!existsSync(seedFile)) {
    console.error(`There is no cloud in ${folder}: start it once, it makes its key and its database.`);
    return 1;
  }
  try {
    const password = randomBytes(PASSWORD_BYTES).toString("base64url");
    const seed = await loadOrCreateSeed(seedFile);
    await withDatabase({ dataDir: folder, databaseUrl: process.env.DATABASE_URL ?? null }, (url) =>
      hireStaff({ url, seed, nowMs: Date.now() }, { login, name, role: "operator", school: null, class: null, own: null, password }),
    );
    console.log(`Login ${login}, password ${password}: it is shown this once. The first login shows the code for an authenticator.`);
    return 0;
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}
