/** `npm run tool -- partner`: who is told of what is posted in a school, and what key they get. */
import { createHmac, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { formatSecret, loadOrCreateSeed, openPartners, partnerSecret, withDatabase, type PartnerStore } from "@trapeza/cloud";

const USAGE = `Usage: npm run tool -- partner add --cloud <the cloud's data folder> --name <name> --school <number> --url <address>
       npm run tool -- partner list --cloud <the cloud's data folder>
       npm run tool -- partner remove --cloud <the cloud's data folder> --name <name>`;

const SALT_BYTES = 12;

interface Asked {
  readonly cloud?: string;
  readonly name?: string;
  readonly school?: string;
  readonly url?: string;
}

export async function run(args: string[]): Promise<number> {
  const text = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { cloud: text, name: text, school: text, url: text },
  });
  const work = workOf(positionals[0], values);
  if (!work || !values.cloud) {
    console.error(USAGE);
    return 2;
  }
  const seedFile = join(values.cloud, "cloud.key");
  if (!existsSync(seedFile)) {
    console.error(`There is no cloud in ${values.cloud}: start it once, it makes its key and its database.`);
    return 1;
  }
  try {
    return await withDatabase({ dataDir: values.cloud, databaseUrl: process.env.DATABASE_URL ?? null }, async (url) => {
      const store = openPartners({ url, onError: () => undefined });
      try {
        return await work(store, await loadOrCreateSeed(seedFile));
      } finally {
        await store.close();
      }
    });
  } catch (error) {
    console.error((error as Error).message);
    return 1;
  }
}

type Work = (store: PartnerStore, seed: Uint8Array) => Promise<number>;

function workOf(what: string | undefined, { name = "", school = "", url = "" }: Asked): Work | null {
  if (what === "list") return list;
  if (!/^[a-z0-9-]{1,40}$/.test(name)) return null;
  if (what === "remove") return (store) => remove(store, name);
  if (what !== "add" || !/^[0-9]{1,9}$/.test(school) || !isAddress(url)) return null;
  return (store, seed) => add(store, seed, { id: name, school: Number(school), url, salt: randomBytes(SALT_BYTES).toString("hex") });
}

/** What families have paid does not travel in the clear, unless it stays on this machine. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname));
}

type NewPartner = Parameters<PartnerStore["addPartner"]>[0];

async function add(store: PartnerStore, seed: Uint8Array, partner: NewPartner): Promise<number> {
  await store.addPartner(partner);
  const secret = new Uint8Array(createHmac("sha256", seed).update(partnerSecret(partner)).digest());
  console.log(`${partner.id} is told of what is posted in school ${partner.school} from now on. Key: ${formatSecret(secret)}`);
  return 0;
}

async function list(store: PartnerStore): Promise<number> {
  const partners = await store.partners();
  for (const { id, school, url, delivered, failures } of partners)
    console.log(`${id}: school ${school}, ${url}, told up to ${delivered}` + (failures > 0 ? `, refused ${failures} times in a row` : ""));
  if (partners.length === 0) console.log("nobody");
  return 0;
}

async function remove(store: PartnerStore, name: string): Promise<number> {
  if (await store.removePartner(name)) return 0;
  console.error(`There is no partner ${name}.`);
  return 1;
}
