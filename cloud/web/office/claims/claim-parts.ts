/** How a payment is named on the pages of claims. */
import type { School } from "@trapeza/protocol";
import type { Dispute } from "../../../claims/dispute.js";
import type { Visit } from "../route.js";
import { claimWords } from "./words.js";

export function originOf({ terminal, code, reference }: Dispute, visit: Visit, told: School): string {
  const words = claimWords(visit);
  if (terminal === null) return words.order(reference ?? "");
  return words.kiosk(terminal, told.terminals.get(terminal)?.place ?? "") + (code === null ? "" : " · " + code);
}

export function meantFor({ account, number }: Dispute, visit: Visit, told: School): string {
  const known = account === null ? null : told.accounts.get(account);
  return known ? known.name + ", " + known.number : (number ?? claimWords(visit).nobody);
}
