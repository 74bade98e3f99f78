/** The same in English. */
import type { AboutWords } from "./words-about.ru.js";

export const about: AboutWords = {
  title: "About the service",
  link: "About the service: who is who, prices and rules",
  lead: "Trapeza is cashless school meals: a child taps a card, and you see what was taken and what is left.",
  operator: "Operator of meals",
  cooks: "Cooks breakfasts and lunches",
  sells: "Runs the buffet",
  both: "Cooks breakfasts and lunches, runs the buffet",
  prices: "What meals cost today",
  meal: "What, and for whom",
  share: "Parents pay",
  subsidy: "The budget pays",
  news: "News and messages of the school stand on the first page",
  rules: "The rules in short",
  rulesInShort: [
    "A child has two purses: the main one for breakfasts and lunches, the additional one for the buffet. You choose which one to top up.",
    "When the main purse is short, a breakfast or lunch is paid from the additional one, and then on debt, up to a limit that the school has set (usually 150 ₽). " +
      "Free meals never stop.",
    "The buffet sells nothing on debt. Every top-up repays the debt for meals first.",
    "Meals are ordered and cancelled until the hour that stands in the menu. An order reserves no money: it is taken when the child has eaten.",
    "Block a lost card at once: the money stays in the account. Another card can be ordered here.",
    "What is left goes over to the next school year. When a child leaves the school, it is paid back on application within 20 working days, less debt and the costs of the transfer.",
    "Questions are answered within 5 working days, complaints within 15.",
  ],
  offer: "Terms of the contract",
  data: "What data are kept",
  dataInShort: [
    "The child's name, class, numbers of account and cards, telephones of legal representatives: while the child learns here and for a year after, longer only while something is still to be paid back. Then names are forgotten, and sums stay under the account's number.",
    "To whom a rest was paid stands in its payment order alone, which the law on accounting has kept for five years after the year of the payment.",
    "We never see bank cards: you type their number on the bank's page. You can delete your account in the profile on any day.",
  ],
  help: "Help and answers",
  audit: "The schools' journals, which anybody can check",
};
