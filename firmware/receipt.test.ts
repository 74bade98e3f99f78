import test from "ava";
import { escpos, latinBytes, latinText } from "@trapeza/protocol/chip";
import { big, layout, linesOf, pair, paperOf, qr, receiptPiece, RULE, text, title, wrap } from "./receipt.js";

const USUAL = escpos.MODELS["clone-58"];

test("a pair fills the width of the paper, or takes a second line when it cannot", (t) => {
  t.deepEqual(layout(pair("Tea", "10,00"), USUAL), ["Tea" + " ".repeat(24) + "10,00"]);
  t.deepEqual(layout(pair("A dish whose name is long enough", "2 x 34,50 69,00"), USUAL), [
    "A dish whose name is long enough",
    " ".repeat(17) + "2 x 34,50 69,00",
  ]);
});

const bytesOn = (profile: escpos.Profile, lines: readonly string[]): Uint8Array => {
  const feed = { paper: paperOf(lines), at: -1 };
  const bytes: number[] = [];
  for (let piece = receiptPiece(feed, profile); piece.length > 0; piece = receiptPiece(feed, profile)) bytes.push(...piece);
  return Uint8Array.from(bytes);
};

test("a long line breaks at a blank, a word longer than the paper is cut", (t) => {
  t.deepEqual(wrap("one two three", 8), ["one two", "three"]);
  t.deepEqual(wrap("abcdefghij", 4), ["abcd", "efgh", "ij"]);
});

test("large letters have half the columns", (t) => {
  t.deepEqual(layout(big("12-1-12345-7-more"), USUAL), ["12-1-12345-7-mor", "e"]);
});

test("the bytes begin by setting the printer up and end by cutting, and every mode is left again", (t) => {
  const { tokens, rest } = escpos.scan(bytesOn(USUAL, [title("T"), text("a"), big("B"), RULE, qr("X")]));
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

test("a printer that draws no codes and does not cut gets the code's text in its own columns, and paper to tear at", (t) => {
  const code = "TRAPEZA 24-000017 1/423 00112233445566778899aabbccddeeff";
  const { tokens } = escpos.scan(bytesOn(escpos.MODELS["ttl-58"], [qr(code)]));
  t.false(tokens.some(({ kind }) => kind === "qr" || kind === "cut"));
  const said = tokens.flatMap((token) => (token.kind === "text" ? [latinText(token.bytes)] : []));
  t.deepEqual(said, ["TRAPEZA 24-000017 1/423", "00112233445566778899aabbccddeeff"]);
  t.deepEqual(tokens.at(-1), { kind: "feed", value: 4 });
});

test("a paper is one text, and its pieces are its lines in their order, each once", (t) => {
  const lines = [text("first"), text(""), pair("left", "right"), text("last")];
  t.deepEqual(linesOf(paperOf(lines)), lines);
  const said = escpos
    .scan(bytesOn(USUAL, lines))
    .tokens.flatMap((token) => (token.kind === "text" ? [latinText(token.bytes).trimEnd()] : []));
  t.deepEqual(said, ["first", "left" + " ".repeat(23) + "right", "last"]);
});

test("wide paper is used from edge to edge", (t) => {
  const wide = escpos.MODELS["clone-80"];
  t.is(layout(pair("Tea", "10,00"), wide)[0].length, 48);
  t.is(layout(RULE, wide)[0].length, 48);
});
