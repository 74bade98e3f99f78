/** The readers at which cards are made: opened, watched, closed. */
import { closeDesk, desks, openDesk, readyCards } from "../../../office/cards/desks.js";
import { dateWords, localMoment } from "../../date-text.js";
import { EMPTY, Field, Form } from "../../form.js";
import { DataTable } from "../parts.js";
import { go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { cardWords } from "./words.js";

const SHORTEST_NAME = 3;
const LONGEST_NAME = 60;

/** `key`: of the desk that was just opened, shown this once. */
async function desksPage(visit: Visit, { key = "", wrong = false } = {}): Promise<Answer> {
  const { office, words } = visit;
  const said = cardWords(visit);
  const schools = await Promise.all(
    (await office.cloud.store.schools()).map(async ({ id }) => ({
      id,
      policy: (await office.told(id)).school.policy,
      waiting: await readyCards(office, id),
    })),
  );
  const zone = schools[0]?.policy.zoneMinutes ?? 0;
  const heard = (atMs: number) => {
    const { date, clock } = localMoment(atMs, zone);
    return clock + ", " + dateWords(date, words.language);
  };
  return show(
    <OfficeSheet visit={visit} title={said.desks}>
      {key !== "" && (
        <p role="status" class="change">
          {said.deskKey} <code>{key}</code>
        </p>
      )}
      <DataTable
        caption={said.desks}
        rows={await desks(office)}
        empty={said.noDesks}
        columns={[
          { head: said.deskName, cell: ({ name }) => name },
          { head: said.deskHeard, cell: ({ heardMs }) => (heardMs === null ? "—" : heard(heardMs)) },
          { head: said.deskMade, cell: ({ made }) => made, figure: true },
          { head: said.deskRefused, cell: ({ refused }) => refused, figure: true },
          {
            head: said.act,
            cell: ({ id, name, active }) =>
              active ? (
                <Form action={"/office/desks/" + id + "/close"}>
                  <button class="quiet" aria-label={said.closeDesk + ": " + name}>
                    {said.closeDesk}
                  </button>
                </Form>
              ) : (
                said.deskClosed
              ),
          },
        ]}
      />
      <Form action="/office/desks" label={said.openDesk}>
        <Field {...{ form: wrong ? { values: {}, troubles: { name: said.badDesk } } : EMPTY, name: "name", label: said.deskName }} />
        <button class="main">{said.openDesk}</button>
      </Form>
      <DataTable
        caption={said.waiting}
        rows={schools}
        empty={said.waiting}
        columns={[
          { head: said.school, cell: ({ id, policy }) => <a href={"/office/" + id + "/batches"}>{policy.name || id}</a> },
          { head: said.waiting, cell: ({ waiting }) => waiting, figure: true },
        ]}
      />
    </OfficeSheet>,
    wrong ? 400 : 200,
  );
}

async function open(visit: Visit): Promise<Answer> {
  const name = (visit.typed.name ?? "").trim();
  if (name.length < SHORTEST_NAME || name.length > LONGEST_NAME) return desksPage(visit, { wrong: true });
  return desksPage(visit, { key: await openDesk(visit.office, visit.actor.login, name) });
}

async function close(visit: Visit): Promise<Answer | null> {
  const { office, actor, param } = visit;
  return (await closeDesk(office, actor.login, Number(param("desk")))) ? go("/office/desks", cardWords(visit).done) : null;
}

export const DESK_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: "/office/desks", permission: "cards.make", answer: (visit) => desksPage(visit) },
  { method: "POST", path: "/office/desks", permission: "cards.make", answer: open },
  { method: "POST", path: "/office/desks/:desk/close", permission: "cards.make", answer: close },
];
