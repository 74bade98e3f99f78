import test from "ava";
import type { Canvas } from "./board.js";
import { button, draw, headLine, item, keyAt, keypad, keyRow, tiles, GREEN, HEIGHT, WIDTH } from "./screen.js";

function canvas(): Canvas & { readonly story: string[] } {
  const story: string[] = [];
  return {
    story,
    fill: (x, y, width, height) => story.push(`fill ${x},${y} ${width}x${height}`),
    text: (x, y, text) => story.push(`${text} at ${x},${y}`),
    textWidth: (text) => text.length * 10,
    fontHeight: () => 20,
  };
}

test("text stands left, centred or right in its rectangle, and dots stand for what does not fit", (t) => {
  const paper = canvas();
  draw(paper, null, [
    item([0, 0, 100, 40], "abc", "small", {}),
    item([0, 50, 100, 40], "abc", "small", { align: "centre" }),
    item([0, 100, 100, 40], "abc", "small", { align: "right" }),
    item([0, 150, 40, 40], "abcdefgh", "small", {}),
  ]);
  t.deepEqual(
    paper.story.filter((line) => line.includes(" at ")),
    ["abc at 0,10", "abc at 35,60", "abc at 70,110", "abc\u2026 at 0,160"],
  );
});

test("a dish takes two lines of its tile, and a number keeps its unit", (t) => {
  const [upper, lower, price] = tiles([{ key: "dish26", label: "Борщ со сметаной 250 г", detail: "23,10" }], 2, 3);
  t.deepEqual([upper.text, lower.text, price.text], [" Борщ со сметаной", " 250\u00a0г", "23,10 "]);
  t.true([upper, lower, price].every((one) => one.key === "dish26"));
});

test("only what differs is drawn again; another layout is drawn anew", (t) => {
  const paper = canvas();
  const before = draw(paper, null, headLine("one", "1", GREEN));
  paper.story.length = 0;
  draw(paper, before, headLine("two", "1", GREEN));
  t.deepEqual(paper.story, ["fill 0,0 200x32", " two at 0,6"]);
  paper.story.length = 0;
  draw(paper, before, keyRow([{ key: "a", label: "A" }]));
  t.is(paper.story[0], `fill 0,0 ${WIDTH}x${HEIGHT}`);
});

test("a finger finds the key under it, and nothing between keys", (t) => {
  const row = keyRow([
    { key: "a", label: "A" },
    { key: "b", label: "B" },
  ]);
  t.is(keyAt(row, 10, 230), "a");
  t.is(keyAt(row, 310, 230), "b");
  t.is(keyAt(row, 10, 100), "");
  t.is(keyAt(keypad(), 30, 100), "1");
});

test("all keys of a row, a keypad and tiles lie on the screen and do not overlap", (t) => {
  const five = ["a", "b", "c", "d", "e"].map((key) => ({ key, label: key, share: key === "e" ? 2 : 1 }));
  const dishes = five.map((key) => ({ ...key, label: "a dish with a rather long name", detail: "1 120,21" }));
  for (const picture of [
    keyRow(five),
    tiles(dishes, 2, 3).concat(keyRow(five)),
    keypad().concat(keyRow(five)),
    tiles(five, 2, 3).concat(keyRow(five)),
  ]) {
    for (const one of picture) {
      t.true(one.x >= 0 && one.y >= 0 && one.x + one.width <= WIDTH && one.y + one.height <= HEIGHT);
      for (const other of picture) {
        if (one === other) continue;
        const apart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        t.true(apart, `${one.key} over ${other.key}`);
      }
    }
  }
  t.is(button([0, 0, 10, 10], { key: "x", label: "X" }, "small").key, "x");
});
