/** `npm run tool -- backup`: a cloud's database copied while it works; and a drill that proves that a copy can be lived from. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { BackupTrouble, backUpDatabase, restoreDatabase, startPostgres, verifyCloud, withDatabase } from "@trapeza/cloud";
import type { BackupManifest } from "@trapeza/cloud";
import { cloudKeyIn } from "./backup/cloud-key.js";
import { said } from "./backup/said.js";
import { count } from "./verify/check.js";

const USAGE = `Usage: npm run tool -- backup --cloud <the cloud's data folder> --to <folder> [--house <domain>]
       npm run tool -- backup drill --from <backup>`;

export async function run(args: string[]): Promise<number> {
  const options = {
    cloud: { type: "string" },
    to: { type: "string" },
    from: { type: "string" },
    house: { type: "string", default: process.env.TRAPEZA_HOUSE },
  } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const { cloud, to, from, house } = values;
  if (positionals[0] === "drill" && from !== undefined) return said(() => drill(resolve(from)));
  if (positionals.length === 0 && cloud !== undefined && to !== undefined && house !== undefined)
    return said(() => backUp(resolve(cloud), resolve(to), house));
  console.error(USAGE);
  return 2;
}

async function backUp(dataDir: string, folder: string, house: string): Promise<number> {
  if (existsSync(folder)) throw new BackupTrouble(folder + " is there already; a backup gets a folder of its own");
  const key = await cloudKeyIn(dataDir, house);
  const place = { dataDir, databaseUrl: process.env.DATABASE_URL ?? null };
  const manifest = await withDatabase(place, (url) => backUpDatabase({ url, folder, house, key, now: Date.now }));
  console.log(`${described(manifest)} are in ${folder}.`);
  console.log(
    `The key is not: keep a copy of ${join(dataDir, "cloud.key")} in another place, without it gateways do not know the cloud again.`,
  );
  return 0;
}

/** On a database that is made for it and thrown away: brought back, every signature, rule and sum checked. */
async function drill(folder: string): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), "trapeza-drill-"));
  const cluster = await startPostgres(join(dataDir, "postgres"));
  try {
    const beganMs = performance.now();
    const manifest = await restoreDatabase(cluster.url, folder);
    const verdicts = await verifyCloud({ dataDir, databaseUrl: cluster.url, house: manifest.house });
    for (const { school, troubles } of verdicts) for (const trouble of troubles) console.error(`School ${school}: ${trouble}`);
    const bad = verdicts.filter(({ troubles }) => troubles.length > 0).length;
    const seconds = Math.round((performance.now() - beganMs) / 1000);
    const events = verdicts.reduce((sum, { entries }) => sum + entries, 0);
    console.log(
      `${described(manifest)} were brought back and checked in ${seconds} s: ${count(verdicts.length, "school")}, ${count(events, "event")}.`,
    );
    console.log(bad === 0 ? "All is well: this backup can be lived from." : `${count(bad, "school")} of ${verdicts.length} failed.`);
    return bad === 0 ? 0 : 1;
  } finally {
    await cluster.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function described({ tables, madeAt }: BackupManifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  return `${count(rows, "row")} in ${count(tables.length, "table")} as of ${madeAt}`;
}
