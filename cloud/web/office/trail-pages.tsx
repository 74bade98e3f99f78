/** The audit trail as people read it: who changed what, with only the fields that differ. */
import { readTrail } from "../../office/trail.js";
import type { TrailRow } from "../../office/trail.js";
import { dateDigits, localMoment } from "../date-text.js";
import { DataTable, Search } from "./parts.js";
import { show } from "./route.js";
import type { OfficeRoute, Visit } from "./route.js";
import { OfficeSheet } from "./sheet.js";

const ROWS = 300;
/** Of the operator's own office; a change may concern no school at all. */
const ZONE_MINUTES = 180;

async function trailPage(visit: Visit) {
  const { office, actor, words, param } = visit;
  const said = words.trail;
  const rows = await readTrail(office.database, { school: actor.school, text: param("q"), limit: ROWS });
  const when = (atMs: number) => {
    const { date, clock } = localMoment(atMs, ZONE_MINUTES);
    return dateDigits(date) + " " + clock;
  };
  return show(
    <OfficeSheet visit={visit} title={said.title}>
      <Search label={said.search} value={param("q")} submit={words.find} />
      <DataTable
        caption={said.title}
        rows={rows}
        empty={said.empty}
        columns={[
          { head: said.when, cell: (row) => when(row.atMs), figure: true },
          { head: said.who, cell: (row) => row.login },
          { head: said.what, cell: (row) => row.what },
          { head: said.subject, cell: (row) => row.subject },
          { head: said.change, cell: (row) => <span class="change">{differenceOf(row, said.nothing)}</span> },
        ]}
      />
    </OfficeSheet>,
  );
}

function differenceOf({ before, after }: TrailRow, nothing: string): string {
  const [from, to] = [before, after].map((side) => (typeof side === "object" && side !== null ? (side as Record<string, unknown>) : {}));
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].filter((name) => text(from[name]) !== text(to[name]));
  if (names.length === 0) return text(after) === "" ? nothing : text(after);
  return names.map((name) => name + ": " + (text(from[name]) || nothing) + " → " + (text(to[name]) || nothing)).join("; ");
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export const TRAIL_ROUTES: readonly OfficeRoute[] = [{ method: "GET", path: "/office/trail", permission: "trail.read", answer: trailPage }];
