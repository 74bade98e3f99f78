/** What families have written to the school or the operator, and answering it before its day. */
import type { BusinessDate } from "@trapeza/protocol";
import { LONGEST_LETTER, stateOf } from "../../../letters/letter.js";
import type { Letter } from "../../../letters/letter.js";
import { answerLetter, letterFor, lettersFor } from "../../../letters/letter-desk.js";
import { may } from "../../../office/roles.js";
import { dateWords } from "../../date-text.js";
import { Area, Form } from "../../form.js";
import { Note } from "../../parts.js";
import { DataTable } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

const wordsOf = ({ reader }: Visit) => (reader.language === "ru" ? ru : en);
const pathOf = (school: number) => "/office/" + school + "/letters";

async function listPage(visit: Visit): Promise<Answer> {
  const { office, actor, school, words } = visit;
  const say = wordsOf(visit);
  const [letters, today, { state }] = await Promise.all([
    lettersFor(office, actor, school),
    office.today(school),
    office.cloud.library.book(school),
  ]);
  return show(
    <OfficeSheet visit={visit} title={say.title}>
      <DataTable
        caption={say.title}
        rows={letters}
        empty={say.empty}
        columns={[
          { head: say.due, cell: ({ dueOn }) => dateWords(dueOn, words.language) },
          { head: say.state, cell: (letter) => say.states[stateOf(letter, today)] },
          { head: say.kind, cell: ({ id, kind }) => <a href={pathOf(school) + "/" + id}>{say.kinds[kind]}</a> },
          { head: say.recipient, cell: ({ recipient }) => say.recipients[recipient] },
          { head: say.about, cell: ({ account }) => state.accounts.get(account)?.name ?? account },
        ]}
      />
    </OfficeSheet>,
  );
}

async function letterPage(visit: Visit, trouble: string | null = null): Promise<Answer | null> {
  const { office, actor, school } = visit;
  const letter = await letterFor(office, actor, school, Number(visit.param("id")));
  if (!letter) return null;
  const [today, { state }, writer] = await Promise.all([
    office.today(school),
    office.cloud.library.book(school),
    office.cloud.store.people.guardian(letter.phone),
  ]);
  const about = state.accounts.get(letter.account)?.name ?? String(letter.account);
  const from = writer ? writer.name + ", +" + letter.phone : wordsOf(visit).erased;
  return show(<LetterSheet {...{ visit, letter, today, about, from, trouble }} />, trouble === null ? 200 : 400);
}

interface LetterProps {
  readonly visit: Visit;
  readonly letter: Letter;
  readonly today: BusinessDate;
  readonly about: string;
  readonly from: string;
  readonly trouble: string | null;
}

function LetterSheet({ visit, letter, today, about, from, trouble }: LetterProps) {
  const say = wordsOf(visit);
  const state = stateOf(letter, today);
  return (
    <OfficeSheet visit={visit} title={say.kinds[letter.kind]}>
      <dl class="facts">
        <dt>{say.from}</dt>
        <dd>{from}</dd>
        <dt>{say.about}</dt>
        <dd>{about}</dd>
        <dt>{say.recipient}</dt>
        <dd>{say.recipients[letter.recipient]}</dd>
        <dt>{say.due}</dt>
        <dd>{dateWords(letter.dueOn, visit.words.language)}</dd>
      </dl>
      {state !== "answered" && <Note tone={state === "late" ? "warning" : "calm"}>{say.states[state]}</Note>}
      <p class="letter">{letter.text}</p>
      {letter.answer && (
        <section>
          <h2>{say.answer}</h2>
          <p class="letter">{letter.answer.text}</p>
        </section>
      )}
      {!letter.answer && may(visit.actor.role, "letters.answer") && (
        <Form action={pathOf(visit.school) + "/" + letter.id} label={say.answer}>
          <Area
            {...{ form: filled(visit, trouble === null ? null : { answer: trouble }), name: "answer", label: say.answer, hint: say.hint }}
            most={LONGEST_LETTER}
          />
          <button class="main">{say.send}</button>
        </Form>
      )}
    </OfficeSheet>
  );
}

async function answer(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, reader, typed } = visit;
  const say = wordsOf(visit);
  const letter = await letterFor(office, actor, school, Number(visit.param("id")));
  if (!letter) return null;
  const text = (typed.answer ?? "").trim();
  if (text === "") return letterPage(visit, reader.words.form.missing);
  const isFirst = await answerLetter(office, actor, letter, text);
  return go(pathOf(school) + "/" + letter.id, isFirst ? say.sent : say.already);
}

export const LETTER_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/letters", permission: "letters.read", answer: listPage },
  { method: "GET", path: "/office/:school/letters/:id", permission: "letters.read", answer: (visit) => letterPage(visit) },
  { method: "POST", path: "/office/:school/letters/:id", permission: "letters.answer", answer },
];
