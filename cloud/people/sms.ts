/**
 * Short messages by the HTTP interface of SMS.ru, which other carriers share: form fields in, JSON out. The answer's own number counts, and the one of the
 * telephone; the HTTP status says nothing.
 */
import * as v from "valibot";
import type { Messenger } from "./messenger.js";

export interface SmsOptions {
  /** Where messages are handed in, "https://sms.ru/sms/send". */
  readonly url: string;
  readonly key: string;
  /** As the telephone shows it, when the carrier has agreed to a name; its own number when null. */
  readonly sender: string | null;
}

const PATIENCE_MS = 10000;
const ACCEPTED = 100;

const said = v.object({
  status_code: v.pipe(v.number(), v.integer()),
  sms: v.optional(v.record(v.string(), v.object({ status_code: v.pipe(v.number(), v.integer()) }))),
});

/** Carries short messages; letters go on to `letters`. Rejects with the carrier's number when it has not taken one. */
export function createSms({ url, key, sender }: SmsOptions, letters: Messenger): Messenger {
  return {
    async send(message) {
      if (message.kind !== "sms") return letters.send(message);
      const body = new URLSearchParams({
        api_id: key,
        to: message.to,
        msg: message.text,
        json: "1",
        ...(sender !== null && { from: sender }),
      });
      const answer = await fetch(url, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE_MS) });
      if (!answer.ok) throw new Error("the carrier of short messages answered " + answer.status);
      const spoken: unknown = await answer.json();
      if (!v.is(said, spoken)) throw new Error("the carrier of short messages answers something else");
      const number = spoken.status_code === ACCEPTED ? spoken.sms?.[message.to]?.status_code : spoken.status_code;
      if (number !== ACCEPTED) throw new Error("the carrier of short messages has not taken one: " + (number ?? "it names no telephone"));
    },
  };
}
