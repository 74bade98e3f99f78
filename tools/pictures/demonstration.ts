/** A demonstration in a process of its own, on free ports and in a folder that is thrown away: for whoever wants to look at it from outside. */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Addresses } from "../demo/words.en.js";

export interface Demonstration {
  readonly folder: string;
  readonly addresses: Addresses;
  close(): Promise<void>;
}

const MAIN = fileURLToPath(new URL("../main.js", import.meta.url));
const LOOK_MS = 200;
const START_MS = 120_000;

/** Rejects with all that it said when it does not come up. */
export async function openDemonstration(): Promise<Demonstration> {
  const folder = mkdtempSync(join(tmpdir(), "trapeza-pictures-"));
  const ports = { TRAPEZA_CLOUD_PORT: "0", TRAPEZA_BENCH_PORT: "0", TRAPEZA_STATUS_PORT: "0" };
  const env = { PATH: process.env.PATH, LANG: "ru_RU.UTF-8", ...ports };
  const child = spawn(process.execPath, [MAIN, "demo", "--data", folder], { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise((done) => child.once("exit", done));
  const close = async (): Promise<void> => {
    child.kill("SIGINT");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const file = join(folder, "addresses.json");
  for (const end = Date.now() + START_MS; !existsSync(file); await new Promise((done) => setTimeout(done, LOOK_MS)))
    if (child.exitCode !== null || Date.now() > end) {
      await close();
      throw new Error(said);
    }
  return { folder, addresses: JSON.parse(readFileSync(file, "utf8")) as Addresses, close };
}
