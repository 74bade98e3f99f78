/** The words of money in the reader's language. */
import type { Visit } from "../route.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { MoneyWords } from "./words.ru.js";
import { en as outEn } from "./words-out.en.js";
import { ru as outRu } from "./words-out.ru.js";
import type { OutWords } from "./words-out.ru.js";

export function moneyWords({ reader }: Visit): MoneyWords {
  return reader.language === "ru" ? ru : en;
}

export function outWords({ reader }: Visit): OutWords {
  return reader.language === "ru" ? outRu : outEn;
}
