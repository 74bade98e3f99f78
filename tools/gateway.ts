/** `npm run tool -- gateway`: a school's gateway made, backed up, restored, replaced. */
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { issueCode, NoDatabase, openBeside, withDatabase, type Store } from "@trapeza/cloud";
import { DamagedEpoch, parseGatewayConfig, WrongSetting } from "@trapeza/gateway";
import { toHex } from "@trapeza/protocol";
import { backUp } from "./gateway/backup.js";
import { drillReplacement } from "./gateway/drill.js";
import { handInTail } from "./gateway/hand-in.js";
import { createGatewayIn, randomPassword } from "./gateway/new.js";
import { makeRecoveryKey } from "./gateway/recovery-key.js";
import { replaceGateway } from "./gateway/replace.js";
import { restoreGateway } from "./gateway/restore.js";
import { keepFile, keepSettings, loadSettings } from "./gateway/settings.js";
import { reviewTails } from "./gateway/tails.js";
import { GatewayTrouble } from "./gateway/trouble.js";
import { ENGLISH, type Words } from "./gateway/words.en.js";
import { RUSSIAN } from "./gateway/words.ru.js";

type Values = Readonly<Record<string, string | undefined>>;
type Deed = (values: Values, words: Words) => Promise<number>;

const OPTIONS = [
  "cloud",
  "school",
  "key",
  "gateway",
  "from",
  "to",
  "code",
  "recovery-key",
  "name",
  "data",
  "accept",
  "url",
  "host",
  "recovery",
];

const deeds: Readonly<Record<string, { readonly needs: readonly string[]; readonly run: Deed }>> = {
  new: { needs: ["to", "school", "code", "url", "key", "host"], run: first },
  rekey: { needs: ["gateway"], run: rekey },
  code: { needs: ["cloud", "school"], run: code },
  keygen: { needs: ["key"], run: keygen },
  backup: { needs: ["gateway", "to"], run: backup },
  restore: { needs: ["from", "to"], run: restore },
  drill: { needs: [], run: drill },
  "hand-in": { needs: ["from"], run: handIn },
  tails: { needs: ["cloud", "school"], run: tails },
  replace: { needs: ["from", "to", "code"], run: replace },
};

export async function run(args: string[]): Promise<number> {
  const words = process.env.LANG?.startsWith("ru") ? RUSSIAN : ENGLISH;
  const [name = "", ...rest] = args;
  const deed = Object.hasOwn(deeds, name) ? deeds[name] : null;
  const options = Object.fromEntries(OPTIONS.map((option) => [option, { type: "string" } as const]));
  const values = deed ? (parseArgs({ args: rest, options }).values as Values) : {};
  if (!deed || deed.needs.some((need) => values[need] === undefined)) {
    console.log(words.usage);
    return name === "help" ? 0 : 2;
  }
  try {
    return await deed.run(values, words);
  } catch (error) {
    if (![GatewayTrouble, DamagedEpoch, WrongSetting, NoDatabase].some((kind) => error instanceof kind)) throw error;
    console.error((error as Error).message);
    return 1;
  }
}

async function first(values: Values, words: Words): Promise<number> {
  const { to = "", school, code: typed = "", url = "", key = "", host = "", recovery, name } = values;
  const folder = resolve(to);
  await createGatewayIn({ ...{ to: folder, school: Number(school), code: typed, url, key, host, recovery, name }, words });
  console.log(words.made(folder));
  if (recovery === undefined) console.log(words.withoutRecovery);
  return 0;
}

/** What a gateway's own machine can change alone: a new password of the status page, and another recovery key when one is named. */
async function rekey({ gateway = "", recovery }: Values, words: Words): Promise<number> {
  const folder = resolve(gateway);
  const settings = { ...loadSettings(folder, words), statusPassword: randomPassword(), ...(recovery ? { recoveryKey: recovery } : {}) };
  parseGatewayConfig(settings);
  keepSettings(folder, settings);
  console.log(words.rekeyed(folder, recovery !== undefined));
  return 0;
}

/** Beside a cloud that runs, or one that does not: its database is started for as long as this takes. */
async function besideCloud(cloud: string, words: Words, work: (store: Store) => Promise<void>): Promise<number> {
  // A folder that was typed wrongly would become an empty cloud's.
  if (!existsSync(join(resolve(cloud), "cloud.key"))) throw new GatewayTrouble(words.noCloudHere(resolve(cloud)));
  return withDatabase({ dataDir: resolve(cloud), databaseUrl: process.env.DATABASE_URL ?? null }, async (url) => {
    const store = openBeside({ url, onError: () => undefined });
    try {
      await work(store);
      return 0;
    } finally {
      await store.close();
    }
  });
}

function code({ cloud = "", school }: Values, words: Words): Promise<number> {
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  return besideCloud(cloud, words, async (store) => {
    if (!(await store.schools()).some(({ id }) => id === Number(school))) throw new GatewayTrouble(words.noSchool(String(school)));
    console.log(await issueCode(store, Number(school), Date.now(), random));
  });
}

function tails({ cloud = "", school, accept }: Values, words: Words): Promise<number> {
  return besideCloud(cloud, words, (store) =>
    reviewTails({ store, school: Number(school), accept, words, print: (line) => console.log(line) }),
  );
}

async function handIn(values: Values, words: Words): Promise<number> {
  const { from = "" } = values;
  console.log(words.handedIn(await handInTail({ from: resolve(from), recoveryKey: values["recovery-key"], words })));
  return 0;
}

async function keygen({ key }: Values, words: Words): Promise<number> {
  const file = resolve(key as string);
  // A key that is replaced silently would orphan every box that was ever sealed to it.
  if (existsSync(file)) throw new GatewayTrouble(words.keyThere(file));
  const made = makeRecoveryKey();
  keepFile(file, toHex(made.privateKey) + "\n");
  console.log(toHex(made.publicKey));
  return 0;
}

async function backup({ gateway = "", to = "" }: Values, words: Words): Promise<number> {
  const { events } = await backUp(resolve(gateway), resolve(to), words);
  console.log(words.backedUp(resolve(to), events));
  return 0;
}

async function restore(values: Values, words: Words): Promise<number> {
  const { from = "", to = "" } = values;
  const { events } = await restoreGateway({ from: resolve(from), to: resolve(to), recoveryKey: values["recovery-key"], words });
  console.log(words.restored(resolve(to), events));
  return 0;
}

async function drill({ data = "data" }: Values, words: Words): Promise<number> {
  return (await drillReplacement(resolve(data), words, (line) => console.log(line))) ? 0 : 1;
}

async function replace(values: Values, words: Words): Promise<number> {
  const { from = "", to = "", code: typed = "", name } = values;
  const { config } = await replaceGateway({
    ...{ from: resolve(from), to: resolve(to), code: typed, name, recoveryKey: values["recovery-key"], words },
    print: (line) => console.log(line),
  });
  console.log(words.replaced(config.dataDir));
  return 0;
}
