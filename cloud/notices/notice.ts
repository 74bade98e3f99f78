/** What of a school's journal a family is told, and of what kind it is. Pure: from an event as it is stored, nothing is asked of anybody. */
import type { Change, Event, EventOf, Purse } from "@trapeza/protocol";
import { accountsOf } from "../ledger/concerned.js";

/** The last is of no event: the school has written. */
export const NOTICE_KINDS = ["purchase", "meal", "low", "debt", "topUp", "refused", "blocked", "code", "announcement"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];
export const CHANNELS = ["mail", "push"] as const;
export type Channel = (typeof CHANNELS)[number];

export type Notice =
  | { readonly kind: "purchase" | "meal"; readonly what: readonly string[]; readonly sum: number; readonly isBack: boolean }
  | { readonly kind: "low"; readonly purse: Purse; readonly left: number }
  /** What the family owes after it; a child is never told so. */
  | { readonly kind: "debt"; readonly owed: number }
  | { readonly kind: "topUp"; readonly sum: number }
  | { readonly kind: "refused"; readonly of: "meal" | "cash" | "payment"; readonly what: readonly string[] }
  | { readonly kind: "blocked"; readonly card: string }
  | { readonly kind: "code" };

/** Whom an event may have something to say about. Most events say nothing, and leave no row. */
export function accountsToTell(event: Event): number[] {
  return accountsOf(event).filter((account) => noticesOf(event, account, Infinity).length > 0);
}

/** `lowKopecks`: a purse that falls below it is told once, when it falls. */
export function noticesOf(event: Event, account: number, lowKopecks: number): Notice[] {
  const { body } = event;
  const [said, change] = saidOf(body, account);
  return [...(said ? [said] : []), ...(change ? [...debtOf(change), ...lowPurses(change, lowKopecks)] : [])];
}

type Said = readonly [notice: Notice | null, change: Change | null];
const NOTHING: Said = [null, null];

function saidOf(body: Event["body"], account: number): Said {
  switch (body.kind) {
    case "BuffetSold":
      return [{ kind: "purchase", what: body.lines.map(({ name }) => name), sum: costOf(body.change), isBack: false }, body.change];
    case "SaleVoided":
      return body.change ? [{ kind: "purchase", what: [], sum: -costOf(body.change), isBack: true }, null] : NOTHING;
    case "MealServed":
      return [{ kind: "meal", what: [body.mealName], sum: costOf(body.change), isBack: false }, body.change];
    case "MealUndone":
      return [{ kind: "meal", what: [body.mealName], sum: body.change ? -costOf(body.change) : 0, isBack: true }, null];
    case "MealRefused":
      return [{ kind: "refused", of: "meal", what: [body.mealName] }, null];
    case "TopUpCredited":
      return [{ kind: "topUp", sum: body.note }, null];
    case "TopUpHeld":
      return [{ kind: "refused", of: "cash", what: [] }, null];
    case "AccessCodeIssued":
      return [{ kind: "code" }, null];
    case "DirectiveApplied":
      return [ordered(body, account), null];
    default:
      return NOTHING;
  }
}

function ordered({ directive, outcome }: EventOf<"DirectiveApplied">, account: number): Notice | null {
  if (directive.kind === "TopUp" && directive.account === account) {
    const sum = directive.main + directive.additional;
    return outcome === "applied" ? { kind: "topUp", sum } : { kind: "refused", of: "payment", what: [] };
  }
  const isBlock = directive.kind === "SetCard" && (directive.state === "blocked" || directive.state === "lost");
  return isBlock && outcome === "applied" ? { kind: "blocked", card: directive.number } : null;
}

const costOf = ({ mainDelta, additionalDelta }: Change) => -(mainDelta + additionalDelta) || 0;

/** Each time that it grows. */
function debtOf({ main, mainDelta }: Change): Notice[] {
  return main < 0 && mainDelta < 0 ? [{ kind: "debt", owed: -main }] : [];
}

/** A purse in debt is not called low as well. */
function lowPurses({ main, mainDelta, additional, additionalDelta }: Change, below: number): Notice[] {
  const fell = (left: number, delta: number) => delta < 0 && left >= 0 && left < below && left - delta >= below;
  return [
    ...(fell(main, mainDelta) ? [{ kind: "low", purse: "main", left: main } as const] : []),
    ...(fell(additional, additionalDelta) ? [{ kind: "low", purse: "additional", left: additional } as const] : []),
  ];
}
