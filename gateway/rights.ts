/**
 * Which kind of terminal may ask what. Whoever opens a machine in a hall has its key, and with it the words of its kind: those of another kind are refused,
 * so a stolen kiosk learns no class list and no face. What a kind may have done is the rules' business (terminalChecks).
 */
import type { School, Terminal, TerminalKind, Up } from "@trapeza/protocol";
import type { Mood } from "./disk.js";
import type { Session } from "./sessions.js";

const ASKED_BY: { readonly [kind in Up["kind"]]?: TerminalKind } = {
  FindAccount: "payment",
  Browse: "settlement",
  Identify: "settlement",
  FindReceipt: "settlement",
  ShiftReport: "settlement",
  PhotoRequest: "settlement",
  ClassList: "information",
  Today: "information",
};

/** `false` for a question that belongs to another kind of terminal. */
export function mayAsk(school: School, terminal: number, question: Up["kind"]): boolean {
  const kind = ASKED_BY[question];
  return kind === undefined || school.terminals.get(terminal)?.terminalKind === kind;
}

/** With what a till begins or ends something that could wait; returning money, closing a shift and every meal cannot. */
const CAN_WAIT: readonly Up["kind"][] = ["Tap", "Browse", "Identify", "Sale", "CashSale", "Fee", "Activate", "AccessCode"];

/** `true` for new business at a till while only the reserve is left on the disk. */
export function isPutOff(mood: Mood | undefined, session: Session, message: Up["kind"]): boolean {
  return mood === "low" && session.hello.terminalKind === "settlement" && CAN_WAIT.includes(message);
}

/** What a terminal may do, the disk permitting: a kiosk takes no more notes when room is short. */
export function serviceUnder(mood: Mood, terminal: Terminal | undefined): Terminal["service"] {
  if (!terminal || mood === "mute") return "closed";
  return mood === "low" && terminal.terminalKind === "payment" && terminal.service === "open" ? "no_cash" : terminal.service;
}
