/** Money to caterers: decades with their acts, subsidies by programme, payment orders and their file, requisites. */
import { formatDate } from "@trapeza/protocol";
import type { School } from "@trapeza/protocol";
import { catererBuffet, catererMeals } from "../../../ledger/accounts.js";
import { programs } from "../../../office/menu/menu-desk.js";
import { may } from "../../../office/roles.js";
import { endedDecades } from "../../../settlement/decade.js";
import type { Decade } from "../../../settlement/decade.js";
import { COLLECTOR, parties, putParty } from "../../../settlement/party.js";
import { wrongFields } from "../../../settlement/requisites.js";
import type { Requisites } from "../../../settlement/requisites.js";
import {
  claimSubsidies,
  claims,
  owedBy,
  payouts,
  isStranded,
  payAgain,
  receiveSubsidy,
  returnPayout,
  settleDecade,
  settledDecades,
} from "../../../settlement/payout-desk.js";
import type { Claim, Payout, Settled } from "../../../settlement/payout-desk.js";
import { dateDigits } from "../../date-text.js";
import { EMPTY, Field, Form, Select } from "../../form.js";
import type { Typed } from "../../form.js";
import { Money } from "../../parts.js";
import { dayIn, numberIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { FILE_ROUTES } from "./settlement-files.js";
import { RequisiteFields, requisitesIn } from "./requisite-form.js";
import { outWords } from "./words.js";

const DECADES = 6;
const homeOf = (school: number) => "/office/" + school + "/settlement";

async function settlementPage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, school, actor } = visit;
  const words = outWords(visit);
  const told = (await office.told(school)).school;
  const [rows, asked, paid, budgets, known, today] = await Promise.all([
    decadeRows(visit, told),
    claims(office, school),
    payouts(office, school),
    programs(office),
    parties(office, school),
    office.today(school),
  ]);
  const writes = may(actor.role, "money.write");
  const names = new Map(budgets.map(({ id, name }) => [id, name]));
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <h2>{words.decades}</h2>
      <p class="lead">{words.decadesLead}</p>
      <Decades {...{ visit, told, rows, writes }} />
      <h2>{words.subsidies}</h2>
      {writes && (
        <Form action={homeOf(school) + "/claim"} class="tools fields" label={words.claim}>
          <Field {...{ form: EMPTY, name: "last", label: words.upTo, type: "date", value: formatDate(endedDecades(today, 1)[0].last) }} />
          <button>{words.claim}</button>
        </Form>
      )}
      <Claims {...{ visit, asked, names, writes }} />
      <h2>{words.payouts}</h2>
      <Payouts {...{ visit, paid, writes }} />
      {writes && <Parties {...{ visit, told, known, troubles }} />}
    </OfficeSheet>,
    troubles ? 400 : 200,
  );
}

interface DecadeRow extends Decade {
  readonly caterer: number;
  readonly meals: number;
  readonly buffet: number;
  readonly settled: Settled | null;
}

/** Settled ones as they were settled, open ones as they stand now; of an older open decade the newer ones contain nothing twice. */
async function decadeRows({ office, school }: Visit, told: School): Promise<DecadeRow[]> {
  const settled = await settledDecades(office, school);
  const rows: DecadeRow[] = [];
  for (const decade of endedDecades(await office.today(school), DECADES)) {
    for (const { id: caterer } of told.caterers.values()) {
      const done = settled.find((one) => one.caterer === caterer && one.first === decade.first) ?? null;
      const accounts = [catererMeals(caterer), catererBuffet(caterer)];
      const owed = done ? null : await owedBy(office, school, accounts, decade.last);
      const [meals, buffet] = done ? [done.meals, done.buffet] : accounts.map((name) => Math.max(owed?.get(name) ?? 0, 0));
      rows.push({ ...decade, caterer, meals, buffet, settled: done });
    }
  }
  return rows;
}

