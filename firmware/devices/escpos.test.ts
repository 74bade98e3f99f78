import test from "ava";
import { escpos } from "@trapeza/protocol/chip";
import { createBenchClock, createBenchPort } from "../bench.js";
import * as driver from "./escpos.js";

function bench() {
  const clock = createBenchClock();
  const story: string[] = [];
  const unit = { offline: 0x12, paper: 0x12, mode: "ok" as "ok" | "silent", printed: 0 };
  const port = createBenchPort(clock, (written) => {
    const { tokens } = escpos.scan(written);
    for (const token of tokens) if (token.kind === "text") unit.printed += token.bytes.length;
    const question = tokens.find((token) => token.kind === "ask_status");
    if (!question || unit.mode === "silent" || question.kind !== "ask_status") return null;
    return new Uint8Array([question.value === 2 ? unit.offline : unit.paper]);
  });
  const printer = driver.createPrinter(port, clock, escpos.ANSWERS_AT_ONCE, { onPaper: (paper) => story.push(paper) });
  driver.startPrinter(printer);
  clock.advance(1000);
  return { clock, story, unit, port, printer };
}

const receipt = new Uint8Array(1000).fill(0x41);

test("a receipt is printed whole, no faster than the paper, and confirmed afterwards", (t) => {
  const { clock, story, unit, printer } = bench();
  driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed" : "failed"));
  clock.advance(300);
  t.true(unit.printed < 1000);
  clock.advance(3000);
  t.is(unit.printed, 1000);
  t.deepEqual(story, ["ok", "printed"]);
});

test("paper that ends in the middle of a receipt is a failed receipt", (t) => {
  const { clock, story, unit, printer } = bench();
  driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed" : "failed"));
  clock.advance(400);
  unit.offline = 0x32;
  unit.paper = 0x72;
  clock.advance(4000);
  t.deepEqual(story, ["ok", "out", "failed"]);
});

test("without paper nothing is sent at all", (t) => {
  const { clock, story, unit, printer } = bench();
  unit.offline = 0x32;
  clock.advance(3000);
  driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed" : "failed"));
  clock.advance(3000);
  t.is(unit.printed, 0);
  t.deepEqual(story, ["ok", "out", "failed"]);
});

test("an open cover is noticed between receipts, and its closing, too", (t) => {
  const { clock, story, unit } = bench();
  unit.offline = 0x16;
  clock.advance(5000);
  unit.offline = 0x12;
  clock.advance(5000);
  t.deepEqual(story, ["ok", "open", "ok"]);
});

test("a printer that says nothing is silent after three questions", (t) => {
  const { clock, story, unit } = bench();
  unit.mode = "silent";
  clock.advance(5000);
  t.deepEqual(story, ["ok", "silent"]);
});

test("a silent printer is told to recover each time it is missed, and never before", (t) => {
  const clock = createBenchClock();
  let resets = 0;
  let isSilent = false;
  const port = createBenchPort(clock, (written) => {
    const { tokens } = escpos.scan(written);
    for (const token of tokens) if (token.kind === "recover") resets++;
    return !isSilent && tokens.some(({ kind }) => kind === "ask_status") ? new Uint8Array([0x12]) : null;
  });
  driver.startPrinter(driver.createPrinter(port, clock, escpos.ANSWERS_AT_ONCE, { onPaper: () => undefined }));
  clock.advance(20_000);
  t.is(resets, 0);
  isSilent = true;
  clock.advance(30_000);
  t.true(resets >= 5 && resets <= 15, `${resets}`);
});

test("paper that runs low still prints", (t) => {
  const { clock, story, unit, printer } = bench();
  unit.paper = 0x1e;
  clock.advance(3000);
  driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed" : "failed"));
  clock.advance(4000);
  t.deepEqual(story, ["ok", "low", "printed"]);
});

