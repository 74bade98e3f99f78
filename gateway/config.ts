/** The gateway's settings, from a JSON file; a line that begins with // is for people. A wrong one stops the start with name, value and what is allowed. */
import { readFileSync } from "node:fs";
import { fromHex, parseVerifierKey } from "@trapeza/protocol";
import type { VerifierKey } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";
import type { InfluxConfig } from "./metrics/influx.js";

export interface CloudConfig {
  /** Address without a slash at the end. */
  readonly url: string;
  /** This gateway's name at the cloud. */
  readonly gateway: string;
  /** The key that signs the school's directives; with the same bytes the cloud cosigns journals. */
  readonly key: VerifierKey;
}

export interface GatewayConfig {
  /** Folder for the journal and the lock. */
  readonly dataDir: string;
  /** The operator's domain: it stands in every log's name. */
  readonly house: string;
  readonly school: number;
  readonly epoch: number;
  /** From it every terminal's key is derived; ≥ 32 bytes. */
  readonly schoolSecret: Uint8Array;
  /** 32-byte Ed25519 seed of this gateway's own key. */
  readonly gatewaySeed: Uint8Array;
  readonly mqttHost: string;
  /** 0 takes any free port. */
  readonly mqttPort: number;
  readonly httpHost: string;
  readonly httpPort: number;
  /** What opens the status page; at least ten characters. */
  readonly statusPassword: string;
  /** X25519 key to which a backup's secrets are sealed; `null`: none was given. */
  readonly recoveryKey: Uint8Array | null;
  /** `null`: figures are at /metrics only. */
  readonly influx: InfluxConfig | null;
  /** `null`: a school on its own. */
  readonly cloud: CloudConfig | null;
  /** Room on the disk, in MB of 1,048,576 bytes, that is left for what may not be refused. */
  readonly reserveMb: number;
  readonly clock: "set" | "synchronized";
  readonly logLevel: "silent" | "warn" | "info" | "debug";
}

export class WrongSetting extends Error {
  constructor(setting: string, value: unknown, allowed: string) {
    super(setting + (value === undefined ? " is not set" : " is " + JSON.stringify(value)) + "; it must be " + allowed);
  }
}

/** A secret is named in an error, never shown. */
const HIDDEN = "(not shown)";

type Settings = { readonly [name: string]: unknown };

export const SETTINGS: readonly string[] = [
  ...["dataDir", "house", "school", "epoch", "schoolSecret", "gatewaySeed", "mqttHost", "mqttPort", "httpHost", "httpPort"],
  ...["statusPassword", "recoveryKey", "influx"],
  ...["cloud", "reserveMb", "clock", "logLevel"],
];

/** Checks settings as they stand in the file. Throws {@link WrongSetting} at the first that is not allowed, or that nobody knows. */
export function parseGatewayConfig(settings: unknown): GatewayConfig {
  if (typeof settings !== "object" || settings === null || Array.isArray(settings))
    throw new WrongSetting("the configuration", settings, "a JSON object");
  const given = settings as Settings;
  for (const name of Object.keys(given))
    if (!SETTINGS.includes(name)) throw new WrongSetting(name, given[name], "one of " + SETTINGS.join(", "));
  return {
    dataDir: text(given, "dataDir", /^.+$/, "a folder that this user may write to"),
    house: text(given, "house", /^[a-z0-9-]{1,60}(\.[a-z0-9-]{1,60})+$/, "a domain in small letters, as trapeza.example"),
    school: whole(given, "school", 1, 999999999),
    epoch: whole(given, "epoch", 1, 4294967295),
    schoolSecret: secret(given, "schoolSecret", 32, 64),
    gatewaySeed: secret(given, "gatewaySeed", 32, 32),
    mqttHost: text(given, "mqttHost", /^[0-9a-zA-Z.:-]+$/, "an address of this machine", "127.0.0.1"),
    mqttPort: whole(given, "mqttPort", 0, 65535, 1883),
    httpHost: text(given, "httpHost", /^[0-9a-zA-Z.:-]+$/, "an address of this machine", "127.0.0.1"),
    httpPort: whole(given, "httpPort", 0, 65535, 8084),
    statusPassword: password(given, "statusPassword"),
    recoveryKey: recoveryKey(given),
    influx: influx(given.influx),
    cloud: cloud(given.cloud),
    reserveMb: whole(given, "reserveMb", 16, 1000000, 128),
    clock: word(given, "clock", ["set", "synchronized"], "synchronized"),
    logLevel: word(given, "logLevel", ["silent", "warn", "info", "debug"], "info"),
  };
}

/** Reads the file that the setting TRAPEZA_GATEWAY_CONFIG, or the first argument, names. */
export function readGatewayConfig(path: string | undefined): GatewayConfig {
  if (!path) throw new WrongSetting("TRAPEZA_GATEWAY_CONFIG", path, "the path of a JSON file with the gateway's settings");
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch {
    throw new WrongSetting("TRAPEZA_GATEWAY_CONFIG", path, "a file that can be read");
  }
  try {
    return parseGatewayConfig(JSON.parse(content.replace(/^\s*\/\/.*$/gm, "")));
  } catch (error) {
    // The parser's own message quotes the file, and the file holds secrets.
    if (error instanceof SyntaxError) throw new WrongSetting("TRAPEZA_GATEWAY_CONFIG", path, "a file of well-formed JSON");
    throw error;
  }
}

