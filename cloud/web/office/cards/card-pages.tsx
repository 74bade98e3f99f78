/** Card issue from application to signature: what is under way, until when, and the next step beside each line. */
import { FINDINGS, afterDeed, dueOf, isExamined, isPaid, missingPapers } from "../../../office/cards/application.js";
import type { Application, Deed } from "../../../office/cards/application.js";
import { acts, applications, bundles, holderOf, lacksPhoto, personOf } from "../../../office/cards/application-desk.js";
import { keyOf, photographs } from "../../../office/cards/photographs.js";
import type { Photograph } from "../../../office/cards/photographs.js";
import { expiringCards } from "../../../office/cards/expiry.js";
import { isPrinted } from "../../../office/cards/faces.js";
import { handedIn } from "../../../office/cards/handed-in.js";
import { may } from "../../../office/roles.js";
import { dateDigits } from "../../date-text.js";
import { Form } from "../../form.js";
import { DataTable, Search } from "../parts.js";
import { show } from "../route.js";
import type { Answer, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { ExpiringTable, HandedInTable } from "./card-lists.js";
import { cardWords } from "./words.js";

const ROWS = 300;

export async function cardsPage(visit: Visit): Promise<Answer> {
  const { office, school, param, actor } = visit;
  const words = cardWords(visit);
  const [{ school: told }, today, all, photos] = await Promise.all([
    office.told(school),
    office.today(school),
    applications(office, school),
    photographs(office, school),
  ]);
  const text = param("q").trim().toLowerCase();
  const rows = all.filter((one) => {
    const { name, card, classId } = personOf(told, one);
    const isSeen = actor.role !== "teacher" || (classId !== null && classId === actor.class);
    return isSeen && (param("all") === "1" || one.state !== "issued") && (name.toLowerCase().includes(text) || card.includes(text));
  });
  const dueText = (one: Application) => {
    const due = dueOf(one, office.cardDays);
    if (!due) return "";
    const late = due.by < today;
    return (
      <span class={late ? "tag late" : "tag"} title={due.clause}>
        {words.who[due.who] + ", " + dateDigits(due.by) + (late ? ": " + words.late : "")}
      </span>
    );
  };
  return show(
    <OfficeSheet visit={visit} title={words.title}>
      <Search label={words.search} value={param("q")} submit={visit.words.find}>
        <label>
          <input type="checkbox" name="all" value="1" checked={param("all") === "1"} /> {words.all}
        </label>
      </Search>
      <DataTable
        caption={words.title}
        rows={rows.slice(-ROWS).reverse()}
        empty={words.empty}
        columns={[
          { head: words.number, cell: ({ id }) => <a href={"/office/" + school + "/cards/" + id + "/paper"}>{id}</a>, figure: true },
          { head: words.class, cell: (one) => personOf(told, one).class },
          { head: words.name, cell: (one) => personOf(told, one).name },
          {
            head: words.kind,
            cell: ({ cause, kind }) => (cause !== null ? words.again[cause] : words[kind === "duplicate" ? kind : "first"]),
          },
          { head: words.state, cell: (one) => <State {...{ visit, one, photos }} /> },
          { head: words.due, cell: dueText },
          { head: words.act, cell: (one) => <Deeds {...{ visit, one }} /> },
        ]}
      />
      {may(actor.role, "cards.list") && (
        <>
          <Bundles visit={visit} />
          <BundleTable {...{ visit, all: await bundles(office, school) }} />
          <ActTable {...{ visit, all: await acts(office, school) }} />
          <ExpiringTable {...{ visit, told, expiring: expiringCards(told, all, today) }} />
          <HandedInTable {...{ visit, told, all: await handedIn(office, school) }} />
        </>
      )}
    </OfficeSheet>,
  );
}

function State({ visit, one, photos }: { visit: Visit; one: Application; photos: ReadonlyMap<string, Photograph> }) {
  const words = cardWords(visit);
  const isGathered = one.state === "received" || one.state === "returned";
  const noPhoto = photos.has(keyOf(holderOf(one))) ? words.unconfirmedPhoto : words.noPhoto;
  const missing = [...missingPapers(one).map((paper) => words.papers[paper]), ...(lacksPhoto(one, photos) ? [noPhoto] : [])];
  const paid = isPaid(one) ? null : one.payer === null ? words.toBePaid : words.toBePaidBy(one.payer);
  return (
    <>
      {words.states[one.state]}, {words.since} {dateDigits(one.stateOn)}
      {one.reason !== null && <div class="change">{one.reason}</div>}
      {one.finding !== null && <div class="change">{words.findings[one.finding]}</div>}
      {isExamined(one) && one.state !== "issued" && paid !== null && <div class="change">{paid}</div>}
      {isGathered && missing.length > 0 && <div class="change">{words.missing(missing.join(", "))}</div>}
    </>
  );
}

/** Whose hand each deed needs; a card made again leaves the operator's office, any other the school. */
export function permissionFor(deed: Deed, kind: Application["kind"]): "cards.apply" | "cards.issue" | "cards.make" {
  if (deed === "issue" && kind !== "again") return "cards.issue";
  return deed === "send" || deed === "mend" ? "cards.apply" : "cards.make";
}

function Deeds({ visit, one }: { visit: Visit; one: Application }) {
  const words = cardWords(visit);
  const at = "/office/" + visit.school + "/cards/" + one.id + "/";
  const can = (deed: Deed) => afterDeed(one, deed) !== null && may(visit.actor.role, permissionFor(deed, one.kind));
  const label = (text: string) => text + ": " + one.id;
  const tick = (paper: Application["papers"][number]) => (
    <label>
      <input type="checkbox" name="papers" value={paper} /> {words.papers[paper]}
    </label>
  );
  const field = (name: string, text: string, size: number) => <input {...{ name, size, placeholder: text }} aria-label={label(text)} />;
  return (
    <div class="deeds">
      {can("make") && !isExamined(one) && (
        <Form action={at + "examine"}>
          <select name="finding" aria-label={label(words.finding)}>
            {FINDINGS.map((finding) => (
              <option value={finding}>{words.findings[finding]}</option>
            ))}
          </select>{" "}
          {field("payer", words.payer, 16)} <button aria-label={label(words.examine)}>{words.examine}</button>
        </Form>
      )}
      {can("make") && isExamined(one) && (
        <Form action={at + "make"}>
          {field("uid", words.uid, 14)} {!isPaid(one) && field("paid", words.paid, 10)}{" "}
          <button aria-label={label(words.make)}>{words.make}</button>
        </Form>
      )}
      {isPrinted(one) && may(visit.actor.role, "cards.make") && (
        <a href={at + "faces"} aria-label={label(words.faces)}>
          {words.faces}
        </a>
      )}
      {can("return") && (
        <Form action={at + "return"}>
          {field("reason", words.reason, 14)} <button aria-label={label(words.return)}>{words.return}</button>
        </Form>
      )}
      {one.state === "received" && missingPapers(one).length > 0 && may(visit.actor.role, "cards.apply") && (
        <Form action={at + "papers"}>
          {missingPapers(one).map(tick)} <button aria-label={label(words.bring)}>{words.bring}</button>
        </Form>
      )}
      {can("mend") && (
        <Form action={at + "mend"}>
          {missingPapers(one).map(tick)} <button aria-label={label(words.mend)}>{words.mend}</button>
        </Form>
      )}
      {can("register") && one.kind === "again" && (
        <Form action={at + "register"}>
          <button aria-label={label(words.register)}>{words.register}</button>
        </Form>
      )}
      {can("issue") && (
        <Form action={at + (one.kind === "again" ? "issue-again" : "issue")}>
          <button aria-label={label(words.issue)}>{words.issue}</button>
        </Form>
      )}
    </div>
  );
}

function Bundles({ visit }: { visit: Visit }) {
  const words = cardWords(visit);
  const at = "/office/" + visit.school;
  const { role } = visit.actor;
  return (
    <div class="tools">
      {may(role, "cards.apply") && (
        <Form action={at + "/bundles"}>
          <label>
            {words.sheets} <input name="sheets" size={4} inputMode="numeric" />
          </label>{" "}
          <button>{words.send}</button>
        </Form>
      )}
      {may(role, "cards.make") && (
        <Form action={at + "/acts"}>
          <label>
            {words.remarks} <input name="findings" size={30} />
          </label>{" "}
          <button>{words.hand}</button>
        </Form>
      )}
      <a href={at + "/issue/paper"}>{words.issueList}</a>
    </div>
  );
}

function BundleTable({ visit, all }: { visit: Visit; all: Awaited<ReturnType<typeof bundles>> }) {
  const words = cardWords(visit);
  const at = "/office/" + visit.school + "/bundles/";
  return (
    <>
      <h2>{words.bundles}</h2>
      <DataTable
        caption={words.bundles}
        rows={[...all].reverse()}
        empty={words.noBundles}
        columns={[
          { head: words.number, cell: ({ id }) => id, figure: true },
          { head: words.date, cell: ({ sentOn }) => dateDigits(sentOn), figure: true },
          { head: words.sheets, cell: ({ sheets }) => sheets, figure: true },
          {
            head: words.journal,
            cell: ({ journal, registeredOn }) =>
              journal === null || registeredOn === null ? "—" : words.number + " " + journal + ", " + dateDigits(registeredOn),
          },
          { head: words.print, cell: ({ id }) => <a href={at + id + "/paper"}>{words.pdf + " " + id}</a> },
          {
            head: words.faces,
            cell: ({ id, journal }) =>
              journal !== null && may(visit.actor.role, "cards.make") && <a href={at + id + "/faces"}>{words.facesOf(id)}</a>,
          },
          {
            head: words.act,
            cell: ({ id, journal }) =>
              journal === null &&
              may(visit.actor.role, "cards.make") && (
                <Form action={at + id + "/register"}>
                  <button aria-label={words.register + ": " + id}>{words.register}</button>
                </Form>
              ),
          },
        ]}
      />
    </>
  );
}

function ActTable({ visit, all }: { visit: Visit; all: Awaited<ReturnType<typeof acts>> }) {
  const words = cardWords(visit);
  return (
    <>
      <h2>{words.acts}</h2>
      <DataTable
        caption={words.acts}
        rows={[...all].reverse()}
        empty={words.noActs}
        columns={[
          { head: words.number, cell: ({ id }) => id, figure: true },
          { head: words.date, cell: ({ madeOn }) => dateDigits(madeOn), figure: true },
          { head: words.remarks, cell: ({ findings }) => findings },
          {
            head: words.print,
            cell: ({ id }) => <a href={"/office/" + visit.school + "/acts/" + id + "/paper"}>{words.pdf + " " + id}</a>,
          },
        ]}
      />
    </>
  );
}
