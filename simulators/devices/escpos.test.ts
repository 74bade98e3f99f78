import test from "ava";
import { concat, escpos, latinBytes, toByteText } from "@trapeza/protocol";
import { createVirtualClock, type VirtualClock } from "../clock.js";
import { createEscposTwin, receiptText, type EscposTwin } from "./escpos.js";

interface Rig {
  readonly clock: VirtualClock;
  readonly twin: EscposTwin;
  readonly answers: number[];
}

function rig(): Rig {
  const clock = createVirtualClock();
  const twin = createEscposTwin(clock);
  const answers: number[] = [];
  twin.connect((bytes) => answers.push(...bytes));
  twin.power?.(true);
  return { clock, twin, answers };
}

const text = (words: string): Uint8Array => escpos.encodeText(toByteText(words), 0);

test("Russian text in CP866, sizes, alignment, a QR code and a cut become a receipt", (t) => {
  const { clock, twin } = rig();
  twin.receive(
    concat([
      escpos.initialise(),
      escpos.codePage(17),
      escpos.align(1),
      escpos.size(1, 2),
      escpos.bold(true),
      text("ЧЕК № 24"),
      escpos.lineFeed(),
      escpos.bold(false),
      escpos.size(1, 1),
      escpos.align(0),
      text("Обед ёлка"),
      escpos.lineFeed(),
      escpos.qr(latinBytes("https://trapeza.example/r/1"), 6),
      escpos.feed(1),
      escpos.cut(),
    ]),
  );
  clock.advance(3000);
  t.is(twin.receipts.length, 1);
  const [first, second, code] = twin.receipts[0].lines;
  t.deepEqual(first, { kind: "text", align: "center", spans: [{ text: "ЧЕК № 24", bold: true, width: 1, height: 2 }] });
  t.deepEqual(second, { kind: "text", align: "left", spans: [{ text: "Обед ёлка", bold: false, width: 1, height: 1 }] });
  t.is(code.kind === "qr" && Buffer.from(code.data).toString(), "https://trapeza.example/r/1");
  t.is(receiptText(twin.receipts[0]).split("\n")[0], " ".repeat(12) + "ЧЕК № 24");
});

test("a line longer than the paper goes on in the next; a forgotten code page shows", (t) => {
  const { clock, twin } = rig();
  twin.receive(concat([text("1234567890123456789012345678901234"), escpos.lineFeed(), text("Я"), escpos.lineFeed()]));
  clock.advance(1000);
  t.is(receiptText(twin.current), "12345678901234567890123456789012\n34\n\u2592");
});

test("a line that was begun and not ended is forgotten when the next paper begins", (t) => {
  const { clock, twin } = rig();
  twin.receive(concat([text("whole"), escpos.lineFeed(), text("torn"), escpos.initialise(), text("next"), escpos.lineFeed()]));
  clock.advance(1000);
  t.is(receiptText(twin.current), "whole\nnext");
});

test("commands may arrive cut anywhere", (t) => {
  const { clock, twin } = rig();
  const bytes = concat([escpos.codePage(17), escpos.qr(latinBytes("ABC"), 4), text("да"), escpos.cut()]);
  for (const byte of bytes) twin.receive(new Uint8Array([byte]));
  clock.advance(3000);
  t.is(receiptText(twin.receipts[0]), "[QR 3]\nда");
});

test("without paper it waits, says so, and prints the rest when there is paper again", (t) => {
  const { clock, twin, answers } = rig();
  twin.receive(concat([text("one"), escpos.lineFeed()]));
  clock.advance(100);
  twin.paper = "end";
  twin.receive(concat([text("two"), escpos.lineFeed(), escpos.askStatus(2), escpos.askStatus(4)]));
  clock.advance(5000);
  t.is(receiptText(twin.current), "one");
  t.true(escpos.decodeOfflineCause(answers[0]).paperEnd);
  t.true(escpos.decodePaper(answers[1]).end);
  twin.paper = "ok";
  clock.advance(1000);
  t.is(receiptText(twin.current), "one\ntwo");
});

test("printing takes its time, and a power cut loses what was not printed", (t) => {
  const { clock, twin } = rig();
  const line = concat([text("line"), escpos.lineFeed()]);
  twin.receive(concat([line, line, line, line, line]));
  clock.advance(130);
  t.is(twin.current.lines.length, 3);
  twin.power?.(false);
  twin.power?.(true);
  clock.advance(1000);
  t.is(twin.current.lines.length, 3);
});

test("an open cover is told, a silent module tells nothing", (t) => {
  const { clock, twin, answers } = rig();
  twin.coverOpen = true;
  twin.receive(escpos.askStatus(2));
  clock.advance(10);
  t.true(escpos.decodeOfflineCause(answers[0]).coverOpen);
  twin.silent = true;
  twin.receive(escpos.askStatus(2));
  clock.advance(10);
  t.is(answers.length, 1);
});

test("the paper ends behind any byte: so much is printed, and the rest once there is paper again", (t) => {
  const bytes = concat([
    escpos.initialise(),
    escpos.codePage(17),
    text("one"),
    escpos.lineFeed(),
    escpos.qr(latinBytes("A"), 4),
    text("two"),
    escpos.cut(),
  ]);
  for (let left = 0; left <= bytes.length; left++) {
    const { clock, twin } = rig();
    twin.bytesLeft = left;
    twin.receive(bytes);
    clock.advance(5000);
    t.is(twin.paper, left < bytes.length ? "end" : "ok", `${left}`);
    if (left === 7) t.is(receiptText(twin.current), "on");
    twin.paper = "ok";
    clock.advance(5000);
    t.is(receiptText(twin.receipts[0]), "one\n[QR 1]\ntwo", `${left}`);
  }
});

test("a printer that hangs does nothing until it is told to recover; what waited in it never comes out", (t) => {
  const { clock, twin, answers } = rig();
  twin.paper = "end";
  twin.receive(concat([text("half"), escpos.lineFeed(), escpos.cut()]));
  twin.paper = "ok";
  twin.hung = true;
  twin.receive(concat([escpos.askStatus(4), text("unheard"), escpos.lineFeed()]));
  clock.advance(2);
  t.deepEqual(answers, []);
  twin.receive(escpos.recover());
  twin.receive(concat([escpos.askStatus(4), text("after"), escpos.lineFeed(), escpos.cut()]));
  clock.advance(5000);
  t.is(answers.length, 1);
  t.deepEqual(twin.receipts.map(receiptText), ["after"]);
});
