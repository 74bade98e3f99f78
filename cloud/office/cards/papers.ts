/** The regulated papers as PDF: what is known stands in them, what is to be signed has its line. */
import type { BusinessDate, School } from "@trapeza/protocol";
import { writePaper } from "../../documents/paper.js";
import { dateDigits } from "../../web/date-text.js";
import type { Application } from "./application.js";
import { personOf } from "./application-desk.js";
import type { Act, Bundle } from "./application-desk.js";
import type { HandedIn } from "./handed-in.js";
import { PAPER_WORDS } from "./words-papers.js";

export interface PaperPlace {
  readonly school: School;
  readonly madeMs: number;
}

/** Appendix 1: of a parent for a pupil, or of an employee; a duplicate is asked for by the school (R7.2). */
export function applicationPaper(application: Application, { school, madeMs }: PaperPlace): Promise<Uint8Array> {
  const words = PAPER_WORDS.application;
  const holder = personOf(school, application);
  return writePaper(words.title, madeMs, (paper) => {
    paper.text(words.to(school.policy.operator), { right: true });
    paper.gap();
    if (application.kind === "duplicate") {
      paper.heading(words.duplicateHeading);
      paper.text(words.duplicate(school.policy.name, holder.name, holder.card));
      paper.signatures(words.duplicateSignature);
      return;
    }
    const isPupil = application.account !== null;
    paper.heading(words.heading);
    paper.text(isPupil ? words.i(application.applicant, application.isParent) : words.employee(holder.name, school.policy.name));
    if (isPupil) paper.text(words.holder(holder.name, holder.class, school.policy.name));
    if (application.cause !== null) paper.text(words.again(PAPER_WORDS.causes[application.cause]), { bold: true });
    paper.text(isPupil ? words.consent : words.ownConsent);
    for (const consent of words.consents) paper.text("– " + consent);
    paper.text(isPupil ? words.data : words.ownData);
    paper.text(words.receipt);
    paper.text(words.phone("+" + application.phone), { bold: true });
    paper.text(words.mail(application.mail), { bold: true });
    paper.signatures(words.signature);
  });
}

/** Appendix 3. */
export function bundlePaper(bundle: Bundle, enclosed: readonly Application[], { school, madeMs }: PaperPlace): Promise<Uint8Array> {
  const words = PAPER_WORDS.bundle;
  const rows = enclosed.map((one, at) => {
    const holder = personOf(school, one);
    return [String(at + 1), holder.class, holder.name, holder.card, one.applicant];
  });
  return writePaper(words.title, madeMs, (paper) => {
    paper.text(PAPER_WORDS.application.to(school.policy.operator), { right: true });
    paper.heading(words.heading);
    paper.text(words.number(bundle.id, dateDigits(bundle.sentOn)));
    paper.text(words.ask(school.policy.name, enclosed.length));
    const { n, class: className, name, account, applicant } = words.columns;
    paper.table(
      [
        { head: n, width: 1, figure: true },
        { head: className, width: 2 },
        { head: name, width: 7 },
        { head: account, width: 4 },
        { head: applicant, width: 6 },
      ],
      rows,
    );
    paper.text(words.sheets(bundle.sheets));
    paper.signatures(words.signature);
  });
}

export interface JournalLine {
  readonly bundle: Bundle;
  readonly school: string;
  readonly takenBy: string;
}

/** Appendix 4: the operator's journal over all schools. */
export function journalPaper(lines: readonly JournalLine[], madeMs: number): Promise<Uint8Array> {
  const words = PAPER_WORDS.journal;
  const { n, date, school, number, sheets, signature, taken } = words.columns;
  return writePaper(words.title, madeMs, (paper) => {
    paper.heading(words.heading);
    paper.table(
      [
        { head: n, width: 1, figure: true },
        { head: date, width: 3 },
        { head: school, width: 6 },
        { head: number, width: 3, figure: true },
        { head: sheets, width: 3, figure: true },
        { head: signature, width: 3 },
        { head: taken, width: 5 },
      ],
      lines.map(({ bundle, school: name, takenBy }) => [
        String(bundle.journal),
        dateDigits(bundle.registeredOn as BusinessDate),
        name,
        String(bundle.id),
        String(bundle.sheets),
        "",
        takenBy,
      ]),
    );
  });
}

