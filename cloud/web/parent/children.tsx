/** One piece of the page a child: who, how much in each purse, as of when, and what stands in the way. */
import type { BusinessDate } from "@trapeza/protocol";
import type { Received } from "../../announcements/announcement.js";
import type { Right } from "../../people/shares.js";
import { dateWords } from "../date-text.js";
import { moneyText } from "../money-text.js";
import { Live, Money, Note } from "../parts.js";
import { Unread } from "./announcements.js";
import { ParentSheet } from "./sheet.js";
import type { ParentWords } from "./words.ru.js";
import { useReader } from "../reader-context.js";
import type { ChildCard } from "./child-card.js";
import { pathOf } from "./child-head.js";
import type { NamedChild } from "./child-head.js";
import { parentWords } from "./words.js";

export interface ChildrenProps {
  readonly words: ParentWords;
  readonly guardian: string;
  readonly cards: readonly ChildCard[];
  readonly version: string;
  readonly received: readonly Received[];
}

export function ChildrenPage({ words, guardian, cards, version, received }: ChildrenProps) {
  return (
    <ParentSheet title={words.children.title} guardian={guardian}>
      <h1>{words.children.title}</h1>
      <Unread received={received} />
      <Live source="/live/children" version={version}>
        <Cards words={words} cards={cards} />
      </Live>
    </ParentSheet>
  );
}

export function Cards({ words, cards }: { words: ParentWords; cards: readonly ChildCard[] }) {
  if (cards.length === 0) return <p class="empty">{words.children.empty}</p>;
  return (
    <>
      {cards.map((card) => (
        <Card words={words} card={card} />
      ))}
    </>
  );
}

function Card({ words, card }: { words: ParentWords; card: ChildCard }) {
  const say = words.children;
  if (card.kind === "waiting") {
    return (
      <article class="child">
        <p class="empty">{say.notYet}</p>
      </article>
    );
  }
  if (card.kind === "named") {
    return (
      <article class="child">
        <h2>{card.name}</h2>
        <p class="place">{say.school + card.schoolNumber}</p>
        <Note tone="calm">{words.adults.shared}</Note>
        <p class="foot">
          <Links card={card} />
        </p>
      </article>
    );
  }
  const { main, additional, asOf } = card;
  const heard = [asOf.clock, dateWords(asOf.date, words.language)] as const;
  return (
    <article class="child">
      <h2>{card.name}</h2>
      <p class="place">
        {[say.school + card.schoolNumber, card.className && say.className + " " + card.className, say.account + " " + card.number]
          .filter(Boolean)
          .join("\u00a0· ")}
      </p>
      <dl class="purses">
        <Purse title={say.main} use={say.mainFor} amount={main} pending={card.pendingMain} until={card.mainUntil} today={card.today} />
        <Purse
          title={say.additional}
          use={say.additionalFor}
          amount={additional}
          pending={card.pendingAdditional}
          until={card.additionalUntil}
          today={card.today}
        />
      </dl>
      {main < 0 && <Note tone="warning">{card.blocked ? say.blocked(moneyText(card.debtLimit)) : say.debt(moneyText(-main))}</Note>}
      {card.stopList && <Note tone="calm">{say.stopList}</Note>}
      {card.dailyLimit !== null && <Note tone="calm">{say.dailyLimit(moneyText(card.dailyLimit))}</Note>}
      {card.limitsSince && (
        <Note tone="calm">{say.limitsSince(card.limitsSince.clock, dateWords(card.limitsSince.date, words.language))}</Note>
      )}
      {card.blockedCards.map(({ number, since }) => (
        <Note tone="warning">{say.cardBlocked(number, since && since.clock + ", " + dateWords(since.date, words.language))}</Note>
      ))}
      {card.meals.length > 0 && (
        <dl class="plates" aria-label={say.menuToday}>
          {card.meals.map((meal) => (
            <div>
              <dt>{meal.name}</dt>
              <dd>{meal.dishes.join(", ")}</dd>
            </div>
          ))}
        </dl>
      )}
      <p class="foot">
        <Links card={card} />
        <span class="as-of">{card.silent ? say.stale(...heard) : say.asOf(...heard)}</span>
      </p>
    </article>
  );
}

/** What the reader may do about this child. */
function Links({ card }: { card: NamedChild }) {
  const { children: say } = parentWords(useReader().language);
  const may = (...rights: Right[]) => rights.some((right) => card.rights.includes(right));
  return (
    <span class="links">
      {may("pay") && (
        <a class="button" href="/pay">
          {say.topUp}
        </a>
      )}
      {may("see") && <a href={pathOf(card)}>{say.history}</a>}
      {may("see", "order") && <a href={pathOf(card) + "/menu"}>{say.menu}</a>}
      {may("limits") && <a href={pathOf(card) + "/limits"}>{say.limits}</a>}
    </span>
  );
}

interface PurseProps {
  readonly title: string;
  readonly use: string;
  readonly amount: number;
  readonly pending: number;
  readonly until: BusinessDate | null;
  readonly today: BusinessDate;
}

function Purse({ title, use, amount, pending, until, today }: PurseProps) {
  const { language } = useReader();
  const say = parentWords(language).children;
  return (
    <div class={amount < 0 ? "purse owing" : "purse"}>
      <dt>
        {title} <span class="use">{use}</span>
      </dt>
      <dd>
        <Money amount={amount} />
        {until !== null && pending === 0 && (
          <span class="lasts">{until === today ? say.lastsToday : say.lasts(dateWords(until, language))}</span>
        )}
        {pending > 0 && (
          <span class="coming">
            {say.withPending} <Money amount={amount + pending} />
          </span>
        )}
      </dd>
    </div>
  );
}