function text(given: Settings, name: string, shape: RegExp, allowed: string, otherwise?: string): string {
  const value = given[name] ?? otherwise;
  if (typeof value !== "string" || !shape.test(value)) throw new WrongSetting(name, value, allowed);
  return value;
}

function whole(given: Settings, name: string, from: number, to: number, otherwise?: number): number {
  const value = given[name] ?? otherwise;
  if (typeof value !== "number" || !Number.isInteger(value) || value < from || value > to) {
    throw new WrongSetting(name, value, `a whole number from ${from} to ${to}`);
  }
  return value;
}

function word<W extends string>(given: Settings, name: string, words: readonly W[], otherwise: W): W {
  const value = given[name] ?? otherwise;
  const found = words.find((allowed) => allowed === value);
  if (found === undefined) throw new WrongSetting(name, value, "one of " + words.join(", "));
  return found;
}

/** Hex from a generator. Nothing has a default, and what a hand types instead of a generator's output is refused. */
function secret(given: Settings, name: string, fewest: number, most: number): Uint8Array {
  const value = given[name];
  const length = fewest === most ? String(fewest) : `${fewest} to ${most}`;
  const allowed = `hex of ${length} bytes from a cryptographic generator`;
  if (value === undefined) throw new WrongSetting(name, undefined, allowed);
  const bytes = typeof value === "string" ? fromHex(value) : null;
  if (!bytes || bytes.length < fewest || bytes.length > most) throw new WrongSetting(name, HIDDEN, allowed);
  if (isWeak(bytes)) throw new WrongSetting(name, HIDDEN, allowed + ", this one is a pattern");
  return bytes;
}

/** A repeated byte or short block, a count, text: 32 random bytes have fewer than 17 different values once in 10²⁵ times. */
export function isWeak(bytes: Uint8Array): boolean {
  if (new Set(bytes).size < 17) return true;
  const steps = new Set(bytes.slice(1).map((byte, i) => (byte - bytes[i] + 256) % 256));
  return steps.size < 8 || bytes.every((byte) => byte >= 32 && byte < 127);
}

/** Typed by people, so it may be words; one letter again and again, or a row of keys, is none. */
function password(given: Settings, name: string): string {
  const allowed = "a password of 10 to 200 characters, at least six of them different";
  const value = given[name];
  if (value === undefined) throw new WrongSetting(name, undefined, allowed);
  if (typeof value !== "string" || value.length < 10 || value.length > 200 || new Set(value).size < 6)
    throw new WrongSetting(name, HIDDEN, allowed);
  return value;
}

function recoveryKey(given: Settings): Uint8Array | null {
  const { recoveryKey: value } = given;
  if (value === undefined || value === null) return null;
  const bytes = typeof value === "string" ? fromHex(value) : null;
  if (bytes?.length !== 32) throw new WrongSetting("recoveryKey", value, "null or the 64 hex digits that `gateway keygen` prints");
  return bytes;
}

function influx(value: unknown): InfluxConfig | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "object")
    throw new WrongSetting("influx", value, "null or an object with url, database, and user if the server asks for one");
  const given = value as Settings;
  const url = text({ "influx.url": given.url }, "influx.url", /^https?:\/\/[^/\s]+$/, "an address as http://127.0.0.1:8086");
  const database = text({ "influx.database": given.database }, "influx.database", /^[\w-]{1,64}$/, "the name of a database");
  const user = given.user as Settings | null | undefined;
  if (user === undefined || user === null) return { url, database, user: null };
  if (typeof user.name !== "string" || typeof user.password !== "string") {
    throw new WrongSetting("influx.user", HIDDEN, "null or an object with name and password");
  }
  return { url, database, user: { name: user.name, password: user.password } };
}

function cloud(value: unknown): CloudConfig | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "object") throw new WrongSetting("cloud", value, "null or an object with url, gateway and key");
  const given = value as Settings;
  const at = (name: string): Settings => ({ ["cloud." + name]: given[name] });
  const url = text(at("url"), "cloud.url", /^https?:\/\/[^/?#\s]+$/, "an address as https://cloud.example, without a path");
  if (!isAddress(url)) throw new WrongSetting("cloud.url", url, "https, or http to this machine itself");
  const keyText = text(at("key"), "cloud.key", /^.+$/, "the cloud's verifier key, name+id+base64");
  const key = parseVerifierKey(sha256, keyText);
  if (!key.ok || key.value.kind !== "ed25519")
    throw new WrongSetting("cloud.key", keyText, "the cloud's verifier key, name+id+base64, of type Ed25519");
  return {
    url,
    gateway: text(at("gateway"), "cloud.gateway", /^[A-Za-z0-9._-]{1,64}$/, "this gateway's name at the cloud"),
    key: key.value,
  };
}

/** Signed requests need no TLS to be believed, but names travel in them. */
function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "https:" || ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}
