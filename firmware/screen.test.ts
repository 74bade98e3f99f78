import test from "ava";
import { LARGE, NORMAL, SMALL } from "./board.js";
import type { Canvas } from "./board.js";
import { CENTRE, createPainter, headLine, KEY, keyAt, keypad, ON_GREEN, paint, RIGHT, rowKey, tile, HEIGHT, WIDTH } from "./screen.js";
import type { Screen } from "./screen.js";
import { itemsOf } from "./stage.js";

function canvas(): Canvas & { readonly story: string[] } {
  const story: string[] = [];
  const texts: string[] = [];
  return {
    story,
    fill: (x, y, width, height) => story.push(`fill ${x},${y} ${width}x${height}`),
    text: (x, y, text) => story.push(`${text} at ${x},${y}`),
    grey: (x, y, width, rows) => story.push(`grey ${x},${y} ${width}x${(rows.length * 2) / width}`),
    textWidth: (text) => text.length * 10,
    fontHeight: () => 20,
    // Unlike a checksum this never takes two texts for one.
    sum: (text) => (texts.includes(text) ? texts.indexOf(text) : texts.push(text) - 1),
  };
}

type View = (screen: Screen) => void;
/** A terminal whose state is its picture. */
const shown = { view: (state: View, screen: Screen) => state(screen) };
const items = (view: View) => itemsOf(shown, view);

test("text stands left, centred or right in its rectangle, and dots stand for what does not fit", (t) => {
  const paper = canvas();
  paint(createPainter(paper), shown, (screen: Screen) => {
    screen.item(0, 0, 100, 40, "abc", SMALL, "");
    screen.item(0, 50, 100, 40, "abc", NORMAL + CENTRE, "");
    screen.item(0, 100, 100, 40, "abc", LARGE + RIGHT, "");
    screen.item(0, 150, 40, 40, "abcdefgh", SMALL, "");
  });
  t.deepEqual(
    paper.story.filter((line) => line.includes(" at ")),
    ["abc at 0,10", "abc at 35,60", "abc at 70,110", "abc\u2026 at 0,160"],
  );
});

test("a dish takes two lines of its tile, and a number keeps its unit", (t) => {
  const all = items((screen) => tile(screen, 0, 2, 3, "dish26", "Борщ со сметаной 250 г", "23,10", KEY));
  t.deepEqual(
    all.map(({ text }) => text),
    [" Борщ со сметаной", " 250\u00a0г", "23,10 "],
  );
  t.true(all.every((one) => one.key === "dish26"));
});

test("only what differs is drawn again; another layout is drawn anew", (t) => {
  const paper = canvas();
  const painter = createPainter(paper);
  const draw = (view: View): string[] => {
    paper.story.length = 0;
    paint(painter, shown, view);
    return [...paper.story];
  };
  draw((screen) => headLine(screen, "one", "1", ON_GREEN));
  t.deepEqual(
    draw((screen) => headLine(screen, "two", "1", ON_GREEN)),
    ["fill 0,0 200x32", " two at 0,6"],
  );
  t.deepEqual(
    draw((screen) => headLine(screen, "two", "1", ON_GREEN)),
    [],
  );
  const one: View = (screen) => rowKey(screen, 0, 32, "a", "A", KEY);
  t.is(draw(one)[0], `fill 0,0 ${WIDTH}x${HEIGHT}`);
  const two: View = (screen) => {
    one(screen);
    rowKey(screen, 0, 16, "b", "B", KEY);
  };
  t.is(draw(two)[0], `fill 0,0 ${WIDTH}x${HEIGHT}`, "one item more");
  t.is(draw(one)[0], `fill 0,0 ${WIDTH}x${HEIGHT}`, "one item less");
});

test("a finger finds the key under it, and nothing between keys", (t) => {
  const row: View = (screen) => {
    rowKey(screen, 0, 16, "a", "A", KEY);
    rowKey(screen, 16, 16, "b", "B", KEY);
  };
  t.is(keyAt(shown, row, 10, 230), "a");
  t.is(keyAt(shown, row, 310, 230), "b");
  t.is(keyAt(shown, row, 160, 230), "");
  t.is(keyAt(shown, row, 10, 100), "");
  t.is(keyAt(shown, keypad, 30, 100), "1");
});

test("all keys of a row, a keypad and tiles lie on the screen and do not overlap", (t) => {
  const five: View = (screen) => {
    for (let i = 0; i < 5; i++) rowKey(screen, i * 6, i < 4 ? 6 : 8, "r" + i, "label", KEY);
  };
  const tiles =
    (columns: number, rows: number, detail: string): View =>
    (screen) => {
      for (let i = 0; i < columns * rows; i++) tile(screen, i, columns, rows, "t" + i, "a dish with a rather long name", detail, KEY);
    };
  for (const body of [five, keypad, tiles(2, 3, "1 120,21"), tiles(2, 3, ""), tiles(3, 4, "")]) {
    const picture = items((screen) => {
      body(screen);
      if (body !== five) five(screen);
    });
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
});
