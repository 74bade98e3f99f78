import test from "ava";
import { escpos, latinBytes } from "@trapeza/protocol/chip";
import { big, layout, pair, qr, receiptPiece, RULE, text, title, wrap } from "./receipt.js";

test("a pair fills the width of the paper, or takes a second line when it cannot", (t) => {
  t.deepEqual(layout(pair("Tea", "10,00")), ["Tea" + " ".repeat(24) + "10,00"]);
  t.deepEqual(layout(pair("A dish whose name is long enough", "2 x 34,50 69,00")), [
    "A dish whose name is long enough",
    " ".repeat(17) + "2 x 34,50 69,00",
  ]);
});

test("a long line breaks at a blank, a word longer than the paper is cut", (t) => {
  t.deepEqual(wrap("one two three", 8), ["one two", "three"]);
  t.deepEqual(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
});

test("large letters have half the columns", (t) => {
  t.deepEqual(layout(big("12-1-12345-7-more")), ["12-1-12345-7-mor", "e"]);
});

test("the bytes begin by setting the printer up and end by cutting, and every mode is left again", (t) => {
  const lines = [title("T"), text("a"), big("B"), RULE, qr("X")];
  const bytes: number[] = [];
  for (let i = 0; i < 100; i++) bytes.push(...receiptPiece(lines, i));
  const { tokens, rest } = escpos.scan(Uint8Array.from(bytes));
  t.is(rest.length, 0);
  t.deepEqual(
    tokens.slice(0, 3).map((token) => token.kind),
    ["initialise", "cancel_kanji", "code_page"],
  );
  t.is(tokens.at(-1)?.kind, "cut");
  const modes = new Map<string, number>();
  for (const token of tokens)
    if (token.kind === "bold" || token.kind === "align" || token.kind === "size") modes.set(token.kind, token.value);
  t.deepEqual([...modes.values()], [0, 0, 0]);
  const stored = tokens.find((token) => token.kind === "qr" && token.part === 0x50);
  t.deepEqual(stored?.kind === "qr" ? stored.data.slice(1) : null, latinBytes("X"));
});
