/** Photographs by class: who has one, which wait to be found right by whoever knows the faces, and what was found wrong. */
import type { BusinessDate, School } from "@trapeza/protocol";
import { formatDate } from "@trapeza/protocol";
import { holderIn, holdersOf } from "../../../office/cards/holder.js";
import type { Holder } from "../../../office/cards/holder.js";
import { keyOf, photoDays, photographs } from "../../../office/cards/photographs.js";
import type { NotTaken, Photograph } from "../../../office/cards/photographs.js";
import { may } from "../../../office/roles.js";
import { dateDigits } from "../../date-text.js";
import { EMPTY, Field, Form } from "../../form.js";
import { Note } from "../../parts.js";
import { DataTable } from "../parts.js";
import { show } from "../route.js";
import type { Answer, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import type { PhotoWords } from "./words-photos.ru.js";
import { photoWords } from "./words.js";

/** What stands for the school's staff where a class is chosen. */
export const STAFF = "staff";

export const facePath = (school: number, { holder, number }: Holder): string =>
  "/office/" + school + "/photos/" + holder + "/" + number + "/face";

interface Group {
  /** `null`: the staff. */
  readonly classId: number | null;
  readonly name: string;
  readonly holders: readonly Holder[];
}

/** Whom this person may look at: a teacher their own class, everybody else all classes and the staff. */
export function groupsFor(visit: Visit, school: School): Group[] {
  const { actor } = visit;
  const order = new Intl.Collator("ru", { numeric: true });
  const classes = [...school.classes.values()].filter(({ id }) => actor.role !== "teacher" || id === actor.class);
  const groups = classes.sort((a, b) => order.compare(a.name, b.name)).map(({ id, name }) => groupOf(school, id, name));
  return actor.role === "teacher" ? groups : [...groups, groupOf(school, null, photoWords(visit).staff)];
}

const groupOf = (school: School, classId: number | null, name: string): Group => ({ classId, name, holders: holdersOf(school, classId) });

/** The group that the address names; the first when it names none. */
export function chosenGroup(groups: readonly Group[], text: string): Group | null {
  const found = groups.find(({ classId }) => text === (classId === null ? STAFF : String(classId)));
  return found ?? (text === "" ? (groups.at(0) ?? null) : null);
}

/** `not`: files of the upload that was just made and could not be taken. */
export async function photosPage(visit: Visit, sent: { taken: number; not: readonly NotTaken[] } | null = null): Promise<Answer | null> {
  const { office, school, param, actor } = visit;
  const words = photoWords(visit);
  const [{ school: told }, known, days, today] = await Promise.all([
    office.told(school),
    photographs(office, school),
    photoDays(office, school),
    office.today(school),
  ]);
  const groups = groupsFor(visit, told);
  const group = chosenGroup(groups, sent === null ? param("class") : "");
  if (!group) return null;
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      {sent !== null && <Sent {...{ visit, sent }} />}
      <form class="search" method="get">
        <label>
          {words.class}{" "}
          <select name="class">
            {groups.map(({ classId, name }) => (
              <option value={classId ?? STAFF} selected={classId === group.classId}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <button>{words.show}</button>
        <a href={"/office/" + school + "/photos/paper?class=" + (group.classId ?? STAFF)}>{words.pdf}</a>
      </form>
      <Gallery {...{ visit, told, group, known }} />
      <Mistakes {...{ visit, told, groups, known }} />
      {actor.role !== "teacher" && <Groups {...{ visit, groups, known }} />}
      {may(actor.role, "photos.take") && <Upload {...{ visit, days, today, missing: missingIn(groups, known) }} />}
    </OfficeSheet>,
  );
}

const missingIn = (groups: readonly Group[], known: ReadonlyMap<string, Photograph>): number =>
  groups.filter(({ classId }) => classId !== null).flatMap(({ holders }) => holders.filter((one) => !known.has(keyOf(one)))).length;

interface Shown {
  readonly visit: Visit;
  readonly told: School;
  readonly known: ReadonlyMap<string, Photograph>;
}

function Gallery({ visit, told, group, known }: Shown & { group: Group }) {
  const words = photoWords(visit);
  const { school, actor } = visit;
  const judges = may(actor.role, "photos.judge") && group.holders.some((one) => known.get(keyOf(one))?.state === "waiting");
  const faces = (
    <ul class="faces">
      {group.holders.map((one) => {
        const text = holderIn(told, one);
        const photo = known.get(keyOf(one));
        return (
          <li>
            {photo ? (
              <img src={facePath(school, one) + "?" + photo.takenMs} alt={text?.name} width={105} height={135} />
            ) : (
              <div class="no-face" />
            )}
            <b>{text?.name}</b>
            <span class="change">{text?.card}</span>
            <span class={photo?.state === "wrong" ? "tag late" : "tag"}>{photo ? words.states[photo.state] : words.none}</span>
            {judges && photo?.state === "waiting" && (
              <input name={keyOf(one)} maxLength={200} placeholder={words.remark} aria-label={words.remark + ": " + text?.name} />
            )}
          </li>
        );
      })}
    </ul>
  );
  if (group.holders.length === 0) return <p class="empty">{words.empty}</p>;
  if (!judges) return faces;
  return (
    <Form action={"/office/" + school + "/photos/judge"} label={words.judge}>
      <input type="hidden" name="class" value={group.classId ?? STAFF} />
      <p class="lead">{words.judgeLead}</p>
      {faces}
      <button class="main">{words.judge}</button>
    </Form>
  );
}

/** Without a remark nobody has looked: the picture could not be drawn. */
const judgeOf = (photo: Photograph | undefined, words: PhotoWords) => (photo?.remark === "" ? words.nobody : photo?.judgedBy);

/** What came back from the teachers: to be photographed again. */
function Mistakes({ visit, told, groups, known }: Shown & { groups: readonly Group[] }) {
  const words = photoWords(visit);
  const wrong = groups.flatMap(({ holders }) => holders.filter((one) => known.get(keyOf(one))?.state === "wrong"));
  return (
    <>
      <h2>{words.mistakes}</h2>
      <DataTable
        caption={words.mistakes}
        rows={wrong}
        empty={words.noMistakes}
        columns={[
          { head: words.class, cell: (one) => holderIn(told, one)?.class || words.staff },
          { head: words.name, cell: (one) => holderIn(told, one)?.name },
          { head: words.number, cell: (one) => holderIn(told, one)?.card, figure: true },
          { head: words.remark, cell: (one) => known.get(keyOf(one))?.remark || words.faults.damaged },
          { head: words.who, cell: (one) => judgeOf(known.get(keyOf(one)), words) },
        ]}
      />
    </>
  );
}

function Groups({ visit, groups, known }: { visit: Visit; groups: readonly Group[]; known: ReadonlyMap<string, Photograph> }) {
  const words = photoWords(visit);
  const count = ({ holders }: Group, state: Photograph["state"]) => holders.filter((one) => known.get(keyOf(one))?.state === state).length;
  return (
    <>
      <h2>{words.byClass}</h2>
      <DataTable
        caption={words.byClass}
        rows={groups}
        empty={words.noClasses}
        columns={[
          {
            head: words.class,
            cell: ({ classId, name }) => <a href={"/office/" + visit.school + "/photos?class=" + (classId ?? STAFF)}>{name}</a>,
          },
          { head: words.people, cell: ({ holders }) => holders.length, figure: true },
          { head: words.right, cell: (group) => count(group, "right"), figure: true },
          { head: words.waiting, cell: (group) => count(group, "waiting"), figure: true },
          { head: words.wrong, cell: (group) => count(group, "wrong"), figure: true },
          { head: words.none, cell: ({ holders }) => holders.filter((one) => !known.has(keyOf(one))).length, figure: true },
        ]}
      />
    </>
  );
}

interface UploadProps {
  readonly visit: Visit;
  readonly days: Awaited<ReturnType<typeof photoDays>>;
  readonly today: BusinessDate;
  readonly missing: number;
}

function Upload({ visit, days, today, missing }: UploadProps) {
  const words = photoWords(visit);
  const at = "/office/" + visit.school + "/photos";
  return (
    <>
      <h2>{words.take}</h2>
      <Form action={at} upload label={words.take}>
        <p class="lead">{words.takeLead}</p>
        <div class="tools">
          <label>
            {words.files} <input type="file" name="photos" accept=".jpg,.jpeg,.png,.zip" multiple required />
          </label>
          <button>{words.send}</button>
        </div>
      </Form>
      <h2>{words.days}</h2>
      {days.map(({ on, listsBy }) => (
        <p>
          {words.agreedFor(dateDigits(on), dateDigits(listsBy))}
          {missing > 0 && on <= today && (
            <span class={listsBy < today ? "tag late" : "tag"}>{words.missing(missing) + (listsBy < today ? ", " + words.late : "")}</span>
          )}
        </p>
      ))}
      <Form action={at + "/days"} label={words.days}>
        <div class="tools fields">
          <Field {...{ form: EMPTY, name: "day", label: words.day, type: "date", value: formatDate(today) }} />
          <button>{words.agree}</button>
        </div>
      </Form>
    </>
  );
}

function Sent({ visit, sent }: { visit: Visit; sent: { taken: number; not: readonly NotTaken[] } }) {
  const words = photoWords(visit);
  return (
    <div role="status">
      <Note tone={sent.not.length > 0 ? "warning" : "good"}>{words.takenMany(sent.taken, sent.not.length)}</Note>
      {sent.not.length > 0 && (
        <DataTable
          caption={words.not}
          rows={sent.not}
          empty=""
          columns={[
            { head: words.not, cell: ({ file }) => file },
            { head: words.fault, cell: ({ fault }) => words.faults[fault] },
          ]}
        />
      )}
    </div>
  );
}

/** On a person's own page: the photograph, what became of it, and another in its place. */
export async function photoBlock(visit: Visit, one: Holder) {
  const { office, school, actor } = visit;
  if (!may(actor.role, "photos.read")) return null;
  const words = photoWords(visit);
  const photo = (await photographs(office, school)).get(keyOf(one));
  const at = "/office/" + school + "/photos/" + one.holder + "/" + one.number;
  return (
    <section class="photo">
      <h2>{words.one}</h2>
      {photo && <img src={facePath(school, one) + "?" + photo.takenMs} alt={words.one} width={140} height={180} />}
      <p>
        <span class={photo?.state === "wrong" ? "tag late" : "tag"}>{photo ? words.states[photo.state] : words.none}</span>{" "}
        {photo?.remark === "" && <span class="change">{words.faults.damaged}</span>}
        {photo?.judgedBy && photo.remark !== "" && <span class="change">{photo.judgedBy + (photo.remark ? ": " + photo.remark : "")}</span>}
      </p>
      {may(actor.role, "photos.take") && (
        <>
          <Form action={at} upload label={words.take}>
            <label>
              {words.file} <input type="file" name="photo" accept=".jpg,.jpeg,.png" required />
            </label>{" "}
            <button>{words.send}</button>
          </Form>
          {photo && (
            <Form action={at + "/drop"}>
              <button class="quiet">{words.drop}</button>
            </Form>
          )}
        </>
      )}
    </section>
  );
}
