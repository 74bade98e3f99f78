/** A school's first gateway: its secrets are drawn here, the cloud opens epoch 1 for its key, and the settings are written for the machine to start on. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseGatewayConfig, sha256 } from "@trapeza/gateway";
import { fromHex, parseVerifierKey, toHex } from "@trapeza/protocol";
import { begun, enrolled, forgetProgress, keepProgress } from "./door.js";
import { keepSettings } from "./settings.js";
import { GatewayTrouble } from "./trouble.js";
import type { Words } from "./words.en.js";

export interface NewGateway {
  readonly to: string;
  readonly school: number;
  readonly code: string;
  /** The cloud's address. */
  readonly url: string;
  /** The cloud's verifier key; the house is its name. */
  readonly key: string;
  /** This machine's address, as terminals see it. */
  readonly host: string;
  /** The operator's public recovery key, hex; without it nothing can be backed up. */
  readonly recovery?: string;
  readonly name?: string;
  readonly words: Words;
}

const PASSWORD_BYTES = 12;

/** Cut anywhere, the same command goes on with the same key and code. Throws {@link GatewayTrouble} or the reader's own sentence about a setting. */
export async function createGatewayIn(asked: NewGateway): Promise<void> {
  const { to, school, code, words } = asked;
  if (existsSync(join(to, "settings.json"))) throw new GatewayTrouble(words.thereAlready(to));
  const key = parseVerifierKey(sha256, asked.key);
  if (!key.ok) throw new GatewayTrouble(words.badCloudKey);
  const cloud = { url: asked.url.replace(/\/+$/, ""), gateway: asked.name ?? "gateway-" + school, key: asked.key };
  const settings = {
    ...{
      dataDir: to,
      house: key.value.name,
      school,
      epoch: 1,
      mqttHost: asked.host,
      mqttPort: 1883,
      httpHost: "127.0.0.1",
      httpPort: 8084,
    },
    schoolSecret: toHex(randomBytes(32)),
    statusPassword: randomPassword(),
    recoveryKey: asked.recovery ?? null,
    cloud,
  };
  // What is wrong with an address or a key is said before the code is used.
  parseGatewayConfig({ ...settings, gatewaySeed: toHex(randomBytes(32)) });
  mkdirSync(to, { recursive: true, mode: 0o700 });
  const progress = begun(to, words);
  const gatewaySeed = fromHex(progress.seed) as Uint8Array;
  const epoch = progress.epoch || (await enrolled({ cloud, school, gatewaySeed, firstIn: to }, code, words));
  keepProgress(to, { ...progress, epoch });
  // Its cards and terminals live by the first one's secret: another one would be a stranger to all of them. A cloud of before does not refuse by itself.
  if (epoch > 1) throw new GatewayTrouble(words.notFirst(school, to));
  keepSettings(to, { ...settings, gatewaySeed: progress.seed });
  forgetProgress(to);
}

export function randomPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString("base64url");
}
