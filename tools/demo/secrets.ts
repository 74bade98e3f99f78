/** What the demonstration school must keep to itself: made at random on its first day, readable by its owner alone, never a default. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

export interface DemoSecrets {
  /** Hex of 32 bytes. */
  readonly schoolSecret: string;
  readonly gatewaySeed: string;
  /** The demonstration parent's password. */
  readonly password: string;
  /** Hex: the key of the office's authenticator, the same for all who work there. */
  readonly officeSecret: string;
  /** The school has been told everything; before that a start begins anew. */
  readonly told: boolean;
  /** Directives that the school was told. */
  readonly directives: number;
}

export function loadSecrets(path: string): DemoSecrets | null {
  if (!existsSync(path)) return null;
  // A folder from before there was an office has no key for it.
  return { officeSecret: inventSecrets().officeSecret, ...(JSON.parse(readFileSync(path, "utf8")) as Omit<DemoSecrets, "officeSecret">) };
}

export function inventSecrets(): DemoSecrets {
  // Six digits in two groups are easily typed on a telephone; this school's money is invented.
  const digits = String(100000 + (randomBytes(4).readUInt32BE() % 900000));
  return {
    schoolSecret: randomBytes(32).toString("hex"),
    gatewaySeed: randomBytes(32).toString("hex"),
    officeSecret: randomBytes(20).toString("hex"),
    password: `trapeza-${digits}`,
    told: false,
    directives: 0,
  };
}

/** Replaces the file in one step: a power cut leaves the old one or the new one. */
export function saveSecrets(path: string, secrets: DemoSecrets): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path + ".new", JSON.stringify(secrets, null, 2) + "\n", { mode: 0o600 });
  renameSync(path + ".new", path);
}
