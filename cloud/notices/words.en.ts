/** The same in English. */
import type { NoticeWords } from "./words.ru.js";

export const en: NoticeWords = {
  subject: (name, what) => name + ": " + what,
  several: (count) => count + " pieces of news",
  greeting: "Hello,",
  line: (when, name, what) => when + " — " + name + ": " + what,
  purchase: (what, sum) => "bought at the buffet, " + what + ", " + sum,
  purchaseBack: (sum) => "a buffet purchase was given back, " + sum,
  meal: (what, sum) => what + ", " + sum,
  mealBack: (what, sum) => "the meal was undone, " + what + ", " + sum + " given back",
  low: (purse, left) => left + " left in the " + purse + " purse, time to top up",
  debt: (owed) => "served on debt, which is " + owed + " now. The next top-up repays it first",
  topUp: (sum) => sum + " credited",
  refused: {
    meal: (what) => "no meal was served, " + what + ". Look at the balance",
    cash: () => "cash fed into the terminal was not credited. Show the receipt at school",
    payment: () => "the school has not credited a payment. We are looking into it; the money is not lost",
  },
  blocked: (card) => "card " + card + " is blocked",
  code: "a one-time password for this account was printed at school. If it was not you who asked, tell the school",
  short: {
    purchase: "Bought at the buffet",
    meal: "Meal",
    low: "Time to top up",
    debt: "Top up the main purse",
    topUp: "Topped up",
    refused: "Needs your attention",
    blocked: "Card blocked",
    code: "One-time password printed",
  },
  foot: (link) => "What you are told, and how, is for you to choose: " + link,
};
