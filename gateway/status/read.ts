import { formatDate } from "@trapeza/protocol";
import type { School } from "@trapeza/protocol";
import type { Broker } from "../broker.js";
import type { GatewayConfig } from "../config.js";
import type { DiskTrouble } from "../disk.js";
import type { Gateway } from "../gateway.js";
import type { Journal } from "../journal/journal.js";
import type { JournalTrouble } from "../keeper.js";
import type { Waves } from "../releases/waves.js";
import type { GatewayStatus, TerminalStatus } from "./status.js";

export interface StatusSources {
  readonly school: School;
  readonly journal: Journal;
  readonly gateway: Gateway;
  readonly broker: Broker;
  readonly waves: Waves;
  readonly alarms: readonly string[];
  readonly replaced: GatewayStatus["replaced"];
  readonly trouble: JournalTrouble | null;
  readonly disk: DiskTrouble | null;
  /** Unix ms of the last word from the cloud; of the start before one. */
  readonly cloudHeardMs: number;
  readonly nowMs: number;
}

/** How the gateway is now, from those who know. */
export function readStatus(
  config: GatewayConfig,
  { school, journal, gateway, broker, waves, alarms, replaced, trouble, disk, cloudHeardMs, nowMs }: StatusSources,
): GatewayStatus {
  const seen = new Map(gateway.lastSeen().map((one) => [one.terminal, one]));
  const connected = new Set(broker.connected());
  const cosigned = journal.cosigned?.size ?? 0;
  const unsent = config.cloud && !replaced?.handedIn ? journal.size - cosigned : 0;
  const terminals = [...school.terminals.values()].map(({ id, terminalKind, place, enrolment, notes, capacity }): TerminalStatus => ({
    ...{ terminal: id, enrolment, kind: terminalKind, place, connected: connected.has(id) },
    seenMs: seen.get(id)?.atMs ?? null,
    firmware: seen.get(id)?.firmware ?? "",
    health: seen.get(id)?.health ?? null,
    cashBox:
      terminalKind === "payment"
        ? {
            notes: notes.reduce((count, one) => count + one.count, 0),
            kopecks: notes.reduce((sum, one) => sum + one.note * one.count, 0),
            capacity,
          }
        : null,
  }));
  return {
    language: school.policy.language === "en" ? "en" : "ru",
    ...{ zoneMinutes: school.policy.zoneMinutes, school: config.school, epoch: config.epoch, nowMs },
    date: school.date === 0 ? "" : formatDate(school.date),
    journal: { size: journal.size, cosigned, unsent, unsentSinceMs: unsent > 0 ? journal.timeOf(cosigned) : null },
    ...{ replaced, waitingFor: gateway.waitingFor() },
    ...{ lastDirectives: gateway.lastDirectives(), cloudHeardMs: config.cloud ? cloudHeardMs : null },
    ...{
      directives: journal.directives.size,
      terminals,
      alarms,
      trouble,
      disk,
      cards: gateway.cardTroubles(),
      claims: gateway.claims(),
      programs: waves.status(),
    },
  };
}
