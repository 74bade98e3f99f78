/** What is done with applications, and the papers that come of it. */
import { FINDINGS, PAPERS } from "../../../office/cards/application.js";
import {
  acts,
  applications,
  bundles,
  carryOn,
  enclosedIn,
  examine,
  handOver,
  personOf,
  registerBundle,
  sendBundle,
  addPapers,
} from "../../../office/cards/application-desk.js";
import { facePaper, facesOf, isPrinted } from "../../../office/cards/faces.js";
import { handedIn, takeHandedIn } from "../../../office/cards/handed-in.js";
import { actPaper, applicationPaper, bundlePaper, handedInPaper, issueListPaper, journalPaper } from "../../../office/cards/papers.js";
import { PDF_TYPE } from "../../../documents/paper.js";
import { dateDigits } from "../../date-text.js";
import { numberIn } from "../menu/typed.js";
import { DataTable } from "../parts.js";
import { go, show } from "../route.js";
import type { Answer, OfficeRoute, Visit } from "../route.js";
import { OfficeSheet } from "../sheet.js";
import { formPage, take } from "./application-form.js";
import { cardsPage } from "./card-pages.js";
import { cardWords } from "./words.js";

const listOf = ({ school }: Visit) => "/office/" + school + "/cards";

async function send(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = cardWords(visit);
  const id = await sendBundle(office, { login: actor.login, school }, numberIn(typed.sheets) ?? 0);
  return go(listOf(visit), id === null ? words.nothingToSend : words.sent(id));
}

async function register(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param } = visit;
  const number = await registerBundle(office, { login: actor.login, school }, Number(param("bundle")));
  return number === null ? null : go(listOf(visit), cardWords(visit).registered(number));
}

async function hand(visit: Visit): Promise<Answer> {
  const { office, actor, school, typed } = visit;
  const words = cardWords(visit);
  const id = await handOver(office, { login: actor.login, school }, (typed.findings ?? "").trim());
  return go(listOf(visit), id === null ? words.nothingToHand : words.handed(id));
}

/** A teacher has to do with the own class alone. */
const isTheirs = ({ actor }: Visit, classId: number | null) => actor.role !== "teacher" || (classId !== null && classId === actor.class);

/** One deed on one application. `way` keeps the school's hand off what leaves the operator's office, and the other way round. */
function step(deed: "register" | "return" | "mend" | "make" | "issue", way?: "school" | "office") {
  return async (visit: Visit): Promise<Answer | null> => {
    const { office, actor, school, typed, param } = visit;
    const words = cardWords(visit);
    const id = Number(param("application"));
    const application = (await applications(office, school)).find((one) => one.id === id);
    if (!application || (way !== undefined && (application.kind === "again") !== (way === "office"))) return null;
    if (!isTheirs(visit, personOf((await office.told(school)).school, application).classId)) return null;
    const ticked = PAPERS.filter((paper) => application.papers.includes(paper) || visit.all("papers").includes(paper));
    const details = { uid: typed.uid, reason: typed.reason?.trim(), paid: typed.paid?.trim(), papers: ticked };
    const done = await carryOn(office, { login: actor.login, school }, id, deed, details);
    return done && go(listOf(visit), done === "done" ? words.done : words.troubles[done]);
  };
}

async function bring(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, param } = visit;
  const words = cardWords(visit);
  const brought = PAPERS.filter((paper) => visit.all("papers").includes(paper));
  const done = await addPapers(office, { login: actor.login, school }, Number(param("application")), brought);
  return done && go(listOf(visit), words.done);
}

async function examined(visit: Visit): Promise<Answer | null> {
  const { office, actor, school, typed, param } = visit;
  const words = cardWords(visit);
  const finding = FINDINGS.find((one) => one === typed.finding);
  if (finding === undefined) return null;
  const found = { finding, payer: (typed.payer ?? "").trim() };
  const done = await examine(office, { login: actor.login, school }, Number(param("application")), found);
  return done && go(listOf(visit), done === "done" ? words.done : words.noPayer);
}

async function takeBack(visit: Visit): Promise<Answer> {
  const { office, actor, school } = visit;
  const words = cardWords(visit);
  return go(listOf(visit), words.tookBack(await takeHandedIn(office, { login: actor.login, school })));
}

async function placeOf({ office, school }: Visit) {
  return { school: (await office.told(school)).school, madeMs: office.now() };
}

const pdf = (name: string, bytes: Uint8Array): Answer => ({ kind: "file", name, type: PDF_TYPE, bytes });

async function applicationFile(visit: Visit): Promise<Answer | null> {
  const found = (await applications(visit.office, visit.school)).find(({ id }) => id === Number(visit.param("application")));
  const place = await placeOf(visit);
  if (!found || !isTheirs(visit, personOf(place.school, found).classId)) return null;
  return pdf("application-" + found.id + ".pdf", await applicationPaper(found, place));
}

async function bundleFile(visit: Visit): Promise<Answer | null> {
  const { office, school, param } = visit;
  const found = (await bundles(office, school)).find(({ id }) => id === Number(param("bundle")));
  const enclosed = await enclosedIn(office, school, Number(param("bundle")));
  return found ? pdf("bundle-" + found.id + ".pdf", await bundlePaper(found, enclosed, await placeOf(visit))) : null;
}

async function actFile(visit: Visit): Promise<Answer | null> {
  const { office, school, param } = visit;
  const found = (await acts(office, school)).find(({ id }) => id === Number(param("act")));
  const handed = (await applications(office, school)).filter(({ act }) => act === found?.id);
  return found ? pdf("act-" + found.id + ".pdf", await actPaper(found, handed, await placeOf(visit))) : null;
}

