/** Those of the oldest classes when the year has turned: what each of them has still to hand in, to pay, or to get back. */
import type { Account, BusinessDate, School } from "@trapeza/protocol";
import { refunds } from "../../settlement/refund-desk.js";
import type { Office } from "../office.js";
import type { Who } from "./import-desk.js";
import { leaveSchool } from "./people-desk.js";
import { isLeaversClass } from "./year.js";

export interface Leaver {
  readonly account: Account;
  readonly className: string;
  /** Cards that still lie with the family. */
  readonly cards: number;
  /** `none`: nobody has applied for what is left; `asked`: the bank pays by that day. */
  readonly refund: { readonly kind: "none" | "paid" } | { readonly kind: "asked"; readonly dueOn: BusinessDate };
}

/** By class and name, without whose account is closed. */
export async function leavers(office: Office, school: number): Promise<Leaver[]> {
  const told = (await office.told(school)).school;
  const asked = await refunds(office, school);
  const refundOf = (account: number): Leaver["refund"] => {
    const last = asked.find((one) => one.account === account);
    if (!last || last.ended === "refused") return { kind: "none" };
    return last.payout === null && last.ended === null ? { kind: "asked", dueOn: last.dueOn } : { kind: "paid" };
  };
  const order = new Intl.Collator("ru", { numeric: true });
  return [...told.accounts.values()]
    .filter((account) => isLeaver(told, account))
    .map((account) => ({
      account,
      className: told.classes.get(account.class ?? -1)?.name ?? "",
      cards: [...told.cards.values()].filter((card) => card.account === account.id && card.state !== "returned").length,
      refund: refundOf(account.id),
    }))
    .sort((a, b) => order.compare(a.className, b.className) || order.compare(a.account.name, b.account.name));
}

function isLeaver({ classes }: School, { holder, status, class: schoolClass }: Account): boolean {
  const name = classes.get(schoolClass ?? -1)?.name;
  return holder === "pupil" && status !== "closed" && name !== undefined && isLeaversClass(name);
}

/** Those of them who have handed in their cards; whoever owes stays (P5.1). */
export async function leaveTogether(office: Office, who: Who, chosen: readonly number[]): Promise<{ left: number; owe: number }> {
  const open = new Set((await leavers(office, who.school)).map(({ account }) => account.id));
  let [left, owe] = [0, 0];
  for (const account of chosen.filter((one) => open.has(one))) {
    const done = await leaveSchool(office, who, account);
    if (done === "left") left++;
    if (done === "owes") owe++;
  }
  return { left, owe };
}
