/**
 * From a terminal's message to the rules' question: handles become cards, texts become Unicode, what the gateway has noticed itself is put beside it.
 */
import { fromByteText } from "@trapeza/protocol";
import type { BusinessDate, CardUid, Fact, Kopecks, NotePayee, Operation, Payer, Reason, Request, When } from "@trapeza/protocol";

/** A question that may be refused, or something that happened and may not. */
export type Asked =
  | { readonly kind: "request"; readonly request: Request; readonly found: readonly Reason[] }
  | { readonly kind: "fact"; readonly fact: Fact };

/** What the gateway knows beside the message. */
export interface Surroundings {
  /** Ids that the class list handed to this terminal and card carried as admitted. */
  readonly admitted: (list: ClassMessage) => readonly number[];
  /** Who is behind a handle, once. */
  readonly takeHandle: (handle: number) => Payer | null;
  /** Who stood there when a gateway before this one answered; the sale is refused all the same, until its receipt is told of. */
  readonly formerPayer: (message: Extract<Operation, { kind: "Sale" }>) => Payer | null;
  /** The account behind a card or a place on the class list; `null` for a card without purses. */
  readonly accountOf: (payer: Payer) => number | null;
  /** `true` for what was stored before this session began: what is then found in it may have been acted upon already. */
  readonly before: boolean;
  /** Salt and digest of the digits that belong to this operation. */
  readonly code: () => { readonly salt: Uint8Array; readonly digest: Uint8Array };
  /** Unix ms of something that the terminal dates, or `null` when it cannot be known. */
  readonly momentOf: (when: When) => number | null;
}

export function askFor(message: Operation, around: Surroundings): Asked {
  switch (message.kind) {
    case "NoteStacked":
    case "NoteUnresolved": {
      const { kind, purse, note, visit } = message;
      return {
        kind: "fact",
        fact: { kind, payee: message.payee as NotePayee, purse, note, visit, happenedMs: around.momentOf(message.when) },
      };
    }
    case "Receipt":
      return { kind: "fact", fact: { kind: "Receipt", of: message.of, outcome: message.outcome } };
    case "Collection":
      return { kind: "fact", fact: { kind: "Collection", uid: message.uid, witness: message.witness, seal: fromByteText(message.seal) } };
    case "Sale":
      return askForSale(message, around);
    case "CashSale":
      return askForCash(message, around.before);
    case "Fee":
    case "AccessCode":
      return askForHolder(message, around);
    default:
      return { kind: "request", request: requestFor(message, around), found: [] };
  }
}

function askForSale(message: Extract<Operation, { kind: "Sale" }>, around: Surroundings): Asked {
  const { lines, total, menuVersion } = message;
  const live = around.takeHandle(message.handle);
  const payer = live ?? around.formerPayer(message);
  const override = message.override === "none" ? null : message.override;
  return {
    kind: "request",
    request: { kind: "Sale", payer: payer ?? NOBODY, lines, total, menuVersion, override },
    found: live ? [] : ["stale_session"],
  };
}

/** Without a handle there is nobody to ask about; the rules still write the refusal down. */
const NOBODY: Payer = { by: "list", account: 0 };

/** Cash that was taken before this session began lies in the drawer, with a paper that says so: it can only be written down. */
function askForCash(message: Extract<Operation, { kind: "CashSale" }>, before: boolean): Asked {
  const { lines, total, menuVersion, when } = message;
  if (!before) return { kind: "request", request: { kind: "CashSale", lines, total, menuVersion }, found: [] };
  return { kind: "fact", fact: { kind: "CashTaken", lines, total, menuVersion, soldOn: when.date as BusinessDate } };
}

function askForHolder(message: Extract<Operation, { kind: "Fee" | "AccessCode" }>, around: Surroundings): Asked {
  const payer = around.takeHandle(message.handle);
  const account = (payer && around.accountOf(payer)) ?? 0;
  const found: Reason[] = payer ? [] : ["stale_session"];
  if (message.kind === "AccessCode") return { kind: "request", request: { kind: "IssueCode", account, ...around.code() }, found };
  const { service, amount } = message;
  return { kind: "request", request: { kind: "PaidService", account, service, amount }, found };
}

type Plain = Exclude<
  Operation,
  { kind: "Sale" | "CashSale" | "Fee" | "AccessCode" | "NoteStacked" | "NoteUnresolved" | "Receipt" | "Collection" }
>;

function requestFor(message: Plain, around: Surroundings): Request {
  switch (message.kind) {
    case "Void": {
      const { receipt, lines, reason, supervisor } = message;
      return { kind: "Void", receipt, lines, reason, supervisor };
    }
    case "Activate":
      return { kind: "ActivateCard", uid: message.uid, paid: message.paid };
    case "MealConfirm":
      return { kind: "MealConfirm", ...classMeal(message), admitted: around.admitted(message) };
    case "MealUndo":
      return { kind: "MealUndo", ...classMeal(message) };
    case "PreOrder":
      return { kind: "PreOrder", ...classMeal(message), cancel: message.cancel };
    case "Shift":
      return { kind: message.action === "open" ? "ShiftOpen" : "ShiftClose", uid: message.uid, declared: message.declared as Kopecks };
  }
}

interface ClassMessage {
  readonly class: number;
  readonly meal: number;
  readonly date: number;
  readonly ids: readonly number[];
  readonly uid: CardUid;
}

function classMeal(message: ClassMessage) {
  return { uid: message.uid, class: message.class, meal: message.meal, date: message.date as BusinessDate, ids: message.ids };
}
