/** Reports on the screen, and the same table to take away. Who works for one class, one caterer or one till gets no other figures, whatever they ask. */
import { formatDate, parseDate } from "@trapeza/protocol";
import type { BusinessDate, School } from "@trapeza/protocol";
import { PDF_TYPE } from "../../documents/paper.js";
import { SHEET_TYPE } from "../../documents/sheet-out.js";
import type { Cell } from "../../documents/sheet-out.js";
import { may } from "../../office/roles.js";
import type { Actor } from "../../office/roles.js";
import { agrees, checkText, reportPaper, reportSheet } from "../../reports/report-files.js";
import { classNameOf, inOrder, mealNameOf } from "../../reports/report.js";
import type { Ask, Made } from "../../reports/report.js";
import { REPORTS } from "../../reports/reports.js";
import type { Report } from "../../reports/reports.js";
import { en } from "../../reports/words.en.js";
import { ru } from "../../reports/words.ru.js";
import { dateDigits, localMoment } from "../date-text.js";
import { Money, Note } from "../parts.js";
import { DataTable } from "./parts.js";
import { show } from "./route.js";
import type { Answer, OfficeRoute, Visit } from "./route.js";
import { OfficeSheet } from "./sheet.js";

/** A little more than a school year. */
const LONGEST_DAYS = 400;
/** On the screen; the files have them all. */
const ROWS = 2000;
/** What nobody is. */
const NOBODY = -1;

const wordsFor = ({ reader }: Visit) => (reader.language === "ru" ? ru : en);
const pathOf = (school: number, { name }: Report) => "/office/" + school + "/reports/" + name;

async function reportsPage(visit: Visit): Promise<Answer> {
  const { actor, school, words } = visit;
  const open = REPORTS.filter(({ permission }) => may(actor.role, permission));
  return show(
    <OfficeSheet visit={visit} title={words.section.reports}>
      <dl class="plain">
        {open.map((report) => (
          <>
            <dt>
              <a href={pathOf(school, report)}>{wordsFor(visit).reports[report.name].title}</a>
            </dt>
            <dd>{wordsFor(visit).reports[report.name].about}</dd>
          </>
        ))}
      </dl>
    </OfficeSheet>,
  );
}

/** What is one's own, by role; `null` where all may be seen. */
function ownOf({ role, class: schoolClass, own }: Actor): Pick<Ask, "class" | "caterer" | "cashier"> {
  return {
    class: role === "teacher" ? (schoolClass ?? NOBODY) : null,
    caterer: role === "caterer" ? (own ?? NOBODY) : null,
    cashier: role === "cashier" ? (own ?? NOBODY) : null,
  };
}

async function askIn({ usual, when, filters }: Report, visit: Visit): Promise<Ask> {
  const { office, actor, school: id, param } = visit;
  const { school } = await office.told(id);
  const today = await office.today(id);
  const first = parseDate(param("from")) ?? ((today + usual[0]) as BusinessDate);
  const last = when === "period" ? (parseDate(param("to")) ?? (Math.max(first, today + usual[1]) as BusinessDate)) : first;
  const from = Math.min(first, last) as BusinessDate;
  const to = Math.min(Math.max(first, last), from + LONGEST_DAYS) as BusinessDate;
  const filter = (name: "class" | "meal") => (filters.includes(name) && /^[0-9]{1,9}$/.test(param(name)) ? Number(param(name)) : null);
  const own = ownOf(actor);
  return {
    ...{ store: office.cloud.store, id, school, from, to, today, nowMs: office.now(), words: wordsFor(visit) },
    ...own,
    class: own.class ?? filter("class"),
    meal: filter("meal"),
    seesDiets: may(actor.role, "diets.read"),
  };
}

async function reportPage(report: Report, visit: Visit): Promise<Answer> {
  const ask = await askIn(report, visit);
  const made = await report.make(ask);
  const { title } = ask.words.reports[report.name];
  const as = visit.param("as");
  if (as === "xlsx" || as === "pdf") {
    const head = { title, lines: linesOf(report, ask), madeMs: ask.nowMs, wide: report.wide };
    const name = [title, ask.school.policy.number, formatDate(ask.from), ...(report.when === "period" ? [formatDate(ask.to)] : [])].join(
      " ",
    );
    if (as === "xlsx") return { kind: "file", name: name + ".xlsx", type: SHEET_TYPE, bytes: reportSheet(made, head) };
    return { kind: "file", name: name + ".pdf", type: PDF_TYPE, bytes: await reportPaper(made, head, ask.words) };
  }
  return show(
    <OfficeSheet visit={visit} title={title}>
      <Asked {...{ report, visit, ask }} />
      <ReportTable made={made} title={title} empty={visit.words.reports.empty} />
      {made.rows.length > ROWS && <p class="lead">{visit.words.reports.cut(ROWS, made.rows.length)}</p>}
      {made.notes.map((note) => (
        <p>{note}</p>
      ))}
      {made.checks.map((check) => (
        <Note tone={agrees(check) ? "good" : "warning"}>{checkText(check, ask.words)}</Note>
      ))}
    </OfficeSheet>,
  );
}

