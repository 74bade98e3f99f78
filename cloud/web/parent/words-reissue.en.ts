/** The same in English. */
import type { ReissueWords } from "./words-reissue.ru.js";

export const reissue: ReissueWords = {
  title: "Another card in place of the old one",
  link: "Order another card in place of the old one",
  lead: "The operator makes the card. The old one stops working when the new one is ready; block a lost one at once.",
  cause: "What has happened",
  causes: { loss: "Lost", damage: "Damaged", theft: "Stolen", name: "The name has changed", expiry: "It expires soon" },
  fee: "Price",
  from: "How to pay",
  purse: { main: (rest) => "from the main purse, which has " + rest, additional: (rest) => "from the additional purse, which has " + rest },
  later: "at the canteen's till or at the operator's",
  noFee: "The operator will tell the price and how to pay.",
  bring:
    "The card is handed out at the operator's office against signature. Bring your passport, and sign the application and the consent there.",
  submit: "Order",
  received: "The application has been taken.",
  trouble: {
    price: "The price has changed. Look at it and order once more.",
    money: "There is not enough money in this purse. Top it up, or pay at the till.",
    open: "There is an application already; another one is not needed.",
    cause: "Choose what has happened.",
  },
  underWay: "Application for another card",
  since: (date) => "made on " + date,
  states: {
    received: "taken, the operator is to check it",
    sent: "with the operator",
    registered: "registered, the card is being made",
    returned: "returned: the operator asks to mend it",
    made: "the card is ready to be fetched",
    handed: "the card has gone to the school",
    issued: "the card was handed out",
  },
  fees: {
    paid: "Paid.",
    waits: "The money is taken from the purse as soon as the school is online.",
    due: "Not paid yet: pay at the canteen's till or at the operator's; the card is not made before.",
  },
};
