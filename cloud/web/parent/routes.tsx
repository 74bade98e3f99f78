/** The parents' pages: which page answers which address, to whom. A child that is not theirs does not exist. */
import { JSON_TYPE, noted } from "../../api/note.js";
import { pieceSchema } from "../../api/schema.js";
import type { FastifyRequest } from "fastify";
import type { BusinessDate } from "@trapeza/protocol";
import { formatDate, parseDate } from "@trapeza/protocol";
import type { GuardianRow } from "../../people/store.js";
import { SHEET_TYPE } from "../../documents/sheet-out.js";
import { localMoment } from "../date-text.js";
import { piece, sendPage } from "../layout.js";
import { headFor, statementPdf, statementSheet } from "../statement-files.js";
import { statementFor } from "../statement.js";
import { serveAbout } from "./about.js";
import { serveAdults } from "./adult-routes.js";
import { serveCare } from "./care-routes.js";
import { serveAnnouncements } from "./announcements.js";
import { childCard, versionOf } from "./child-card.js";
import { Cards, ChildrenPage } from "./children.js";
import { HistoryPage, StatementTable } from "./history.js";
import type { HistoryProps } from "./history.js";
import { serveDoor } from "./door-routes.js";
import { serveHelp } from "./help-routes.js";
import { serveIdentity } from "./identity-routes.js";
import { serveMessages } from "./messages.js";
import { serveNotices } from "./notice-routes.js";
import { childOf, forGuardian, guardianOf, keepable } from "./pages.js";
import type { Pages } from "./pages.js";
import { servePay } from "./pay-routes.js";
import { serveProfile } from "./profile-routes.js";
import { serveProof } from "./proof.js";
import { serveReissue } from "./reissue.js";
import { spendingOf, weeksOf } from "./spending.js";
import { serveStatementMail } from "./statement-mail.js";
import { parentWords } from "./words.js";
import type { ParentWords } from "./words.ru.js";

/** What a history shows before anybody chooses. */
const USUAL_DAYS = 14;
const LONGEST_DAYS = 400;
const FILE_TYPES = { pdf: "application/pdf", xlsx: SHEET_TYPE };

const LIVE_NOTE = noted({
  ...{ tag: "pages", summary: "A piece of a page, if it has changed since `seen`", security: "session" },
  query: { seen: "the version that the page shows" },
  answers: {
    200: { what: "the piece in HTML, or null", type: JSON_TYPE, schema: pieceSchema },
    404: { what: "nothing that this reader may see" },
  },
});

type Child = { Params: { school: string; account: string }; Querystring: { from?: string; to?: string; details?: string; seen?: string } };

export function serveParents(pages: Pages): void {
  serveDoor(pages);
  serveProfile(pages);
  if (pages.identity) serveIdentity(pages, pages.identity);
  serveChildren(pages);
  serveHistory(pages);
  serveStatementMail(pages, pages.statements);
  serveCare(pages);
  serveAdults(pages);
  if (pages.office) serveReissue(pages, pages.office);
  servePay(pages);
  serveNotices(pages);
  serveAnnouncements(pages);
  serveHelp(pages);
  serveAbout(pages);
  serveProof(pages);
  if (pages.pinboard) serveMessages(pages, pages.pinboard);
}

function serveChildren(pages: Pages): void {
  const { app, cloud, readers } = pages;
  const cardsOf = async (guardian: GuardianRow) => {
    const cards = await Promise.all((await cloud.store.people.sights(guardian.phone)).map((sight) => childCard(cloud, sight)));
    return { cards, version: versionOf(cards) };
  };
  app.get(
    "/",
    forGuardian(pages, async (request, reply, guardian) => {
      const reader = readers.of(request, reply);
      const words = parentWords(reader.language);
      const received = await cloud.store.announcements.received(guardian.phone);
      return sendPage(
        keepable(pages, request, reply),
        reader,
        <ChildrenPage {...{ words, received }} guardian={guardian.name} {...await cardsOf(guardian)} />,
      );
    }),
  );
  app.get<{ Querystring: { seen?: string } }>("/live/children", LIVE_NOTE, async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    if (!guardian) return reply.code(401).send({ html: null });
    const { cards, version } = await cardsOf(guardian);
    const reader = readers.of(request, reply);
    return fresh(request.query.seen, version, () => piece(reader, <Cards words={parentWords(reader.language)} cards={cards} />));
  });
}