function Decades({ visit, told, rows, writes }: { visit: Visit; told: School; rows: readonly DecadeRow[]; writes: boolean }) {
  const words = outWords(visit);
  return (
    <DataTable
      caption={words.decades}
      rows={rows}
      empty={words.noDecades}
      columns={[
        { head: words.decade, cell: ({ first, last }) => dateDigits(first) + "–" + dateDigits(last) },
        { head: words.caterer, cell: ({ caterer }) => told.caterers.get(caterer)?.name ?? caterer },
        { head: words.meals, cell: ({ meals }) => <Money amount={meals} />, figure: true },
        { head: words.buffet, cell: ({ buffet }) => <Money amount={buffet} />, figure: true },
        { head: words.total, cell: ({ meals, buffet }) => <Money amount={meals + buffet} />, figure: true },
        {
          head: words.state,
          cell({ settled, caterer, first, meals, buffet }) {
            if (settled)
              return (
                <>
                  {words.order(settled.payout)} ·{" "}
                  <a href={homeOf(visit.school) + "/" + caterer + "/" + formatDate(first) + "/paper"}>{words.act}</a>
                </>
              );
            if (meals + buffet === 0) return words.nothing;
            return (
              writes && (
                <Form action={homeOf(visit.school) + "/" + caterer + "/" + formatDate(first)}>
                  <button class="quiet">{words.settle}</button>
                </Form>
              )
            );
          },
        },
      ]}
    />
  );
}

function Claims({
  visit,
  asked,
  names,
  writes,
}: {
  visit: Visit;
  asked: readonly Claim[];
  names: ReadonlyMap<number, string>;
  writes: boolean;
}) {
  const words = outWords(visit);
  const sum = ({ lines }: Claim, of: "portions" | "amount") => lines.reduce((total, line) => total + line[of], 0);
  const at = (id: number) => "/office/" + visit.school + "/claims/" + id;
  return (
    <DataTable
      caption={words.subsidies}
      rows={asked}
      empty={words.noClaims}
      columns={[
        { head: words.claimNumber, cell: ({ id }) => id },
        { head: words.program, cell: ({ program }) => names.get(program) ?? program },
        { head: words.upTo, cell: ({ last }) => dateDigits(last) },
        { head: words.portions, cell: (claim) => sum(claim, "portions"), figure: true },
        { head: words.amount, cell: (claim) => <Money amount={sum(claim, "amount")} />, figure: true },
        { head: "", cell: ({ id }) => <a href={at(id) + "/paper"}>{words.paper}</a> },
        {
          head: words.state,
          cell: ({ id, receivedOn }) =>
            receivedOn !== null
              ? words.received(dateDigits(receivedOn))
              : writes && (
                  <Form action={at(id) + "/receive"}>
                    <button class="quiet">{words.receive}</button>
                  </Form>
                ),
        },
      ]}
    />
  );
}

function Payouts({ visit, paid, writes }: { visit: Visit; paid: readonly Payout[]; writes: boolean }) {
  const words = outWords(visit);
  const at = "/office/" + visit.school + "/payouts/";
  return (
    <DataTable
      caption={words.payouts}
      rows={paid}
      empty={words.noPayouts}
      columns={[
        { head: words.number, cell: ({ id }) => id },
        { head: words.made, cell: ({ madeOn }) => dateDigits(madeOn) },
        { head: words.payee, cell: ({ payee }) => payee.name },
        { head: words.amount, cell: ({ sum }) => <Money amount={sum} />, figure: true },
        { head: words.purpose, cell: ({ purpose }) => purpose },
        {
          head: words.file,
          cell: ({ madeOn }) => (
            <>
              <a href={at + formatDate(madeOn) + "/windows-1251/paper"}>windows-1251</a>{" "}
              <a href={at + formatDate(madeOn) + "/utf-8/paper"}>UTF-8</a>
            </>
          ),
        },
        {
          head: words.state,
          cell: (payout) =>
            payout.returnedOn !== null ? (
              <>
                {words.returned(dateDigits(payout.returnedOn))}
                {writes && isStranded(payout, paid) && (
                  <Form action={at + payout.id + "/again"}>
                    <button class="quiet">{words.payAgain}</button>
                  </Form>
                )}
              </>
            ) : (
              writes && (
                <Form action={at + payout.id + "/returned"}>
                  <button class="quiet">{words.giveBack}</button>
                </Form>
              )
            ),
        },
      ]}
    />
  );
}