function linesOf({ when, filters }: Report, { school, from, to, nowMs, words, class: schoolClass, meal }: Ask): string[] {
  const { date, clock } = localMoment(nowMs, school.policy.zoneMinutes);
  return [
    school.policy.name,
    when === "period" ? words.paper.period(dateDigits(from), dateDigits(to)) : words.paper.asOf(dateDigits(from)),
    ...(filters.includes("class") && schoolClass !== null ? [words.head.class + ": " + classNameOf(school, schoolClass)] : []),
    ...(filters.includes("meal") && meal !== null ? [words.head.meal + ": " + mealNameOf(school, meal)] : []),
    words.paper.made(dateDigits(date) + " " + clock),
  ];
}

interface AskedProps {
  readonly report: Report;
  readonly visit: Visit;
  readonly ask: Ask;
}

/** The question again, to be asked otherwise, and its answer as files. */
function Asked({ report, visit, ask }: AskedProps) {
  const { words, actor } = visit;
  const { when, filters } = report;
  const said = words.reports;
  const isPeriod = when === "period";
  const asked = new URLSearchParams();
  if (when !== "now") asked.set("from", formatDate(ask.from));
  if (isPeriod) asked.set("to", formatDate(ask.to));
  for (const name of filters) if (ask[name] !== null) asked.set(name, String(ask[name]));
  const file = (as: string) => pathOf(visit.school, report) + "?" + new URLSearchParams([...asked, ["as", as]]).toString();
  const shown = filters.filter((name) => name !== "class" || actor.role !== "teacher");
  return (
    <>
      <p class="lead">{linesOf(report, ask).slice(0, -1).join(" · ")}</p>
      <form class="asked" method="get" aria-label={said.asked}>
        {when !== "now" && <Day name="from" label={isPeriod ? said.from : said.day} date={ask.from} />}
        {isPeriod && <Day name="to" label={said.to} date={ask.to} />}
        {shown.map((name) => (
          <Filter name={name} label={ask.words.head[name]} every={said.every} chosen={ask[name]} options={optionsOf(name, ask.school)} />
        ))}
        {(when !== "now" || shown.length > 0) && <button>{said.show}</button>}
        <a href={file("pdf")}>PDF</a>
        <a href={file("xlsx")}>{said.sheet}</a>
      </form>
    </>
  );
}

function Day({ name, label, date }: { name: string; label: string; date: BusinessDate }) {
  return (
    <label>
      {label} <input type="date" name={name} value={formatDate(date)} />
    </label>
  );
}

interface FilterProps {
  readonly name: string;
  readonly label: string;
  readonly every: string;
  readonly chosen: number | null;
  readonly options: readonly { readonly id: number; readonly name: string }[];
}

function Filter({ name, label, every, chosen, options }: FilterProps) {
  return (
    <label>
      {label}{" "}
      <select name={name}>
        <option value="">{every}</option>
        {options.map((one) => (
          <option value={String(one.id)} selected={one.id === chosen}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function optionsOf(name: "class" | "meal", school: School) {
  return name === "class" ? inOrder([...school.classes.values()], (one) => one.name) : [...school.meals.values()];
}

function ReportTable({ made, title, empty }: { made: Made; title: string; empty: string }) {
  const drawn = (cell: Cell | undefined) => (typeof cell === "object" && cell !== null ? <Money amount={cell.kopecks} /> : cell);
  return (
    <DataTable
      caption={title}
      rows={made.rows.slice(0, ROWS)}
      empty={empty}
      columns={made.columns.map(({ head, figure }, at) => ({ head, figure, cell: (row: readonly Cell[]) => drawn(row[at]) }))}
      foot={made.foot?.map(drawn)}
    />
  );
}

export const REPORT_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/reports", permission: "reports.read", answer: reportsPage },
  ...REPORTS.map((report): OfficeRoute => ({
    ...{ method: "GET", path: "/office/:school/reports/" + report.name, permission: report.permission },
    answer: (visit) => reportPage(report, visit),
  })),
];
