/** Closed periods with their turnover sheets, and the closing of the next one. */
import { formatDate } from "@trapeza/protocol";
import { SHEET_TYPE, writeWorkbook } from "../../../documents/sheet-out.js";
import { may } from "../../../office/roles.js";
import { closePeriod, periods, turnovers } from "../../../settlement/period-desk.js";
import { endedDecades } from "../../../settlement/decade.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { EMPTY, Field, Form } from "../../form.js";
import { dayIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import { go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { outWords } from "./words.js";

const homeOf = (school: number) => "/office/" + school + "/periods";

async function periodsPage(visit: Visit): Promise<Answer> {
  const { office, school, actor } = visit;
  const words = outWords(visit).periods;
  const [closed, today, { school: told }] = await Promise.all([periods(office, school), office.today(school), office.told(school)]);
  const when = (atMs: number) => {
    const { date, clock } = localMoment(atMs, told.policy.zoneMinutes);
    return dateDigits(date) + " " + clock;
  };
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <p class="lead">{words.lead}</p>
      {may(actor.role, "money.write") && (
        <Form action={homeOf(school)} class="tools fields" label={words.close}>
          <Field {...{ form: EMPTY, name: "last", label: words.last, type: "date", value: formatDate(endedDecades(today, 1)[0].last) }} />
          <button class="main">{words.close}</button>
        </Form>
      )}
      <DataTable
        caption={words.title}
        rows={closed}
        empty={words.empty}
        columns={[
          { head: words.period, cell: ({ first, last }) => (first > 0 ? dateDigits(first) + "–" : words.until + " ") + dateDigits(last) },
          { head: words.when, cell: ({ atMs }) => when(atMs) },
          { head: words.who, cell: ({ login }) => login },
          { head: words.sheet, cell: ({ last }) => <a href={homeOf(school) + "/" + formatDate(last) + "/paper"}>XLSX</a> },
        ]}
      />
    </OfficeSheet>,
  );
}

async function close(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = outWords(visit).periods;
  const last = dayIn(typed.last);
  return go(homeOf(school), words.done[last === null ? "not_over" : await closePeriod(office, { login: actor.login, school }, last)]);
}

async function sheet(visit: Visit): Promise<Answer | null> {
  const { office, school, param } = visit;
  const words = outWords(visit).periods;
  const period = (await periods(office, school)).find(({ last }) => last === dayIn(param("last")));
  if (!period) return null;
  const rows = await turnovers(office, school, period);
  const money = (kopecks: number) => ({ kopecks });
  const total = (of: "debit" | "credit") => money(rows.reduce((sum, row) => sum + row[of], 0));
  const bytes = writeWorkbook({
    name: words.sheet,
    columns: [words.account, words.opening, words.debit, words.credit, words.closing].map((head, at) => ({
      head,
      width: at === 0 ? 34 : 18,
    })),
    rows: rows.map((row) => [row.account, money(row.opening), money(row.debit), money(row.credit), money(row.closing)]),
    foot: [words.total, null, total("debit"), total("credit"), null],
  });
  return { kind: "file", name: "turnover-" + formatDate(period.last) + ".xlsx", type: SHEET_TYPE, bytes };
}

export const PERIOD_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/periods", permission: "money.read", answer: periodsPage },
  { method: "POST", path: "/office/:school/periods", permission: "money.write", answer: close },
  { method: "GET", path: "/office/:school/periods/:last/paper", permission: "money.read", answer: sheet },
];
