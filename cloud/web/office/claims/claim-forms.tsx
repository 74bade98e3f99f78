/** One disputed payment: what the journal knows of it, and the form in which it is decided. */
import { isAccountNumber } from "@trapeza/protocol";
import type { Purse, School } from "@trapeza/protocol";
import { TWO_PERSONS, claimsOf, disputeAt, payeeOf, secondClaim, tellClaim } from "../../../claims/claims-desk.js";
import type { Claim } from "../../../claims/claims-desk.js";
import { sumOf } from "../../../claims/dispute.js";
import type { Dispute, Verdict } from "../../../claims/dispute.js";
import { may } from "../../../office/roles.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { Area, Choice, Field, Form } from "../../form.js";
import type { Typed } from "../../form.js";
import { moneyText } from "../../money-text.js";
import { Money, Note } from "../../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { meantFor, originOf } from "./claim-parts.js";
import { claimWords } from "./words.js";

const LONGEST = 500;

export const homeOf = (school: number) => "/office/" + school + "/claims";
const pathOf = (school: number, { epoch, index }: Pick<Dispute, "epoch" | "index">) => homeOf(school) + "/payment/" + epoch + "-" + index;

/** "1-57" as it stands in the address. */
async function asked({ office, school, param }: Visit): Promise<Dispute | null> {
  const found = /^([0-9]{1,6})-([0-9]{1,12})$/.exec(param("entry"));
  return found && disputeAt(office, school, Number(found[1]), Number(found[2]));
}

async function paymentPage(visit: Visit, troubles: Typed | null = null): Promise<Answer | null> {
  const { office, school, actor } = visit;
  const words = claimWords(visit);
  const dispute = await asked(visit);
  if (!dispute) return null;
  const told = (await office.told(school)).school;
  const own = (await claimsOf(office, school)).filter(({ epoch, index }) => epoch === dispute.epoch && index === dispute.index);
  const living = own.find(({ state }) => state !== "refused") ?? null;
  const writes = may(actor.role, "claims.write");
  return show(
    <OfficeSheet visit={visit} title={words.what + " " + (dispute.code ?? dispute.reference ?? "")}>
      <Facts {...{ visit, dispute, told }} />
      {own.map((claim) => (
        <Past {...{ visit, claim, told }} />
      ))}
      {writes && living?.state === "proposed" && <Second visit={visit} claim={living} />}
      {writes && living?.state !== "proposed" && dispute.where !== "elsewhere" && <Decide {...{ visit, dispute, living, troubles }} />}
    </OfficeSheet>,
    troubles === null ? 200 : 400,
  );
}

function Facts({ visit, dispute, told }: { visit: Visit; dispute: Dispute; told: School }) {
  const words = claimWords(visit);
  const { date, atMs, where, why, main, additional } = dispute;
  const clock = localMoment(atMs, told.policy.zoneMinutes).clock;
  return (
    <dl class="plain">
      <dt>{words.when}</dt>
      <dd>{dateDigits(date) + " " + clock}</dd>
      <dt>{words.what}</dt>
      <dd>{originOf(dispute, visit, told)}</dd>
      <dt>{words.sum}</dt>
      <dd>
        {main > 0 && <PurseSum amount={main} purse={words.purses.main} />}
        {additional > 0 && <PurseSum amount={additional} purse={words.purses.additional} />}
      </dd>
      <dt>{words.meant}</dt>
      <dd>{meantFor(dispute, visit, told)}</dd>
      <dt>{words.where}</dt>
      <dd>{words.places[where] + (why ? ": " + words.whys[why] : "")}</dd>
    </dl>
  );
}

function PurseSum({ amount, purse }: { amount: number; purse: string }) {
  return (
    <div>
      <Money amount={amount} />, {purse}
    </div>
  );
}

function Past({ visit, claim, told }: { visit: Visit; claim: Claim; told: School }) {
  const words = claimWords(visit);
  const { verdict, state, said, reason, receivedOn } = claim;
  const who = claim.decidedBy ?? claim.proposedBy ?? claim.login;
  const number = (account: number) => told.accounts.get(account)?.number ?? "# " + account;
  const what = verdict?.kind === "credit" ? words.toAccount(number(verdict.account), verdict.school, words.purses[verdict.purse]) : null;
  return (
    <p>
      {dateDigits(receivedOn)}: {said} <span class="tag">{words.states[state]}</span> {[what, reason, who].filter(Boolean).join("; ")}
    </p>
  );
}

