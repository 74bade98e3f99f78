/** A small school with its cloud behind a real door and its gateway on a real disk, both in this process. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApp, createCloud, createMemoryStore, type Cloud } from "@trapeza/cloud";
import { createSigner, parseGatewayConfig, startGateway, type RunningGateway } from "@trapeza/gateway";
import { toHex } from "@trapeza/protocol";
import { createRandom, directivesFor, inventSchool } from "@trapeza/simulators";
import type { BusinessDate } from "@trapeza/protocol";
import { makeRecoveryKey } from "./recovery-key.js";

export const HOUSE = "trapeza.example";
const DAY_MS = 86_400_000;
/** Everything that a school is told before its pupils, and some of these. */
const DIRECTIVES = 260;

export interface SmallSchool {
  readonly folder: string;
  readonly cloud: Cloud;
  readonly url: string;
  readonly number: number;
  /** The first gateway's folder, with its settings. */
  readonly gateway: string;
  /** File with the recovery key's private half. */
  readonly keyFile: string;
  /** Starts a gateway and waits until the cloud has all of it. */
  readonly start: (folder: string) => Promise<RunningGateway>;
  readonly close: () => Promise<void>;
}

export async function openSmallSchool(): Promise<SmallSchool> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-gateway-"));
  const { number, cloud, url, app } = await openCloud();
  const key = makeRecoveryKey();
  const keyFile = join(folder, "recovery.key");
  writeFileSync(keyFile, toHex(key.privateKey) + "\n");
  const gateway = join(folder, "first");
  const seed = new Uint8Array(randomBytes(32));
  await cloud.registerGateway({ id: "gateway-24", school: number, key: createSigner("gateway", seed).key.publicKey });
  const settings = {
    ...{ dataDir: gateway, house: HOUSE, school: number, epoch: 1, mqttPort: 0, httpPort: 0, logLevel: "silent" },
    ...{ schoolSecret: randomBytes(32).toString("hex"), gatewaySeed: toHex(seed), statusPassword: "five small keys" },
    recoveryKey: toHex(key.publicKey),
    cloud: { url, gateway: "gateway-24", key: cloud.verifierKey },
  };
  const running = new Set<RunningGateway>();
  const start = async (
    where: string,
    config: object = JSON.parse(readFileSync(join(where, "settings.json"), "utf8")) as object,
  ): Promise<RunningGateway> => {
    const one = await startGateway(parseGatewayConfig(config));
    const close = async (): Promise<void> => {
      running.delete(one);
      await one.close();
    };
    running.add(one);
    await waitFor(() => {
      const { journal, directives } = one.status();
      return directives >= DIRECTIVES && journal.cosigned === journal.size;
    });
    return { ...one, close };
  };
  const first = await start(gateway, settings);
  await first.close();
  writeFileSync(join(gateway, "settings.json"), JSON.stringify(settings));
  return {
    ...{ folder, cloud, url, number, gateway, keyFile, start },
    async close() {
      for (const one of running) await one.close();
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function openCloud() {
  const school = inventSchool(createRandom(24));
  const seed = new Uint8Array(randomBytes(32));
  const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));
  const cloud = await createCloud({ store: createMemoryStore(), seed, house: HOUSE, now: Date.now, random });
  await cloud.registerSchool({ id: school.number, label: school.name });
  const today = Math.floor(Date.now() / DAY_MS);
  await cloud.enqueueDirectives(school.number, directivesFor(school, (today - 40) as BusinessDate).slice(0, DIRECTIVES));
  const app = await createApp({ cloud, secureCookies: false, onError: () => undefined });
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  return { number: school.number, cloud, url, app };
}

export async function waitFor(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await new Promise((done) => setTimeout(done, 50)))
    if (Date.now() > end) throw new Error("waited a minute for nothing");
}
