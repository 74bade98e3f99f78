/** Files from banks and providers: the form that takes one, and those that were taken, with whether all that they say is done. */
import type { ComponentChildren } from "preact";
import type { TakenFile } from "../../../settlement/registry-desk.js";
import { dateDigits, localMoment } from "../../date-text.js";
import { Form } from "../../form.js";
import { Note } from "../../parts.js";
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

interface FileFormProps {
  readonly visit: Visit;
  readonly action: string;
  readonly lead: string;
  /** What is wrong with the file that was just sent. */
  readonly trouble: string | null;
  /** Fields before the file. */
  readonly children: ComponentChildren;
}

export function FileForm({ visit, action, lead, trouble, children }: FileFormProps) {
  const words = moneyWords(visit);
  return (
    <Form action={action} upload label={words.send}>
      <p class="lead">{lead}</p>
      <div class="tools fields">
        {children}
        <p class="field">
          <label for="file">{words.file}</label>
          <input
            id="file"
            type="file"
            name="file"
            accept=".csv,.txt,.xlsx"
            required
            aria-describedby={trouble === null ? undefined : "file-say"}
          />
        </p>
        <button class="main">{words.send}</button>
      </div>
      {trouble !== null && (
        <div id="file-say" role="alert">
          <Note tone="warning">{trouble}</Note>
        </div>
      )}
    </Form>
  );
}
