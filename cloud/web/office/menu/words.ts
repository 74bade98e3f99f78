/** The words of menus in the reader's language. */
import type { Visit } from "../route.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { MenuWords } from "./words.ru.js";

export function menuWords({ reader }: Visit): MenuWords {
  return reader.language === "ru" ? ru : en;
}
