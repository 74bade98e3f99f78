/** A gateway's folder copied while it works. The copy takes its name only when it is whole and has been read again; before, it is nobody's backup. */
import { cpSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { copyData, createSigner, parseGatewayConfig, verifyJournalFile, type VerifiedJournal } from "@trapeza/gateway";
import { journalOrigin, toHex } from "@trapeza/protocol";
import { hashesOf, MANIFEST, type Manifest } from "./manifest.js";
import { keepFile, keepSettings, loadSettings, SEALED_FILE, sealed } from "./settings.js";
import { GatewayTrouble } from "./trouble.js";
import type { Words } from "./words.en.js";

/** What lies beside the journal and is nobody else's to give back. */
const BESIDE = ["portraits", "releases", "epochs"];

/** Throws {@link GatewayTrouble} with a sentence, and leaves nothing that looks like a backup. */
export async function backUp(gateway: string, to: string, words: Words): Promise<Manifest> {
  if (existsSync(to)) throw new GatewayTrouble(words.folderThere(to));
  const settings = loadSettings(gateway, words);
  const config = parseGatewayConfig(settings);
  if (!config.recoveryKey) throw new GatewayTrouble(words.noRecoveryKey);
  const part = to + ".part";
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true, mode: 0o700 });
  await copyData(config.dataDir, part);
  for (const name of BESIDE)
    if (existsSync(join(config.dataDir, name))) cpSync(join(config.dataDir, name), join(part, name), { recursive: true });
  const { open, box } = sealed(settings, config.recoveryKey);
  keepFile(join(part, SEALED_FILE), box);
  keepSettings(part, open);
  const verified = readAgain(part, config.gatewaySeed, config, words);
  const { house, school, epoch } = config;
  const manifest = { house, school, epoch, events: verified.size, root: toHex(verified.root), files: hashesOf(part) };
  keepFile(join(part, MANIFEST), JSON.stringify(manifest, null, 2) + "\n");
  renameSync(part, to);
  return manifest;
}

interface Named {
  readonly house: string;
  readonly school: number;
  readonly epoch: number;
}

/** A backup that could not be started from is none. Throws a sentence. */
export function readAgain(folder: string, seed: Uint8Array, { house, school, epoch }: Named, words: Words): VerifiedJournal {
  const origin = journalOrigin(house, school, epoch);
  const { key } = createSigner(origin, seed);
  const verified = verifyJournalFile(join(folder, "journal.sqlite"), { origin, key, cosigner: null, heads: [] });
  if (!verified.ok) throw new GatewayTrouble(words.badJournal(verified.firstBad?.what ?? verified.troubles.join("; ")));
  return verified;
}
