/** All schools at a glance: one question to the database whatever their number, and the books that are in memory anyway. */
import { sql } from "kysely";
import type { School } from "@trapeza/protocol";
import { localMoment } from "../web/date-text.js";
import type { Office } from "./office.js";
import { RETENTION_DAYS } from "./people/people-desk.js";

const DAY_MS = 24 * 3600 * 1000;

export interface NetworkRow {
  readonly school: number;
  readonly name: string;
  /** Unix ms; 0: never. */
  readonly heardMs: number;
  /** When its newest event that has come was written, Unix ms; 0: none has. A school that is heard of may still have sent nothing. */
  readonly writtenMs: number;
  /** Since when nothing is taken of what it sends, Unix ms. */
  readonly refusedMs: number | null;
  readonly zoneMinutes: number;
  /** Told to the school and not applied by its gateway yet. */
  readonly waiting: number;
  /** Kopecks in the kiosks' cassettes. */
  readonly cash: number;
  /** How full the fullest cassette is, in whole per cent. */
  readonly fullest: number;
  readonly terminals: number;
  /** Terminals that said in the last day that something was wrong. */
  readonly faulty: number;
  /** Entries that the audit found wrong, ever. */
  readonly findings: number;
  /** People whose data are to be forgotten. */
  readonly due: number;
}

interface Counted {
  readonly id: number;
  readonly label: string;
  readonly told: number;
  readonly findings: number;
  readonly due: number;
}

/** By number. `zoneMinutes` of the operator's own office decides which day it is. */
export async function networkOf({ cloud, database, now }: Office, zoneMinutes = 180): Promise<NetworkRow[]> {
  const { date } = localMoment(now(), zoneMinutes);
  const { rows } = await sql<Counted>`
    select s.id, s.label,
      coalesce((select d.number + 1 from directives d where d.school = s.id order by d.number desc limit 1), 0) as told,
      coalesce(f.n, 0) as findings, coalesce(p.n, 0) as due
    from schools s
    left join (select school, count(*) as n from findings group by school) f on f.school = s.id
    left join (select school, count(*) as n from office_pupils
      where erased_ms is null and left_on < ${date - RETENTION_DAYS} group by school) p on p.school = s.id
    order by s.id`.execute(database);
  const books = new Map(cloud.library.opened().map((book) => [book.id, book]));
  return rows.map(({ id, label, told, findings, due }) => {
    const book = books.get(id);
    const terminals = [...(book?.state.terminals.values() ?? [])];
    const since = now() - DAY_MS;
    const isFaulty = (terminal: number) => (book?.terminals.of(terminal).faults[0]?.atMs ?? 0) > since;
    return {
      ...{ school: id, name: book?.state.policy.name || label, heardMs: book?.heardMs ?? 0 },
      ...{ writtenMs: book?.writtenMs ?? 0, refusedMs: book?.refusedMs ?? null },
      zoneMinutes: book?.state.policy.zoneMinutes ?? zoneMinutes,
      waiting: Math.max(told - (book?.state.directives ?? 0), 0),
      cash: terminals.reduce((sum, terminal) => sum + cashIn(terminal), 0),
      fullest: Math.max(0, ...terminals.map(fullness)),
      terminals: terminals.length,
      faulty: terminals.filter((terminal) => isFaulty(terminal.id)).length,
      ...{ findings, due },
    };
  });
}

type Terminal = School["terminals"] extends Map<number, infer One> ? One : never;

export const cashIn = ({ notes }: Terminal): number => notes.reduce((sum, { note, count }) => sum + note * count, 0);

/** Notes by the cassette's capacity, in whole per cent; 0 for what has none. */
export function fullness({ notes, capacity }: Terminal): number {
  return capacity === 0 ? 0 : Math.round((100 * notes.reduce((sum, { count }) => sum + count, 0)) / capacity);
}
