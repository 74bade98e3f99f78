/** The same in English. */
import type { LetterWords } from "./words.ru.js";

export const en: LetterWords = {
  title: "Letters",
  empty: "Questions and complaints of families appear here, the most urgent on top.",
  kind: "What",
  kinds: { question: "question", complaint: "complaint" },
  recipient: "To",
  recipients: { school: "the school", operator: "the operator" },
  about: "About",
  due: "Due",
  state: "State",
  states: { open: "waits for an answer", late: "overdue", answered: "answered" },
  from: "From",
  erased: "the account is erased",
  answer: "Answer",
  send: "Answer",
  hint: "the family sees it on their page; it cannot be changed later",
  sent: "The answer is sent.",
  already: "This letter has been answered already.",
};
