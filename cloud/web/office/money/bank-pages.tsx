/** Payments that came through a bank: its lists by file, and money of which nobody knows whose it is. */
import { formatDate } from "@trapeza/protocol";
import { may } from "../../../office/roles.js";
import { followBankFile, takeBankFile } from "../../../settlement/bank-desk.js";
import { waitingBags } from "../../../settlement/collection-desk.js";
import { COLLECTOR, parties } from "../../../settlement/party.js";
import { takeFee } from "../../../settlement/fee-desk.js";
import { closeQuestion, files, openQuestions } from "../../../settlement/registry-desk.js";
import type { OpenQuestion } from "../../../settlement/registry-desk.js";
import { proposals, secondSuspense, settleSuspense } from "../../../settlement/suspense-desk.js";
import type { Proposal } from "../../../settlement/suspense-desk.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { EMPTY, Field, Form } from "../../form.js";
import { Money } from "../../parts.js";
import { dayIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import { go, gone, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { BAG_ROUTES, Bags, Codes } from "./bag-list.js";
import { FileForm, Taken } from "./taken-files.js";
import { moneyWords } from "./words.js";

const LONGEST_NOTE = 200;
const homeOf = (school: number) => "/office/" + school + "/bank";

async function bankPage(visit: Visit, trouble: string | null = null): Promise<Answer> {
  const { office, actor, school } = visit;
  const words = moneyWords(visit);
  const [questions, taken, proposed] = await Promise.all([openQuestions(office, school), files(office, school), proposals(office, school)]);
  const told = (await office.told(school)).school;
  const { zoneMinutes } = told.policy;
  const hasCodes = (await parties(office, school)).has(COLLECTOR);
  const writes = may(actor.role, "money.write");
  return show(
    <OfficeSheet visit={visit} title={words.bank.title}>
      {writes && <Upload {...{ visit, trouble, today: localMoment(office.now(), zoneMinutes).date }} />}
      <h2>{words.bank.questions}</h2>
      <DataTable
        caption={words.bank.questions}
        rows={questions}
        empty={words.bank.noQuestions}
        columns={[
          { head: words.day, cell: ({ day }) => dateDigits(day) },
          { head: words.bank.row, cell: ({ text, line }) => (line === null ? "" : line + ". " + text) },
          { head: words.sum, cell: ({ there }) => (there === null ? "" : <Money amount={there} />), figure: true },
          { head: words.what, cell: (question) => <Doubt {...{ visit, question, writes }} proposal={proposed.get(question.id)} /> },
        ]}
      />
      <Bags {...{ visit, bags: await waitingBags(office, school), writes }} />
      {hasCodes && <Codes {...{ visit, told }} />}
      <h2>{words.files}</h2>
      <Taken {...{ visit, taken, writes, zoneMinutes, home: homeOf(school) }} />
    </OfficeSheet>,
    trouble === null ? 200 : 400,
  );
}

function Upload({ visit, trouble, today }: { visit: Visit; trouble: string | null; today: Parameters<typeof formatDate>[0] }) {
  const words = moneyWords(visit);
  return (
    <FileForm {...{ visit, trouble, action: homeOf(visit.school), lead: words.bank.lead }}>
      <Field {...{ form: EMPTY, name: "day", label: words.day, type: "date", value: formatDate(today) }} />
    </FileForm>
  );
}

interface DoubtProps {
  readonly visit: Visit;
  readonly question: OpenQuestion;
  readonly writes: boolean;
  /** What a first person has said of a large sum. */
  readonly proposal: Proposal | undefined;
}

function Doubt({ visit, question, writes, proposal }: DoubtProps) {
  const words = moneyWords(visit);
  const act = (kind: "is" | "fee" | "returned" | "close", label: string, name: string) => (
    <Form action={homeOf(visit.school) + "/question/" + question.id}>
      <input type="hidden" name="do" value={kind} />
      <input type="text" name="text" required maxLength={LONGEST_NOTE} placeholder={label} aria-label={label} />{" "}
      <button class="quiet">{name}</button>
    </Form>
  );
  if (proposal) return <Proposed {...{ visit, question, writes, proposal }} />;
  return (
    <>
      {words.kinds[question.kind]}
      {writes && question.kind === "unknown_account" && (
        <div>
          {act("is", words.account, words.bank.credit)}
          {act("fee", words.account, words.bank.fee)}
          {act("returned", words.note, words.bank.return)}
        </div>
      )}
      {writes && question.kind !== "unknown_account" && <div>{act("close", words.note, words.close)}</div>}
    </>
  );
}

function Proposed({ visit, question, writes, proposal }: DoubtProps & { readonly proposal: Proposal }) {
  const { bank } = moneyWords(visit);
  const { kind, text, login } = proposal;
  const isOwn = login === visit.actor.login;
  return (
    <>
      {bank.proposed(kind === "is" ? bank.credit : bank.return, text, login)}
      {writes && isOwn && <p class="lead">{bank.ownWord}</p>}
      {writes && !isOwn && (
        <Form action={homeOf(visit.school) + "/question/" + question.id}>
          <button name="do" value="agree">
            {bank.agree}
          </button>{" "}
          <button name="do" value="refuse" class="quiet">
            {bank.refuse}
          </button>
        </Form>
      )}
    </>
  );
}

async function take(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed, file } = visit;
  const words = moneyWords(visit);
  const [sent, day] = [file("file"), dayIn(typed.day)];
  if (!sent) return bankPage(visit, words.troubles.no_file);
  if (day === null || day > (await office.today(school))) return bankPage(visit, words.troubles.no_day);
  const name = sent.name.split(/[\\/]/).at(-1)?.slice(0, 120) ?? "";
  const taken = await takeBankFile(office, { login: actor.login, school }, { name, day, bytes: sent.bytes });
  if (typeof taken === "string") return bankPage(visit, words.troubles[taken]);
  const open = (await openQuestions(office, school)).filter((question) => question.file === taken);
  return go(homeOf(school), words.taken(open.length));
}

async function answer(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed, param } = visit;
  const words = moneyWords(visit);
  const [id, text] = [Number(param("question")), (typed.text ?? "").trim().slice(0, LONGEST_NOTE)];
  const who = { login: actor.login, school };
  if (typed.do === "agree" || typed.do === "refuse") {
    const done = await secondSuspense(office, who, id, typed.do === "agree");
    return go(homeOf(school), done === null ? words.gone : words.bank[done]);
  }
  if (text === "") return go(homeOf(school), words.noNote);
  if (typed.do === "is" || typed.do === "returned") {
    const verdict = typed.do === "is" ? ({ kind: "is", number: text } as const) : ({ kind: "returned", note: text } as const);
    const done = await settleSuspense(office, who, id, verdict);
    return go(homeOf(school), done === null ? words.gone : words.bank[done === "proposed" ? "waits" : done]);
  }
  if (typed.do === "fee") {
    const done = await takeFee(office, who, id, text);
    return go(homeOf(school), done === null ? words.gone : words.bank.fees[done]);
  }
  const open = (await openQuestions(office, school)).find((question) => question.id === id);
  const closes = open !== undefined && open.kind !== "unknown_account" && (await closeQuestion(office, actor.login, school, id, text));
  return go(homeOf(school), closes ? words.closed : words.gone);
}

async function goOn(visit: Visit): Promise<Answer | null> {
  const file = (await files(visit.office, visit.school)).find(({ id }) => String(id) === visit.param("file"));
  if (!file) return null;
  await followBankFile(visit.office, file.id);
  return gone(homeOf(visit.school), moneyWords(visit).bank.followed);
}

export const BANK_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/bank", permission: "money.read", answer: (visit) => bankPage(visit) },
  { method: "POST", path: "/office/:school/bank", permission: "money.write", answer: take },
  { method: "POST", path: "/office/:school/bank/question/:question", permission: "money.write", answer },
  { method: "POST", path: "/office/:school/bank/follow/:file", permission: "money.write", answer: goOn },
  ...BAG_ROUTES,
];
