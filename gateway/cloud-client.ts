/** Requests to the cloud over HTTP, each signed and numbered: no clock is trusted, a recorded one played again is refused by its number. */
import { REQUESTS_PER_BOOT, requestToSign, SYNC_HEADERS, toBase64, toHex } from "@trapeza/protocol";
import type { Sign } from "@trapeza/protocol";
import { sha256 } from "./cipher.js";

export interface CloudAnswer {
  readonly status: number;
  readonly body: Uint8Array;
}

/** Sends one request to the cloud; rejects when no answer came. `path` begins after the gateway's own address: "/events". */
export type CloudTransport = (method: "GET" | "POST", path: string, body: Uint8Array | null, timeoutMs: number) => Promise<CloudAnswer>;

export interface CloudClientOptions {
  /** Where the cloud is, without a slash at the end: "http://127.0.0.1:8080". */
  readonly url: string;
  readonly gateway: string;
  readonly epoch: number;
  readonly sign: Sign;
  /** Ends a long poll when the gateway closes. */
  readonly signal: AbortSignal;
  /** Number of this start, higher than that of any start before. */
  readonly boot: number;
  /** The number behind which requests are counted, when it is not that of a boot: a tool that speaks before the gateway ever started. */
  readonly after?: number;
}

/** A longer answer is not read: nothing that the cloud has to say is as long. */
const MAX_ANSWER_BYTES = 4194304;
/** A disk that was put back to an older copy has forgotten so many starts at most. More, told by somebody in between, would use up the numbers there are. */
const MOST_FORGOTTEN = 1000 * REQUESTS_PER_BOOT;

export function createCloudClient(options: CloudClientOptions): CloudTransport {
  let number = options.after ?? options.boot * REQUESTS_PER_BOOT;
  const ask: CloudTransport = async (method, path, body, timeoutMs) => {
    const url = new URL(options.url + "/gateways/" + encodeURIComponent(options.gateway) + path);
    const identity = { gateway: options.gateway, epoch: options.epoch, number: ++number };
    const hash = toHex(sha256(body ?? new Uint8Array(0)));
    const signature = options.sign(requestToSign(method, url.host, url.pathname + url.search, hash, identity));
    const headers = {
      [SYNC_HEADERS.gateway]: identity.gateway,
      [SYNC_HEADERS.epoch]: String(identity.epoch),
      [SYNC_HEADERS.number]: String(identity.number),
      [SYNC_HEADERS.signature]: toBase64(signature),
      ...(body ? { "content-type": "application/octet-stream" } : {}),
    };
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(url, { method, headers, body, signal, redirect: "error" });
    if (Number(response.headers.get("content-length") ?? 0) > MAX_ANSWER_BYTES) throw new Error("the cloud's answer is too long");
    return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
  };
  return async (...asked) => {
    const answer = await ask(...asked);
    const seen = answer.status === 403 ? numberSeen(answer.body) : null;
    // Whoever has forgotten his starts must be heard all the same: only so does he hear what else is missing.
    if (seen === null || seen <= number || seen > number + MOST_FORGOTTEN) return answer;
    number = seen;
    return ask(...asked);
  };
}

/** The highest number that the cloud has taken, when it refuses one for not being above it. */
export function numberSeen(body: Uint8Array): number | null {
  const found = /not above (\d{1,15})/.exec(Buffer.from(body).toString("latin1", 0, 200));
  return found ? Number(found[1]) : null;
}
