/**
 * Has receipts made that wait. Each is asked for under one name until the provider has taken it, and then asked about until it is made; pauses grow. A crash
 * between any two lines asks again, and the name keeps it one receipt. What is refused waits for a person, who may have it asked for
 * again: under a new name only if nothing can come of the old one. What comes out with another sum is a receipt all the same, and no second one is made.
 */
import { restAfter } from "../api/webhooks.js";
import type { FiscalProvider, Refused } from "./provider.js";
import type { FiscalReceipt, FiscalStore } from "./receipt.js";

export interface FiscalPostOptions {
  readonly store: FiscalStore;
  readonly provider: FiscalProvider;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
}

const MOST_AT_ONCE = 50;

/** To be called every few seconds. */
export function createFiscalPost({ store, provider, now, onError }: FiscalPostOptions): { readonly tick: () => Promise<void> } {
  const goOn = async (receipt: FiscalReceipt): Promise<FiscalReceipt> => {
    if (receipt.state === "asked") return looked(receipt, await provider.look(receipt.providerId ?? ""));
    const answer = await provider.ask(receipt);
    return answer.kind === "taken" ? { ...receipt, state: "asked", providerId: answer.id } : refused(receipt, answer);
  };
  return {
    async tick() {
      for (const receipt of await store.due(now(), MOST_AT_ONCE)) {
        let isThere = true;
        const next = await goOn(receipt).catch((error: Error) => {
          onError(error);
          isThere = false;
          return { ...receipt, why: error.message };
        });
        const tries = next.state === receipt.state ? receipt.tries + 1 : 0;
        await store.put({ ...next, tries }, now() + restAfter(tries));
        // Whoever does not answer one question is not asked fifty, each with its patience; the others' turn comes first at the next tick.
        if (!isThere) return;
      }
    },
  };
}

function looked(receipt: FiscalReceipt, answer: Awaited<ReturnType<FiscalProvider["look"]>>): FiscalReceipt {
  if (answer.kind === "waiting") return receipt;
  if (answer.kind === "refused") return refused(receipt, answer);
  const wanted = Math.abs(receipt.sum);
  if (answer.total !== wanted) {
    const why = "made for " + answer.total + " kopecks instead of " + wanted;
    return { ...receipt, state: "refused", why, remedy: "none" };
  }
  return { ...receipt, state: "done", document: answer.document, why: "" };
}

function refused(receipt: FiscalReceipt, { why, isForGood }: Refused): FiscalReceipt {
  return { ...receipt, state: "refused", why, remedy: isForGood ? "anew" : "same" };
}
