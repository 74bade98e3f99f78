/** The head of every page about one child: who, where, and the other pages about the same child. */
import { useReader } from "../reader-context.js";
import type { ChildCard } from "./child-card.js";
import { parentWords } from "./words.js";

export type KnownChild = Extract<ChildCard, { kind: "known" }>;
/** One that has a name to be called by, whether or not the reader sees its purses. */
export type NamedChild = KnownChild | Extract<ChildCard, { kind: "named" }>;

export function pathOf({ school, account }: { readonly school: number; readonly account: number }): string {
  return "/children/" + school + "/" + account;
}

/** Pages about a child: what they are called in an address, and who has them. */
const TABS = [
  ["history", "", ["see"]],
  ["menu", "/menu", ["see", "order"]],
  ["limits", "/limits", ["limits"]],
  ["adults", "/adults", []],
] as const;

export function ChildHead({ card, at }: { card: NamedChild; at: (typeof TABS)[number][0] }) {
  const { children, care } = parentWords(useReader().language);
  const isKnown = card.kind === "known";
  const tabs = TABS.filter(([, , needs]) => card.isOwn || needs.some((right) => card.rights.includes(right)));
  return (
    <>
      <h1>{card.name}</h1>
      <p class="place">
        {[
          children.school + card.schoolNumber,
          isKnown && card.className && children.className + " " + card.className,
          isKnown && children.account + " " + card.number,
        ]
          .filter(Boolean)
          .join("\u00a0· ")}
      </p>
      <nav class="tabs" aria-label={care.sections}>
        {tabs.map(([name, path]) => (
          <a href={pathOf(card) + path} aria-current={name === at ? "page" : undefined}>
            {care.tabs[name]}
          </a>
        ))}
      </nav>
    </>
  );
}
