/** Where a day begins: the schools within reach, and since when each has been silent. */
import { dueForErasure } from "../../office/people/people-desk.js";
import { may, reaches } from "../../office/roles.js";
import { dateWords, localMoment } from "../date-text.js";
import { DataTable } from "./parts.js";
import { show } from "./route.js";
import type { OfficeRoute, Visit } from "./route.js";
import { OfficeSheet } from "./sheet.js";

async function workPage(visit: Visit) {
  const { office, actor, words } = visit;
  const schools = (await office.cloud.store.schools()).filter(({ id }) => reaches(actor, id));
  const rows = await Promise.all(
    schools.map(async (row) => ({ ...row, book: await office.cloud.library.book(row.id), due: await dueForErasure(office, row.id) })),
  );
  const heard = (atMs: number, zone: number) => {
    const { date, clock } = localMoment(atMs, zone);
    return clock + ", " + dateWords(date, words.language);
  };
  return show(
    <OfficeSheet visit={visit} title={words.work.title}>
      <DataTable
        caption={words.work.schools}
        rows={rows}
        empty={words.work.empty}
        columns={[
          { head: words.work.number, cell: (row) => row.id },
          {
            head: words.work.name,
            cell: (row) => {
              const name = row.book.state.policy.name || row.label;
              return may(actor.role, "people.read") ? <a href={"/office/" + row.id + "/people"}>{name}</a> : name;
            },
          },
          { head: words.work.heard, cell: ({ book }) => (book.heardMs === 0 ? "—" : heard(book.heardMs, book.state.policy.zoneMinutes)) },
          ...(may(actor.role, "people.erase")
            ? [{ head: words.work.due, cell: ({ due }: { due: number[] }) => due.length, figure: true }]
            : []),
        ]}
      />
    </OfficeSheet>,
  );
}

export const WORK_ROUTES: readonly OfficeRoute[] = [{ method: "GET", path: "/office", permission: "work.read", answer: workPage }];
