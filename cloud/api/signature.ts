/**
 * How a call to a partner is signed: after the Standard Webhooks specification (standardwebhooks.com), HMAC-SHA256 over `id.timestamp.body`.
 * A timestamp older than five minutes is somebody's recording; what is played again sooner has numbers that are known already.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Partner } from "./store.js";

export interface CallHeaders {
  readonly "webhook-id": string;
  /** Unix seconds. */
  readonly "webhook-timestamp": string;
  readonly "webhook-signature": string;
}

const MS_A_SECOND = 1000;
const OLDEST_MS = 5 * 60 * MS_A_SECOND;
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** What a partner's secret is derived for, of the cloud's own: none is stored. Whoever came before names had salts has none. */
export function partnerSecret({ id, salt }: Pick<Partner, "id" | "salt">): string {
  return "partner " + id + (salt === "" ? "" : " " + salt);
}

/** As it is handed to a partner. */
export function formatSecret(secret: Uint8Array): string {
  return "whsec_" + Buffer.from(secret).toString("base64");
}

export function signCall(secret: Uint8Array, id: string, body: string, nowMs: number): CallHeaders {
  const timestamp = String(Math.floor(nowMs / MS_A_SECOND));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": "v1," + macOf(secret, id, timestamp, body) };
}

/** What a partner does with a call: `false` for a stranger's, and for one that is not of now. */
export function isCallGood(secretText: string, headers: CallHeaders, body: string, nowMs: number): boolean {
  const secret = SECRET.exec(secretText)?.[1];
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (secret === undefined || !/^[0-9]{1,12}$/.test(timestamp)) return false;
  if (Math.abs(nowMs - Number(timestamp) * MS_A_SECOND) > OLDEST_MS) return false;
  const wanted = Buffer.from("v1," + macOf(Buffer.from(secret, "base64"), id, timestamp, body));
  return signatures.split(" ").some((text) => {
    const given = Buffer.from(text);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}

function macOf(secret: Uint8Array, id: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret)
    .update(id + "." + timestamp + "." + body)
    .digest("base64");
}
