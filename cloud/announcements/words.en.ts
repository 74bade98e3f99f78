/** The same in English. */
import type { AnnouncementWords } from "./words.ru.js";

export const en: AnnouncementWords = {
  subject: "A message from the school",
  short: "A new message in your account",
  text: (link) => "Hello!\n\nThe school has sent you a message. It can be read in your account:\n\n" + link,
};
