/** What stands on the terminals of a Russian school, and on the page of its teacher's card: where to look and what to press. */
export const LABELS = {
  holdCard: "Приложите карту",
  cashierCard: "Приложите карту кассира",
  additional: "Дополнительный",
  feed: "Вставляйте",
  waitsForNote: "ждёт купюру",
  note: "Купюры: 100",
  fed: "100,00",
  done: "Готово",
  takePaper: "Возьмите чек",
  code: "Код",
  dishes: ["1151", "1155"],
  confirm: "Подтвердить",
  sold: "Продано",
} as const;
