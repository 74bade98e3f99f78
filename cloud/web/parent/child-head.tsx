/** The head of every page about one child: who, where, and the other pages about the same child. */
import { useReader } from "../reader-context.js";
import type { ChildCard } from "./child-card.js";
import { parentWords } from "./words.js";

export type KnownChild = Extract<ChildCard, { kind: "known" }>;

export function pathOf({ school, account }: { readonly school: number; readonly account: number }): string {
  return "/children/" + school + "/" + account;
}

export function ChildHead({ card, at }: { card: KnownChild; at: "history" | "menu" | "limits" }) {
  const { children, care } = parentWords(useReader().language);
  const tabs = [
    ["history", pathOf(card)],
    ["menu", pathOf(card) + "/menu"],
    ["limits", pathOf(card) + "/limits"],
  ] as const;
  return (
    <>
      <h1>{card.name}</h1>
      <p class="place">
        {[
          children.school + card.schoolNumber,
          card.className && children.className + " " + card.className,
          children.account + " " + card.number,
        ]
          .filter(Boolean)
          .join("\u00a0· ")}
      </p>
      <nav class="tabs" aria-label={care.sections}>
        {tabs.map(([name, href]) => (
          <a href={href} aria-current={name === at ? "page" : undefined}>
            {care.tabs[name]}
          </a>
        ))}
      </nav>
    </>
  );
}
