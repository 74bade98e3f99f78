/** An account's history for a period, as a shop receipt reads: what, and what it cost. Prints as a statement. */
import { formatDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { dateDigits, dateWords } from "../date-text.js";
import { Live, Money, Note } from "../parts.js";
import { moneyText } from "../money-text.js";
import { inOrder, isMemo } from "../statement.js";
import type { Statement, StatementMemo, StatementRow } from "../statement.js";
import { proofPath } from "./proof.js";
import { ParentSheet } from "./sheet.js";
import { SpendingChart } from "./spending-chart.js";
import { StatementMail } from "./statement-mail.js";
import type { Week } from "./spending.js";
import type { ParentWords } from "./words.ru.js";
import { ChildHead, pathOf } from "./child-head.js";
import type { KnownChild } from "./child-head.js";

export interface HistoryProps {
  readonly words: ParentWords;
  readonly guardian: string;
  readonly card: KnownChild;
  readonly statement: Statement;
  readonly details: boolean;
  /** The school's own day, from which "2 days" are counted. */
  readonly today: BusinessDate;
  /** The page's query, to be asked again. */
  readonly query: string;
  readonly weeks: readonly Week[];
  readonly version: string;
  /** Whether its statement goes by mail each month. */
  readonly isMonthly: boolean;
  readonly trouble: string | null;
}

export function HistoryPage(props: HistoryProps) {
  const { words, card, statement, query, version } = props;
  const say = words.history;
  const here = pathOf(card);
  return (
    <ParentSheet title={card.name} guardian={props.guardian}>
      <ChildHead card={card} at="history" />
      <SpendingChart weeks={props.weeks} />
      <Period {...props} here={here} />
      {props.trouble && <Note tone="warning">{props.trouble}</Note>}
      <p class="period">{say.period(dateDigits(statement.from), dateDigits(statement.to))}</p>
      <Live source={"/live" + here + query} version={version}>
        <StatementTable words={words} statement={statement} child={card} />
      </Live>
      <p class="actions">
        <button class="quiet print" data-print hidden>
          {say.print}
        </button>
        <span>
          {say.take}: <a href={here + "/statement.pdf" + query}>{say.pdf}</a>, <a href={here + "/statement.xlsx" + query}>{say.sheet}</a>
        </span>
      </p>
      <StatementMail child={card} from={statement.from} to={statement.to} isMonthly={props.isMonthly} />
    </ParentSheet>
  );
}

function Period({ words, statement, details, today, here }: HistoryProps & { here: string }) {
  const say = words.history;
  const presets = [
    [say.presets.days2, 2],
    [say.presets.weeks2, 14],
    [say.presets.days30, 30],
  ] as const;
  const link = (days: number) =>
    here + "?from=" + formatDate((today - days + 1) as BusinessDate) + "&to=" + formatDate(today) + (details ? "&details=1" : "");
  const isShown = (days: number) => statement.to === today && statement.from === today - days + 1;
  return (
    <form method="get" action={here} class="when">
      <p class="presets">
        {presets.map(([name, days]) => (
          <a href={link(days)} aria-current={isShown(days) ? "true" : undefined}>
            {name}
          </a>
        ))}
      </p>
      <p class="dates">
        <label>
          {say.from} <input type="date" name="from" value={formatDate(statement.from)} required />
        </label>{" "}
        <label>
          {say.to} <input type="date" name="to" value={formatDate(statement.to)} required />
        </label>
      </p>
      <p class="choice">
        <label>
          <input type="checkbox" name="details" value="1" checked={details} /> {say.details}
        </label>
        <button>{say.show}</button>
      </p>
    </form>
  );
}

interface TableProps {
  readonly words: ParentWords;
  readonly statement: Statement;
  /** Whose; its rows lead to their proofs. */
  readonly child: { readonly school: number; readonly account: number };
}

export function StatementTable({ words, statement, child }: TableProps) {
  const say = words.history;
  const { sums } = statement;
  const lines = inOrder(statement);
  return (
    <>
      <dl class="facts sums">
        {(["charged", "recalculated", "paid"] as const).map((part) => (
          <>
            <dt>{say.sums[part]}</dt>
            <dd>
              <Money amount={sums[part]} plus={part === "recalculated"} />
            </dd>
          </>
        ))}
      </dl>
      <table class="statement">
        <thead>
          <tr>
            <th scope="col">{say.date}</th>
            <th scope="col">{say.name}</th>
            <th scope="col">{say.charged}</th>
            <th scope="col">{say.credited}</th>
          </tr>
        </thead>
        <tbody>
          <Balance title={say.opening} amount={statement.opening} />
          {lines.map((row, i) => {
            const newDay = i === 0 || lines[i - 1].date !== row.date;
            if (isMemo(row)) return <Memo words={words} memo={row} newDay={newDay} />;
            return <Row words={words} row={row} proof={proofPath(child, row)} newDay={newDay} />;
          })}
          {lines.length === 0 && (
            <tr class="nothing">
              <td colSpan={4}>{say.empty}</td>
            </tr>
          )}
          <Balance title={say.closing} amount={statement.closing} />
        </tbody>
      </table>
    </>
  );
}

function Balance({ title, amount }: { title: string; amount: number }) {
  return (
    <tr class="balance">
      <th scope="row" colSpan={2}>
        {title}
      </th>
      <td colSpan={2}>
        <Money amount={amount} />
      </td>
    </tr>
  );
}

function Memo({ words, memo, newDay }: { words: ParentWords; memo: StatementMemo; newDay: boolean }) {
  return (
    <tr class={newDay ? "row day memo" : "row memo"}>
      <Day words={words} date={memo.date} />
      <td class="name" colSpan={3}>
        {memo.name}: {words.row.sentSum(moneyText(memo.amount))}
      </td>
    </tr>
  );
}

function Day({ words, date }: { words: ParentWords; date: BusinessDate }) {
  return (
    <td class="date">
      <span class="digits">{dateDigits(date)}</span>
      <span class="words">{dateWords(date, words.language)}</span>
    </td>
  );
}

function Row({ words, row, proof, newDay }: { words: ParentWords; row: StatementRow; proof: string; newDay: boolean }) {
  const { charged, credited } = row;
  return (
    <>
      <tr class={newDay ? "row day" : "row"}>
        <Day words={words} date={row.date} />
        <td class="name">
          {row.name}{" "}
          <a class="check" href={proof} aria-label={words.proof.checkOf(row.name)}>
            {words.proof.check}
          </a>
        </td>
        <td class="charged">{(charged > 0 || credited === 0) && <Money amount={charged} />}</td>
        <td class="credited">{credited > 0 && <Money amount={credited} plus />}</td>
      </tr>
      {row.lines.map((line) => (
        <tr class="line">
          <td class="date" />
          <td class="name">{line.name}</td>
          <td class="charged">
            <Money amount={line.amount} />
          </td>
          <td class="credited" />
        </tr>
      ))}
    </>
  );
}
