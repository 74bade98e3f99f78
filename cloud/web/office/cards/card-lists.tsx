/** Cards that end, and cards that came back: two lists on which somebody has to do something. */
import type { School } from "@trapeza/protocol";
import type { Expiring } from "../../../office/cards/expiry.js";
import { textOf } from "../../../office/cards/holder.js";
import type { Holder } from "../../../office/cards/holder.js";
import type { HandedIn } from "../../../office/cards/handed-in.js";
import { may } from "../../../office/roles.js";
import { dateDigits } from "../../date-text.js";
import { Form } from "../../form.js";
import { DataTable } from "../parts.js";
import type { Visit } from "../route.js";
import { pageOf } from "./photo-routes.js";
import { cardWords } from "./words.js";

const ROWS = 300;

const holderOf = ({ account, staff }: { account: number | null; staff: number | null }): Holder =>
  account !== null ? { holder: "pupil", number: account } : { holder: "staff", number: staff ?? 0 };

export function ExpiringTable({ visit, told, expiring }: { visit: Visit; told: School; expiring: readonly Expiring[] }) {
  const words = cardWords(visit);
  return (
    <>
      <h2>{words.expiring}</h2>
      {expiring.length > ROWS && <p class="lead">{words.shown(ROWS, expiring.length)}</p>}
      <DataTable
        caption={words.expiring}
        rows={expiring.slice(0, ROWS)}
        empty={words.noneExpires}
        columns={[
          { head: words.class, cell: ({ card }) => textOf(told, holderOf(card))?.class },
          { head: words.name, cell: ({ card }) => textOf(told, holderOf(card))?.name },
          { head: words.number, cell: ({ card }) => card.number, figure: true },
          {
            head: words.validThrough,
            cell: ({ card, isOver }) => (
              <span class={isOver ? "tag late" : "tag"}>{dateDigits(card.validThrough) + (isOver ? ": " + words.expired : "")}</span>
            ),
          },
          {
            head: words.act,
            cell: ({ card }) =>
              may(visit.actor.role, "cards.receive") && (
                <a href={pageOf(visit.school, holderOf(card)) + "/card?kind=expiry"} aria-label={words.receive + ": " + card.number}>
                  {words.receive}
                </a>
              ),
          },
        ]}
      />
    </>
  );
}

export function HandedInTable({ visit, told, all }: { visit: Visit; told: School; all: readonly HandedIn[] }) {
  const words = cardWords(visit);
  const at = "/office/" + visit.school + "/handed-in";
  const isWaiting = all.some(({ takenOn }) => takenOn === null);
  return (
    <>
      <h2>{words.handedIn}</h2>
      {isWaiting && (
        <div class="tools">
          <a href={at + "/paper"}>{words.handedInPaper}</a>
          {may(visit.actor.role, "cards.make") && (
            <Form action={at}>
              <button>{words.takeBack}</button>
            </Form>
          )}
        </div>
      )}
      <DataTable
        caption={words.handedIn}
        rows={all.slice(-ROWS).reverse()}
        empty={words.noneHandedIn}
        columns={[
          { head: words.name, cell: (one) => textOf(told, holderOf(one))?.name },
          { head: words.number, cell: ({ card }) => card, figure: true },
          { head: words.date, cell: ({ handedOn }) => dateDigits(handedOn), figure: true },
          { head: words.handedTo, cell: ({ handedTo }) => handedTo },
          { head: words.atOperator, cell: ({ takenOn }) => (takenOn === null ? words.atSchool : dateDigits(takenOn)) },
        ]}
      />
    </>
  );
}
