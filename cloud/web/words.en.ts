/** The same in English, sentence for sentence. */
import type { Words } from "./words.ru.js";

export const en: Words = {
  language: "en",
  product: "Trapeza",
  otherLanguage: "Русский",
  logout: "Log out",
  toContent: "Skip to content",
  main: "Sections",
  form: {
    missing: "Fill in this field.",
    tooLong: (most) => "Too long: at most " + most + " characters.",
    old: {
      title: "This page is out of date",
      lead: "It was opened too long ago or in another window, so nothing has been changed. Open it again and repeat.",
      again: "Open it again",
    },
  },
  notFound: { title: "There is no such page", lead: "The link may be out of date.", home: "Home" },
};
