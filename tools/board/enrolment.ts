/** What a terminal must know before it first meets its gateway, from the gateway's own settings or from a file that was written there. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readGatewayConfig, terminalKey, WrongSetting, type GatewayConfig, type GatewayStatus } from "@trapeza/gateway";
import { toHex, type TerminalId } from "@trapeza/protocol";
import { BoardTrouble } from "./line.js";
import type { Words } from "./words.en.js";

export interface Enrolment {
  readonly terminal: number;
  readonly kind: string;
  /** 64 hex digits. Printed nowhere. */
  readonly key: string;
  readonly host: string;
  readonly port: number;
  readonly school: number;
}

export interface Question {
  /** The gateway's settings, or the folder they are in. */
  readonly settings: string;
  readonly terminal: number;
  /** The gateway's address as the terminals see it; `null`: the one it listens on. */
  readonly host: string | null;
}

/** Asks a running gateway's page which terminals the office has given it, and derives the key as the gateway does. */
export async function enrolmentFrom({ settings, terminal, host }: Question, words: Words): Promise<Enrolment> {
  const config = settingsAt(settings, words);
  const address = host ?? config.mqttHost;
  if (host === null && /^(127\.|0\.0\.0\.0|localhost|::)/.test(address)) throw new BoardTrouble(words.whichHost(address));
  const status = await statusOf(config, words);
  const known = status.terminals.find((one) => one.terminal === terminal);
  if (!known) throw new BoardTrouble(words.unknownTerminal(terminal, status.terminals));
  const key = toHex(terminalKey(config.schoolSecret, terminal as TerminalId, known.enrolment));
  return { terminal, kind: known.kind, key, host: address, port: config.mqttPort, school: config.school };
}

function settingsAt(path: string, words: Words): GatewayConfig {
  const file = existsSync(join(path, "settings.json")) ? join(path, "settings.json") : path;
  try {
    return readGatewayConfig(file);
  } catch (error) {
    if (!(error instanceof WrongSetting)) throw error;
    throw new BoardTrouble(words.cannotOpen(file, error.message));
  }
}

async function statusOf({ httpHost, httpPort, statusPassword }: GatewayConfig, words: Words): Promise<GatewayStatus> {
  const address = `http://${httpHost}:${httpPort}/status.json`;
  try {
    const headers = { authorization: `Basic ${Buffer.from(`enrol:${statusPassword}`).toString("base64")}` };
    return (await (await fetch(address, { headers })).json()) as GatewayStatus;
  } catch {
    throw new BoardTrouble(words.gatewaySilent(address));
  }
}

/** For a board in another room: readable by its owner alone. */
export function saveEnrolment(path: string, enrolment: Enrolment): void {
  writeFileSync(path, JSON.stringify(enrolment) + "\n", { mode: 0o600, flag: "wx" });
}

export function loadEnrolment(path: string, words: Words): Enrolment {
  let found: Partial<Enrolment>;
  try {
    found = JSON.parse(readFileSync(path, "utf8")) as Partial<Enrolment>;
  } catch {
    // The parser's own message quotes the file, and the file holds a key.
    throw new BoardTrouble(words.badEnrolment(path));
  }
  const { terminal, kind, key, host, port, school } = found ?? {};
  const isWhole = (value: unknown, most: number): value is number =>
    Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most;
  const isGood =
    isWhole(terminal, 65535) &&
    isWhole(port, 65535) &&
    isWhole(school, 999999999) &&
    ["payment", "settlement", "information"].includes(String(kind)) &&
    /^[0-9a-f]{64}$/.test(String(key)) &&
    /^[0-9a-zA-Z.-]+$/.test(String(host));
  if (!isGood) throw new BoardTrouble(words.badEnrolment(path));
  return { terminal, kind: String(kind), key: String(key), host: String(host), port, school };
}
