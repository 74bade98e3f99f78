/** The words of money in the reader's language. */
import type { Visit } from "../route.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { MoneyWords } from "./words.ru.js";

export function moneyWords({ reader }: Visit): MoneyWords {
  return reader.language === "ru" ? ru : en;
}
