/** What the school writes to its families: sending it, who has read it, and taking it back. */
import type { School } from "@trapeza/protocol";
import { LONGEST_TEXT, LONGEST_TITLE } from "../../../announcements/announcement.js";
import type { Announcement, Audience } from "../../../announcements/announcement.js";
import { announce, announcementFor, announcementsFor, mayWriteTo, readersOf, withdraw } from "../../../announcements/announcement-desk.js";
import { may } from "../../../office/roles.js";
import { dateWords, localMoment } from "../../date-text.js";
import { Area, Field, Form, Select } from "../../form.js";
import type { Option, Typed } from "../../form.js";
import { Note } from "../../parts.js";
import { DataTable } from "../parts.js";
import { filled, go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

const wordsOf = ({ reader }: Visit) => (reader.language === "ru" ? ru : en);
const pathOf = (school: number) => "/office/" + school + "/announcements";
const byName = new Intl.Collator("ru", { numeric: true });

/** "school", "class-3" or "account-7", as it stands in the form and in a link from a pupil's page. */
function audienceIn(text: string): Audience | null {
  if (text === "school") return { kind: "school" };
  const [, kind, number] = /^(class|account)-([0-9]{1,9})$/.exec(text) ?? [];
  if (kind === "class") return { kind, class: Number(number) };
  return kind === "account" ? { kind: "family", account: Number(number) } : null;
}

function nameOf(visit: Visit, school: School, to: Audience): string {
  const say = wordsOf(visit);
  if (to.kind === "school") return say.everybody;
  if (to.kind === "class") return say.class(school.classes.get(to.class)?.name ?? String(to.class));
  return say.family(school.accounts.get(to.account)?.name ?? String(to.account));
}

/** Everybody this person may write to; first the family whose page they came from. */
function optionsFor(visit: Visit, school: School): Option[] {
  const classes = [...school.classes.values()].sort((a, b) => byName.compare(a.name, b.name));
  const all: [string, Audience][] = [
    ...classes.map(({ id }): [string, Audience] => ["class-" + id, { kind: "class", class: id }]),
    ["school", { kind: "school" }],
  ];
  const asked = visit.typed.to ?? visit.param("to");
  const family = audienceIn(asked);
  if (family?.kind === "family") all.unshift([asked, family]);
  return all.filter(([, to]) => mayWriteTo(visit.actor, school, to)).map(([value, to]) => ({ value, name: nameOf(visit, school, to) }));
}

async function listPage(visit: Visit, troubles: Typed | null = null): Promise<Answer> {
  const { office, actor, school } = visit;
  const say = wordsOf(visit);
  const { school: told } = await office.told(school);
  const rows = await announcementsFor(office, actor, school);
  return show(
    <OfficeSheet visit={visit} title={say.title}>
      <div class="sides">
        <DataTable
          caption={say.title}
          rows={rows}
          empty={say.empty}
          columns={[
            { head: say.sentOn, cell: ({ sentMs }) => momentText(visit, told, sentMs) },
            { head: say.subject, cell: ({ id, title }) => <a href={pathOf(school) + "/" + id}>{title || "—"}</a> },
            { head: say.to, cell: ({ to }) => nameOf(visit, told, to) },
            { head: say.by, cell: ({ sentBy }) => sentBy },
            { head: say.families, cell: ({ families }) => families, figure: true },
            { head: say.read, cell: ({ read }) => read, figure: true },
            { head: "", cell: ({ withdrawnMs }) => withdrawnMs !== null && <span class="tag">{say.withdrawn}</span> },
          ]}
        />
        {may(actor.role, "announcements.write") && <WriteForm {...{ visit, told, troubles }} />}
      </div>
    </OfficeSheet>,
    troubles === null ? 200 : 400,
  );
}

function WriteForm({ visit, told, troubles }: { visit: Visit; told: School; troubles: Typed | null }) {
  const say = wordsOf(visit);
  const form = filled(visit, troubles);
  return (
    <Form action={pathOf(visit.school)} label={say.write}>
      <h2>{say.write}</h2>
      <Select {...{ form, name: "to", label: say.to, value: visit.param("to"), options: optionsFor(visit, told) }} />
      <Field {...{ form, name: "title", label: say.subject, most: LONGEST_TITLE }} />
      <Area {...{ form, name: "text", label: say.text, hint: say.hint, most: LONGEST_TEXT, rows: 8 }} />
      <button class="main">{say.send}</button>
    </Form>
  );
}

function momentText({ words }: Visit, { policy }: School, atMs: number): string {
  const { date, clock } = localMoment(atMs, policy.zoneMinutes);
  return dateWords(date, words.language) + ", " + clock;
}

async function onePage(visit: Visit): Promise<Answer | null> {
  const { office, actor, school } = visit;
  const one = await announcementFor(office, actor, school, Number(visit.param("id")));
  if (!one) return null;
  const { school: told } = await office.told(school);
  const readers = [...(await readersOf(office, one.id))].map(([account, readMs]) => {
    const { name, class: schoolClass } = told.accounts.get(account) ?? { name: String(account), class: null };
    return { name, className: told.classes.get(schoolClass ?? -1)?.name ?? "", readMs };
  });
  // Whom somebody may have to telephone stands first.
  readers.sort(
    (a, b) =>
      Number(a.readMs !== null) - Number(b.readMs !== null) || byName.compare(a.className, b.className) || byName.compare(a.name, b.name),
  );
  return show(<OneSheet {...{ visit, told, one, readers }} />);
}

interface OneProps {
  readonly visit: Visit;
  readonly told: School;
  readonly one: Announcement;
  readonly readers: readonly { readonly name: string; readonly className: string; readonly readMs: number | null }[];
}

function OneSheet({ visit, told, one, readers }: OneProps) {
  const say = wordsOf(visit);
  const { id, title, text, to, sentBy, sentMs, withdrawnMs } = one;
  return (
    <OfficeSheet visit={visit} title={title || "—"}>
      <p class="lead">{[nameOf(visit, told, to), sentBy, momentText(visit, told, sentMs)].join(" · ")}</p>
      {withdrawnMs !== null && <Note tone="warning">{say.withdrawn}</Note>}
      <p class="letter">{text}</p>
      <p>{say.count(readers.filter(({ readMs }) => readMs !== null).length, readers.length)}</p>
      <DataTable
        caption={say.readers}
        rows={readers}
        empty={say.empty}
        columns={[
          { head: say.className, cell: ({ className }) => className },
          { head: say.child, cell: ({ name }) => name },
          { head: say.readOn, cell: ({ readMs }) => (readMs === null ? say.unread : momentText(visit, told, readMs)) },
        ]}
      />
      {withdrawnMs === null && may(visit.actor.role, "announcements.write") && (
        <Form action={pathOf(visit.school) + "/" + id + "/withdraw"}>
          <p class="lead">{say.withdrawLead}</p>
          <button class="danger">{say.withdraw}</button>
        </Form>
      )}
    </OfficeSheet>
  );
}

async function send(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, reader, typed } = visit;
  const to = audienceIn(typed.to ?? "");
  const [title, text] = [typed.title ?? "", typed.text ?? ""].map((one) => one.trim());
  if (!to) return null;
  const { missing, tooLong } = reader.words.form;
  if (title === "") return listPage(visit, { title: missing });
  if (title.length > LONGEST_TITLE) return listPage(visit, { title: tooLong(LONGEST_TITLE) });
  if (text === "") return listPage(visit, { text: missing });
  const id = await announce(office, actor, school, { to, title, text });
  return id === null ? null : go(pathOf(school) + "/" + id, wordsOf(visit).sent);
}

async function takeBack(visit: Visit): Promise<Answer | null> {
  const { office, actor, school } = visit;
  const one = await announcementFor(office, actor, school, Number(visit.param("id")));
  if (!one) return null;
  await withdraw(office, actor, one);
  return go(pathOf(school) + "/" + one.id, wordsOf(visit).withdrawn);
}

const LIST = "/office/:school/announcements";

export const ANNOUNCEMENT_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: LIST, permission: "announcements.read", answer: (visit) => listPage(visit) },
  { method: "POST", path: LIST, permission: "announcements.write", answer: send },
  { method: "GET", path: LIST + "/:id", permission: "announcements.read", answer: onePage },
  { method: "POST", path: LIST + "/:id/withdraw", permission: "announcements.write", answer: takeBack },
];

/** From a pupil's page, for whoever may write to this family. */
export function writeLink(visit: Visit, school: School, account: number) {
  if (!may(visit.actor.role, "announcements.write") || !mayWriteTo(visit.actor, school, { kind: "family", account })) return null;
  return (
    <p>
      <a class="button" href={pathOf(visit.school) + "?to=account-" + account}>
        {wordsOf(visit).writeTo}
      </a>
    </p>
  );
}
