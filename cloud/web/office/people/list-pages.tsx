/** Lists from the school: uploaded, looked at, carried out, mended, taken back. */
import type { School } from "@trapeza/protocol";
import { applyImport, isDoubt, listImports, previewImport, readImport, settleRow, undoImport } from "../../../office/people/import-desk.js";
import type { StoredImport, StoredRow, Verdict } from "../../../office/people/import-desk.js";
import { fullName } from "../../../office/people/person.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { Form } from "../../form.js";
import { Note } from "../../parts.js";
import { DataTable } from "../parts.js";
import { go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { peopleWords } from "./words.js";

const ROWS = 500;

async function listsPage(visit: Visit, trouble: string | null = null): Promise<Answer> {
  const { office, school } = visit;
  const words = peopleWords(visit).lists;
  const rows = await listImports(office, school);
  const { zoneMinutes } = (await office.told(school)).school.policy;
  const when = (atMs: number) => {
    const { date, clock } = localMoment(atMs, zoneMinutes);
    return dateDigits(date) + " " + clock;
  };
  const at = "/office/" + school + "/lists";
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <Form action={at} upload label={words.upload}>
        <p class="lead">{words.lead}</p>
        <div class="tools">
          <label>
            {words.file}{" "}
            <input type="file" name="file" accept=".xlsx,.csv,.txt" required aria-describedby={trouble === null ? undefined : "file-say"} />
          </label>
          <button class="main">{words.send}</button>
        </div>
        {trouble !== null && (
          <div id="file-say" role="alert">
            <Note tone="warning">{trouble}</Note>
          </div>
        )}
      </Form>
      <DataTable
        caption={words.title}
        rows={rows}
        empty={words.empty}
        columns={[
          { head: words.when, cell: (row) => when(row.atMs) },
          { head: words.file, cell: (row) => <a href={at + "/" + row.id}>{row.file}</a> },
          { head: words.who, cell: (row) => row.login },
          { head: words.state, cell: (row) => words.states[row.state] },
        ]}
      />
    </OfficeSheet>,
    trouble === null ? 200 : 400,
  );
}

async function upload(visit: Visit): Promise<Answer> {
  const { office, actor, school, file } = visit;
  const words = peopleWords(visit).lists;
  const sent = file("file");
  if (!sent) return listsPage(visit, words.noFile);
  const name = sent.name.split(/[\\/]/).at(-1)?.slice(0, 120) ?? "";
  const read = await previewImport(office, { login: actor.login, school }, name, sent.bytes);
  return typeof read === "string" ? listsPage(visit, words[read]) : go("/office/" + school + "/lists/" + read);
}

async function listPage(visit: Visit): Promise<Answer | null> {
  const { office, school, param } = visit;
  const words = peopleWords(visit).lists;
  const stored = await readImport(office, school, Number(param("list")));
  if (!stored) return null;
  const told = (await office.told(school)).school;
  const of = (kind: StoredRow["kind"]) => stored.rows.filter((row) => row.kind === kind);
  const kinds = ["new", "change", "same", "mismatch", "skipped"] as const;
  const at = "/office/" + school + "/lists/" + stored.id;
  return show(
    <OfficeSheet visit={visit} title={words.one(stored.file)}>
      <p class="lead">
        {[
          words.states[stored.state],
          ...kinds.filter((kind) => of(kind).length > 0).map((kind) => words.counts[kind] + ": " + of(kind).length),
        ].join(" · ")}
      </p>
      <div class="tools">
        {stored.state === "previewed" && (
          <Form action={at + "/apply"}>
            <button class="main">{words.apply}</button>
          </Form>
        )}
        {stored.state === "done" && (
          <Form action={at + "/undo"}>
            <button class="danger">{words.undo}</button>
          </Form>
        )}
      </div>
      <h2>{words.questions}</h2>
      <Questions {...{ visit, stored, told, at }} />
      <h2>{words.changes}</h2>
      <DataTable
        caption={words.changes}
        rows={[...of("new"), ...of("change")].slice(0, ROWS)}
        empty={words.noChanges}
        columns={[
          { head: words.line, cell: ({ line }) => line, figure: true },
          { head: words.kind, cell: ({ kind }) => words.kinds[kind as "new" | "change"] },
          { head: peopleWords(visit).class, cell: ({ planned }) => planned.pupil.class },
          { head: peopleWords(visit).name, cell: ({ planned }) => fullName(planned.pupil.name) },
          { head: peopleWords(visit).account, cell: ({ planned }) => told.accounts.get(planned.account ?? -1)?.number ?? "", figure: true },
        ]}
      />
    </OfficeSheet>,
  );
}

interface QuestionsProps {
  readonly visit: Visit;
  readonly stored: StoredImport;
  readonly told: School;
  readonly at: string;
}