test("a printer that answers in its turn is asked that way, and its receipt counts once it has come to the question", (t) => {
  const clock = createBenchClock();
  const story: string[] = [];
  const unit = { byte: 0x00, asked: 0 };
  const port = createBenchPort(clock, (written) => {
    const { tokens } = escpos.scan(written);
    t.false(tokens.some(({ kind }) => kind === "ask_status"));
    if (!tokens.some(({ kind }) => kind === "ask_in_turn")) return null;
    unit.asked++;
    return unit.byte < 0 ? null : new Uint8Array([unit.byte]);
  });
  const printer = driver.createPrinter(port, clock, escpos.ANSWERS_IN_TURN, { onPaper: (paper) => story.push(paper) });
  driver.startPrinter(printer);
  clock.advance(1000);
  driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed" : "failed"));
  clock.advance(6000);
  unit.byte = 0x03;
  clock.advance(3000);
  unit.byte = -1;
  clock.advance(6000);
  driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed" : "failed"));
  clock.advance(6000);
  t.deepEqual(story, ["ok", "printed", "low", "silent", "failed"]);
});

test("a printer that never answers is never asked, is told to be unseen, and what was sent counts as printed", (t) => {
  const clock = createBenchClock();
  const story: string[] = [];
  let letters = 0;
  const port = createBenchPort(clock, (written) => {
    for (const token of escpos.scan(written).tokens) {
      t.is(token.kind, "text");
      if (token.kind === "text") letters += token.bytes.length;
    }
    return null;
  });
  const printer = driver.createPrinter(port, clock, 0, { onPaper: (paper) => story.push(paper) });
  driver.startPrinter(printer);
  clock.advance(5000);
  driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed" : "failed"));
  clock.advance(6000);
  t.deepEqual(story, ["unseen", "printed"]);
  t.is(letters, receipt.length);
});

test("XOFF stops the stream, XON lets it go on", (t) => {
  const { clock, story, unit, port, printer } = bench();
  driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed" : "failed"));
  clock.advance(200);
  port.say(new Uint8Array([0x13]));
  const before = unit.printed;
  clock.advance(500);
  t.true(unit.printed - before <= 96);
  port.say(new Uint8Array([0x11]));
  clock.advance(3000);
  t.is(unit.printed, 1000);
  t.deepEqual(story, ["ok", "printed"]);
});

test("two receipts come out one after the other, each with its own answer", (t) => {
  const { clock, story, unit, printer } = bench();
  driver.printReceipt(printer, receipt.subarray(0, 200), () => story.push("first"));
  driver.printReceipt(printer, receipt.subarray(0, 100), () => story.push("second"));
  clock.advance(6000);
  t.is(unit.printed, 300);
  t.deepEqual(story, ["ok", "first", "second"]);
});

for (const [what, mode] of [
  ["the paper ends", "out"],
  ["the printer falls silent", "silent"],
] as const) {
  test(`${what} at any place of a receipt: told once, as failed, and the next receipt is printed when all is well again`, (t) => {
    for (let ms = 0; ms < 3000; ms += 20) {
      const { clock, story, unit, printer } = bench();
      driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed" : "failed"));
      clock.advance(ms);
      // With the last letter on the paper either word is true.
      const isWhole = unit.printed === receipt.length;
      if (mode === "silent") unit.mode = "silent";
      else [unit.offline, unit.paper] = [0x32, 0x72];
      clock.advance(20_000);
      const told = story.filter((one) => one === "printed" || one === "failed");
      t.is(told.length, 1, `${ms} ms`);
      if (!isWhole) t.is(told[0], "failed", `${ms} ms`);
      [unit.offline, unit.paper, unit.mode] = [0x12, 0x12, "ok"];
      clock.advance(20_000);
      driver.printReceipt(printer, receipt, (printed) => story.push(printed ? "printed again" : "failed again"));
      clock.advance(20_000);
      t.is(story.at(-1), "printed again", `${ms} ms`);
    }
  });
}
