import test from "ava";
import { readTable } from "./sheet-in.js";
import { formatRoubles, writeWorkbook } from "./sheet-out.js";
import { readZip, writeZip } from "./zip.js";

const cp1251 = (text: string) =>
  Uint8Array.from([...text].map((letter) => (letter >= "А" && letter <= "я" ? letter.charCodeAt(0) - 0x350 : letter.charCodeAt(0))));

test("a workbook that we write is read back cell for cell", (t) => {
  const bytes = writeWorkbook({
    name: "Табель: 1/2",
    columns: [
      { head: "Имя", width: 20 },
      { head: "Сумма", width: 10 },
    ],
    rows: [
      ['Ёлкин <&"> П.', { kopecks: -12005 }],
      [null, 7],
    ],
    foot: ["Итого", { kopecks: 5 }],
  });
  t.deepEqual(readTable(bytes), [
    ["Имя", "Сумма"],
    ['Ёлкин <&"> П.', "-120.05"],
    ["", "7"],
    ["Итого", "0.05"],
  ]);
});

test("kopecks become roubles without a fraction", (t) => {
  t.deepEqual([0, 5, 100, -1, 12345678901].map(formatRoubles), ["0.00", "0.05", "1.00", "-0.01", "123456789.01"]);
});

test("text is read in UTF-8 and in windows-1251, with any separator, quotes and line ends", (t) => {
  const want = [
    ["Класс", "Имя"],
    ["1А", 'Иванов "младший"; Иван'],
    ["", "x\ny"],
  ];
  const text = 'Класс;Имя\r\n1А;"Иванов ""младший""; Иван"\r\n;"x\ny"\r\n\r\n';
  t.deepEqual(readTable(Buffer.from("\ufeff" + text)), want);
  t.deepEqual(readTable(cp1251(text)), want);
  t.deepEqual(readTable(Buffer.from("а\tб\n1\t2")), [
    ["а", "б"],
    ["1", "2"],
  ]);
});

test("shared strings, skipped cells and rows of other programs' workbooks are read", (t) => {
  const sheet =
    '<worksheet><sheetData><row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2"><v>45000</v></c></row><row r="3"/>' +
    '<row r="4"><c r="A4" t="str"><v>a&amp;b</v></c></row></sheetData></worksheet>';
  const bytes = writeZip([
    { name: "xl/workbook.xml", text: '<workbook><sheets><sheet name="x" sheetId="5" r:id="rId7"/></sheets></workbook>' },
    { name: "xl/_rels/workbook.xml.rels", text: '<Relationships><Relationship Id="rId7" Target="worksheets/sheet5.xml"/></Relationships>' },
    { name: "xl/sharedStrings.xml", text: "<sst><si><r><t>Ива</t></r><r><t>нов</t></r><rPh><t>x</t></rPh></si></sst>" },
    { name: "xl/worksheets/sheet5.xml", text: sheet },
  ]);
  t.deepEqual(readTable(bytes), [[], ["", "Иванов", "", "45000"], [], ["a&b"]]);
});

test("what is no table is a value, whichever byte is wrong or missing", (t) => {
  const good = writeWorkbook({ name: "x", columns: [{ head: "a", width: 5 }], rows: [["b"]] });
  for (let length = 2; length < good.length; length += 7) t.is(readTable(good.subarray(0, length)), null);
  for (let at = 4; at < good.length; at += 11) {
    const broken = good.slice();
    broken[at] ^= 0xff;
    t.notThrows(() => readTable(broken));
  }
  t.is(readTable(Uint8Array.from([0, 1, 2, 3])), null);
  t.is(readZip(new Uint8Array(0)), null);
});
