/**
 * The whole of a replacement, on a copy: the cloud's entries are played into a cloud of the drill's own, with a door on this machine only; a gateway is built
 * from it in a temporary folder by the very command that a technician would use, and started; and its purses are compared with the real cloud's ledger. The
 * school's own gateway and cloud are only read.
 */
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createApp,
  createCloud,
  createMemoryStore,
  issueCode,
  ledgerAccounts,
  loadOrCreateSeed,
  moneyText,
  type Cloud,
  type Store,
} from "@trapeza/cloud";
import { parseGatewayConfig, startGateway, verifyJournalFile, type GatewayConfig } from "@trapeza/gateway";
import type { School } from "@trapeza/protocol";
import { CheckList, type Finding } from "../verify/check.js";
import { openCloudData } from "../verify/ledger.js";
import { replaceGateway, type Replaced } from "./replace.js";
import { loadSettings } from "./settings.js";
import { GatewayTrouble } from "./trouble.js";
import type { Words } from "./words.en.js";

const PATIENCE_MS = 120_000;
const LOOK_MS = 100;
const ROWS_A_PAGE = 5000;

/** Prints a line for each thing that was proved; `true` when all were. `data`: folder of a school, with its cloud's data and its gateway's. */
export async function drillReplacement(data: string, words: Words, print: (line: string) => void): Promise<boolean> {
  const gateway = join(data, "gateway");
  const settings = loadSettings(gateway, words);
  const config = parseGatewayConfig(settings);
  if (!config.cloud || !existsSync(join(data, "cloud", "cloud.key"))) throw new GatewayTrouble(words.noCloud);
  print(words.drillBegins(config.school));
  const list = new CheckList(print);
  const real = await openCloudData(join(data, "cloud"), process.env.DATABASE_URL ?? null);
  const folder = mkdtempSync(join(tmpdir(), "trapeza-drill-"));
  try {
    const seed = await loadOrCreateSeed(join(data, "cloud", "cloud.key"));
    const cloud = await copied(real.store, config, seed);
    await list.run("copy", () => sameLedger(real.store, cloud, config.school, words));
    const app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
    try {
      const url = await app.listen({ host: "127.0.0.1", port: 0 });
      await tryOut({ list, real: real.store, cloud, url, from: gateway, to: join(folder, "gateway"), config, words });
    } finally {
      await app.close();
    }
    await list.run("unsent", () => ({ good: true, says: words.drillUnsent(unsentOf(config)) }));
  } finally {
    await real.close();
    rmSync(folder, { recursive: true, force: true });
  }
  print(list.good ? words.drillGood : words.drillBad);
  return list.good;
}

/** A cloud in memory with the same key, the same directives and the same entries, audited and posted anew. */
async function copied(real: Store, { school, house }: GatewayConfig, seed: Uint8Array): Promise<Cloud> {
  const store = createMemoryStore();
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  await store.addSchool({ id: school, label: "drill" });
  for (let from = 0; ;) {
    const rows = await real.directives(school, from, ROWS_A_PAGE);
    await store.addDirectives(school, from, rows);
    from += rows.length;
    if (rows.length < ROWS_A_PAGE) break;
  }
  const cloud = await createCloud({ store, seed, house, now: Date.now, random });
  for (const { id, epoch, key, size } of await real.gateways(school)) {
    const row = await cloud.registerGateway({ id, school, key });
    const checkpoint = await real.lastCheckpoint(school, epoch);
    if (!checkpoint || size === 0) continue;
    const entries: Uint8Array[] = [];
    while (entries.length < checkpoint.size) {
      const rows = await real.entries(school, epoch, entries.length, Math.min(ROWS_A_PAGE, checkpoint.size - entries.length));
      if (rows.length === 0) break;
      for (const { bytes } of rows) entries.push(bytes);
    }
    await cloud.intake.receive(row, { epoch, from: 0, entries, checkpoint: checkpoint.note });
  }
  return cloud;
}

async function sameLedger(real: Store, cloud: Cloud, school: number, words: Words): Promise<Finding> {
  const [wanted, found] = [await real.balances(school), await cloud.store.balances(school)];
  const names = new Set([...wanted.keys(), ...found.keys()]);
  const others = [...names].filter((name) => (wanted.get(name) ?? 0) !== (found.get(name) ?? 0));
  const events = (await cloud.store.gateways(school)).reduce((sum, { size }) => sum + size, 0);
  if (others.length > 0) return { good: false, says: words.drillOtherLedger, details: others };
  return { good: true, says: words.drillCopied(events) };
}

interface Trial {
  readonly list: CheckList;
  readonly real: Store;
  readonly cloud: Cloud;
  readonly url: string;
  readonly from: string;
  readonly to: string;
  readonly config: GatewayConfig;
  readonly words: Words;
}

async function tryOut({ list, real, cloud, url, from, to, config, words }: Trial): Promise<void> {
  let replaced: Replaced | null = null;
  await list.run("replace", async () => {
    const began = performance.now();
    const code = await issueCode(cloud.store, config.school, Date.now(), (bytes) => new Uint8Array(randomBytes(bytes)));
    const local = { mqttHost: "127.0.0.1", mqttPort: 0, httpHost: "127.0.0.1", httpPort: 0, influx: null, logLevel: "silent" };
    const change = { ...local, cloud: { url, gateway: config.cloud?.gateway, key: cloud.verifierKey } };
    replaced = await replaceGateway({ from, to, code, change, words, print: () => undefined });
    const seconds = Math.ceil((performance.now() - began) / 1000);
    return { good: true, says: words.drillReplaced(replaced.config.epoch, String(seconds)) };
  });
  const done = replaced as Replaced | null;
  if (!done) return;
  await list.run("start", () => started(done.config, words));
  await list.run("balances", async () => sameBalances(done.school, await real.balances(config.school), words));
}

async function started(config: GatewayConfig, words: Words): Promise<Finding> {
  const running = await startGateway(config);
  try {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await new Promise((done) => setTimeout(done, LOOK_MS))) {
      const { journal, alarms } = running.status();
      if (alarms.length > 0) return { good: false, says: alarms.join("; ") };
      if (journal.cosigned > 0) return { good: true, says: words.drillStarted };
    }
    return { good: false, says: words.cloudAway(config.cloud?.url ?? "", String(PATIENCE_MS)) };
  } finally {
    await running.close();
  }
}

/** A liability is a credit, and credits are negative in the ledger. */
function sameBalances(school: School, ledger: ReadonlyMap<string, number>, words: Words): Finding {
  const sums = { main: 0, additional: 0 };
  const details: string[] = [];
  for (const { id, main, additional } of school.accounts.values()) {
    const purses = [
      [main, ledgerAccounts.holderMain(id)],
      [additional, ledgerAccounts.holderAdditional(id)],
    ] as const;
    for (const [own, name] of purses) {
      const posted = -(ledger.get(name) ?? 0);
      if (own !== posted) details.push(words.drillDifference(id, moneyText(own), moneyText(posted)));
    }
    sums.main += main;
    sums.additional += additional;
  }
  if (details.length > 0) return { good: false, says: words.drillDifferences, details };
  return { good: true, says: words.drillBalances(school.accounts.size, moneyText(sums.main), moneyText(sums.additional)) };
}

/** What the gateway's disk has and the cloud has not. */
function unsentOf({ dataDir }: GatewayConfig): number {
  const { size, checkpoints } = verifyJournalFile(join(dataDir, "journal.sqlite"), { origin: null, key: null, cosigner: null, heads: [] });
  return size - (checkpoints.cosigned?.size ?? 0);
}
