/** What is sent to whoever has an answer to read, in Russian. */
export const ru = {
  subject: "Вам ответили",
  short: "Ответ на ваше обращение",
  text: (link: string) => "Здравствуйте!\n\nНа ваше обращение ответили. Прочитать ответ можно в личном кабинете:\n\n" + link,
};

export type LetterWords = typeof ru;
