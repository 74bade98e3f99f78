/** The act of a decade, the claim to a budget, and slips with a payment code, as PDF. */
import type { BusinessDate, School } from "@trapeza/protocol";
import QRCode from "qrcode";
import { writePaper } from "../documents/paper.js";
import { dateDigits } from "../web/date-text.js";
import { moneyText } from "../web/money-text.js";
import type { Claim, Payout, Settled } from "./payout-desk.js";
import type { Requisites } from "./requisites.js";
import { formatPaymentCode } from "./paper-code.js";
import { PAPER_WORDS } from "./words-papers.js";

export interface ActDay {
  readonly date: BusinessDate;
  readonly meals: number;
  readonly buffet: number;
}

export interface ActOf {
  readonly settled: Settled;
  readonly payout: Payout;
  readonly collector: string;
  readonly days: readonly ActDay[];
}

/** The rows of an act: its days, and what older days have brought since; they add up to what is paid, to the kopeck. */
export function actRows({ settled, days }: Pick<ActOf, "settled" | "days">): {
  readonly days: readonly ActDay[];
  readonly other: { meals: number; buffet: number };
} {
  const sum = (of: "meals" | "buffet") => days.reduce((total, day) => total + day[of], 0);
  return { days, other: { meals: settled.meals - sum("meals"), buffet: settled.buffet - sum("buffet") } };
}

export function actPaper({ settled, payout, collector, days }: ActOf, school: School, madeMs: number): Promise<Uint8Array> {
  const words = PAPER_WORDS.act;
  const { other } = actRows({ settled, days });
  const line = (name: string, meals: number, buffet: number) => [name, moneyText(meals), moneyText(buffet), moneyText(meals + buffet)];
  return writePaper(words.title, madeMs, (paper) => {
    paper.heading(words.heading(payout.id));
    paper.text(words.date(dateDigits(payout.madeOn)), { right: true });
    paper.text(words.parties(payout.payee.name, collector, school.policy.name));
    paper.text(words.span(dateDigits(settled.first), dateDigits(settled.last)));
    paper.table(
      [
        { head: words.columns.date, width: 6 },
        { head: words.columns.meals, width: 4, figure: true },
        { head: words.columns.buffet, width: 4, figure: true },
        { head: words.columns.total, width: 4, figure: true },
      ],
      [
        ...days.map(({ date, meals, buffet }) => line(dateDigits(date), meals, buffet)),
        ...(other.meals !== 0 || other.buffet !== 0 ? [line(words.other, other.meals, other.buffet)] : []),
      ],
      line(words.total, settled.meals, settled.buffet),
    );
    paper.text(words.funded, { small: true });
    paper.text(words.order(payout.id, dateDigits(payout.madeOn)));
    paper.signatures(words.signature);
  });
}

export function claimPaper(claim: Claim, program: string, school: School, madeMs: number): Promise<Uint8Array> {
  const words = PAPER_WORDS.claim;
  const sum = (of: "portions" | "amount") => claim.lines.reduce((total, line) => total + line[of], 0);
  return writePaper(words.title, madeMs, (paper) => {
    paper.heading(words.heading(claim.id));
    paper.text(PAPER_WORDS.act.date(dateDigits(claim.madeOn)), { right: true });
    paper.text(school.policy.name, { bold: true });
    paper.text(words.program(program));
    paper.text(words.span(dateDigits(claim.last)));
    paper.table(
      [
        { head: words.columns.caterer, width: 8 },
        { head: words.columns.portions, width: 3, figure: true },
        { head: words.columns.amount, width: 4, figure: true },
      ],
      claim.lines.map(({ caterer, portions, amount }) => [
        school.caterers.get(caterer)?.name ?? String(caterer),
        String(portions),
        moneyText(amount),
      ]),
      [words.total, String(sum("portions")), moneyText(sum("amount"))],
    );
    paper.signatures(words.signature);
  });
}

/** A slip for each pupil of a class, in the order of their names. */
export async function codePaper(to: Requisites, className: string, school: School, madeMs: number): Promise<Uint8Array> {
  const words = PAPER_WORDS.code;
  const pupils = [...school.accounts.values()]
    .filter((one) => one.holder === "pupil" && one.status === "open" && school.classes.get(one.class ?? -1)?.name === className)
    .sort((a, b) => a.name.localeCompare(b.name, "ru"));
  const codes = await Promise.all(
    pupils.map(({ number, shortName }) =>
      QRCode.toBuffer(formatPaymentCode(to, { number, shortName }, null), { errorCorrectionLevel: "M", margin: 2, scale: 6 }),
    ),
  );
  return writePaper(words.title, madeMs, (paper) => {
    if (pupils.length === 0) paper.text(words.nobody(className));
    pupils.forEach(({ shortName, number }, at) =>
      paper.slip(codes[at], [
        words.heading,
        words.holder(shortName, className, number),
        words.how,
        words.payee(to.name, to.inn, to.account),
        words.bank(to.bank, to.bic),
      ]),
    );
  });
}
