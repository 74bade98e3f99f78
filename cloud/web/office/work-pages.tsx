/** Where a day begins: the schools within reach, and since when each has been silent. */
import { lateApplications } from "../../office/cards/application-desk.js";
import { latePhotographs } from "../../office/cards/photographs.js";
import { networkOf } from "../../office/network.js";
import type { NetworkRow } from "../../office/network.js";
import { may, reaches } from "../../office/roles.js";
import type { Role } from "../../office/roles.js";
import { dateWords, localMoment } from "../date-text.js";
import { DataTable } from "./parts.js";
import { show } from "./route.js";
import type { OfficeRoute, Visit } from "./route.js";
import { SECTIONS } from "./sections.js";
import { OfficeSheet } from "./sheet.js";

async function workPage(visit: Visit) {
  const { office, actor, words } = visit;
  const rows = (await networkOf(office)).filter(({ school }) => reaches(actor, school));
  const late = may(actor.role, "cards.list") ? await lateApplications(office) : null;
  const unseen = may(actor.role, "cards.list") ? await latePhotographs(office) : null;
  const lateIn = (counts: ReadonlyMap<number, number> | null, page: string) =>
    function count({ school }: NetworkRow) {
      const found = counts?.get(school) ?? 0;
      return found === 0 ? 0 : <a href={"/office/" + school + page}>{found}</a>;
    };
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
          { head: words.work.number, cell: ({ school }) => school },
          {
            head: words.work.name,
            cell: ({ school, name }) => <a href={firstOf(actor.role, school)}>{name}</a>,
          },
          { head: words.work.heard, cell: ({ heardMs, zoneMinutes }) => (heardMs === 0 ? "—" : heard(heardMs, zoneMinutes)) },
          ...(late ? [{ head: words.work.lateCards, cell: lateIn(late, "/cards"), figure: true }] : []),
          ...(unseen ? [{ head: words.work.latePhotos, cell: lateIn(unseen, "/photos"), figure: true }] : []),
          ...(may(actor.role, "people.erase") ? [{ head: words.work.due, cell: ({ due }: NetworkRow) => due, figure: true }] : []),
        ]}
      />
    </OfficeSheet>,
  );
}

/** Where this role's work in a school begins. */
function firstOf(role: Role, school: number): string {
  const open = SECTIONS.find(({ permission, inSchool }) => inSchool && may(role, permission));
  return open ? open.path(school) : "/office";
}

export const WORK_ROUTES: readonly OfficeRoute[] = [{ method: "GET", path: "/office", permission: "work.read", answer: workPage }];
