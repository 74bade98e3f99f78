/** The words of people in the reader's language. */
import type { Visit } from "../route.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";
import type { PeopleWords } from "./words.ru.js";

export function peopleWords({ reader }: Visit): PeopleWords {
  return reader.language === "ru" ? ru : en;
}
