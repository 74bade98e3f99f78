/** What a backup consists of, file by file. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { GatewayTrouble } from "./trouble.js";
import type { Words } from "./words.en.js";

export const MANIFEST = "manifest.json";

export interface Manifest {
  readonly house: string;
  readonly school: number;
  readonly epoch: number;
  /** Events in the journal, and its root in hex. */
  readonly events: number;
  readonly root: string;
  /** Path in the backup to SHA-256 in hex. */
  readonly files: { readonly [path: string]: string };
}

/** Hashes of everything that lies in the folder, the manifest itself left out. */
export function hashesOf(folder: string): { [path: string]: string } {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => relative(folder, join(one.parentPath, one.name)))
    .filter((name) => name !== MANIFEST)
    .sort();
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    ]),
  );
}

/** The manifest of a backup in which every file is what it was. Throws a sentence naming the first that is not. */
export function checkedManifest(folder: string, words: Words): Manifest {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) throw new GatewayTrouble(words.noBackup(folder));
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  const found = hashesOf(folder);
  for (const [path, hash] of Object.entries(manifest.files)) if (found[path] !== hash) throw new GatewayTrouble(words.changed(path));
  const more = Object.keys(found).find((path) => !(path in manifest.files));
  if (more !== undefined) throw new GatewayTrouble(words.changed(more));
  return manifest;
}