function Parties({ visit, told, known, troubles }: PartiesProps) {
  const words = outWords(visit);
  const names = new Map([[COLLECTOR, words.collector], ...[...told.caterers.values()].map(({ id, name }) => [id, name] as const)]);
  return (
    <>
      <h2>{words.requisites}</h2>
      <div class="sides">
        <ul>
          {[...names].map(([party, name]) => (
            <li>
              {name}: {known.has(party) ? [known.get(party)?.name, known.get(party)?.account, known.get(party)?.bank].join(", ") : "—"}
            </li>
          ))}
        </ul>
        <Form action={homeOf(visit.school) + "/party"} label={words.put}>
          <Select
            {...{
              form: filled(visit, troubles),
              name: "party",
              label: words.party,
              options: [...names].map(([id, name]) => ({ value: String(id), name })),
            }}
          />
          <RequisiteFields {...{ visit, form: filled(visit, troubles) }} />
          <button class="main">{words.put}</button>
        </Form>
      </div>
    </>
  );
}

interface PartiesProps {
  readonly visit: Visit;
  readonly told: School;
  readonly known: ReadonlyMap<number, Requisites>;
  readonly troubles: Typed | null;
}

async function settle(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param } = visit;
  const words = outWords(visit);
  const [caterer, first] = [numberIn(param("caterer")), dayIn(param("first"))];
  if (caterer === null || first === null) return null;
  const done = await settleDecade(office, { login: actor.login, school }, caterer, first);
  return go(homeOf(school), done === null ? words.notSettled : done === "no_party" ? words.noParty : words.settled(done));
}

async function claim(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = outWords(visit);
  const last = dayIn(typed.last);
  const made = last === null ? null : await claimSubsidies(office, { login: actor.login, school }, last);
  return go(homeOf(school), made === null ? words.notClaimed : words.claimed(made));
}

async function receive(visit: Visit): Promise<Answer> {
  const { office, actor, school, param } = visit;
  const words = outWords(visit);
  const done = await receiveSubsidy(office, { login: actor.login, school }, Number(param("claim")));
  return go(homeOf(school), done === null ? words.gone : done === "no_party" ? words.noParty : words.receivedDone);
}

async function giveBack(visit: Visit): Promise<Answer> {
  const { office, actor, school, param } = visit;
  const words = outWords(visit);
  return go(
    homeOf(school),
    (await returnPayout(office, { login: actor.login, school }, Number(param("payout")))) ? words.gaveBack : words.gone,
  );
}

async function putRequisites(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = outWords(visit);
  const requisites = requisitesIn(typed);
  const wrong = wrongFields(requisites);
  if (wrong.length > 0) return settlementPage(visit, Object.fromEntries(wrong.map((field) => [field, words.wrong[field]])));
  const done = await putParty(office, { login: actor.login, school }, numberIn(typed.party) ?? -1, requisites);
  return go(homeOf(school), done ? words.putDone : words.gone);
}

async function again(visit: Visit): Promise<Answer> {
  const { office, actor, school, param } = visit;
  const words = outWords(visit);
  const done = await payAgain(office, { login: actor.login, school }, Number(param("payout")));
  return go(homeOf(school), done === null ? words.gone : done === "no_party" ? words.noParty : words.paidAgain(done));
}

export const SETTLEMENT_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/settlement", permission: "money.read", answer: (visit) => settlementPage(visit) },
  { method: "POST", path: "/office/:school/settlement/:caterer/:first", permission: "money.write", answer: settle },
  { method: "POST", path: "/office/:school/settlement/claim", permission: "money.write", answer: claim },
  { method: "POST", path: "/office/:school/settlement/party", permission: "money.write", answer: putRequisites },
  { method: "POST", path: "/office/:school/claims/:claim/receive", permission: "money.write", answer: receive },
  { method: "POST", path: "/office/:school/payouts/:payout/returned", permission: "money.write", answer: giveBack },
  { method: "POST", path: "/office/:school/payouts/:payout/again", permission: "money.write", answer: again },
  ...FILE_ROUTES,
];
