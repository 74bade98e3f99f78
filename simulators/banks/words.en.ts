/** What a bank's page says. */
export interface BankWords {
  readonly language: string;
  readonly title: string;
  readonly toPay: string;
  readonly order: string;
  readonly purpose: string;
  readonly left: (time: string) => string;
  readonly card: string;
  readonly valid: string;
  readonly code: string;
  readonly pay: string;
  readonly payAndBind: string;
  readonly decline: string;
  readonly practice: string;
  readonly over: string;
  readonly back: string;
  readonly identity: { readonly title: string; readonly person: string; readonly enter: string; readonly cancel: string };
}

export const ENGLISH: BankWords = {
  language: "en",
  title: "Practice bank",
  toPay: "To pay",
  order: "Order number",
  purpose: "For",
  left: (time) => `Time left: ${time}`,
  card: "Card number",
  valid: "Valid through",
  code: "Code on the back",
  pay: "Pay",
  payAndBind: "Pay, and let this shop take payments without asking",
  decline: "Decline, as if there were no money",
  practice: "This is no real bank: no money moves here and no card number is needed.",
  over: "The order is closed: paid, declined or out of time.",
  back: "Go back",
  identity: { title: "Practice identities", person: "Who are you?", enter: "Log in", cancel: "Cancel" },
};
