/** What every page says, whoever reads it, in Russian. The English file says the same; its type is taken from here. */
export const ru = {
  language: "ru" as "ru" | "en",
  product: "Трапеза",
  otherLanguage: "English",
  logout: "Выйти",
  toContent: "К содержанию",
  main: "Разделы",
  form: {
    missing: "Заполните это поле.",
    tooLong: (most: number) => "Слишком длинно: не больше " + most + " знаков.",
    old: {
      title: "Страница устарела",
      lead: "Она была открыта слишком давно или в другом окне, и потому ничего не изменилось. Откройте её заново и повторите.",
      again: "Открыть заново",
    },
  },
  notFound: { title: "Такой страницы нет", lead: "Возможно, ссылка устарела.", home: "На главную" },
};
export type Words = typeof ru;
