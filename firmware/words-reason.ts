/**
 * Refusals in words for the grown-up at the terminal. The child reads one neutral sentence and hears one tone, whatever the number.
 */
import type { Word } from "./words.js";

/** By number (protocol/wire/reason.ts); the first stands for every number that nobody at a terminal needs to tell from another. */
const REASONS: ReadonlyArray<Word> = [
  ["Отказ", "Refused"], // 0
  ["Отказ", "Refused"],
  ["Отказ", "Refused"],
  ["Покажите карту ещё раз", "Show the card again"],
  ["Отказ", "Refused"],
  ["Карта неизвестна", "Unknown card"], // 5
  ["Карта не выдана", "Card not issued"],
  ["Карта заблокирована", "Card blocked"],
  ["Срок карты истёк", "Card expired"],
  ["Карту нужно проверить", "Card must be checked"],
  ["Нужна другая карта", "Another card is needed"], // 10
  ["Нет такого счёта", "No such account"],
  ["Счёт закрыт", "Account closed"],
  ["Ученик в другой школе", "Pupil of another school"],
  ["Счёт заблокирован: долг", "Account blocked: debt"],
  ["Родители запретили буфет", "Parents allow no buffet"], // 15
  ["Блюдо запрещено родителями", "Parents forbid this dish"],
  ["Блюда нет в меню", "Not on the menu"],
  ["Цена изменилась", "Price changed"],
  ["Не хватает денег", "Not enough money"],
  ["Дневной лимит исчерпан", "Daily limit reached"], // 20
  ["Превышен допустимый долг", "Debt limit exceeded"],
  ["Уже накормлен", "Already served"],
  ["Время питания прошло", "Meal is over"],
  ["Заказы уже закрыты", "Orders are closed"],
  ["Не из этого класса", "Not of this class"], // 25
  ["Нечего возвращать", "Nothing to void"],
  ["Чек другой кассы", "Receipt of another till"],
  ["Смена закрыта", "Shift closed"],
  ["Неверная сумма", "Wrong amount"],
  ["Терминал не обслуживается", "Terminal out of service"], // 30
  ["Карта заявлена потерянной", "Card reported lost"],
  ["Отказ", "Refused"],
  ["Карта не читается", "Card unreadable"],
];

/** One short sentence for the cashier or teacher; its number stands beside it on the screen. */
export function reasonWord(reason: number): Word {
  return REASONS[reason < REASONS.length ? reason : 0];
}
