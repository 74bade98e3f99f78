/** Receipts of the cash register that did not come about: what went wrong, and a button to send them again. */
import { askAgain, fiscalPart } from "../../../fiscal/store-postgres.js";
import { en } from "../../../fiscal/words.en.js";
import { ru } from "../../../fiscal/words.ru.js";
import { may } from "../../../office/roles.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { Form } from "../../form.js";
import { Money } from "../../parts.js";
import { DataTable } from "../parts.js";
import { go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";

const MOST = 200;
const homeOf = (school: number) => "/office/" + school + "/receipts";
const wordsFor = ({ reader }: Visit) => (reader.language === "ru" ? ru : en);

async function receiptsPage(visit: Visit): Promise<Answer> {
  const { office, actor, school } = visit;
  const words = wordsFor(visit);
  const troubled = await fiscalPart(office.database).troubled(school, MOST);
  const { zoneMinutes } = (await office.told(school)).school.policy;
  const writes = may(actor.role, "money.write");
  const momentOf = (atMs: number) => {
    const { date, clock } = localMoment(atMs, zoneMinutes);
    return dateDigits(date) + ", " + clock;
  };
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <p class="lead">{words.lead}</p>
      <DataTable
        caption={words.title}
        rows={troubled}
        empty={words.none}
        columns={[
          { head: words.when, cell: ({ atMs }) => momentOf(atMs) },
          { head: words.operation, cell: ({ operation }) => words.operations[operation] },
          { head: words.sum, cell: ({ sum }) => <Money amount={sum} />, figure: true },
          {
            head: words.state,
            cell: ({ state, why, remedy, transaction }) => (
              <>
                {words.states[state] + (why === "" ? "" : ": " + why)} {state === "refused" && remedy === "none" && words.correct}
                {writes && state === "refused" && remedy !== "none" && (
                  <Form action={homeOf(school) + "/" + transaction}>
                    <button class="quiet">{words.again}</button>
                  </Form>
                )}
              </>
            ),
          },
        ]}
      />
    </OfficeSheet>,
  );
}

async function again(visit: Visit): Promise<Answer> {
  const { office, actor, school, param } = visit;
  const words = wordsFor(visit);
  const transaction = Number(param("transaction"));
  const change = { login: actor.login, school, what: "money.receipt", subject: "transaction " + transaction };
  const isSent = await office.change(change, async (database) => {
    const done = await askAgain(database, school, transaction);
    return { before: null, after: done ? { again: true } : null, value: done };
  });
  return go(homeOf(school), isSent ? words.sent : words.gone);
}

export const FISCAL_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/:school/receipts", permission: "money.read", answer: receiptsPage },
  { method: "POST", path: "/office/:school/receipts/:transaction", permission: "money.write", answer: again },
];
