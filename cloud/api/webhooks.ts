/**
 * Calls partners with what was posted in the school that they watch: in its order, one call after the other, none passed over. A call that is not taken is
 * made again, later each time; a crash after it was taken makes it once more. The numbers in it say what is known already.
 */
import type { PartnerStore, Partner, Told } from "./store.js";
import { signCall } from "./signature.js";

export interface WebhookOptions {
  readonly store: PartnerStore;
  readonly secretOf: (partner: Pick<Partner, "id" | "salt">) => Uint8Array;
  /** Makes the call; resolves to the status of the answer, rejects when there is none. */
  readonly call: (url: string, headers: { readonly [name: string]: string }, body: string) => Promise<number>;
  readonly now: () => number;
}

const MOST_IN_A_CALL = 100;
const CALLS_A_TICK = 20;
const FIRST_REST_MS = 5000;
const LONGEST_REST_MS = 3600_000;

/** To be called every few seconds. */
export function createWebhooks(options: WebhookOptions): { readonly tick: () => Promise<void> } {
  return {
    async tick() {
      const due = (await options.store.partners()).filter(({ restUntilMs }) => restUntilMs <= options.now());
      await Promise.all(due.map((partner) => tell(options, partner)));
    },
  };
}

async function tell({ store, secretOf, call, now }: WebhookOptions, partner: Partner): Promise<void> {
  const { id, school, url } = partner;
  let { delivered } = partner;
  for (let calls = 0; calls < CALLS_A_TICK; calls++) {
    const told = await store.toldIn(school, delivered, MOST_IN_A_CALL);
    if (told.length === 0) return;
    const last = told[told.length - 1].number;
    const body = formatCall(told);
    const headers = {
      ...signCall(secretOf(partner), id + "." + told[0].number + "-" + last, body, now()),
      "content-type": "application/json",
    };
    const status = await call(url, headers, body).catch(() => 0);
    if (status < 200 || status > 299) return store.partnerRefused(id, now() + restAfter(partner.failures));
    await store.partnerTook(id, last);
    delivered = last;
  }
}

export function formatCall(transactions: readonly Told[]): string {
  return JSON.stringify({ type: "ledger.posted", transactions });
}

/** 5 s, 10 s, … an hour. */
export function restAfter(failures: number): number {
  return Math.min(FIRST_REST_MS * 2 ** Math.min(failures, 20), LONGEST_REST_MS);
}

const TIMEOUT_MS = 10000;

/** Over the net: follows nobody elsewhere, waits for nobody long. */
export async function callPartner(url: string, headers: { readonly [name: string]: string }, body: string): Promise<number> {
  const answer = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
  await answer.body?.cancel();
  return answer.status;
}
