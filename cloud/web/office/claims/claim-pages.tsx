/** Claims on payments: found by what the receipt says, looked at with what the journal knows, decided once. */
import { isAccountNumber } from "@trapeza/protocol";
import type { BusinessDate, School } from "@trapeza/protocol";
import { claimsOf, disputeAt, disputeByCode, disputesOf, outcomeOf, suspenseOf } from "../../../claims/claims-desk.js";
import type { Claim } from "../../../claims/claims-desk.js";
import { sumOf } from "../../../claims/dispute.js";
import type { Dispute } from "../../../claims/dispute.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { moneyText } from "../../money-text.js";
import { Money, Note } from "../../parts.js";
import { dayIn, sumIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import type { Column } from "../parts.js";
import { show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { CLAIM_FORM_ROUTES, homeOf } from "./claim-forms.js";
import { meantFor, originOf } from "./claim-parts.js";
import { claimWords } from "./words.js";

/** Around the day that somebody remembers. */
const DAYS_AROUND = 1;
const DECIDED = 100;

interface Row {
  readonly dispute: Dispute;
  readonly claim: Claim | null;
}

async function claimsPage(visit: Visit): Promise<Answer> {
  const { office, school } = visit;
  const words = claimWords(visit);
  const told = (await office.told(school)).school;
  const [claims, suspense] = await Promise.all([claimsOf(office, school), suspenseOf(office, school)]);
  const rowsOf = async (some: readonly Claim[]): Promise<Row[]> => {
    const found = await Promise.all(
      some.map(async (claim) => ({ claim, dispute: await disputeAt(office, school, claim.epoch, claim.index) })),
    );
    return found.flatMap(({ claim, dispute }) => (dispute ? [{ claim, dispute }] : []));
  };
  const living = claims.filter(({ state }) => state === "open" || state === "proposed");
  const decided = claims.filter(({ state }) => state === "done" || state === "refused").slice(0, DECIDED);
  const settled = new Set(claims.filter(({ state }) => state !== "refused").map(({ epoch, index }) => epoch + "/" + index));
  const open = suspense.disputes.filter(({ epoch, index }) => !settled.has(epoch + "/" + index));
  const stillThere = [...open, ...(await rowsOf(living)).map(({ dispute }) => dispute)].filter(({ where }) => where === "suspense");
  const outcomes = new Map(await Promise.all(decided.map(async (claim) => [claim.id, await outcomeOf(office, claim)] as const)));
  const columns = columnsFor(visit, told);
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <Find visit={visit} />
      <Found {...{ visit, columns, found: await found(visit, told) }} />
      <h2>{words.open}</h2>
      <DataTable
        caption={words.open}
        rows={await rowsOf(living)}
        empty={words.noOpen}
        columns={[...columns, { head: words.said, cell: ({ claim }) => claim?.said }, stateColumn(visit)]}
      />
      <h2>{words.suspense}</h2>
      <DataTable
        caption={words.suspense}
        rows={open.map((dispute) => ({ dispute, claim: null }))}
        empty={words.noSuspense}
        columns={columns}
      />
      {suspense.balance !== 0 && (
        <p>{words.balance(moneyText(stillThere.reduce((sum, one) => sum + sumOf(one), 0)), moneyText(suspense.balance))}</p>
      )}
      <h2>{words.decided}</h2>
      <DataTable
        caption={words.decided}
        rows={await rowsOf(decided)}
        empty={words.noDecided}
        columns={[
          ...columns,
          stateColumn(visit),
          { head: "→", cell: ({ claim }) => claim?.state === "done" && words.outcomes[outcomes.get(claim.id) ?? "waiting"] },
        ]}
      />
    </OfficeSheet>,
  );
}

function stateColumn(visit: Visit): Column<Row> {
  const words = claimWords(visit);
  return {
    head: words.state,
    cell: ({ claim }) => claim && words.states[claim.state] + ", " + (claim.decidedBy ?? claim.proposedBy ?? claim.login),
  };
}

function columnsFor(visit: Visit, told: School): Column<Row>[] {
  const words = claimWords(visit);
  const when = ({ date, atMs }: Dispute) => dateDigits(date) + " " + localMoment(atMs, told.policy.zoneMinutes).clock;
  return [
    {
      head: words.when,
      cell: ({ dispute }) => (
        <a href={homeOf(visit.school) + "/payment/" + dispute.epoch + "-" + dispute.index} aria-label={words.look + ", " + when(dispute)}>
          {when(dispute)}
        </a>
      ),
    },
    { head: words.what, cell: ({ dispute }) => originOf(dispute, visit, told) },
    { head: words.sum, cell: ({ dispute }) => <Money amount={sumOf(dispute)} />, figure: true },
    { head: words.meant, cell: ({ dispute }) => meantFor(dispute, visit, told) },
    { head: words.where, cell: ({ dispute }) => words.places[dispute.where] + (dispute.why ? " (" + words.whys[dispute.why] + ")" : "") },
  ];
}

function Find({ visit }: { visit: Visit }) {
  const words = claimWords(visit);
  const { param } = visit;
  return (
    <form class="asked" method="get" role="search" aria-label={words.find}>
      <label>
        {words.code} <input type="search" name="code" value={param("code")} placeholder="1-3-57-2" />
      </label>
      <label>
        {words.account} <input type="search" name="account" value={param("account")} inputMode="numeric" />
      </label>
      <label>
        {words.day} <input type="date" name="day" value={param("day")} />
      </label>
      <label>
        {words.sum} <input type="search" name="sum" value={param("sum")} inputMode="decimal" />
      </label>
      <button>{words.submit}</button>
    </form>
  );
}

/** `null`: nothing was asked. */
async function found({ office, school, param }: Visit, told: School): Promise<Dispute[] | null> {
  if (param("code").trim() !== "") {
    const dispute = await disputeByCode(office, school, param("code"));
    return dispute ? [dispute] : [];
  }
  const number = param("account").replace(/\s/g, "");
  if (number === "") return null;
  const account = isAccountNumber(number) ? told.accountByNumber.get(number) : undefined;
  const day = dayIn(param("day")) ?? (await office.today(school));
  const period = { from: (day - DAYS_AROUND) as BusinessDate, to: (day + DAYS_AROUND) as BusinessDate };
  return account === undefined ? [] : disputesOf(office, school, account, { ...period, sum: sumIn(param("sum")) });
}

function Found({ visit, columns, found: disputes }: { visit: Visit; columns: Column<Row>[]; found: Dispute[] | null }) {
  const words = claimWords(visit);
  if (disputes === null) return <p class="lead">{words.findLead}</p>;
  if (disputes.length === 0) return <Note tone="warning">{words.notFound}</Note>;
  return <DataTable caption={words.found} rows={disputes.map((dispute) => ({ dispute, claim: null }))} empty="" columns={columns} />;
}

export const CLAIM_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/claims", permission: "claims.read", answer: claimsPage },
  ...CLAIM_FORM_ROUTES,
];
