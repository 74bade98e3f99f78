/**
 * A dead gateway's place is taken: a key, a code at the cloud, the closed epochs, settings. Each step is durable before the next, and the settings come last;
 * cut anywhere, the same command goes on, with the same key and the same code, and opens no second epoch.
 */
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  createCloudClient,
  createSigner,
  directiveEdge,
  epochPages,
  hasEpoch,
  Inheritance,
  keepDirectiveEdge,
  keepEpoch,
  keptEpochs,
  parseGatewayConfig,
  sha256,
  type CloudTransport,
  type GatewayConfig,
} from "@trapeza/gateway";
import { apply, createSchool, createVerifierKey, directivesOrigin } from "@trapeza/protocol";
import type { School } from "@trapeza/protocol";
import { begun, enrolled, forgetProgress, keepProgress, type Progress } from "./door.js";
import { keepSettings, unsealed, type Settings } from "./settings.js";
import { GatewayTrouble } from "./trouble.js";
import type { Words } from "./words.en.js";

export interface Replacement {
  /** A backup, or what is left of the dead gateway's folder: settings, and secrets or the box with them. */
  readonly from: string;
  /** The new gateway's folder. */
  readonly to: string;
  readonly code: string;
  /** File with the recovery key's private half, when the secrets are sealed. */
  readonly recoveryKey?: string;
  /** The new gateway's name at the cloud; the old one's unless told. */
  readonly name?: string;
  /** Settings that are to be others than in `from`: for a drill, which must reach no real cloud. */
  readonly change?: Settings;
  readonly words: Words;
  readonly print: (line: string) => void;
  /** Called after each durable step; a test cuts here. */
  readonly after?: (step: string) => void;
}

export interface Replaced {
  readonly config: GatewayConfig;
  /** The fold of the epochs that were taken over. */
  readonly school: School;
  readonly events: number;
}

const BESIDE = ["portraits", "releases"];
const REQUESTS_A_RUN = 10_000;

/** Throws {@link GatewayTrouble} with a sentence. */
export async function replaceGateway(asked: Replacement): Promise<Replaced> {
  const { from, to, words, print, after = () => undefined } = asked;
  if (existsSync(join(to, "settings.json"))) throw new GatewayTrouble(words.thereAlready(to));
  const given = { ...unsealed(from, asked.recoveryKey, words), ...asked.change };
  mkdirSync(to, { recursive: true });
  let progress = begun(to, words);
  after("key");
  const settings = (epoch: number): Settings => {
    const cloud = { ...(given.cloud as Settings | null), ...(asked.name === undefined ? {} : { gateway: asked.name }) };
    return {
      ...given,
      dataDir: to,
      epoch,
      gatewaySeed: progress.seed,
      cloud: given.cloud === null || given.cloud === undefined ? null : cloud,
    };
  };
  const draft = parseGatewayConfig(settings(Math.max(1, progress.epoch)));
  if (!draft.cloud) throw new GatewayTrouble(words.noCloud);
  if (progress.epoch === 0) {
    progress = { ...progress, epoch: await enrolled({ ...draft, cloud: draft.cloud }, asked.code, words) };
    keepProgress(to, progress);
  }
  const config = parseGatewayConfig(settings(progress.epoch));
  print(words.enrolled(config.school, config.epoch));
  after("enrolled");
  const transport = clientOf(config, progress);
  for (let epoch = 1; epoch < config.epoch; epoch++) {
    if (!hasEpoch(to, epoch)) await keepEpoch(to, epoch, epochPages(transport, epoch));
    after("epoch");
  }
  const taken = await inherited(config, transport);
  print(words.tookOver(taken.events, config.epoch - 1));
  after("directives");
  for (const name of BESIDE)
    if (existsSync(join(from, name)) && !existsSync(join(to, name))) cpSync(join(from, name), join(to, name), { recursive: true });
  after("beside");
  keepSettings(to, settings(config.epoch));
  forgetProgress(to);
  return { config, ...taken };
}

function clientOf(config: GatewayConfig, { runs }: Progress): CloudTransport {
  const { cloud, epoch, gatewaySeed } = config;
  if (!cloud) throw new Error("a gateway without a cloud has no client");
  return createCloudClient({
    ...{ url: cloud.url, gateway: cloud.gateway, epoch, sign: createSigner(cloud.gateway, gatewaySeed).sign },
    ...{ signal: new AbortController().signal, boot: 0, after: runs * REQUESTS_A_RUN },
  });
}

/** Folded twice: only the fold knows how many directives these epochs have applied, and with the edge behind those all of it is checked. */
async function inherited(config: GatewayConfig, transport: CloudTransport): Promise<Pick<Replaced, "school" | "events">> {
  const { dataDir, epoch, house, school: number, cloud } = config;
  if (!cloud) throw new Error("a gateway without a cloud inherits nothing");
  const { name, publicKey } = cloud.key;
  const heir = { house, school: number, cosigner: createVerifierKey(sha256, name, "cosignature", publicKey) };
  const school = createSchool();
  let events = 0;
  Inheritance.take(keptEpochs(dataDir, epoch), heir, { size: 0, hashes: [] }, (event) => {
    apply(school, event);
    events++;
  });
  const log = { origin: directivesOrigin(house, number), key: cloud.key };
  keepDirectiveEdge(dataDir, await directiveEdge(transport, log, school.directives));
  return { school, events };
}