export interface ListedFace {
  readonly name: string;
  readonly number: string;
  readonly picture: Uint8Array | null;
  /** Who has found it right, and when; "" while nobody has. */
  readonly confirmed: string;
}

/** R3.4: the list of a class with photographs, for whoever knows the faces. */
export function photoListPaper(of: string, faces: readonly ListedFace[], { school, madeMs }: PaperPlace): Promise<Uint8Array> {
  const words = PAPER_WORDS.photos;
  return writePaper(words.title, madeMs, (paper) => {
    paper.heading(words.heading);
    paper.text(words.of(school.policy.name, of, faces.length, faces.filter(({ picture }) => picture !== null).length));
    paper.gallery(
      faces.map(({ name, number, picture, confirmed }) => ({
        picture,
        lines: [name, number, picture === null ? words.none : confirmed].filter((line) => line !== ""),
      })),
    );
    paper.text(words.confirm);
    paper.signatures(words.signature);
  });
}

/** Appendix 5, with a column for the holder's signature, which the regulation asks for at handing out (R4.7). */
export function actPaper(act: Act, handed: readonly Application[], { school, madeMs }: PaperPlace): Promise<Uint8Array> {
  const words = PAPER_WORDS.act;
  const { n, class: className, name, number, sign } = words.columns;
  return writePaper(words.title, madeMs, (paper) => {
    paper.heading(words.heading);
    paper.text(words.number(act.id, dateDigits(act.madeOn)));
    paper.text(words.text(school.policy.name, school.policy.operator));
    paper.table(
      [
        { head: n, width: 1, figure: true },
        { head: className, width: 2 },
        { head: name, width: 8 },
        { head: number, width: 4 },
        { head: sign, width: 4 },
      ],
      handed.map((one, at) => {
        const holder = personOf(school, one);
        return [String(at + 1), holder.class, holder.name, holder.card, ""];
      }),
    );
    paper.text(words.findings(act.findings || words.noFindings));
    paper.signatures(words.signature);
  });
}

/** R5.4: cards made again are given out at the operator's office, against signature. */
export function issueListPaper(waiting: readonly Application[], { school, madeMs }: PaperPlace): Promise<Uint8Array> {
  const words = PAPER_WORDS.issueList;
  const rows = waiting.map((one) => {
    const holder = personOf(school, one);
    return [holder.class, holder.name, holder.card, one.applicant];
  });
  return signedList(words, school.policy.name, rows, madeMs);
}

/** P5.1, R8.2: who has handed in a card, and that the operator has it. */
export function handedInPaper(cards: readonly HandedIn[], { school, madeMs }: PaperPlace): Promise<Uint8Array> {
  const words = PAPER_WORDS.handedIn;
  const rows = cards.map(({ account, staff, card, handedOn }) => {
    const name = school.accounts.get(account ?? -1)?.name ?? school.staff.get(staff ?? -1)?.name ?? "";
    return [school.classes.get(school.accounts.get(account ?? -1)?.class ?? -1)?.name ?? "", name, card, dateDigits(handedOn)];
  });
  return signedList(words, school.policy.name, rows, madeMs);
}

interface ListWords {
  readonly title: string;
  readonly heading: string;
  readonly columns: readonly [string, string, string, string];
  readonly sign: string;
  readonly signature: readonly string[];
}

/** A line a person, and at its end the place for the hand. */
function signedList(words: ListWords, of: string, rows: readonly (readonly string[])[], madeMs: number): Promise<Uint8Array> {
  const [first, name, card, last] = words.columns;
  return writePaper(words.title, madeMs, (paper) => {
    paper.heading(words.heading);
    paper.text(of);
    paper.table(
      [
        { head: PAPER_WORDS.bundle.columns.n, width: 1, figure: true },
        { head: first, width: 2 },
        { head: name, width: 7 },
        { head: card, width: 4 },
        { head: last, width: 5 },
        { head: words.sign, width: 4 },
      ],
      rows.map((row, at) => [String(at + 1), ...row, ""]),
    );
    paper.signatures(words.signature);
  });
}
