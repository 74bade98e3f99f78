/**
 * An application for a card on its way through the regulation (R = seed of the card regulation, P = of the rules): which step follows which, who takes it,
 * and until when.
 */
import type { BusinessDate } from "@trapeza/protocol";
import { afterWorkingDays } from "./working-days.js";

export const APPLICATION_STATES = ["received", "sent", "registered", "returned", "made", "handed", "issued"] as const;
export type ApplicationState = (typeof APPLICATION_STATES)[number];

/** Why a card is made again (P2.3, R5.1, R6): all but a defect of manufacture are paid. */
export const CAUSES = ["name", "loss", "damage", "theft", "expiry", "move", "defect"] as const;
export type Cause = (typeof CAUSES)[number];

/** R3.2. `authority` only of whoever is no parent, `name` only when the name has changed. */
export const PAPERS = ["passport", "application", "consent", "data", "authority", "name"] as const;
export type Paper = (typeof PAPERS)[number];

export interface Application {
  readonly id: number;
  readonly school: number;
  readonly account: number;
  readonly kind: "first" | "again";
  readonly cause: Cause | null;
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

/** A card made again is handed out at the operator's office, past act and teacher (P2.4, R5.4). */
const STEPS: readonly {
  readonly deed: Deed;
  readonly from: ApplicationState;
  readonly to: ApplicationState;
  readonly kind?: "first" | "again";
}[] = [
  { deed: "send", from: "received", to: "sent", kind: "first" },
  { deed: "register", from: "sent", to: "registered", kind: "first" },
  { deed: "register", from: "received", to: "registered", kind: "again" },
  { deed: "return", from: "registered", to: "returned" },
  { deed: "mend", from: "returned", to: "received" },
  { deed: "make", from: "registered", to: "made" },
  { deed: "hand", from: "made", to: "handed", kind: "first" },
  { deed: "issue", from: "handed", to: "issued", kind: "first" },
  { deed: "issue", from: "made", to: "issued", kind: "again" },
];

/** The state after a deed; `null` when it is not its turn. */
export function afterDeed({ state, kind }: Pick<Application, "state" | "kind">, deed: Deed): ApplicationState | null {
  return STEPS.find((step) => step.deed === deed && step.from === state && (step.kind ?? kind) === kind)?.to ?? null;
}

/** Papers that are still missing, in the order of the regulation (R3.2). */
export function missingPapers(application: Pick<Application, "papers" | "isParent" | "cause">): Paper[] {
  const needed = PAPERS.filter(
    (paper) => (paper !== "authority" || !application.isParent) && (paper !== "name" || application.cause === "name"),
  );
  return needed.filter((paper) => !application.papers.includes(paper));
}

/** R3.8, R5.3, R6.3: the first card is free, and so is one in the place of a faulty one. */
export function isPaid({ kind, cause, paid }: Pick<Application, "kind" | "cause" | "paid">): boolean {
  return kind === "first" || cause === "defect" || paid !== null;
}

/** Working days for each step, and the clause that says so. Registration is due on the day itself (R3.11). */
const TERMS: Partial<Record<ApplicationState, { readonly days: number; readonly clause: string; readonly who: "school" | "operator" }>> = {
  received: { days: 3, clause: "R3.7", who: "school" },
  sent: { days: 0, clause: "R3.11", who: "operator" },
  registered: { days: 30, clause: "R4.4.1", who: "operator" },
  returned: { days: 3, clause: "R4.3.6", who: "school" },
  made: { days: 5, clause: "R4.6", who: "operator" },
};

export interface Due {
  readonly by: BusinessDate;
  readonly clause: string;
  readonly who: "school" | "operator";
}

/** What must happen next and until when; `null` when nobody is waited for. */
export function dueOf({ state, stateOn, kind }: Pick<Application, "state" | "stateOn" | "kind">): Due | null {
  const term = TERMS[state];
  if (!term) return null;
  // A card made again waits at the operator's office for its holder, and its application was brought there.
  if (kind === "again" && state === "made") return null;
  const who = kind === "again" ? "operator" : term.who;
  return { by: afterWorkingDays(stateOn, term.days), clause: term.clause, who };
}