function serveHistory(pages: Pages): void {
  const { app, readers } = pages;
  app.get<Child>("/children/:school/:account", async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    if (!guardian) return reply.redirect("/login", 303);
    const reader = readers.of(request, reply);
    const props = await historyProps(pages, guardian, request, parentWords(reader.language));
    return props ? sendPage(keepable(pages, request as FastifyRequest, reply), reader, <HistoryPage {...props} />) : reply.callNotFound();
  });
  for (const [ending, type] of Object.entries(FILE_TYPES))
    app.get<Child>("/children/:school/:account/statement." + ending, async (request, reply) => {
      const guardian = await guardianOf(pages, request);
      if (!guardian) return reply.redirect("/login", 303);
      const { language } = readers.of(request, reply);
      const props = await historyProps(pages, guardian, request, parentWords(language));
      if (!props) return reply.callNotFound();
      const { words, card, statement } = props;
      const head = headFor(card, statement, words);
      const file = Buffer.from(ending === "pdf" ? await statementPdf(statement, head, words) : statementSheet(statement, head, words));
      const name = card.number + "-" + formatDate(statement.from) + "-" + formatDate(statement.to) + "." + ending;
      return reply
        .type(type)
        .header("cache-control", "no-store")
        .header("content-disposition", 'attachment; filename="' + name + '"')
        .send(file);
    });
  app.get<Child>("/live/children/:school/:account", LIVE_NOTE, async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    const reader = readers.of(request, reply);
    const props = guardian && (await historyProps(pages, guardian, request, parentWords(reader.language)));
    if (!props) return reply.code(guardian ? 404 : 401).send({ html: null });
    const { words, card, statement, version } = props;
    return fresh(request.query.seen, version, () => piece(reader, <StatementTable words={words} statement={statement} child={card} />));
  });
}

/** `null` when the child is not this guardian's, or its school has not been heard of it yet. */
async function historyProps(
  pages: Pages,
  guardian: GuardianRow,
  request: FastifyRequest<Child>,
  words: ParentWords,
): Promise<HistoryProps | null> {
  const { query } = request;
  const { cloud } = pages;
  const link = await childOf(pages, request as FastifyRequest, guardian, ["see"]);
  const card = link && (await childCard(cloud, link));
  if (card?.kind !== "known") return null;
  const { state } = await cloud.library.book(card.school);
  const today = Math.max(state.date, localMoment(cloud.now(), state.policy.zoneMinutes).date) as BusinessDate;
  const asked = periodOf(query, today);
  const details = query.details === "1";
  const { school, account, schoolNumber } = card;
  const statement = await statementFor(cloud.store, { school, account, schoolNumber, from: asked.from, to: asked.to, details, words });
  const again = "?from=" + formatDate(asked.from) + "&to=" + formatDate(asked.to) + (details ? "&details=1" : "");
  return {
    ...{ words, guardian: guardian.name, card, statement, details, today },
    query: again,
    weeks: weeksOf(await spendingOf(cloud, card, today), today),
    version: statement.rows.length + ":" + statement.closing,
    isMonthly: await cloud.store.statements.isMonthly(guardian.phone, card),
    trouble: asked.backwards ? words.history.wrongPeriod : null,
  };
}

/** The period asked for; what is not a date is replaced, what is backwards is shown as asked and said so. */
function periodOf(query: Child["Querystring"], today: BusinessDate): { from: BusinessDate; to: BusinessDate; backwards: boolean } {
  const to = parseDate(query.to ?? "") ?? today;
  const from = parseDate(query.from ?? "") ?? ((to - USUAL_DAYS + 1) as BusinessDate);
  return { from: Math.max(from, to - LONGEST_DAYS) as BusinessDate, to, backwards: from > to };
}

/** A piece drawn anew, or only its version when it has been seen already. */
function fresh(seen: string | undefined, version: string, draw: () => string): { version: string; html: string | null } {
  return { version, html: seen === version ? null : draw() };
}
