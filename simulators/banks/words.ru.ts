import type { BankWords } from "./words.en.js";

/** Страница банка, на которую попадает плательщик. */
export const RUSSIAN: BankWords = {
  language: "ru",
  title: "Учебный банк",
  toPay: "Сумма к оплате",
  order: "Номер заказа",
  purpose: "Описание платежа",
  left: (time) => `До окончания сессии осталось: ${time}`,
  card: "Номер карты",
  valid: "Действительна до",
  code: "Код с обратной стороны",
  pay: "Оплатить",
  decline: "Отказать, как будто денег нет",
  practice: "Это не настоящий банк: деньги здесь ненастоящие, номер карты не нужен.",
  over: "Заказ уже закрыт: оплачен, отклонён или время вышло.",
  back: "Вернуться",
};

/** Реестр операций за день. */
export const REGISTRY_HEADS = ["Номер заказа", "Операция", "Сумма", "Комиссия"];
export const REGISTRY_OPERATIONS = { payment: "Оплата", refund: "Возврат", chargeback: "Опротестование" };
