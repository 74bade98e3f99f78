/**
 * Bound accounts of SBP by the banks' REST interface: `paymentOrderBinding.do` takes a registered order's sum from one, `getBindings.do` and `unBind.do`
 * list and end them. The account is bound while an order is paid by its code, when the code was asked for with `createSubscription`.
 */
import * as v from "valibot";
import type { BoundAccounts } from "./provider.js";

const [DONE, NOT_FOUND] = ["0", "2"];
const said = v.object({ errorCode: v.optional(v.string()) });
const listed = v.object({
  errorCode: v.optional(v.string()),
  bindings: v.optional(v.array(v.object({ bindingId: v.string() }))),
});

/** Form fields to a method of the interface, what it answers back; rejects when there is no answer. */
export type Ask = (method: string, fields: Record<string, string>) => Promise<unknown>;

/** `clientOf`: the name under which the bank knows a payer; it is not to learn more. */
export function createBoundAccounts(ask: Ask, clientOf: (payer: string) => string): BoundAccounts {
  const list = async (payer: string) => {
    const answer = await ask("sbp/c2b/getBindings.do", { clientId: clientOf(payer) });
    if (!v.is(listed, answer) || !isAnswered(answer)) throw new Error("getBindings.do answers something else");
    return (answer.bindings ?? []).map(({ bindingId }) => bindingId);
  };
  return {
    list,
    async charge({ providerId, binding }) {
      const answer = await ask("paymentOrderBinding.do", { mdOrder: providerId ?? "", bindingId: binding ?? "" });
      if (!v.is(said, answer)) throw new Error("paymentOrderBinding.do answers something else");
      return (answer.errorCode ?? DONE) === DONE ? "taken" : "refused";
    },
    async release(binding) {
      const answer = await ask("sbp/c2b/unBind.do", { bindingId: binding });
      if (!v.is(said, answer) || !isAnswered(answer)) throw new Error("unBind.do answers something else");
    },
  };
}

/** A bank that finds no binding says so by an error of its own; any other one says nothing about bindings. */
function isAnswered({ errorCode = DONE }: { readonly errorCode?: string }): boolean {
  return errorCode === DONE || errorCode === NOT_FOUND;
}
