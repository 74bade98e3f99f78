/** What a family forbids, what it allows a day, and the card that may be lost. Says beside each since when the school acts by it. */
import type { Dish } from "@trapeza/protocol";
import { dateWords } from "../date-text.js";
import { Field, Form, Tick } from "../form.js";
import type { Filled } from "../form.js";
import { Note } from "../parts.js";
import { useReader } from "../reader-context.js";
import { amountText } from "./basket.js";
import { ChildHead, pathOf } from "./child-head.js";
import type { NamedChild } from "./child-head.js";
import { ParentSheet } from "./sheet.js";
import type { CardWish, Wishes } from "./wishes.js";
import { parentWords } from "./words.js";

export interface LimitsProps {
  readonly guardian: string;
  readonly card: NamedChild;
  readonly wishes: Wishes;
  /** On sale today, to choose from. */
  readonly dishes: readonly Dish[];
  /** To choose from, by alphabet. */
  readonly allergens: readonly string[];
  /** Whether another card can be ordered here. */
  readonly hasOffice: boolean;
  readonly form: Filled;
}

export function LimitsPage(props: LimitsProps) {
  const { guardian, card, wishes, hasOffice } = props;
  const { care, reissue } = parentWords(useReader().language);
  return (
    <ParentSheet title={care.limits.title} guardian={guardian}>
      <ChildHead card={card} at="limits" />
      <section>
        <h2>{care.card.title}</h2>
        <p class="faint">{care.card.lead}</p>
        {wishes.cards.length === 0 && <p class="empty">{care.card.none}</p>}
        {wishes.cards.map((wish) => (
          <CardLine wish={wish} path={pathOf(card)} />
        ))}
        {hasOffice && card.isOwn && (
          <p>
            <a href={pathOf(card) + "/card"}>{reissue.link}</a>
          </p>
        )}
      </section>
      <section>
        <h2>{care.limits.buffet}</h2>
        <State {...props} />
        <LimitsForm {...props} />
      </section>
    </ParentSheet>
  );
}

function CardLine({ wish, path }: { wish: CardWish; path: string }) {
  const { language } = useReader();
  const { card: say, limits } = parentWords(language).care;
  const { card, blockedBy, isUnderway, since } = wish;
  const isOurs = blockedBy.includes("parent");
  const isOthers = blockedBy.some((by) => by !== "parent");
  const state = isOthers ? say.blockedElsewhere : isOurs ? say.blockedHere : say.works;
  return (
    <div class="card-line">
      <Note tone={blockedBy.length > 0 ? "warning" : "good"}>
        {say.number(card.number)} — {state}
        {isUnderway && <span class="say">{limits.underway}</span>}
        {!isUnderway && since && <span class="say">{limits.applied(since.clock, dateWords(since.date, language))}</span>}
      </Note>
      <Form action={path + "/cards/" + card.uid + (isOurs ? "/unblock" : "/block")}>
        <button class={isOurs ? undefined : "danger"}>{isOurs ? say.unblock : say.block}</button>
      </Form>
    </div>
  );
}

function State({ wishes }: LimitsProps) {
  const { language } = useReader();
  const say = parentWords(language).care.limits;
  if (wishes.limitsUnderway) return <Note tone="calm">{say.underway}</Note>;
  if (wishes.limitsSince === null) return <p class="empty">{say.nothing}</p>;
  return <Note tone="good">{say.applied(wishes.limitsSince.clock, dateWords(wishes.limitsSince.date, language))}</Note>;
}

function LimitsForm({ card, wishes, dishes, allergens, form }: LimitsProps) {
  const say = parentWords(useReader().language).care.limits;
  const { limits } = wishes;
  const listed = new Map([
    ...limits.bannedDishes.map((code) => [code, String(code)] as const),
    ...dishes.map(({ code, name }) => [code, name] as const),
  ]);
  return (
    <Form action={pathOf(card) + "/limits"} class="limits">
      <Tick name="stopList" label={say.stopList} checked={limits.stopList} />
      <Field
        {...{ form, name: "dailyLimit", label: say.dailyLimit, hint: say.dailyLimitHint, optional: true, most: 10, unit: "₽" }}
        inputmode="decimal"
        value={limits.dailyLimit === null ? "" : amountText(limits.dailyLimit)}
      />
      {allergens.length > 0 && (
        <fieldset class="field">
          <legend>{say.allergens}</legend>
          <div class="ticks">
            {allergens.map((name) => (
              <Tick name="allergen" value={name} label={name} checked={limits.bannedAllergens.includes(name)} />
            ))}
          </div>
        </fieldset>
      )}
      <details open={limits.bannedDishes.length > 0}>
        <summary>
          {say.dishes} <span class="faint">{say.chosen(limits.bannedDishes.length)}</span>
        </summary>
        <div class="ticks">
          {[...listed].map(([code, name]) => (
            <Tick name="dish" value={String(code)} label={name} checked={limits.bannedDishes.includes(code)} />
          ))}
        </div>
      </details>
      <p class="actions">
        <button class="main">{say.save}</button>
      </p>
    </Form>
  );
}
