/**
 * A gateway's settings as they stand in its file, and what of them must not leave the machine unsealed. In a backup the file has everything else, and a box
 * beside it has the rest.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromHex } from "@trapeza/protocol";
import { GatewayTrouble } from "./trouble.js";
import { open, seal } from "./recovery-key.js";
import type { Words } from "./words.en.js";

export type Settings = { readonly [name: string]: unknown };

/** Whoever has these is the gateway, or opens its doors. */
const SECRET = ["schoolSecret", "gatewaySeed", "statusPassword", "influx"] as const;
export const SEALED_FILE = "secrets.sealed";
const SETTINGS_FILE = "settings.json";

/** Throws a sentence when the folder is no gateway's and no backup's. */
export function loadSettings(folder: string, words: Words): Settings {
  const file = join(folder, SETTINGS_FILE);
  if (!existsSync(file)) throw new GatewayTrouble(words.noSettings(file));
  try {
    // As the gateway reads it: a line that begins with // is for people.
    return JSON.parse(readFileSync(file, "utf8").replace(/^\s*\/\/.*$/gm, "")) as Settings;
  } catch {
    throw new GatewayTrouble(words.badSettings(file));
  }
}

/** Writes beside and renames: a power cut leaves no file, or all of it, readable by its owner only. */
export function keepSettings(folder: string, settings: Settings): void {
  keepFile(join(folder, SETTINGS_FILE), JSON.stringify(settings, null, 2) + "\n");
}

export function keepFile(file: string, content: string | Uint8Array): void {
  writeFileSync(file + ".part", content, { mode: 0o600, flush: true });
  renameSync(file + ".part", file);
}

/** Splits settings into what may lie open and the box with the rest. */
export function sealed(settings: Settings, recoveryKey: Uint8Array): { readonly open: Settings; readonly box: Uint8Array } {
  const secret = Object.fromEntries(SECRET.flatMap((name) => (settings[name] === undefined ? [] : [[name, settings[name]]])));
  const rest = Object.fromEntries(Object.entries(settings).filter(([name]) => !(SECRET as readonly string[]).includes(name)));
  return { open: rest, box: seal(recoveryKey, new TextEncoder().encode(JSON.stringify(secret))) };
}

/** Settings with their secrets: from the box, when they are not in the file. Throws a sentence. */
export function unsealed(folder: string, keyFile: string | undefined, words: Words): Settings {
  const settings = loadSettings(folder, words);
  const box = join(folder, SEALED_FILE);
  if (typeof settings.schoolSecret === "string") return settings;
  if (!existsSync(box)) throw new GatewayTrouble(words.noSecret(folder));
  if (keyFile === undefined) throw new GatewayTrouble(words.sealed(box));
  const inside = open(privateKeyIn(keyFile, words), new Uint8Array(readFileSync(box)));
  if (!inside) throw new GatewayTrouble(words.wrongKey(keyFile, box));
  return { ...settings, ...(JSON.parse(new TextDecoder().decode(inside)) as Settings) };
}

function privateKeyIn(file: string, words: Words): Uint8Array {
  const key = existsSync(file) ? fromHex(readFileSync(file, "utf8").trim()) : null;
  if (key?.length !== 32) throw new GatewayTrouble(words.noKeyFile(file));
  return key;
}
