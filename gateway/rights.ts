/**
 * Which kind of terminal may ask what. Whoever opens a machine in a hall has its key, and with it the words of its kind: those of another kind are refused,
 * so a stolen kiosk learns no class list and no face. What a kind may have done is the rules' business (terminalChecks).
 */
import type { School, TerminalKind, Up } from "@trapeza/protocol";

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
