/** Applications about a pupil's money: what is left on leaving, and from the main purse to the additional one. */
import { formatDate, kopecks } from "@trapeza/protocol";
import type { AccountNumber, BusinessDate, Kopecks, School } from "@trapeza/protocol";
import { may } from "../../../office/roles.js";
import type { Payout } from "../../../settlement/payout-desk.js";
import { payouts } from "../../../settlement/payout-desk.js";
import { wrongFields } from "../../../settlement/requisites.js";
import { answerTo, askRefund, payRefund, refunds, transferBetween } from "../../../settlement/refund-desk.js";
import type { Answered, Refund } from "../../../settlement/refund-desk.js";
import { dateDigits } from "../../date-text.js";
import { EMPTY, Field, Form } from "../../form.js";
import type { Typed } from "../../form.js";
import { moneyText } from "../../money-text.js";
import { Money } from "../../parts.js";
import { dayIn, sumIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { RequisiteFields, requisitesIn } from "./requisite-form.js";
import { outWords } from "./words.js";

const homeOf = (school: number) => "/office/" + school + "/refunds";

async function refundsPage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, school, actor } = visit;
  const words = outWords(visit);
  const [{ school: told }, asked, today, paid] = await Promise.all([
    office.told(school),
    refunds(office, school),
    office.today(school),
    payouts(office, school),
  ]);
  const answers = await Promise.all(asked.map(async (refund) => ({ refund, answer: await answerOf(visit, refund, paid) })));
  const leavers = [...told.accounts.values()].filter(({ status, main, additional }) => status === "closing" && main + additional !== 0);
  const writes = may(actor.role, "money.write");
  return show(
    <OfficeSheet visit={visit} title={words.refunds}>
      <p class="lead">{words.refundsLead}</p>
      <div class="sides">
        <div>
          <h2>{words.applications}</h2>
          <Applications {...{ visit, told, answers, today, writes }} />
          <h2>{words.leavers}</h2>
          <DataTable
            caption={words.leavers}
            rows={leavers}
            empty={words.noLeavers}
            columns={[
              { head: words.holder, cell: ({ name }) => name },
              { head: words.accountNumber, cell: ({ number }) => number },
              { head: words.left, cell: ({ main, additional }) => <Money amount={main + additional} />, figure: true },
            ]}
          />
          {writes && <Transfer visit={visit} />}
        </div>
        {writes && <Ask {...{ visit, today, troubles }} />}
      </div>
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

/** What was paid stands in its payment order; only of an open one the school's journal is asked. */
async function answerOf({ office, school }: Visit, refund: Refund, paid: readonly Payout[]): Promise<Answered> {
  const payout = paid.find(({ id }) => id === refund.payout);
  if (payout) return { kind: "left", sum: kopecks(payout.sum) };
  return refund.ended === null ? answerTo(office, school, refund) : { kind: "waiting" };
}

interface ApplicationsProps {
  readonly visit: Visit;
  readonly told: School;
  readonly answers: readonly { readonly refund: Refund; readonly answer: Answered }[];
  readonly today: BusinessDate;
  readonly writes: boolean;
}

function Applications({ visit, told, answers, today, writes }: ApplicationsProps) {
  const words = outWords(visit);
  const isOpen = ({ payout, ended }: Refund) => payout === null && ended === null;
  return (
    <DataTable
      caption={words.applications}
      rows={answers}
      empty={words.noApplications}
      columns={[
        { head: words.holder, cell: ({ refund }) => told.accounts.get(refund.account)?.name ?? "" },
        { head: words.applicant, cell: ({ refund }) => refund.applicant },
        { head: words.askedOn, cell: ({ refund }) => dateDigits(refund.askedOn) },
        {
          head: words.due,
          cell: ({ refund }) => (
            <span class={isOpen(refund) && refund.dueOn < today ? "tag late" : undefined}>{dateDigits(refund.dueOn)}</span>
          ),
        },
        { head: words.amount, cell: ({ answer }) => (answer.kind === "left" ? <Money amount={answer.sum} /> : ""), figure: true },
        {
          head: words.state,
          cell({ refund, answer }) {
            if (refund.payout !== null) return words.states.paid + ", " + words.order(refund.payout);
            if (refund.ended !== null || answer.kind === "waiting") return words.states[refund.ended ?? "waiting"];
            if (!writes) return words.states.waiting;
            return (
              <Form action={homeOf(visit.school) + "/" + refund.id + "/pay"}>
                {answer.kind === "left" && answer.sum > 0 && refund.costs > 0 && <Subagent visit={visit} costs={refund.costs} />}
                <button class="quiet">{answer.kind === "left" && answer.sum > 0 ? words.pay : words.close}</button>
              </Form>
            );
          },
        },
      ]}
    />
  );
}

/** Left empty, nobody stands between us and the bank. */
function Subagent({ visit, costs }: { visit: Visit; costs: Kopecks }) {
  const words = outWords(visit);
  return (
    <>
      <label>
        {words.subagentPart(moneyText(costs))} <input type="text" name="subagent" inputMode="decimal" />
      </label>{" "}
    </>
  );
}

function Ask({ visit, today, troubles }: { visit: Visit; today: BusinessDate; troubles: Typed | null }) {
  const words = outWords(visit);
  const form = filled(visit, troubles);
  return (
    <Form action={homeOf(visit.school)} label={words.ask}>
      <h2>{words.ask}</h2>
      <Field {...{ form, name: "number", label: words.accountNumber, inputmode: "numeric" }} />
      <Field {...{ form, name: "applicant", label: words.applicant }} />
      <Field {...{ form, name: "askedOn", label: words.askedOn, type: "date", value: formatDate(today) }} />
      <Field {...{ form, name: "costs", label: words.costs, hint: words.costsHint, inputmode: "decimal", value: "0" }} />
      <RequisiteFields {...{ visit, form }} />
      <button class="main">{words.ask}</button>
    </Form>
  );
}

function Transfer({ visit }: { visit: Visit }) {
  const words = outWords(visit);
  return (
    <>
      <h2>{words.transfer}</h2>
      <p>{words.transferLead}</p>
      <Form action={homeOf(visit.school) + "/transfer"} label={words.transfer} class="tools fields">
        <Field {...{ form: EMPTY, name: "from", label: words.accountNumber, inputmode: "numeric" }} />
        <Field {...{ form: EMPTY, name: "sum", label: words.transferSum, inputmode: "decimal" }} />
        <Field {...{ form: EMPTY, name: "paper", label: words.application, hint: words.applicationHint }} />
        <button>{words.transferDo}</button>
      </Form>
    </>
  );
}

const accountIn = (told: School, text = "") => told.accountByNumber.get(text.replace(/\s/g, "") as AccountNumber) ?? -1;

async function ask(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = outWords(visit);
  const told = (await office.told(school)).school;
  const payee = requisitesIn(typed);
  const wrong = wrongFields(payee);
  if (wrong.length > 0) return refundsPage(visit, Object.fromEntries(wrong.map((field) => [field, words.wrong[field]])));
  const [costs, askedOn] = [sumIn(typed.costs), dayIn(typed.askedOn)];
  if (costs === null || askedOn === null) return refundsPage(visit, { [costs === null ? "costs" : "askedOn"]: words.troubles.wrong });
  const application = { account: accountIn(told, typed.number), applicant: (typed.applicant ?? "").trim(), payee, costs, askedOn };
  const done = await askRefund(office, { login: actor.login, school }, application);
  if (typeof done === "number") return go(homeOf(school), words.asked);
  return refundsPage(visit, { [done === "wrong" ? "applicant" : "number"]: words.troubles[done] });
}

async function payOne(visit: Visit): Promise<Answer> {
  const { office, actor, school, param, typed } = visit;
  const words = outWords(visit);
  const subagent = sumIn((typed.subagent ?? "").trim() || "0");
  if (subagent === null) return go(homeOf(school), words.payDone.costs);
  const done = await payRefund(office, { login: actor.login, school }, Number(param("refund")), subagent);
  return go(homeOf(school), done === null ? words.gone : done === "no_party" ? words.noParty : words.payDone[done]);
}

async function transfer(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = outWords(visit);
  const told = (await office.told(school)).school;
  const amount = sumIn(typed.sum) ?? kopecks(0);
  const paper = (typed.paper ?? "").trim();
  const done = await transferBetween(office, { login: actor.login, school }, accountIn(told, typed.from), amount, paper);
  return go(homeOf(school), done ? words.transferDone : words.transferWrong);
}

export const REFUND_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/refunds", permission: "money.read", answer: (visit) => refundsPage(visit) },
  { method: "POST", path: "/office/:school/refunds", permission: "money.write", answer: ask },
  { method: "POST", path: "/office/:school/refunds/transfer", permission: "money.write", answer: transfer },
  { method: "POST", path: "/office/:school/refunds/:refund/pay", permission: "money.write", answer: payOne },
];
