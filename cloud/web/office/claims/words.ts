/** The words of claims in the reader's language. */
import type { Visit } from "../route.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { ClaimWords } from "./words.ru.js";

export function claimWords({ reader }: Visit): ClaimWords {
  return reader.language === "ru" ? ru : en;
}
