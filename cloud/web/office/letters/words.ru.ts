/** Letters of families in the office, in Russian. */
export const ru = {
  title: "Обращения",
  empty: "Здесь появятся вопросы и жалобы семей; самые срочные сверху.",
  kind: "Что",
  kinds: { question: "вопрос", complaint: "жалоба" },
  recipient: "Кому",
  recipients: { school: "школе", operator: "оператору" },
  about: "О ком",
  due: "Срок",
  state: "Состояние",
  states: { open: "ждёт ответа", late: "срок прошёл", answered: "отвечено" },
  from: "От кого",
  erased: "личный кабинет удалён",
  answer: "Ответ",
  send: "Ответить",
  hint: "семья увидит ответ в личном кабинете; изменить его потом нельзя",
  sent: "Ответ отправлен.",
  already: "На это обращение уже ответили.",
};

export type LetterWords = typeof ru;