async function bundleFaces({ office, school, param }: Visit): Promise<Answer | null> {
  const printed = await facesOf(office, school, Number(param("bundle")));
  return printed.length === 0 ? null : pdf("faces-" + param("bundle") + ".pdf", await facePaper(office, school, printed));
}

async function oneFace({ office, school, param }: Visit): Promise<Answer | null> {
  const printed = (await applications(office, school)).filter((one) => one.id === Number(param("application")) && isPrinted(one));
  return printed.length === 0 ? null : pdf("face-" + param("application") + ".pdf", await facePaper(office, school, printed));
}

/** What waits at the operator's office for its holder's signature. */
async function issueList(visit: Visit): Promise<Answer> {
  const waiting = (await applications(visit.office, visit.school)).filter(({ kind, state }) => kind === "again" && state === "made");
  return pdf("issue.pdf", await issueListPaper(waiting, await placeOf(visit)));
}

async function handedInList(visit: Visit): Promise<Answer> {
  const waiting = (await handedIn(visit.office, visit.school)).filter(({ takenOn }) => takenOn === null);
  return pdf("handed-in.pdf", await handedInPaper(waiting, await placeOf(visit)));
}

async function journalLines({ office }: Visit) {
  const entered = (await bundles(office, null))
    .filter(({ journal }) => journal !== null)
    .sort((a, b) => (a.journal ?? 0) - (b.journal ?? 0));
  const staff = new Map((await office.staff.all()).map(({ login, name }) => [login, name]));
  return Promise.all(
    entered.map(async (bundle) => ({
      bundle,
      school: (await office.told(bundle.school)).school.policy.name,
      takenBy: staff.get(bundle.registeredBy ?? "") ?? bundle.registeredBy ?? "",
    })),
  );
}

async function journalPage(visit: Visit): Promise<Answer> {
  const words = cardWords(visit);
  return show(
    <OfficeSheet visit={visit} title={words.journalTitle}>
      <p>
        <a href="/office/journal/paper">{words.pdf}</a>
      </p>
      <DataTable
        caption={words.journalTitle}
        rows={await journalLines(visit)}
        empty={words.noJournal}
        columns={[
          { head: words.number, cell: ({ bundle }) => bundle.journal, figure: true },
          { head: words.date, cell: ({ bundle }) => bundle.registeredOn !== null && dateDigits(bundle.registeredOn), figure: true },
          { head: words.school, cell: ({ school }) => school },
          { head: words.bundles, cell: ({ bundle }) => bundle.id, figure: true },
          { head: words.sheets, cell: ({ bundle }) => bundle.sheets, figure: true },
          { head: words.takenBy, cell: ({ takenBy }) => takenBy },
        ]}
      />
    </OfficeSheet>,
  );
}

const CARDS = "/office/:school/cards";
const ONE = CARDS + "/:application";

export const CARD_ROUTES: readonly OfficeRoute[] = [
  { method: "GET", path: CARDS, permission: "cards.read", answer: cardsPage },
  { method: "GET", path: "/office/:school/people/:account/card", permission: "cards.receive", answer: (visit) => formPage(visit) },
  { method: "POST", path: "/office/:school/people/:account/card", permission: "cards.receive", answer: take },
  { method: "GET", path: "/office/:school/employees/:staff/card", permission: "employees.write", answer: (visit) => formPage(visit) },
  { method: "POST", path: "/office/:school/employees/:staff/card", permission: "employees.write", answer: take },
  { method: "GET", path: ONE + "/paper", permission: "cards.read", answer: applicationFile },
  { method: "POST", path: "/office/:school/bundles", permission: "cards.apply", answer: send },
  { method: "POST", path: "/office/:school/bundles/:bundle/register", permission: "cards.make", answer: register },
  { method: "GET", path: "/office/:school/bundles/:bundle/paper", permission: "cards.list", answer: bundleFile },
  { method: "GET", path: "/office/:school/bundles/:bundle/faces", permission: "cards.make", answer: bundleFaces },
  { method: "GET", path: ONE + "/faces", permission: "cards.make", answer: oneFace },
  { method: "POST", path: ONE + "/register", permission: "cards.make", answer: step("register", "office") },
  { method: "POST", path: ONE + "/examine", permission: "cards.make", answer: examined },
  { method: "POST", path: ONE + "/return", permission: "cards.make", answer: step("return") },
  { method: "POST", path: ONE + "/papers", permission: "cards.apply", answer: bring },
  { method: "POST", path: ONE + "/mend", permission: "cards.apply", answer: step("mend") },
  { method: "POST", path: ONE + "/make", permission: "cards.make", answer: step("make") },
  { method: "POST", path: ONE + "/issue", permission: "cards.issue", answer: step("issue", "school") },
  { method: "POST", path: ONE + "/issue-again", permission: "cards.make", answer: step("issue", "office") },
  { method: "POST", path: "/office/:school/acts", permission: "cards.make", answer: hand },
  { method: "GET", path: "/office/:school/acts/:act/paper", permission: "cards.list", answer: actFile },
  { method: "GET", path: "/office/:school/issue/paper", permission: "cards.list", answer: issueList },
  { method: "GET", path: "/office/:school/handed-in/paper", permission: "cards.list", answer: handedInList },
  { method: "POST", path: "/office/:school/handed-in", permission: "cards.make", answer: takeBack },
  { method: "GET", path: "/office/journal", permission: "journal.read", answer: journalPage },
  {
    method: "GET",
    path: "/office/journal/paper",
    permission: "journal.read",
    answer: async (visit) => pdf("journal.pdf", await journalPaper(await journalLines(visit), visit.office.now())),
  },
];
