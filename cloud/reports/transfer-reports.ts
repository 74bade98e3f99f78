/** Of whose money the sums were made that caterers have been sent. A transfer that the bank sent back is none; its money stands in a later one. */
import { dateDigits } from "../web/date-text.js";
import type { Transfer } from "../store/store.js";
import { catererNameOf, classNameOf, figure, inOrder, made, money, pupilNameOf, sumOf, text } from "./report.js";
import type { Ask, Made } from "./report.js";

interface Share {
  readonly first: number;
  readonly decade: string;
  readonly caterer: number;
  /** `null`: no family's, as meals at the school's expense. */
  readonly holder: number | null;
  meals: number;
  buffet: number;
}

/** Transfers made on the days asked for, each family's part on a row of its own. */
export async function transferShares(ask: Ask): Promise<Made> {
  const { store, id, school, words, from, to } = ask;
  const sent = (await store.transfers(id)).filter(({ date, caterer }) => date >= from && date <= to && isOf(ask, caterer));
  const rows = new Map<string, Share>();
  for (const transfer of sent) {
    for (const { holder, amount } of await store.fundedBy(id, transfer, null)) {
      const row = rowOf(rows, transfer, holder);
      row[transfer.account.endsWith("/meals") ? "meals" : "buffet"] += amount;
    }
  }
  const account = (holder: number | null) => school.accounts.get(holder ?? -1);
  const className = ({ holder }: Share) => classNameOf(school, account(holder)?.class ?? null);
  const name = ({ holder }: Share) => (holder === null ? words.cell.noFamily : pupilNameOf(school, holder));
  const shares = inOrder([...rows.values()], ({ first }) => first, ({ caterer }) => catererNameOf(school, caterer), className, name); // prettier-ignore
  return made<Share>(
    [
      text(words.head.decade, 22, ({ decade }) => decade),
      text(words.head.caterer, 18, ({ caterer }) => catererNameOf(school, caterer)),
      text(words.head.class, 7, className),
      text(words.head.pupil, 34, name),
      figure(words.head.account, 13, ({ holder }) => account(holder)?.number ?? null),
      money(words.cause.meals, ({ meals }) => meals),
      money(words.cause.card, ({ buffet }) => buffet),
      money(words.head.sent, ({ meals, buffet }) => meals + buffet),
    ],
    shares,
    {
      total: words.total,
      checks: [
        {
          what: words.check.transfers,
          here: sumOf(shares, ({ meals, buffet }) => meals + buffet),
          ledger: sumOf(sent, ({ amount }) => amount),
        },
      ],
      notes: [words.note.transfers],
    },
  );
}

const isOf = ({ caterer: asked }: Ask, caterer: number) => asked === null || asked === caterer;

function rowOf(rows: Map<string, Share>, { caterer, first, last }: Transfer, holder: number | null): Share {
  const key = [first, caterer, holder].join(" ");
  const decade = dateDigits(first) + "–" + dateDigits(last);
  const row = rows.get(key) ?? { first, decade, caterer, holder, meals: 0, buffet: 0 };
  rows.set(key, row);
  return row;
}
