/** Every model of printer that a terminal may be told of: the same sale, legible in its own letters and across its own width. */
import test from "ava";
import { escpos } from "@trapeza/protocol";
import { receiptText } from "../devices/escpos.js";
import { KIOSK_SAYS, TILL_SAYS } from "../day/words.js";
import { TILL } from "../school/school.js";
import { openCounter } from "./_cut-flow.test.js";
import { order, toOrder } from "./_cut-till.test.js";

for (const [model, { columns, traits }] of Object.entries(escpos.MODELS)) {
  test(`${model}: a sale's paper is in Russian letters, ${columns} in a line, with a code or its text`, async (t) => {
    const counter = await openCounter("settlement", model);
    const { hand, world, terminal } = counter;
    await world.play(toOrder(counter).then(() => order(counter)));
    await world.play(hand.press(TILL_SAYS.cash).then(() => hand.wait(9000)));
    // Whoever has no cutter tears.
    terminal.printer.tear();
    const [paper] = terminal.printer.receipts;
    const text = receiptText(paper);
    const lines = text.split("\n");
    t.true(lines.includes(TILL_SAYS.cashReceipt), text);
    t.false(text.includes("\u2592"), "a page without Russian letters");
    t.true(lines.includes("-".repeat(columns)), text);
    t.true(
      lines.every((line) => line.length <= columns),
      text,
    );
    const draws = (traits & escpos.QR_CODES) !== 0;
    t.is(paper.lines.filter(({ kind }) => kind === "qr").length, draws ? 1 : 0);
    t.is(text.includes("TRAPEZA 24-"), !draws);
    t.false(hand.read().some((line) => line.includes("не напечатан")));
    t.is(world.statuses.get(TILL)?.paper, traits >= escpos.ANSWERS_AT_ONCE ? "ok" : "unseen");
  });
}

test("a kiosk whose printer never says anything takes no cash and says why", async (t) => {
  const { hand, terminal } = await openCounter("payment", "zj-5870");
  t.true(hand.read().includes(KIOSK_SAYS.noPrinter), hand.read().join(" | "));
  t.false(terminal.acceptor?.insert(10_000));
});

test("a kiosk whose printer answers in its turn takes cash, and none once it is silent", async (t) => {
  const { hand, terminal, world } = await openCounter("payment", "ttl-58");
  t.true(hand.read().includes(KIOSK_SAYS.tapCard), hand.read().join(" | "));
  terminal.printer.paper = "end";
  await world.run(8000);
  t.true(hand.read().includes(KIOSK_SAYS.noPrinter), hand.read().join(" | "));
});
