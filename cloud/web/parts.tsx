/** Small pieces that every page uses. */
import type { ComponentChildren } from "preact";
import { moneyParts } from "./money-text.js";

/** An amount in kopecks with the kopecks set smaller; figures are of one width by the style sheet. */
export function Money({ amount, plus = false }: { amount: number; plus?: boolean }) {
  const { sign, roubles, kopecks } = moneyParts(amount);
  return (
    <span class="money">
      {plus && amount > 0 ? "+" : sign}
      {roubles}
      <small>,{kopecks}</small>
      {"\u00a0₽"}
    </span>
  );
}

const SIGNS = { calm: "i", warning: "!", good: "✓" } as const;

/** A sentence that needs attention: never by colour alone. */
export function Note({ tone, children }: { tone: keyof typeof SIGNS; children: ComponentChildren }) {
  return (
    <p class={"note " + tone}>
      <span class="sign" aria-hidden="true">
        {SIGNS[tone]}
      </span>
      <span>{children}</span>
    </p>
  );
}

type Tone = keyof typeof SIGNS;

/** All that a script may come to say, each with its tone; the script shows the one that is true. */
export function Findings<K extends string>({ tones, say }: { tones: Readonly<Record<K, Tone>>; say: Findable<NoInfer<K>> }) {
  return (
    <>
      <noscript>
        <Note tone="calm">{say.noScripts}</Note>
      </noscript>
      <div data-say="waiting">{say.waiting}</div>
      {(Object.keys(tones) as K[]).map((said) => (
        <div data-say={said} hidden>
          <Note tone={tones[said]}>{say[said]}</Note>
        </div>
      ))}
    </>
  );
}

type Findable<K extends string> = Readonly<Record<K | "noScripts" | "waiting", string>>;

/** What is brought up to date in place where JavaScript runs: `source` answers with the same piece, drawn anew. */
export function Live({ source, version, children }: { source: string; version: string; children: ComponentChildren }) {
  return (
    <div data-live={source} data-version={version}>
      {children}
    </div>
  );
}
