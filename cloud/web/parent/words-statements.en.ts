/** The same in English. */
import type { StatementMailWords } from "./words-statements.ru.js";

export const statements: StatementMailWords = {
  send: "Send by mail",
  monthly: "Send every month",
  end: "Do not send every month any more",
  sent: "The statement is on its way to your mail.",
  begun: "On the first of each month the statement of the month before comes by mail.",
  ended: "No more statements by the month.",
  noMail: "Confirm your e-mail in the profile first.",
  noPeriod: "Choose a period: 400 days at most, the beginning not after the end.",
  tooMany: "Five statements have been sent today. Ask for another one tomorrow.",
  away: "It could not be sent. Try later, or take the file.",
  subject: (name, from, to) => "Statement: " + name + ", " + from + " – " + to,
  greeting: "Hello,\n\nattached is the account's statement, as PDF and as a spreadsheet.",
  asOf: (clock, date) =>
    "Not all of this month has come from the school yet: the statement is as of " +
    clock +
    ", " +
    date +
    ". Ask for the whole one in the history later.",
  opening: (sum) => "At the beginning: " + sum,
  charged: (sum) => "Charged: " + sum,
  recalculated: (sum) => "Recalculated: " + sum,
  paid: (sum) => "Paid: " + sum,
  closing: (sum) => "At the end: " + sum,
  foot: (link) => "The history, and whether it comes every month: " + link,
};
