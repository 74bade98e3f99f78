/**
 * An application for a card on its way through the regulation (R = seed of the card regulation, P = of the rules): which step follows which, who takes it,
 * and until when.
 */
import type { BusinessDate } from "@trapeza/protocol";
import { afterWorkingDays } from "./working-days.js";

export const APPLICATION_STATES = ["received", "sent", "registered", "returned", "made", "handed", "issued"] as const;
export type ApplicationState = (typeof APPLICATION_STATES)[number];

/** first; again in place of another; a duplicate beside an employee's other cards (R7). */
export type Kind = "first" | "again" | "duplicate";

/** Why a card is made again (P2.3, R5.1). defect: it does not work, and the operator finds out why (R6.1). */
export const CAUSES = ["name", "loss", "damage", "theft", "expiry", "move", "defect"] as const;
export type Cause = (typeof CAUSES)[number];

/** What the examination has found (R6.3–R6.5): nobody pays, the holder pays, or whoever did the damage. */
export const FINDINGS = ["manufacture", "holder", "third"] as const;
export type Finding = (typeof FINDINGS)[number];

/** R3.2. `authority` only of whoever is no parent, `name` only when the name has changed. */
export const PAPERS = ["passport", "application", "consent", "data", "authority", "name"] as const;
export type Paper = (typeof PAPERS)[number];

export interface Application {
  readonly id: number;
  readonly school: number;
  /** A pupil's account, or `null` and `staff` the number of an employee. */
  readonly account: number | null;
  readonly staff: number | null;
  /** The number of an employee's card, given out at once; a pupil's is that of the account. */
  readonly card: string | null;
  /** UID of the employee's card that this one replaces; of a pupil all others are blocked. */
  readonly replaces: string | null;
  readonly kind: Kind;
  readonly cause: Cause | null;
  readonly finding: Finding | null;
  /** Who has done the damage, when it was neither manufacture nor holder. */
  readonly payer: string | null;
  readonly applicant: string;
  readonly isParent: boolean;
  readonly phone: string;
  readonly mail: string;
  readonly papers: readonly Paper[];
  readonly state: ApplicationState;
  readonly receivedOn: BusinessDate;
  /** Since when it is in this state. */
  readonly stateOn: BusinessDate;
  readonly reason: string | null;
  /** What proves the payment; `null`: nothing has been paid. */
  readonly paid: string | null;
  readonly uid: string | null;
  readonly bundle: number | null;
  readonly act: number | null;
}

export type Deed = "send" | "register" | "return" | "mend" | "make" | "hand" | "issue";

/** A card made again is handed out at the operator's office, past act and teacher (P2.4, R5.4); all others go by the school (R7.4). */
type Way = "school" | "office";
const wayOf = (kind: Kind): Way => (kind === "again" ? "office" : "school");

const STEPS: readonly {
  readonly deed: Deed;
  readonly from: ApplicationState;
  readonly to: ApplicationState;
  readonly way?: Way;
}[] = [
  { deed: "send", from: "received", to: "sent", way: "school" },
  { deed: "register", from: "sent", to: "registered", way: "school" },
  { deed: "register", from: "received", to: "registered", way: "office" },
  { deed: "return", from: "registered", to: "returned" },
  { deed: "mend", from: "returned", to: "received" },
  { deed: "make", from: "registered", to: "made" },
  { deed: "hand", from: "made", to: "handed", way: "school" },
  { deed: "issue", from: "handed", to: "issued", way: "school" },
  { deed: "issue", from: "made", to: "issued", way: "office" },
];

/** The state after a deed; `null` when it is not its turn. */
export function afterDeed({ state, kind }: Pick<Application, "state" | "kind">, deed: Deed): ApplicationState | null {
  return STEPS.find((step) => step.deed === deed && step.from === state && (step.way ?? wayOf(kind)) === wayOf(kind))?.to ?? null;
}

/** Papers that are still missing, in the order of the regulation (R3.2, R3.3): employees sign for themselves; a duplicate is the school's wish (R7.2). */
export function missingPapers({
  papers,
  isParent,
  cause,
  staff,
  kind,
}: Pick<Application, "papers" | "isParent" | "cause" | "staff" | "kind">): Paper[] {
  const needed: Record<Paper, boolean> = {
    passport: kind !== "duplicate",
    application: true,
    consent: staff === null,
    data: kind !== "duplicate",
    authority: staff === null && !isParent,
    name: cause === "name",
  };
  return PAPERS.filter((paper) => needed[paper] && !papers.includes(paper));
}

/** R6.1: why a card does not work must be known before another is made. */
export function isExamined({ cause, finding }: Pick<Application, "cause" | "finding">): boolean {
  return cause !== "defect" || finding !== null;
}

/** R3.8, R5.3, R6.3, R7.1: the first card is free, and so are duplicates and one in the place of a badly made one. */
export function isPaid({ kind, finding, paid }: Pick<Application, "kind" | "finding" | "paid">): boolean {
  return kind !== "again" || finding === "manufacture" || paid !== null;
}

/** The longest that making a card may take (R2.4, R4.4.1). */
export const CARD_DAYS = 30;

/** Working days for each step, and the clause that says so. Registration is due on the day itself (R3.11). */
const TERMS: Partial<Record<ApplicationState, { readonly days: number; readonly clause: string; readonly who: "school" | "operator" }>> = {
  received: { days: 3, clause: "R3.7", who: "school" },
  sent: { days: 0, clause: "R3.11", who: "operator" },
  registered: { days: CARD_DAYS, clause: "R4.4.1", who: "operator" },
  returned: { days: 3, clause: "R4.3.6", who: "school" },
  made: { days: 5, clause: "R4.6", who: "operator" },
};

export interface Due {
  readonly by: BusinessDate;
  readonly clause: string;
  readonly who: "school" | "operator";
}

/** What must happen next and until when; `null` when nobody is waited for. `cardDays`: in which the operator has promised to make one (P2.1). */
export function dueOf({ state, stateOn, kind }: Pick<Application, "state" | "stateOn" | "kind">, cardDays = CARD_DAYS): Due | null {
  const term = TERMS[state];
  if (!term) return null;
  // A card made again waits at the operator's office for its holder, and its application was brought there.
  if (kind === "again" && state === "made") return null;
  const who = kind === "again" ? "operator" : term.who;
  const days = state === "registered" ? cardDays : term.days;
  return { by: afterWorkingDays(stateOn, days), clause: term.clause, who };
}
