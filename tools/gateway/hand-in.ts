/**
 * The tail of a dead gateway, from its disk: what its journal holds beyond what the cloud had when another one took its place. The journal is read from a copy
 * and verified whole, by the key in its settings; then it goes to the cloud by the path that a gateway uses which wakes up too late, and waits there for a
 * person. Handed in twice it is kept once.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootsIn, copyData, createCloudClient, createSigner, openJournal, parseGatewayConfig, Salvage } from "@trapeza/gateway";
import type { GatewayConfig, Journal } from "@trapeza/gateway";
import { journalOrigin } from "@trapeza/protocol";
import { readAgain } from "./backup.js";
import { askCloud } from "./restore.js";
import { unsealed } from "./settings.js";
import { GatewayTrouble } from "./trouble.js";
import type { Words } from "./words.en.js";

export interface HandIn {
  /** The dead gateway's folder, or a backup of it: settings, secrets or the box with them, journal. */
  readonly from: string;
  /** File with the recovery key's private half, when the secrets are sealed. */
  readonly recoveryKey?: string;
  readonly words: Words;
}

/** A cloud that fails so often in a row is asked another day. */
const MOST_FAILURES = 3;

/** How many events were handed in, those of an earlier time included. Throws {@link GatewayTrouble} with a sentence. */
export async function handInTail({ from, recoveryKey, words }: HandIn): Promise<number> {
  const config = parseGatewayConfig({ ...unsealed(from, recoveryKey, words), dataDir: from });
  if (!config.cloud) throw new GatewayTrouble(words.noCloud);
  const folder = mkdtempSync(join(tmpdir(), "trapeza-tail-"));
  try {
    await copyData(from, folder);
    const verified = readAgain(folder, config.gatewaySeed, config, words);
    const { answer, after } = await askCloud(config, verified, bootsIn(folder), words);
    if (answer.kind !== "NotStored" || answer.trouble !== "epoch_closed") throw new GatewayTrouble(words.notReplaced);
    const journal = openCopy(folder, config);
    try {
      await salvageAll(config, journal, { closedAt: answer.size, after }, words);
      return journal.size - answer.size;
    } finally {
      journal.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the events mean is for the cloud and the living gateway to find out; here they are bytes under a signed root. */
function openCopy(folder: string, { house, school, epoch, gatewaySeed }: GatewayConfig): Journal {
  const origin = journalOrigin(house, school, epoch);
  return openJournal({
    ...{ path: join(folder, "journal.sqlite"), origin, epoch, signer: createSigner(origin, gatewaySeed), cosigner: null },
    random: () => {
      throw new Error("nothing is added to the journal of the dead");
    },
    fold: () => undefined,
    die: (reason) => {
      throw reason;
    },
  });
}

async function salvageAll(
  config: GatewayConfig,
  journal: Journal,
  { closedAt, after }: { readonly closedAt: number; readonly after: number },
  words: Words,
): Promise<void> {
  const { cloud, epoch, gatewaySeed, house, school } = config;
  if (!cloud || journal.size <= closedAt) return;
  const { sign } = createSigner(journalOrigin(house, school, epoch), gatewaySeed);
  let complaint = "";
  const salvage = new Salvage({
    journal,
    transport: createCloudClient({
      ...{ url: cloud.url, gateway: cloud.gateway, epoch, sign, signal: new AbortController().signal, boot: 0, after },
    }),
    chance: () => 0,
    log: { info: () => undefined, warn: (fields: { readonly what?: unknown }) => void (complaint = String(fields.what)) },
  });
  for (let failures = 0; !salvage.isDone;) {
    const { kind } = await salvage.step(closedAt);
    failures = kind === "failed" ? failures + 1 : 0;
    if (failures === MOST_FAILURES) throw new GatewayTrouble(words.cloudAway(cloud.url, complaint));
  }
}
