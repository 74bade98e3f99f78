import test from "ava";
import { createBoard } from "./board.js";
import { createFlash, install } from "./board-flash.js";
import { colorOf, type Screen } from "./board-screen.js";
import { createVirtualClock } from "./clock.js";

/** The screen after `program` has drawn on it. */
function drawn(program: string): Screen {
  const clock = createVirtualClock();
  const flash = createFlash();
  const problems: string[] = [];
  const board = createBoard({ name: "t", chip: "ESP32S3", clock, flash, network: null, log: (line) => problems.push(line) });
  install(flash, program);
  board.powerOn();
  clock.advance(300);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return board.screen;
}

/** The top left corner as text, `#` for what is not black. */
function corner(screen: Screen, width: number, height: number): string[] {
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => (screen.pixels[y * screen.width + x] ? "#" : ".")).join(""),
  );
}

test("colours become RGB565", (t) => {
  t.is(colorOf(1, 0, 0), 0xf800);
  t.is(colorOf(0, 1, 0), 0x07e0);
  t.is(colorOf("#00f"), 0x001f);
  t.is(colorOf(-1), 0xffff);
  t.is(colorOf(0x1234), 0x1234);
});

test("rectangles include both corners, frames are one pixel wide", (t) => {
  t.deepEqual(corner(drawn("g.fillRect(1,1,2,2); g.drawRect(4,0,7,3);"), 8, 4), ["....####", ".##.#..#", ".##.#..#", "....####"]);
});

test("a custom font is one stream of columns, most significant bit first", (t) => {
  // Glyph A: 2 columns of 3 (##. / .##), glyph B: 1 column of 3 (#.#); 9 bits in two bytes.
  const program =
    "g.setFontCustom('\\xce\\x80', 65, '\\2\\1', 3); g.drawString('AB', 0, 0); print2 = g.stringWidth('AB'); g.setPixel(print2, 4);";
  t.deepEqual(corner(drawn(program), 4, 5), ["#.#.", "##..", ".##.", "....", "...#"]);
});

test("text is aligned about its point and scaled", (t) => {
  const font = "g.setFontCustom('\\xff', 65, 1, 2|(2<<8)); ";
  t.deepEqual(corner(drawn(font + "g.setFontAlign(1,1).drawString('A', 4, 4);"), 6, 6), [
    "..##..",
    "..##..",
    "..##..",
    "..##..",
    "......",
    "......",
  ]);
});

test("a one-bit picture takes the pen's colours, its transparent value stays out", (t) => {
  t.deepEqual(corner(drawn("g.drawImage({width:3,height:2,bpp:1,buffer:new Uint8Array([0xAC]).buffer,transparent:0},1,0);"), 5, 2), [
    ".#.#.",
    "..##.",
  ]);
});

test("the version tells a changed screen", (t) => {
  const clock = createVirtualClock();
  const flash = createFlash();
  const board = createBoard({ name: "t", chip: "ESP32S3", clock, flash, network: null });
  install(flash, "setTimeout(function(){g.fillRect(0,0,9,9);},1000);");
  board.powerOn();
  clock.advance(500);
  const before = board.screen.version;
  clock.advance(100);
  t.is(board.screen.version, before);
  clock.advance(1000);
  t.not(board.screen.version, before);
});

test("what stands on the screen can be read, until it is covered", (t) => {
  const font = "g.setFontCustom('\\xff', 192, 2, 4); ";
  const read = (program: string): string[] => drawn(font + program).inscriptions.map((word) => `${word.text}@${word.left},${word.top}`);
  t.deepEqual(read("g.drawString('\\xc0\\xc1', 10, 20).drawString('\\xc2', 0, 0);"), ["АБ@10,20", "В@0,0"]);
  t.deepEqual(read("g.drawString('\\xc0\\xc1', 10, 20).fillRect(10,20,20,30);"), []);
  t.deepEqual(read("g.drawString('\\xc0\\xc1', 10, 20).fillRect(11,20,20,30);"), ["АБ@10,20"], "half covered is still legible");
  t.deepEqual(read("g.drawString('\\xc0\\xc1', 10, 20).clear();"), []);
});
