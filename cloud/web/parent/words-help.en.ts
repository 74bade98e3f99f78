/** The same in English. */
import type { HelpWords } from "./words-help.ru.js";

export const help: HelpWords = {
  title: "Help",
  questions: "Frequent questions",
  faq: [
    [
      "My bank card was charged and the money is not in the purse",
      "It stands below the balance as a payment on its way. The school credits it as soon as it is online. If nothing has changed after a day, write to us.",
    ],
    [
      "What is the difference between the main and the additional purse",
      "The main one pays for the class's breakfasts and lunches, the additional one for the buffet. How much goes into each is for you to decide.",
    ],
    [
      "My child has lost the card",
      "Block it on the child's page “Limits”. It also says since when the school refuses it. The child eats without a card, too: the cashier knows pupils by their photograph.",
    ],
    [
      "How do I forbid sweets or limit spending",
      "On the page “Limits” set a sum a day, forbid dishes and allergens, or close the buffet altogether.",
    ],
    ["My child is ill", "Cancel the meals on the page “Menu” before the time given there. A cancelled day is not charged."],
    [
      "How do I check a receipt",
      "Beside every operation in the history stands “check”. Your own browser compares the record with the school's signed journal: not even we can change it unnoticed.",
    ],
    [
      "Who sees my data",
      "You, the school and the caterer's operator. Another family sees neither a name nor a balance; whoever pays by account number sees a first name and an initial.",
    ],
  ],
  audit: "Schools\' journals and their signatures: for auditors",
  contacts: "Whom to ask",
  phone: "Telephone for questions about payments",
  write: "Write",
  writeLead: "A question is answered within 5 working days, a complaint within 15. The term and the answer appear here.",
  login: "Log in to write to the school or the operator",
  letters: "My letters",
  child: "About",
  kind: "What it is",
  kinds: { question: "A question", complaint: "A complaint" },
  recipient: "To",
  recipients: { school: "The school", operator: "The operator of the meals" },
  text: "Text",
  send: "Send",
  sent: "Sent. The term stands below.",
  tooMany: "Five letters a day can be sent. Add the rest tomorrow, or telephone.",
  noChildren: "Add a child's account first: the letter goes to its school.",
  empty: "Your letters and the answers to them will appear here.",
  due: (date) => "Answer by " + date,
  late: (date) => "No answer, and the term ended on " + date + ". Telephone the number on the help page.",
  answered: (date) => "Answer, " + date,
};
