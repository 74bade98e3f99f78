/** The operator's schools in one table, the longest silent first, and from there to each terminal. */
import type { School } from "@trapeza/protocol";
import { cashIn, fullness, networkOf } from "../../../office/network.js";
import type { NetworkRow } from "../../../office/network.js";
import { may } from "../../../office/roles.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { Money } from "../../parts.js";
import { DataTable } from "../parts.js";
import { show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

/** A gateway uploads every few seconds while it can; a night without the internet is a matter for somebody. */
const SILENT_MS = 10 * 3600 * 1000;
/** Whole per cent of a cassette from which it should be fetched soon. */
const NEARLY_FULL = 80;

const wordsFor = ({ reader }: Visit) => (reader.language === "ru" ? ru : en);

function moment(atMs: number, zoneMinutes: number): string {
  const { date, clock } = localMoment(atMs, zoneMinutes);
  return dateDigits(date) + " " + clock;
}

async function networkPage(visit: Visit): Promise<Answer> {
  const { office, actor } = visit;
  const words = wordsFor(visit);
  const rows = (await networkOf(office)).sort((a, b) => a.heardMs - b.heardMs || a.school - b.school);
  const sum = (of: (row: NetworkRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const silent = ({ heardMs }: NetworkRow) => office.now() - heardMs > SILENT_MS;
  const name = ({ school, name: title }: NetworkRow) => school + " · " + title;
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <p class="lead">{words.lead}</p>
      <DataTable
        caption={words.title}
        rows={rows}
        empty={words.empty}
        columns={[
          {
            head: words.school,
            cell: (row) =>
              may(actor.role, "terminals.read") ? <a href={"/office/" + row.school + "/terminals"}>{name(row)}</a> : name(row),
          },
          {
            head: words.heard,
            cell: (row) => (
              <>
                {row.heardMs === 0 ? words.never : moment(row.heardMs, row.zoneMinutes)}{" "}
                {silent(row) && <span class="tag late">{words.silent}</span>}
              </>
            ),
          },
          {
            head: words.written,
            cell: (row) => (
              <>
                {row.writtenMs === 0 ? words.noneWritten : moment(row.writtenMs, row.zoneMinutes)}{" "}
                {row.refusedMs !== null && (
                  <>
                    <span class="tag late">{words.refused}</span> {words.since(moment(row.refusedMs, row.zoneMinutes))}
                  </>
                )}
              </>
            ),
          },
          { head: words.waiting, cell: ({ waiting }) => waiting || null, figure: true },
          { head: words.cash, cell: ({ cash }) => (cash === 0 ? null : <Money amount={cash} />), figure: true },
          { head: "", cell: ({ fullest }) => fullest >= NEARLY_FULL && <span class="tag late">{words.full(fullest)}</span> },
          { head: words.terminals, cell: ({ terminals }) => terminals, figure: true },
          { head: words.faulty, cell: ({ faulty }) => faulty || null, figure: true },
          { head: words.findings, cell: ({ findings }) => findings || null, figure: true },
        ]}
        foot={[
          words.total,
          null,
          null,
          sum(({ waiting }) => waiting) || null,
          <Money amount={sum(({ cash }) => cash)} />,
          null,
          sum(({ terminals }) => terminals),
          sum(({ faulty }) => faulty) || null,
          sum(({ findings }) => findings) || null,
        ]}
      />
    </OfficeSheet>,
  );
}

type Terminal = School["terminals"] extends Map<number, infer One> ? One : never;

const countOf = ({ notes }: Terminal) => notes.reduce((sum, { count }) => sum + count, 0);

async function terminalsPage(visit: Visit): Promise<Answer> {
  const { office, school } = visit;
  const said = wordsFor(visit).devices;
  const [{ school: told }, book] = await Promise.all([office.told(school), office.cloud.library.book(school)]);
  const { zoneMinutes } = told.policy;
  const heard = ({ id }: Terminal) => book.terminals.of(id);
  return show(
    <OfficeSheet visit={visit} title={said.title}>
      <DataTable
        caption={said.title}
        rows={[...told.terminals.values()].sort((a, b) => a.id - b.id)}
        empty={said.empty}
        columns={[
          { head: said.number, cell: ({ id }) => <a href={"/office/" + school + "/terminals/" + id}>{id}</a>, figure: true },
          { head: said.kind, cell: ({ terminalKind }) => said.kinds[terminalKind] },
          { head: said.place, cell: ({ place }) => place },
          { head: said.service, cell: ({ service }) => said.services[service] },
          {
            head: said.notes,
            cell: (terminal) =>
              terminal.terminalKind === "payment" && (
                <>
                  {said.of(countOf(terminal), terminal.capacity)}{" "}
                  {fullness(terminal) >= NEARLY_FULL && <span class="tag late">{wordsFor(visit).full(fullness(terminal))}</span>}
                </>
              ),
          },
          { head: wordsFor(visit).cash, cell: (terminal) => cashIn(terminal) > 0 && <Money amount={cashIn(terminal)} />, figure: true },
          {
            head: said.heard,
            cell: (terminal) => (heard(terminal).heardMs === 0 ? wordsFor(visit).never : moment(heard(terminal).heardMs, zoneMinutes)),
          },
          {
            head: said.fault,
            cell: (terminal) => {
              const [last] = heard(terminal).faults;
              return last ? moment(last.atMs, zoneMinutes) + ": " + last.what : said.none;
            },
          },
        ]}
      />
    </OfficeSheet>,
  );
}

async function terminalPage(visit: Visit): Promise<Answer | null> {
  const { office, school, param } = visit;
  const said = wordsFor(visit).devices;
  const [{ school: told }, book] = await Promise.all([office.told(school), office.cloud.library.book(school)]);
  const terminal = told.terminals.get(Number(param("terminal")));
  if (!terminal) return null;
  const { zoneMinutes } = told.policy;
  const { id, terminalKind, place, service, enrolment, incarnation, notes, shift } = terminal;
  const { heardMs, faults } = book.terminals.of(id);
  const facts: readonly (readonly [string, string])[] = [
    [said.kind, said.kinds[terminalKind]],
    [said.place, place],
    [said.service, said.services[service]],
    [said.enrolment, said.enrolmentText(enrolment, incarnation)],
    [said.heard, heardMs === 0 ? wordsFor(visit).never : moment(heardMs, zoneMinutes)],
    ...(shift ? [[said.shift, said.shiftOpen(shift.number)] as const] : []),
  ];
  return show(
    <OfficeSheet visit={visit} title={said.title + ": " + id}>
      <dl class="plain">
        {facts.map(([head, text]) => (
          <>
            <dt>{head}</dt>
            <dd>{text}</dd>
          </>
        ))}
        {terminalKind === "payment" && (
          <>
            <dt>{said.cassette}</dt>
            <dd>
              {notes.length === 0 && said.nothing}
              {notes.map(({ note, count }) => (
                <div>
                  {count} × <Money amount={note} />
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>
      <h2>{said.faults}</h2>
      <DataTable
        caption={said.faults}
        rows={faults}
        empty={said.noFaults}
        columns={[
          { head: said.when, cell: ({ atMs }) => moment(atMs, zoneMinutes) },
          { head: said.what, cell: ({ what }) => what },
        ]}
      />
    </OfficeSheet>,
  );
}

export const NETWORK_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/network", permission: "network.read", answer: networkPage },
  { method: "GET", path: "/office/:school/terminals", permission: "terminals.read", answer: terminalsPage },
  { method: "GET", path: "/office/:school/terminals/:terminal", permission: "terminals.read", answer: terminalPage },
];
