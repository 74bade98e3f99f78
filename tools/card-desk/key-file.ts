/** What cards of a school are made with, taken from its gateway to the card desk. The file holds keys: its owner alone reads it, and none is ever printed. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cardMasters, readGatewayConfig, type CardMasters } from "@trapeza/gateway";

const NAMES = ["sectors", "tickets", "meta", "files", "roots"] as const satisfies readonly (keyof CardMasters)[];

export interface CardKeyFile {
  readonly school: number;
  readonly masters: CardMasters;
}

/** `settings`: the gateway's, or the folder they are in. Throws when they are none, or when `to` is there already. */
export function saveCardKeys(settings: string, to: string): void {
  const file = existsSync(join(settings, "settings.json")) ? join(settings, "settings.json") : settings;
  const { school, schoolSecret } = readGatewayConfig(file);
  const kept: CardKeyFile = { school, masters: cardMasters(schoolSecret) };
  writeFileSync(to, JSON.stringify(kept) + "\n", { mode: 0o600, flag: "wx" });
}

/** `null` for anything else than such a file. */
export function loadCardKeys(path: string): CardKeyFile | null {
  try {
    const { school, masters } = JSON.parse(readFileSync(path, "utf8")) as Partial<CardKeyFile>;
    const isWhole = masters !== undefined && NAMES.every((name) => /^[0-9a-f]{32}$/.test(masters[name]));
    return isWhole && typeof school === "number" ? { school, masters } : null;
  } catch {
    // The parser's own message quotes the file, and the file holds keys.
    return null;
  }
}
