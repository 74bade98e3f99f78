/** The same in English. */
import type { LetterWords } from "./words.ru.js";

export const en: LetterWords = {
  subject: "You have an answer",
  short: "An answer to your letter",
  text: (link) => "Hello!\n\nYour letter was answered. The answer can be read in your account:\n\n" + link,
};
