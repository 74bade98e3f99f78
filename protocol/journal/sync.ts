/**
 * What a gateway and the cloud say to one another over HTTPS: journal entries up, directives down.
 *
 *   POST /gateways/:id/events            body EventsUpload      → 200 or 409, body EventsAnswer
 *   GET  /gateways/:id/directives?from=n[&wait=s]               → 200, body DirectivesAnswer
 *
 * Both directions carry whole log entries (salt ‖ event, salt ‖ directive) and a checkpoint over exactly the entries up to and including the last
 * one sent, so the receiver appends to its own tree and compares roots; no proof travels and none is believed.
 */
import { concat, latinBytes } from "../wire/bytes.js";
import { byteText, bytes, list, oneOf, record, uint, union } from "../wire/schema.js";
import type { Infer } from "../wire/schema.js";
import { MAX_ENTRY_BYTES } from "./entry.js";
import { utf8Text } from "./text.js";

/** Largest body of one upload or one answer. A sender closes its list before this is passed. */
export const MAX_SYNC_BYTES = 1048576;
/** Most entries in one body. */
export const MAX_SYNC_ENTRIES = 4096;
/** A long poll is answered after this many seconds at the latest, with an empty list when nothing came. */
export const MAX_WAIT_SECONDS = 25;
/** A signed note with all its signatures: UTF-8, because its signature lines begin with an em dash. */
const noteText = utf8Text(8192);

/** Entries [from, from + entries.length) of epoch `epoch`, and the gateway's checkpoint of size from + entries.length. */
export const eventsUpload = record({
  epoch: uint(4294967295),
  from: uint(),
  entries: list(bytes(MAX_ENTRY_BYTES), MAX_SYNC_ENTRIES),
  checkpoint: noteText,
});
export type EventsUpload = Infer<typeof eventsUpload>;

/**
 * Why the cloud stored nothing of an upload. `gap`: it has less than `from`, send from its size. `ahead`: it holds more of this epoch than the
 * gateway, whose disk has therefore lied: stop. `fork`: same size, another past. `epoch_closed`: a newer epoch lives. `invalid`: entry `at` does not
 * decode, or its figures are not what the rules give. `signature`: the checkpoint is not signed by this gateway's key.
 */
export const SYNC_TROUBLES = ["gap", "ahead", "fork", "epoch_closed", "invalid", "signature"] as const;

/**
 * `Stored` goes with HTTP 200: the upload is durable up to the size in the cosigned checkpoint (C2SP cosignature/v1). The rest goes with 409:
 * `size` is what the cloud holds of the epoch, `at` the first entry it complains of (or that size), `what` a line for the gateway's log.
 */
export const eventsAnswer = union({
  Stored: [1, record({ checkpoint: noteText })],
  NotStored: [2, record({ trouble: oneOf(SYNC_TROUBLES), size: uint(), at: uint(), what: byteText(400) })],
});
export type EventsAnswer = Infer<typeof eventsAnswer>;

/** Directives numbered [from, from + entries.length) of the school's directive log, and the cloud's checkpoint of size from + entries.length. */
export const directivesAnswer = record({
  from: uint(),
  entries: list(bytes(MAX_ENTRY_BYTES), MAX_SYNC_ENTRIES),
  checkpoint: noteText,
});
export type DirectivesAnswer = Infer<typeof directivesAnswer>;

/** Who asks, and the number that keeps a request from being played twice: it rises with every request, by blocks of 10⁶ per boot. */
export interface RequestIdentity {
  readonly gateway: string;
  readonly epoch: number;
  readonly number: number;
}

/** Names of the HTTP headers that carry a {@link RequestIdentity} (decimal numbers) and the Ed25519 signature (base64). */
export const SYNC_HEADERS = {
  gateway: "trapeza-gateway",
  epoch: "trapeza-epoch",
  number: "trapeza-number",
  signature: "trapeza-signature",
} as const;

/** Requests of one boot are numbered upwards from boot · REQUESTS_PER_BOOT. */
export const REQUESTS_PER_BOOT = 1000000;

/**
 * The bytes a request's Ed25519 signature covers: a first line that no other signature of this system begins with, then one line each for method,
 * authority, path with query, SHA-256 of the body as hex, gateway, epoch, number. A header that is not listed here is not believed.
 */
export function requestToSign(
  method: string,
  authority: string,
  pathAndQuery: string,
  bodyHashHex: string,
  identity: RequestIdentity,
): Uint8Array {
  const { gateway, epoch, number } = identity;
  const lines = ["trapeza request v1", method, authority, pathAndQuery, bodyHashHex, gateway, epoch, number];
  return concat(lines.map((line) => latinBytes(line + "\n")));
}
