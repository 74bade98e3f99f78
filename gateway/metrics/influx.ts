/**
 * The same figures to InfluxDB 1.x, where an operator keeps them for years. Never in the way of a tap: one write at a time, a short time limit, and what
 * cannot be written is not kept, because the next look brings newer figures.
 */
import { InfluxDB, type IPoint } from "influx";
import type { Log } from "../desk.js";
import type { Loop } from "../loop.js";
import { createLoop } from "../loop.js";
import type { Sample } from "./sample.js";

export interface InfluxConfig {
  /** As `http://127.0.0.1:8086`. */
  readonly url: string;
  readonly database: string;
  /** `null`: the server asks nobody. */
  readonly user: { readonly name: string; readonly password: string } | null;
}

const EVERY_MS = 10_000;
const TIMEOUT_MS = 5_000;

/** A measurement for each figure, with its labels and the school as tags and one field, `value`. Bucket edges are left to those who read /metrics. */
export function pointsOf(samples: readonly Sample[], school: number, atMs: number): IPoint[] {
  return samples
    .filter(({ name }) => !name.endsWith("_bucket"))
    .map(({ name, labels, value }) => ({
      ...{ measurement: name, tags: { ...labels, school: String(school) }, fields: { value }, timestamp: new Date(atMs) },
    }));
}

/** Writes until it is stopped. A server that is away is named in the log once, and again when it is back. */
export function reportToInflux(config: InfluxConfig, school: number, look: () => readonly Sample[], nowMs: () => number, log: Log): Loop {
  const { hostname, port, protocol } = new URL(config.url);
  const scheme = protocol === "https:" ? "https" : "http";
  const account = config.user ? { username: config.user.name, password: config.user.password } : {};
  const influx = new InfluxDB({
    ...{ database: config.database, ...account, pool: { requestTimeout: TIMEOUT_MS, maxRetries: 0 } },
    host: hostname,
    port: Number(port) || (scheme === "https" ? 443 : 8086),
    protocol: scheme,
  });
  let away = false;
  return createLoop(async () => {
    try {
      await influx.writePoints(pointsOf(look(), school, nowMs()), { precision: "ms" });
      if (away) log.info({}, "InfluxDB is back");
      away = false;
    } catch (error) {
      if (!away) log.warn({ why: (error as Error).message.split("\n")[0] }, "InfluxDB does not take the figures");
      away = true;
    }
    return { waitMs: EVERY_MS };
  });
}
