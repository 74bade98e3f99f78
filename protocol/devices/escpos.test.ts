import test from "ava";
import fc from "fast-check";
import { concat, fromHex, latinBytes, toHex } from "../wire/bytes.js";
import * as escpos from "./escpos.js";

test("windows-1251 text leaves as CP866", (t) => {
  // "Обед 75.50", as published, then № and Ё.
  t.is(toHex(escpos.encodeText("\xce\xe1\xe5\xe4 75.50", 0)), "8ea1a5a42037352e3530");
  t.is(toHex(escpos.encodeText("\xb9\xa8\xb8", 0)), "fcf0f1");
});

test("every printable letter of the Russian alphabet agrees with the system's own tables", (t) => {
  const [cyrillic, dos] = [new TextDecoder("windows-1251"), new TextDecoder("ibm866")];
  for (let code = 0xc0; code <= 0xff; code++) {
    t.is(dos.decode(escpos.encodeText(String.fromCharCode(code), 0)), cyrillic.decode(new Uint8Array([code])));
  }
});

test("a printer that keeps windows-1251 gets it as it is", (t) => {
  t.is(toHex(escpos.encodeText("\xce\xe1\xe5\xe4 \xb9", escpos.CP1251)), "cee1e5e420b9");
});

test("a control character in a name is never a command", (t) => {
  t.is(toHex(escpos.encodeText("a\x1b@\n\u041f", escpos.CP1251)), "613f403f3f");
});

const builders: [string, Uint8Array, string][] = [
  ["initialise", escpos.initialise(), "1b40"],
  ["code page 866", escpos.codePage(17), "1b7411"],
  ["cancel Kanji", escpos.cancelKanji(), "1c2e"],
  ["bold", escpos.bold(true), "1b4501"],
  ["centre", escpos.align(1), "1b6101"],
  ["double size", escpos.size(2, 2), "1d2111"],
  ["feed three lines", escpos.feed(3), "1b6403"],
  ["partial cut", escpos.cut(), "1d5601"],
  ["recover, and begin as new", escpos.recover(), "1005021b40"],
  ["ask for the paper", escpos.askStatus(4), "100404"],
  ["ask for the paper in its turn", escpos.askInTurn(), "1b76"],
];

for (const [name, made, expected] of builders) {
  test(`the bytes of ${name}`, (t) => {
    t.is(toHex(made), expected);
  });
}

test("the QR commands carry the length of their data, low byte first", (t) => {
  const made = toHex(escpos.qr(latinBytes("ABC"), 6));
  t.true(made.includes("1d286b0600315030414243"));
  t.true(made.startsWith("1d286b04003141320" + "0"));
  t.true(made.endsWith("1d286b0300315130"));
});

const causes: [number, { coverOpen: boolean; paperEnd: boolean; error: boolean }][] = [
  [0x12, { coverOpen: false, paperEnd: false, error: false }],
  [0x16, { coverOpen: true, paperEnd: false, error: false }],
  [0x32, { coverOpen: false, paperEnd: true, error: false }],
  [0x52, { coverOpen: false, paperEnd: false, error: true }],
];

for (const [byte, cause] of causes) {
  test(`status 2 of 0x${byte.toString(16)} means ${JSON.stringify(cause)}`, (t) => {
    t.true(escpos.isStatusByte(byte));
    t.deepEqual(escpos.decodeOfflineCause(byte), cause);
  });
}

test("paper: none, near its end, ample", (t) => {
  t.deepEqual(escpos.decodePaper(0x72), { nearEnd: false, end: true });
  t.deepEqual(escpos.decodePaper(0x1e), { nearEnd: true, end: false });
  t.deepEqual(escpos.decodePaper(0x12), { nearEnd: false, end: false });
});

test("the answer of a printer that speaks in its turn: no paper, near its end, ample; nothing that flow control or a real-time status is", (t) => {
  for (const byte of [0x0c, 0x0f]) t.true(escpos.decodePaperInTurn(byte).end);
  t.deepEqual(escpos.decodePaperInTurn(0x03), { nearEnd: true, end: false });
  t.deepEqual(escpos.decodePaperInTurn(0x00), { nearEnd: false, end: false });
  for (const byte of [0x00, 0x03, 0x0c, 0x0f]) t.true(escpos.isPaperByte(byte));
  for (const byte of [0x11, 0x12, 0x13, 0xff]) t.false(escpos.isPaperByte(byte));
});

test("flow control and automatic status are no answer", (t) => {
  for (const byte of [0x11, 0x13, 0x10, 0x14, 0x00, 0xff]) t.false(escpos.isStatusByte(byte));
});

test("what is written is read as the same tokens, however the line cuts it", (t) => {
  const line = concat([
    escpos.initialise(),
    escpos.cancelKanji(),
    escpos.codePage(17),
    escpos.align(1),
    escpos.size(2, 1),
    escpos.encodeText("\xcf\xf0\xe8\xe2\xe5\xf2", 0),
    escpos.lineFeed(),
    escpos.qr(fromHex("1b4000ff") as Uint8Array, 5),
    escpos.askStatus(1),
    escpos.askInTurn(),
    escpos.recover(),
    escpos.feed(4),
    escpos.cut(),
  ]);
  const whole = escpos.scan(line);
  t.is(whole.rest.length, 0);
  t.deepEqual(
    whole.tokens.map((token) => token.kind),
    [
      "initialise",
      "cancel_kanji",
      "code_page",
      "align",
      "size",
      "text",
      "line_feed",
      "qr",
      "qr",
      "qr",
      "qr",
      "qr",
      "ask_status",
      "ask_in_turn",
      "recover",
      "initialise",
      "feed",
      "cut",
    ],
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: line.length }), (cut) => {
      let rest = new Uint8Array(0);
      const commands: escpos.Token[] = [];
      for (let at = 0; at < line.length; at += cut) {
        const step = escpos.scan(concat([rest, line.subarray(at, at + cut)]));
        commands.push(...step.tokens.filter((token) => token.kind !== "text"));
        rest = Uint8Array.from(step.rest);
      }
      t.deepEqual(
        commands,
        whole.tokens.filter((token) => token.kind !== "text"),
      );
    }),
  );
});

test("any bytes at all are read without a throw, and nothing is lost but what waits", (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      const { rest } = escpos.scan(noise);
      t.true(rest.length <= noise.length);
    }),
  );
});
