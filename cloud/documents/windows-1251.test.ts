import test from "ava";
import { encodeWindows1251 } from "./windows-1251.js";

test("every Russian letter, the number sign and the quotes come back as they were", (t) => {
  const text = "АБВЁЯабвёя №42 «Школа» — 1 500,00\r\n";
  t.is(new TextDecoder("windows-1251").decode(encodeWindows1251(text)), text);
  t.deepEqual([...encodeWindows1251("Аё№")], [0xc0, 0xb8, 0xb9]);
});

test("what the alphabet does not have is a question mark", (t) => {
  t.is(Buffer.from(encodeWindows1251("₽ 😀 ok")).toString("latin1"), "? ? ok");
});
