/** Short messages to telephones and letters to addresses, by whoever carries them for the operator. */

export interface Message {
  readonly kind: "sms" | "mail";
  /** Digits of a phone, or an address. */
  readonly to: string;
  /** Empty for a short message. */
  readonly subject: string;
  readonly text: string;
  /** Of letters only. */
  readonly attachments?: readonly Attachment[];
}

export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Messenger {
  /** Rejects when nobody has taken it. */
  readonly send: (message: Message) => Promise<void>;
}

const PATIENCE_MS = 10000;

/** Hands each message as JSON to the operator's own bridge, which answers with 2xx when it has taken it. */
export function createBridge(url: string): Messenger {
  return {
    async send({ attachments = [], ...message }) {
      const files = attachments.map(({ name, type, bytes }) => ({ name, type, base64: Buffer.from(bytes).toString("base64") }));
      const answer = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ ...message, ...(files.length > 0 && { attachments: files }) }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (!answer.ok) throw new Error("the bridge for messages answered " + answer.status);
    },
  };
}

export interface Pinboard extends Messenger {
  /** The newest first. */
  readonly messages: () => readonly (Message & { readonly atMs: number })[];
}

const MOST_KEPT = 100;

/** Carries nothing anywhere: for trying the system out, on one's own machine, where the messages are pinned on a page. */
export function createPinboard(now: () => number): Pinboard {
  const pinned: (Message & { readonly atMs: number })[] = [];
  return {
    async send(message) {
      pinned.unshift({ ...message, atMs: now() });
      pinned.length = Math.min(pinned.length, MOST_KEPT);
    },
    messages: () => pinned,
  };
}
