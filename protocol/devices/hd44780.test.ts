import test from "ava";
import { toByteText } from "../wire/cp1251.js";
import { toHex } from "../wire/bytes.js";
import { characterOf, codeOf, line, setUp, turnOn, wake } from "./hd44780.js";

test("the way in is the data sheet's: three times 3, then 2, function set, off, clear, entry mode, on", (t) => {
  t.is(toHex(wake()), "3c38");
  t.is(toHex(setUp()), "3c383c382c28" + "2c288c88" + "0c088c88" + "0c081c18");
  t.is(toHex(turnOn()), "0c086c68" + "0c08ccc8");
});

test("a line is its address and twenty characters, each in two halves", (t) => {
  const bytes = line(2, "A");
  t.is(bytes.length, 4 * 21);
  t.is(toHex(bytes.slice(0, 12)), "9c984c48" + "4d491d19" + "2d290d09");
});

test("every Russian letter has a code of its own or looks like a Latin one", (t) => {
  const letters = "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдеёжзийклмнопрстуфхцчшщъыьэюя";
  const codes = [...toByteText(letters)].map((letter) => codeOf(letter.charCodeAt(0)));
  t.is(new Set(codes).size, letters.length);
  t.deepEqual(
    codes.slice(0, 8),
    [0x41, 0xa0, 0x42, 0xa1, 0xe0, 0x45, 0xa2, 0xa3],
    "А and В and Е are written in Latin, Б and Г and Д and Ё and Ж are not",
  );
  for (const letter of toByteText("БГДЁЖЗИЙЛПУФЦЧШЩЪЫЭЮЯбвгдёжзийклмнптфцчшщъыьэюя")) {
    t.is(characterOf(codeOf(letter.charCodeAt(0))), letter.charCodeAt(0));
  }
});

test("what the display cannot write is a blank", (t) => {
  for (const character of [0, 10, 0x7f, 0x98, 0xb9]) t.is(codeOf(character), 0x20);
});
