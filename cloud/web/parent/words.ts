/** The parents' words in the reader's language. */
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { ParentWords } from "./words.ru.js";

export function parentWords(language: "ru" | "en"): ParentWords {
  return language === "ru" ? ru : en;
}
