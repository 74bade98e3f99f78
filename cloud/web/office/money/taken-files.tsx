/** Files that were taken: of which day, by whom, and whether all that they say is done. */
import type { TakenFile } from "../../../settlement/registry-desk.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { Form } from "../../form.js";
import { DataTable } from "../parts.js";
import type { Visit } from "../route.js";
import { moneyWords } from "./words.js";

interface TakenProps {
  readonly visit: Visit;
  readonly taken: readonly TakenFile[];
  readonly writes: boolean;
  readonly zoneMinutes: number;
  readonly home: string;
}

export function Taken({ visit, taken, writes, zoneMinutes, home }: TakenProps) {
  const words = moneyWords(visit);
  const when = (atMs: number) => {
    const { date, clock } = localMoment(atMs, zoneMinutes);
    return dateDigits(date) + " " + clock;
  };
  return (
    <DataTable
      caption={words.files}
      rows={taken}
      empty={words.noFiles}
      columns={[
        { head: words.day, cell: ({ day }) => dateDigits(day) },
        { head: words.way, cell: ({ way }) => words.ways[way] },
        { head: words.name, cell: ({ name }) => name },
        { head: words.when, cell: ({ atMs }) => when(atMs) },
        { head: words.who, cell: ({ login }) => login },
        {
          head: words.state,
          cell: ({ id, followed }) =>
            followed || !writes ? (
              words[followed ? "done" : "notDone"]
            ) : (
              <Form action={home + "/follow/" + id}>
                {words.notDone} <button class="quiet">{words.goOn}</button>
              </Form>
            ),
        },
      ]}
    />
  );
}
