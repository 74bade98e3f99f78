/**
 * From a terminal's message to the rules' question: handles become cards, texts become Unicode, what the gateway has noticed itself is put beside it.
 */
import { fromByteText } from "@trapeza/protocol";
import type { BusinessDate, CardUid, Fact, Kopecks, NotePayee, Operation, Reason, Request, When } from "@trapeza/protocol";

/** A question that may be refused, or something that happened and may not. */
export type Asked =
  | { readonly kind: "request"; readonly request: Request; readonly found: readonly Reason[] }
  | { readonly kind: "fact"; readonly fact: Fact };

/** What the gateway knows beside the message. */
export interface Surroundings {
  /** Card behind a tap handle, once. */
  readonly takeHandle: (handle: number) => CardUid | null;
  /** Ids that the class list handed to this terminal and card carried as admitted. */
  readonly admitted: (list: ClassMessage) => readonly number[];
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
    case "Sale":
      return askForSale(message, around);
    default:
      return { kind: "request", request: requestFor(message, around), found: [] };
  }
}

function askForSale(message: Extract<Operation, { kind: "Sale" }>, around: Surroundings): Asked {
  const { lines, total, menuVersion } = message;
  const uid = around.takeHandle(message.handle);
  // Without a card there is nobody to ask about; the rules still write the refusal down.
  const payer = uid ? ({ by: "card", uid } as const) : ({ by: "list", account: 0 } as const);
  return {
    kind: "request",
    request: { kind: "Sale", payer, lines, total, menuVersion, override: null },
    found: uid ? [] : ["stale_session"],
  };
}

type Plain = Exclude<Operation, { kind: "Sale" | "NoteStacked" | "NoteUnresolved" | "Receipt" }>;

function requestFor(message: Plain, around: Surroundings): Request {
  switch (message.kind) {
    case "CashSale": {
      const { lines, total, menuVersion } = message;
      return { kind: "CashSale", lines, total, menuVersion };
    }
    case "Void":
      return { kind: "Void", receipt: message.receipt, lines: message.lines, reason: message.reason, supervisor: null };
    case "MealConfirm":
      return { kind: "MealConfirm", ...classMeal(message), admitted: around.admitted(message) };
    case "MealUndo":
      return { kind: "MealUndo", ...classMeal(message) };
    case "PreOrder":
      return { kind: "PreOrder", ...classMeal(message), cancel: message.cancel };
    case "Shift":
      return { kind: message.action === "open" ? "ShiftOpen" : "ShiftClose", uid: message.uid, declared: message.declared as Kopecks };
    case "Collection":
      return { kind: "Collection", uid: message.uid, seal: fromByteText(message.seal) };
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
