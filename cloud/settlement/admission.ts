/** Rule 5: the dispatcher sees a payment that is not in the purse yet, and the child may eat on it until it arrives or fails. */
import type { Directive, School } from "@trapeza/protocol";
import type { Office } from "../office/office.js";
import type { Who } from "../office/people/import-desk.js";
import { sharesOf } from "../payments/order.js";
import type { Order, Share } from "../payments/order.js";

/** The child's part of a payment that a person may admit on; what has been sent to the school is on its way there and needs nobody. */
export function admissible(order: Order, share: Share, told: School): boolean {
  const holder = told.accounts.get(share.account);
  if (order.state !== "authorised" || order.sent || holder?.status !== "open") return false;
  return !holder.admissions.some(({ reference }) => reference === share.reference);
}

/** `null`: there is no such payment, or nothing to admit. */
export async function admitOn(office: Office, { login, school }: Who, reference: string): Promise<true | null> {
  const told = (await office.told(school)).school;
  const pending = await office.cloud.payments.pendingIn(school);
  const found = pending
    .flatMap((order) => sharesOf(order).map((share) => ({ order, share })))
    .find(({ share }) => share.reference === reference);
  if (!found || found.share.school !== school || !admissible(found.order, found.share, told)) return null;
  const { account, main, additional } = found.share;
  const directives = [{ kind: "Admit", account, amount: main + additional, reference } as Directive];
  return office.change({ login, school, what: "payments.admit", subject: "account " + account }, async () => ({
    ...{ before: { admitted: false }, after: { admitted: reference, amount: main + additional }, directives, value: true as const },
  }));
}
