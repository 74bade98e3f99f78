/**
 * Refusals in words for the grown-up at the terminal. The child reads one neutral sentence and hears one tone, whatever the number.
 * A function and not a table: looked up rarely, and the chip keeps functions in flash.
 */
import type { Language } from "./words.js";

function russian(reason: number): string {
  if (reason === 5) return "Карта неизвестна";
  if (reason === 6) return "Карта не выдана";
  if (reason === 7) return "Карта заблокирована";
  if (reason === 8) return "Срок карты истёк";
  if (reason === 9 || reason === 33) return "Карта не читается";
  if (reason === 10) return "Нужна другая карта";
  if (reason === 11) return "Нет такого счёта";
  if (reason === 12) return "Счёт закрыт";
  if (reason === 13) return "Ученик в другой школе";
  if (reason === 14) return "Счёт заблокирован: долг";
  if (reason === 15) return "Родители запретили буфет";
  if (reason === 16) return "Блюдо запрещено родителями";
  if (reason === 17) return "Блюда нет в меню";
  if (reason === 18) return "Цена изменилась";
  if (reason === 19) return "Не хватает денег";
  if (reason === 20) return "Дневной лимит исчерпан";
  if (reason === 21) return "Превышен допустимый долг";
  if (reason === 22) return "Уже накормлен";
  if (reason === 23) return "Время питания прошло";
  if (reason === 24) return "Заказы уже закрыты";
  if (reason === 25) return "Не из этого класса";
  if (reason === 26) return "Нечего возвращать";
  if (reason === 27) return "Чек другой кассы";
  if (reason === 28) return "Смена закрыта";
  if (reason === 29) return "Неверная сумма";
  if (reason === 30) return "Терминал не обслуживается";
  if (reason === 31) return "Карта заявлена потерянной";
  return "Отказ";
}

function english(reason: number): string {
  if (reason === 5) return "Unknown card";
  if (reason === 6) return "Card not issued";
  if (reason === 7) return "Card blocked";
  if (reason === 8) return "Card expired";
  if (reason === 9 || reason === 33) return "Card unreadable";
  if (reason === 10) return "Another card is needed";
  if (reason === 11) return "No such account";
  if (reason === 12) return "Account closed";
  if (reason === 13) return "Pupil of another school";
  if (reason === 14) return "Account blocked: debt";
  if (reason === 15) return "Parents allow no buffet";
  if (reason === 16) return "Parents forbid this dish";
  if (reason === 17) return "Not on the menu";
  if (reason === 18) return "Price changed";
  if (reason === 19) return "Not enough money";
  if (reason === 20) return "Daily limit reached";
  if (reason === 21) return "Debt limit exceeded";
  if (reason === 22) return "Already served";
  if (reason === 23) return "Meal is over";
  if (reason === 24) return "Orders are closed";
  if (reason === 25) return "Not of this class";
  if (reason === 26) return "Nothing to void";
  if (reason === 27) return "Receipt of another till";
  if (reason === 28) return "Shift closed";
  if (reason === 29) return "Wrong amount";
  if (reason === 30) return "Terminal out of service";
  if (reason === 31) return "Card reported lost";
  return "Refused";
}

/** One short sentence for the cashier or teacher; its number stands beside it on the screen. */
export function reasonWords(language: Language, reason: number): string {
  return language === "en" ? english(reason) : russian(reason);
}