function Questions({ visit, stored, told, at }: QuestionsProps) {
  const words = peopleWords(visit).lists;
  const rows = stored.rows.filter(({ kind }) => kind === "mismatch").slice(0, ROWS);
  const columns = [
    { head: words.line, cell: ({ line }: StoredRow) => line, figure: true },
    { head: words.why, cell: ({ planned }: StoredRow) => planned.faults.map((fault) => words.faults[fault]).join(", ") },
    {
      head: peopleWords(visit).name,
      cell: ({ planned: { row } }: StoredRow) =>
        [row.class, row.surname, row.given, row.patronymic, row.account, row.born].filter((part) => part !== "").join(" "),
    },
    { head: words.decide, cell: (row: StoredRow) => stored.state === "done" && <Decision {...{ visit, told, row, at }} /> },
  ];
  return <DataTable caption={words.questions} rows={rows} empty={words.noQuestions} columns={columns} />;
}

function Decision({ visit, told, row, at }: { visit: Visit; told: School; row: StoredRow; at: string }) {
  const words = peopleWords(visit).lists;
  const { planned, line } = row;
  const label = (text: string) => text + ": " + words.line + " " + line;
  const button = (how: string, text: string) => (
    <button name="how" value={how} class="quiet" aria-label={label(text)}>
      {text}
    </button>
  );
  const field = (name: "class" | "surname" | "given" | "patronymic" | "born" | "account" | "category", title: string) => (
    <input name={name} value={planned.row[name]} aria-label={label(title)} size={name === "class" ? 4 : 12} />
  );
  const people = peopleWords(visit);
  return (
    <Form action={at + "/rows/" + line}>
      {isDoubt(planned) ? (
        <>
          {planned.candidates.map((account) =>
            button("is" + account, words.is(told.accounts.get(account)?.name + ", " + told.accounts.get(account)?.number)),
          )}
          {button("new", words.asNew)}
        </>
      ) : (
        <>
          {field("class", people.class)} {field("surname", people.surname)} {field("given", people.given)}{" "}
          {field("patronymic", people.patronymic)} {button("mend", words.mend)}
        </>
      )}
      {button("skip", words.skip)}
    </Form>
  );
}

async function settle(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param, typed } = visit;
  const words = peopleWords(visit).lists;
  const [id, line] = [Number(param("list")), Number(param("line"))];
  const before = (await readImport(office, school, id))?.rows.find((row) => row.line === line);
  const verdict = before && verdictIn(typed, before);
  const settled = verdict ? await settleRow(office, { login: actor.login, school }, id, line, verdict) : null;
  const to = "/office/" + school + "/lists/" + id;
  // What was typed into such a row is kept and stands in the trail, but its question is as open as before.
  if (settled?.kind === "mismatch") return { kind: "go", to, saying: words.stillWrong, done: false };
  return settled && go(to, words.settled);
}

function verdictIn(typed: Visit["typed"], { planned }: StoredRow): Verdict | null {
  const { how = "" } = typed;
  if (how === "skip" || how === "new") return { kind: how };
  if (/^is[0-9]{1,9}$/.test(how)) return { kind: "is", account: Number(how.slice(2)) };
  if (how !== "mend") return null;
  const part = (name: "class" | "surname" | "given" | "patronymic") => typed[name] ?? planned.row[name];
  // What a person has mended by hand no longer stands on the birth date, number or phone that were wrong: those are left out.
  const rest = { born: "", account: "", category: "", guardians: [] };
  return {
    kind: "mended",
    row: { ...planned.row, ...rest, class: part("class"), surname: part("surname"), given: part("given"), patronymic: part("patronymic") },
  };
}

async function apply(visit: Visit): Promise<Answer> {
  const { office, actor, school, param } = visit;
  const words = peopleWords(visit).lists;
  const counts = await applyImport(office, { login: actor.login, school }, Number(param("list")));
  return go("/office/" + school + "/lists/" + Number(param("list")), counts ? words.applied(counts.made, counts.changed) : words.late);
}

async function undo(visit: Visit): Promise<Answer> {
  const { office, actor, school, param } = visit;
  const words = peopleWords(visit).lists;
  const counts = await undoImport(office, { login: actor.login, school }, Number(param("list")));
  return go("/office/" + school + "/lists/" + Number(param("list")), counts ? words.undone(counts.undone, counts.kept) : words.late);
}

const LIST = "/office/:school/lists/:list";

export const LIST_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/lists", permission: "people.import", answer: (visit) => listsPage(visit) },
  { method: "POST", path: "/office/:school/lists", permission: "people.import", answer: upload },
  { method: "GET", path: LIST, permission: "people.import", answer: listPage },
  { method: "POST", path: LIST + "/apply", permission: "people.import", answer: apply },
  { method: "POST", path: LIST + "/undo", permission: "people.import", answer: undo },
  { method: "POST", path: LIST + "/rows/:line", permission: "people.import", answer: settle },
];
