/** What a directive is about, as far as a person at the school wants to know: no name, no sum, no card. */
import type { DirectiveKind } from "@trapeza/protocol";

export const SUBJECTS = ["school", "food", "people", "card", "limits", "terminal", "money", "order", "collection", "salvage"] as const;
export type Subject = (typeof SUBJECTS)[number];

const KINDS: { readonly [subject in Exclude<Subject, "people">]: readonly DirectiveKind[] } = {
  school: ["SetSchool", "SetFees"],
  food: ["SetCaterer", "SetGroup", "SetDish", "SetMeal", "SetMealMenu", "SetTariff"],
  card: ["SetCard"],
  limits: ["SetLimits"],
  terminal: ["SetTerminal"],
  money: ["TopUp", "OpeningBalance", "ForcedDebit", "Transfer", "Claim", "Fee"],
  order: ["OrderMeal", "CorrectMeal"],
  collection: ["CountCollection"],
  salvage: ["Salvaged"],
};

/** Whatever is about nothing else is about somebody's account, class or place. */
export function subjectOf(kind: DirectiveKind): Subject {
  return SUBJECTS.find((subject) => subject !== "people" && KINDS[subject].includes(kind)) ?? "people";
}
