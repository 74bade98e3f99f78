/** The new school year, looked at before it begins. */
import { leaveTogether, leavers } from "../../../office/people/leavers.js";
import type { Leaver } from "../../../office/people/leavers.js";
import { may } from "../../../office/roles.js";
import { canTurnBack, turnBack, turnYear } from "../../../office/people/year-desk.js";
import { planYear } from "../../../office/people/year.js";
import { civilFromDate } from "@trapeza/protocol";
import { dateDigits } from "../../date-text.js";
import { EMPTY, Form, Select } from "../../form.js";
import { moneyText } from "../../money-text.js";
import { DataTable } from "../parts.js";
import { go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { peopleWords } from "./words.js";

async function yearPage(visit: Visit): Promise<Answer> {
  const { office, school } = visit;
  const words = peopleWords(visit).year;
  const told = (await office.told(school)).school;
  const { year } = civilFromDate(await office.today(school));
  const plan = planYear(told, year);
  const isTurned = await canTurnBack(office, school, year);
  const options = [...told.categories.values()].map(({ id, name }) => ({ value: String(id), name }));
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <p class="lead">{words.lead}</p>
      <DataTable
        caption={words.title}
        rows={plan.classes}
        empty={words.empty}
        columns={[
          { head: words.from, cell: ({ from }) => from },
          { head: words.to, cell: ({ to, leaves }) => (leaves ? to + ", " + words.leaves : to) },
          { head: words.pupils, cell: ({ pupils }) => pupils, figure: true },
        ]}
      />
      {plan.classes.length > 0 && (
        <Form action={"/office/" + school + "/year"}>
          <input type="hidden" name="year" value={year} />
          {plan.categories.map((id) => (
            <Select
              {...{
                form: EMPTY,
                name: "category" + id,
                label: words.becomes(told.categories.get(id)?.name ?? String(id)),
                value: String(id),
                options,
              }}
            />
          ))}
          <button class="main">{words.turn}</button>
        </Form>
      )}
      {isTurned && (
        <Form action={"/office/" + school + "/year/back"}>
          <input type="hidden" name="year" value={year} />
          <p class="lead">{words.backLead}</p>
          <button class="danger">{words.back}</button>
        </Form>
      )}
      <Leavers visit={visit} rows={await leavers(office, school)} />
    </OfficeSheet>,
  );
}

/** Who has handed in the card is ticked; what is left is paid back by the refunds' own page and clock. */
function Leavers({ visit, rows }: { visit: Visit; rows: readonly Leaver[] }) {
  const { school, actor } = visit;
  const words = peopleWords(visit).year;
  const refund = ({ account, refund: one }: Leaver) => {
    if (one.kind === "asked") return words.refundBy(dateDigits(one.dueOn));
    return one.kind === "paid" || account.main + account.additional <= 0 ? words.nothingBack : words.noRefund;
  };
  const canLeave = ({ account }: Leaver) => account.status === "open" && account.main >= 0 && may(actor.role, "people.write");
  return (
    <Form action={"/office/" + school + "/year/leave"} label={words.leavers}>
      <h2>{words.leavers}</h2>
      <p class="lead">{words.leaversLead}</p>
      <DataTable
        caption={words.leavers}
        rows={rows}
        empty={words.noLeavers}
        columns={[
          {
            head: words.handedIn,
            cell: (one) =>
              canLeave(one) && (
                <input type="checkbox" name="account" value={one.account.id} aria-label={words.handedIn + ": " + one.account.name} />
              ),
          },
          { head: words.class, cell: ({ className }) => className },
          { head: words.pupil, cell: ({ account }) => <a href={"/office/" + school + "/people/" + account.id}>{account.name}</a> },
          { head: words.cards, cell: ({ cards }) => cards, figure: true },
          { head: words.main, cell: ({ account }) => moneyText(account.main), figure: true },
          { head: words.additional, cell: ({ account }) => moneyText(account.additional), figure: true },
          { head: words.refund, cell: (one) => (one.account.main < 0 ? words.owes : refund(one)) },
        ]}
      />
      {rows.some(canLeave) && <button class="main">{words.leave}</button>}
    </Form>
  );
}

async function leave(visit: Visit): Promise<Answer> {
  const { office, actor, school } = visit;
  const done = await leaveTogether(office, { login: actor.login, school }, visit.all("account").map(Number));
  return go("/office/" + school + "/year", peopleWords(visit).year.leftTogether(done.left, done.owe));
}

async function back(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed } = visit;
  const { year } = civilFromDate(await office.today(school));
  const classes = typed.year === String(year) ? await turnBack(office, { login: actor.login, school }, year) : null;
  return classes === null ? null : go("/office/" + school + "/year", peopleWords(visit).year.turnedBack(classes));
}

async function turn(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed } = visit;
  const told = (await office.told(school)).school;
  const { year } = civilFromDate(await office.today(school));
  // The page was made for another year.
  if (typed.year !== String(year)) return null;
  const chosen = Object.entries(typed).flatMap(([name, value]): [number, number][] => {
    const from = /^category([0-9]{1,9})$/.exec(name)?.[1];
    return from !== undefined && told.categories.has(Number(value)) ? [[Number(from), Number(value)]] : [];
  });
  const classes = await turnYear(office, { login: actor.login, school }, year, new Map(chosen));
  return classes === null ? null : go("/office/" + school + "/people", peopleWords(visit).year.turned(classes));
}

export const YEAR_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/year", permission: "people.import", answer: yearPage },
  { method: "POST", path: "/office/:school/year", permission: "people.import", answer: turn },
  { method: "POST", path: "/office/:school/year/back", permission: "people.import", answer: back },
  { method: "POST", path: "/office/:school/year/leave", permission: "people.write", answer: leave },
];
