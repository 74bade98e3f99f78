/**
 * The same gateway again, from a backup. Only if the cloud knows no more than the backup: what was journalled and cosigned after it was made cannot be made
 * otherwise, and a journal that went on from there would be a fork. Then another gateway takes its place (replace).
 */
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  bootsIn,
  createCloudClient,
  createSigner,
  numberSeen,
  parseGatewayConfig,
  type CloudAnswer,
  type GatewayConfig,
  type VerifiedJournal,
} from "@trapeza/gateway";
import { decodeWhole, encode, eventsAnswer, eventsUpload, journalOrigin, REQUESTS_PER_BOOT, signCheckpoint } from "@trapeza/protocol";
import type { EventsAnswer } from "@trapeza/protocol";
import { readAgain } from "./backup.js";
import { checkedManifest, MANIFEST, type Manifest } from "./manifest.js";
import { keepSettings, SEALED_FILE, unsealed } from "./settings.js";
import { GatewayTrouble } from "./trouble.js";
import type { Words } from "./words.en.js";

export interface Restoration {
  readonly from: string;
  readonly to: string;
  /** File with the recovery key's private half. */
  readonly recoveryKey?: string;
  readonly words: Words;
}

const TIMEOUT_MS = 30_000;
/** Everything else of a backup lies in the gateway's folder under the same name. */
const OWN = [MANIFEST, SEALED_FILE, "settings.json"];

/** Throws {@link GatewayTrouble} with a sentence; the settings come last, so nothing that was cut off can be started. */
export async function restoreGateway({ from, to, recoveryKey, words }: Restoration): Promise<Manifest> {
  if (existsSync(join(to, "settings.json"))) throw new GatewayTrouble(words.thereAlready(to));
  const manifest = checkedManifest(from, words);
  const settings = { ...unsealed(from, recoveryKey, words), dataDir: to };
  const config = parseGatewayConfig(settings);
  mkdirSync(to, { recursive: true, mode: 0o700 });
  cpSync(from, to, { recursive: true, filter: (path) => !OWN.some((name) => path === join(from, name)) });
  const verified = readAgain(to, config.gatewaySeed, config, words);
  const boots = bootsIn(to);
  bootsIn(to, config.cloud ? await allowedByCloud(config, verified, boots, words) : boots + 1);
  keepSettings(to, settings);
  return manifest;
}

/** The number for the next start: the cloud takes no request under a number that it has seen. Throws when the cloud knows more than the backup. */
async function allowedByCloud(config: GatewayConfig, verified: VerifiedJournal, boots: number, words: Words): Promise<number> {
  const { answer, after } = await askCloud(config, verified, boots, words);
  if (answer.kind === "NotStored") {
    const { trouble, size } = answer;
    if (trouble === "epoch_closed") throw new GatewayTrouble(words.closed);
    if (trouble !== "gap") throw new GatewayTrouble(words.cloudKnowsMore(size, verified.size));
  }
  return Math.floor(after / REQUESTS_PER_BOOT) + 1;
}

/** What the cloud has of this gateway, and the number behind which it may be asked again. */
export async function askCloud(
  config: GatewayConfig,
  verified: VerifiedJournal,
  boots: number,
  words: Words,
): Promise<{ readonly answer: EventsAnswer; readonly after: number }> {
  let after = (boots + 1) * REQUESTS_PER_BOOT;
  let said = await ask(config, verified, after, words);
  const seen = said.status === 403 ? numberSeen(said.body) : null;
  if (seen !== null) {
    after = seen;
    said = await ask(config, verified, after, words);
  }
  const answer = said.status === 200 || said.status === 409 ? decodeWhole(eventsAnswer, said.body) : null;
  if (!answer?.ok) throw new GatewayTrouble(words.cloudAway(config.cloud?.url ?? "", String(said.status)));
  return { answer: answer.value, after: after + 1 };
}

/** An upload without entries: it stores nothing and asks what the cloud has. */
function ask(config: GatewayConfig, { size, root }: VerifiedJournal, after: number, words: Words): Promise<CloudAnswer> {
  const { cloud, house, school, epoch, gatewaySeed } = config;
  if (!cloud) throw new Error("a gateway without a cloud asks none");
  const origin = journalOrigin(house, school, epoch);
  const signer = createSigner(origin, gatewaySeed);
  const checkpoint = signCheckpoint({ origin, size, root }, signer);
  const transport = createCloudClient({
    ...{ url: cloud.url, gateway: cloud.gateway, epoch, sign: signer.sign, signal: new AbortController().signal, boot: 0, after },
  });
  return transport("POST", "/events", encode(eventsUpload, { epoch, from: size, entries: [], checkpoint }), TIMEOUT_MS).catch(
    (error: Error) => {
      throw new GatewayTrouble(words.cloudAway(cloud.url, error.message));
    },
  );
}
