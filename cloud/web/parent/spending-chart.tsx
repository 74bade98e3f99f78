/** Four weeks as four bars: for whoever would rather look than read. The same sums stand beside them as text. */
import { dateDigits } from "../date-text.js";
import { moneyText } from "../money-text.js";
import { useReader } from "../reader-context.js";
import type { Week } from "./spending.js";
import { parentWords } from "./words.js";

const WIDTH = 100;
const HEIGHT = 10;

export function SpendingChart({ weeks }: { weeks: readonly Week[] }) {
  const say = parentWords(useReader().language).history.spending;
  const most = Math.max(...weeks.map(({ main, additional }) => main + additional));
  if (most <= 0) return null;
  const long = (amount: number) => (Math.max(amount, 0) * WIDTH) / most;
  return (
    <section class="spending">
      <h2>{say.title}</h2>
      <p class="faint">
        <span class="key main-key" aria-hidden="true" /> {say.main} <span class="key additional-key" aria-hidden="true" /> {say.additional}
      </p>
      <table>
        <tbody>
          {weeks.map(({ from, main, additional }) => (
            <tr>
              <th scope="row">{say.from(dateDigits(from).slice(0, 5))}</th>
              <td class="bar" aria-hidden="true">
                <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
                  <rect class="main-key" width={long(main)} height={HEIGHT} />
                  <rect class="additional-key" x={long(main)} width={long(additional)} height={HEIGHT} />
                </svg>
              </td>
              <td class="money">{moneyText(main + additional)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