function Second({ visit, claim }: { visit: Visit; claim: Claim }) {
  const words = claimWords(visit);
  if (claim.proposedBy === visit.actor.login) return <Note tone="calm">{words.ownWord}</Note>;
  return (
    <Form action={homeOf(visit.school) + "/second/" + claim.id} label={words.second}>
      <button name="do" value="confirm" class="main">
        {words.second}
      </button>{" "}
      <button name="do" value="reject">
        {words.reject}
      </button>
    </Form>
  );
}

interface DecideProps {
  readonly visit: Visit;
  readonly dispute: Dispute;
  readonly living: Claim | null;
  readonly troubles: Typed | null;
}

function Decide({ visit, dispute, living, troubles }: DecideProps) {
  const words = claimWords(visit);
  const form = filled(visit, troubles);
  const isMove = dispute.where === "purse";
  const verdicts = [
    { value: "credit", name: isMove ? words.verdicts.move : words.verdicts.credit },
    { value: "refuse", name: words.verdicts.refuse },
    { value: "wait", name: words.verdicts.wait },
  ];
  const purses = (["main", "additional"] as const).map((value) => ({ value, name: words.purses[value] }));
  return (
    <Form action={pathOf(visit.school, dispute)} label={words.decide}>
      <h2>{words.decide}</h2>
      {sumOf(dispute) > TWO_PERSONS && <Note tone="calm">{words.twoPersons(moneyText(TWO_PERSONS))}</Note>}
      <Area {...{ form, name: "said", label: words.said, hint: words.saidHint, value: living?.said ?? "", rows: 2, most: LONGEST }} />
      <Choice {...{ form, name: "verdict", label: words.verdict, options: verdicts, value: "wait" }} />
      <Field {...{ form, name: "number", label: words.number, inputmode: "numeric", optional: true, most: 20 }} />
      {!isMove && (
        <Choice {...{ form, name: "purse", label: words.purse, options: purses, value: dispute.main > 0 ? "main" : "additional" }} />
      )}
      <Field {...{ form, name: "reason", label: words.reason, hint: words.reasonHint, optional: true, most: LONGEST }} />
      <button class="main">{words.keep}</button>
    </Form>
  );
}

async function decide(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed } = visit;
  const words = claimWords(visit);
  const dispute = await asked(visit);
  if (!dispute) return null;
  const text = (name: string) => (typed[name] ?? "").replace(/\s+/g, " ").trim().slice(0, LONGEST);
  const [said, reason, number] = [text("said"), text("reason"), text("number").replace(/\s/g, "")];
  const payee = isAccountNumber(number) ? payeeOf(office, number) : null;
  const isDecided = typed.verdict === "credit" || typed.verdict === "refuse";
  const troubles = {
    ...(said === "" ? { said: words.noSaid } : {}),
    ...(isDecided && reason === "" ? { reason: words.noReason } : {}),
    ...(typed.verdict === "credit" && payee === null ? { number: words.noNumber } : {}),
  };
  if (Object.keys(troubles).length > 0) return paymentPage(visit, troubles);
  const purse: Purse = typed.purse === "additional" ? "additional" : "main";
  const credit: Verdict | null = payee && { kind: "credit", school: payee.school, account: payee.account, purse };
  const verdict = typed.verdict === "credit" ? credit : typed.verdict === "refuse" ? ({ kind: "refuse" } as const) : null;
  const told = await tellClaim(office, { login: actor.login, school }, dispute, { said, verdict, reason });
  if (told === "impossible") return paymentPage(visit, { number: words.told.impossible });
  return go(homeOf(school), words.told[told]);
}

async function second(visit: Visit): Promise<Answer> {
  const { office, actor, school, param, typed } = visit;
  const words = claimWords(visit);
  const told = await secondClaim(office, { login: actor.login, school }, Number(param("claim")), typed.do === "confirm");
  return go(homeOf(school), told === null ? words.gone : words.told[told]);
}

export const CLAIM_FORM_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/claims/payment/:entry", permission: "claims.read", answer: (visit) => paymentPage(visit) },
  { method: "POST", path: "/office/:school/claims/payment/:entry", permission: "claims.write", answer: decide },
  { method: "POST", path: "/office/:school/claims/second/:claim", permission: "claims.write", answer: second },
];
