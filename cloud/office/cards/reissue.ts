/**
 * A family's own application for a card in the place of another (R5.1–R5.4). It is paid first: from a purse that the payer names, with money that is there,
 * or elsewhere. Then it goes the way of all others, and the papers are shown where the card is handed out.
 */
import type { Account, Kopecks, Purse, School } from "@trapeza/protocol";
import { underwayIn } from "../../underway.js";
import type { Office } from "../office.js";
import { applications, feeReference, receive } from "./application-desk.js";
import type { Application, Cause } from "./application.js";

/** Of the causes of the regulation those that a family knows of by itself. */
export const FAMILY_CAUSES = ["loss", "damage", "theft", "name", "expiry"] as const satisfies readonly Cause[];

export interface ReissueAsked {
  readonly cause: (typeof FAMILY_CAUSES)[number];
  /** `null`: it is paid elsewhere. */
  readonly purse: Purse | null;
  /** As the page has said it. */
  readonly fee: Kopecks;
  readonly applicant: string;
  readonly phone: string;
  readonly mail: string;
}

/** "waits": for the school, which has been told; "due": nothing was taken, or was to be taken. */
export type FeeState = "paid" | "waits" | "due";

export interface Reissue {
  readonly application: Application;
  readonly fee: FeeState;
}

/** The newest application that is not done with; null when there is none. */
export async function reissueOf(office: Office, school: number, account: number): Promise<Reissue | null> {
  const own = (await applications(office, school)).filter((one) => one.account === account && one.state !== "issued");
  const application = own.at(-1);
  if (!application) return null;
  const underway = await underwayIn(office.cloud, school);
  const waits = underway.some((one) => one.kind === "Fee" && one.reference === feeReference(application.id));
  return { application, fee: application.paid !== null ? "paid" : waits ? "waits" : "due" };
}

/** `"price"`: the fee is another one by now. `"money"`: the purse has less. `"open"`: one is under way. */
export function askForCard(
  office: Office,
  { school, account }: { readonly school: number; readonly account: number },
  { cause, purse, fee, applicant, phone, mail }: ReissueAsked,
): Promise<"received" | "price" | "money" | "open" | null> {
  return office.inTurn(async () => {
    const told: School = (await office.told(school)).school;
    const known: Account | undefined = told.accounts.get(account);
    if (!known) return null;
    if (told.reissueFee !== fee) return "price";
    if (purse !== null && (fee === 0 || known[purse] < fee)) return "money";
    const form = { kind: "again", cause, replaces: null, applicant, isParent: true, phone, mail, papers: [], paid: null } as const;
    const holder = { holder: "pupil", number: account } as const;
    const done = await receive(office, { login: "+" + phone, school }, holder, form, purse && { purse, amount: fee });
    return done === "card" ? null : done;
  });
}
