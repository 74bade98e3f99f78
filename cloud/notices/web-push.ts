/**
 * Pushes by the Web Push Protocol (RFC 8030), encrypted for the browser alone (RFC 8291) and signed with our own key (VAPID, RFC 8292). The key is made from
 * the cloud's secret, so there is none to keep and none to lose.
 */
import { ECDH, createECDH } from "node:crypto";
import webPush from "web-push";
import type { PushCarrier } from "./post.js";

/** Where the browsers' own push services are. Anything else would have us call addresses that a stranger has thought of. */
const SERVICES = [
  /^fcm\.googleapis\.com$/,
  /^updates\.push\.services\.mozilla\.com$/,
  /^web\.push\.apple\.com$/,
  /^[a-z0-9-]+\.notify\.windows\.com$/,
];
const PATIENCE_MS = 10000;
const A_DAY_SECONDS = 24 * 3600;
/** RFC 8030 §7.3: gone, or never there. */
const GONE = new Set([404, 410]);

/** Whether there is such a point of P-256: nothing can be encrypted for a browser that has none. */
export function isPoint(p256dh: string): boolean {
  try {
    ECDH.convertKey(p256dh, "prime256v1", "base64url");
    return true;
  } catch {
    return false;
  }
}

export interface WebPushOptions {
  /** 32 secret bytes. */
  readonly secret: Uint8Array;
  /** The operator's domain: a push service complains there. */
  readonly house: string;
  /** Carries a request; a test's own one goes nowhere. */
  readonly fetch?: typeof fetch;
}

export function createWebPush({ secret, house, fetch: carry = fetch }: WebPushOptions): PushCarrier {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(secret);
  const publicKey = pair.getPublicKey("base64url");
  const vapidDetails = { subject: "https://" + house, publicKey, privateKey: Buffer.from(secret).toString("base64url") };
  return {
    publicKey,
    accepts(endpoint) {
      if (!URL.canParse(endpoint)) return false;
      const { protocol, hostname, port } = new URL(endpoint);
      return protocol === "https:" && port === "" && SERVICES.some((service) => service.test(hostname));
    },
    async send({ endpoint, p256dh, auth }, payload, topic) {
      if (!isPoint(p256dh)) return "gone";
      const subscription = { endpoint, keys: { p256dh, auth } };
      const options = { vapidDetails, TTL: A_DAY_SECONDS, topic, contentEncoding: "aes128gcm" } as const;
      const { method, headers, body } = webPush.generateRequestDetails(subscription, payload, options);
      const answer = await carry(endpoint, {
        ...{ method, headers: headers as Record<string, string>, body: body && new Uint8Array(body), redirect: "error" },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (GONE.has(answer.status)) return "gone";
      if (!answer.ok) throw new Error("a push service answered " + answer.status);
      return "sent";
    },
  };
}
