/** Daily reconciliation: registries of providers, and what in them differs from our orders, with what to do about it. */
import { formatDate } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";
import { may } from "../../../office/roles.js";
import {
  BELIEVABLE,
  REGISTRY_WAYS,
  believe,
  closeQuestion,
  files,
  follow,
  openQuestions,
  takeRegistry,
} from "../../../settlement/registry-desk.js";
import type { OpenQuestion } from "../../../settlement/registry-desk.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { EMPTY, Field, Form, Select } from "../../form.js";
import { Money } from "../../parts.js";
import { dayIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import { go, gone, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { FileForm, Taken } from "./taken-files.js";
import { moneyWords } from "./words.js";

const HOME = "/office/money";
/** Of the operator's own office. */
const ZONE_MINUTES = 180;
const LONGEST_NOTE = 200;

async function registriesPage(visit: Visit, trouble: string | null = null): Promise<Answer> {
  const { office, actor } = visit;
  const words = moneyWords(visit);
  const [questions, taken] = await Promise.all([openQuestions(office, null), files(office, null)]);
  const writes = may(actor.role, "money.write");
  return show(
    <OfficeSheet visit={visit} title={words.money}>
      {writes && <Upload {...{ visit, trouble }} />}
      <h2>{words.questions}</h2>
      <DataTable
        caption={words.questions}
        rows={questions}
        empty={words.noQuestions}
        columns={[
          { head: words.day, cell: ({ day }) => dateDigits(day), figure: true },
          { head: words.way, cell: ({ way }) => words.ways[way] },
          { head: words.order, cell: ({ order }) => order ?? "", figure: true },
          { head: words.here, cell: ({ here }) => (here === null ? "" : <Money amount={here} />), figure: true },
          { head: words.there, cell: ({ there }) => (there === null ? "" : <Money amount={there} />), figure: true },
          { head: words.what, cell: (question) => <Doubt {...{ visit, question, writes }} /> },
        ]}
      />
      <h2>{words.files}</h2>
      <Taken {...{ visit, taken, writes, zoneMinutes: ZONE_MINUTES, home: HOME }} />
    </OfficeSheet>,
    trouble === null ? 200 : 400,
  );
}

function Upload({ visit, trouble }: { visit: Visit; trouble: string | null }) {
  const words = moneyWords(visit);
  const yesterday = (localMoment(visit.office.now(), ZONE_MINUTES).date - 1) as BusinessDate;
  return (
    <FileForm {...{ visit, trouble, action: HOME, lead: words.moneyLead }}>
      <Select
        {...{ form: EMPTY, name: "way", label: words.way, options: REGISTRY_WAYS.map((value) => ({ value, name: words.ways[value] })) }}
      />
      <Field {...{ form: EMPTY, name: "day", label: words.day, type: "date", value: formatDate(yesterday) }} />
    </FileForm>
  );
}

function Doubt({ visit, question, writes }: { visit: Visit; question: OpenQuestion; writes: boolean }) {
  const words = moneyWords(visit);
  const act = (kind: "ask" | "believe", name: string) => (
    <Form action={HOME + "/question/" + question.id}>
      <input type="hidden" name="do" value={kind} />
      <button class="quiet">{name}</button>
    </Form>
  );
  return (
    <>
      {words.kinds[question.kind]}
      {question.text !== null && question.order === null && <div class="change">{question.text}</div>}
      {writes && (
        <div>
          {question.order !== null && act("ask", words.ask)}
          {BELIEVABLE.includes(question.kind) && act("believe", words.believe)}
          <Form action={HOME + "/question/" + question.id}>
            <input type="hidden" name="do" value="close" />
            <input type="text" name="note" required maxLength={LONGEST_NOTE} placeholder={words.note} aria-label={words.note} />{" "}
            <button class="quiet">{words.close}</button>
          </Form>
        </div>
      )}
    </>
  );
}

async function take(visit: Visit): Promise<Answer> {
  const { office, actor, typed, file } = visit;
  const words = moneyWords(visit);
  const [sent, day] = [file("file"), dayIn(typed.day)];
  const way = REGISTRY_WAYS.find((one) => one === typed.way);
  if (!sent || way === undefined) return registriesPage(visit, words.troubles.no_file);
  if (day === null || day > localMoment(office.now(), ZONE_MINUTES).date) return registriesPage(visit, words.troubles.no_day);
  const name = sent.name.split(/[\\/]/).at(-1)?.slice(0, 120) ?? "";
  const taken = await takeRegistry(office, { login: actor.login, name, bytes: sent.bytes }, way, day);
  if (typeof taken === "string") return registriesPage(visit, words.troubles[taken]);
  const open = (await openQuestions(office, null)).filter((question) => question.file === taken);
  return go(HOME, words.taken(open.length));
}

async function answer(visit: Visit): Promise<Answer> {
  const { office, actor, typed, param } = visit;
  const words = moneyWords(visit);
  const question = (await openQuestions(office, null)).find(({ id }) => String(id) === param("question"));
  if (!question) return go(HOME, words.gone);
  const note = (typed.note ?? "").trim().slice(0, LONGEST_NOTE);
  switch (typed.do) {
    case "ask":
      await follow(office, question.file);
      return gone(HOME, words.asked);
    case "believe":
      return go(HOME, (await believe(office, actor.login, question.id)) ? words.believed : words.gone);
    default:
      if (note === "") return go(HOME, words.noNote);
      return go(HOME, (await closeQuestion(office, actor.login, null, question.id, note)) ? words.closed : words.gone);
  }
}

async function goOn(visit: Visit): Promise<Answer | null> {
  const file = (await files(visit.office, null)).find(({ id }) => String(id) === visit.param("file"));
  if (!file) return null;
  await follow(visit.office, file.id);
  return gone(HOME, moneyWords(visit).asked);
}

export const REGISTRY_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: HOME, permission: "money.read", answer: (visit) => registriesPage(visit) },
  { method: "POST", path: HOME, permission: "money.write", answer: take },
  { method: "POST", path: HOME + "/question/:question", permission: "money.write", answer },
  { method: "POST", path: HOME + "/follow/:file", permission: "money.write", answer: goOn },
];
