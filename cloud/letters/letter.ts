/** What families write to the school or the operator, and until when each has to be answered. */
import type { BusinessDate } from "@trapeza/protocol";
import { afterWorkingDays } from "../office/cards/working-days.js";

export const LETTER_KINDS = ["question", "complaint"] as const;
export type LetterKind = (typeof LETTER_KINDS)[number];
export const RECIPIENTS = ["school", "operator"] as const;
export type Recipient = (typeof RECIPIENTS)[number];
/** Working days; a complaint's by the agreement with the families, a question's by the operator's own promise. */
const TERMS: { readonly [kind in LetterKind]: number } = { question: 5, complaint: 15 };
export const LONGEST_LETTER = 2000;

export interface NewLetter {
  readonly phone: string;
  readonly school: number;
  readonly account: number;
  readonly kind: LetterKind;
  readonly recipient: Recipient;
  readonly text: string;
  readonly writtenMs: number;
  readonly dueOn: BusinessDate;
}

export interface Letter extends NewLetter {
  readonly id: number;
  readonly answer: { readonly text: string; readonly atMs: number } | null;
}

export function dueOn(kind: LetterKind, writtenOn: BusinessDate): BusinessDate {
  return afterWorkingDays(writtenOn, TERMS[kind]);
}

export type LetterState = "answered" | "open" | "late";

export function stateOf({ answer, dueOn: due }: Pick<Letter, "answer" | "dueOn">, today: BusinessDate): LetterState {
  if (answer !== null) return "answered";
  return today > due ? "late" : "open";
}

export interface LetterStore {
  add(letter: NewLetter): Promise<void>;
  /** A guardian's own, the newest first. */
  of(phone: string): Promise<Letter[]>;
  /** Answered, and the writer does not know yet; the oldest first. */
  untold(limit: number): Promise<Letter[]>;
  told(id: number): Promise<void>;
}
