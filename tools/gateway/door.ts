/** A gateway that is not one yet at the cloud's door: its key, kept before anybody hears of it, and the code that lets it in. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createSigner } from "@trapeza/gateway";
import { decodeWhole, encode, enrolmentAnswer, enrolmentRequest, enrolmentToSign, toHex } from "@trapeza/protocol";
import { keepFile } from "./settings.js";
import { GatewayTrouble } from "./trouble.js";
import type { Words } from "./words.en.js";

/** What is remembered until the settings are written. */
export interface Progress {
  readonly seed: string;
  /** 0: not enrolled yet. */
  readonly epoch: number;
  /** How often this was begun: requests of each run are numbered in a block of their own, above those before. */
  readonly runs: number;
}

const PROGRESS = "replacing.json";
const MOST_RUNS = 90;
const TIMEOUT_MS = 30_000;

export function keepProgress(to: string, progress: Progress): void {
  keepFile(join(to, PROGRESS), JSON.stringify(progress) + "\n");
}

/** The key is on the disk before the cloud hears of it: a code that was used by a key that nobody has would be lost. */
export function begun(to: string, words: Words): Progress {
  const file = join(to, PROGRESS);
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Progress) : null;
  const progress = { seed: kept?.seed ?? toHex(randomBytes(32)), epoch: kept?.epoch ?? 0, runs: (kept?.runs ?? -1) + 1 };
  if (progress.runs > MOST_RUNS) throw new GatewayTrouble(words.tooOften(to));
  keepProgress(to, progress);
  return progress;
}

/** Where a new gateway knocks, and as whom. */
export interface Caller {
  readonly cloud: { readonly url: string; readonly gateway: string };
  readonly school: number;
  readonly gatewaySeed: Uint8Array;
  /** The folder of a first gateway: nothing is opened for it, and the code stays good, when the school has had one. */
  readonly firstIn?: string;
}

/** Resolves to the epoch that the cloud has opened for this key. Throws {@link GatewayTrouble} with the cloud's refusal as a sentence. */
export async function enrolled({ cloud, school, gatewaySeed, firstIn }: Caller, code: string, words: Words): Promise<number> {
  const signer = createSigner(cloud.gateway, gatewaySeed);
  const request = { code, gateway: cloud.gateway, key: signer.key.publicKey };
  const body = encode(enrolmentRequest, { ...request, signature: signer.sign(enrolmentToSign(request)) });
  const answer = await fetch(cloud.url + "/enrolments" + (firstIn === undefined ? "" : "?first=1"), {
    method: "POST",
    body: Buffer.from(body),
    headers: { "content-type": "application/octet-stream" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: Error) => {
    throw new GatewayTrouble(words.cloudAway(cloud.url, error.message));
  });
  const said = decodeWhole(enrolmentAnswer, new Uint8Array(await answer.arrayBuffer()));
  if (!said.ok) throw new GatewayTrouble(words.cloudAway(cloud.url, String(answer.status)));
  if (said.value.kind === "NotEnrolled") {
    const { trouble } = said.value;
    throw new GatewayTrouble(trouble === "not_first" ? words.notFirst(school, firstIn ?? "…") : words.notEnrolled[trouble]);
  }
  if (said.value.school !== school) throw new GatewayTrouble(words.otherSchool(said.value.school, school));
  return said.value.epoch;
}

export function forgetProgress(to: string): void {
  rmSync(join(to, PROGRESS), { force: true });
}
