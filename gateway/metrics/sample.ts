/** One figure with its name, for whoever collects figures. */
import { alarmsOf } from "../status/status.js";
import type { GatewayStatus } from "../status/status.js";
import { EDGES_MS, type Histogram, type MeterReading } from "./meter.js";

export interface Sample {
  /** As in `trapeza_gateway_events`; a histogram's parts end in `_bucket`, `_sum`, `_count`. */
  readonly name: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Milliseconds as the seconds that Prometheus wants ("Metric and label naming": base units). */
const seconds = (ms: number): number => ms / 1000;

function histogram(name: string, help: string, { counts, count, sumMs }: Histogram): Sample[] {
  let below = 0;
  const kind = "histogram";
  const buckets = EDGES_MS.map((edge, i): Sample => {
    below += counts[i] ?? 0;
    return { name: `${name}_bucket`, kind, help, labels: { le: String(seconds(edge)) }, value: below };
  });
  return [
    ...buckets,
    { name: `${name}_bucket`, kind, help, labels: { le: "+Inf" }, value: count },
    { name: `${name}_sum`, kind, help, labels: {}, value: seconds(sumMs) },
    { name: `${name}_count`, kind, help, labels: {}, value: count },
  ];
}

/** A device's word as a figure: 1 works, 0 does not; what the terminal lacks, and a printer that never says, have none. */
const DEVICES = ["paper", "reader", "acceptor"] as const;
const WORKING = new Set(["ok", "low"]);

function ofTerminals(status: GatewayStatus): Sample[] {
  return status.terminals.flatMap((terminal) => {
    const labels = { terminal: String(terminal.terminal), kind: terminal.kind };
    const gauge = (name: string, help: string, value: number, more: Readonly<Record<string, string>> = {}): Sample => ({
      ...{ name: `trapeza_terminal_${name}`, kind: "gauge", help, labels: { ...labels, ...more }, value },
    });
    const health = terminal.health;
    const devices = health ? DEVICES.filter((device) => health[device] !== "none" && health[device] !== "unseen") : [];
    return [
      gauge("connected", "1 while the terminal is connected", terminal.connected ? 1 : 0),
      ...devices.map((device) => gauge("device_up", "1 while the device works", WORKING.has(health?.[device] ?? "") ? 1 : 0, { device })),
      ...(terminal.cashBox ? [gauge("cassette_notes", "Notes in the cassette", terminal.cashBox.notes)] : []),
      ...(terminal.cashBox ? [gauge("cassette_capacity", "Notes that the cassette holds", terminal.cashBox.capacity)] : []),
      ...(health ? [gauge("unsent", "Operations the terminal still holds", health.unsent)] : []),
      ...(health ? [gauge("free_memory", "Variables the terminal has left", health.freeMemory)] : []),
    ];
  });
}

/** Everything there is to say at one moment. */
export function samplesOf(status: GatewayStatus, reading: MeterReading, memoryBytes: number): Sample[] {
  const one = (kind: "counter" | "gauge", name: string, help: string, value: number): Sample => ({
    ...{ name: `trapeza_gateway_${name}`, kind, help, labels: {}, value },
  });
  return [
    ...histogram("trapeza_gateway_answer_seconds", "From a frame's arrival to its answer, the commit included", reading.answer),
    ...histogram("trapeza_gateway_batch_seconds", "Deciding, committing and answering one batch", reading.batch),
    ...histogram("trapeza_gateway_commit_seconds", "What of that the disk took", reading.commit),
    one("counter", "frames_total", "Frames believed", reading.framesTaken),
    one("counter", "frames_dropped_total", "Frames not believed, or too many at once", reading.framesDropped),
    one("gauge", "queue_deepest", "Most frames that waited at once since the last look", reading.deepestQueue),
    one("gauge", "events", "Events in the journal", status.journal.size),
    one("gauge", "events_unsent", "Events that the cloud has not cosigned", status.journal.unsent),
    one("gauge", "directives", "Directives applied", status.directives),
    one("gauge", "alarms", "What a person must look at", alarmsOf(status).length),
    one("gauge", "resident_bytes", "Memory of the process", memoryBytes),
    ...ofTerminals(status),
  ];
}
