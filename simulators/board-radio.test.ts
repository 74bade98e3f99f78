/** What the images do with the chip's doors, on a board with a radio. */
import test from "ava";
import { wiringFor } from "@trapeza/firmware";
import { createBoard, type Board } from "./board.js";
import { createFlash, install, provision } from "./board-flash.js";
import { createVirtualClock } from "./clock.js";
import { loadProgram } from "./program.js";

function start(ssid: string, held: boolean) {
  const clock = createVirtualClock();
  const flash = createFlash();
  const { image, files, loader } = loadProgram("settlement");
  install(flash, image, files, loader);
  const network = ssid === "" ? {} : { ssid, password: "secret" };
  provision(flash, { terminal: 2, kind: "settlement", key: "11".repeat(32), host: "10.0.0.2", port: 1883, school: 1, ...network });
  const board = createBoard({ name: "t", chip: "ESP32_CYD", clock, flash, network: null });
  if (held) board.pins.drive(wiringFor("settlement").service, false);
  board.powerOn();
  return { board, clock };
}
const doors = ({ radio, console }: Board) => ({ telnet: radio.telnet, joined: radio.joined, console: console?.open });

test("Telnet is off before the network is joined, and the console is nowhere", (t) => {
  const { board, clock } = start("school", false);
  clock.advance(400);
  t.deepEqual(doors(board), { telnet: false, joined: true, console: false });
  t.is(board.radio.asked, "school");
});

test("BOOT held at the start leaves the console open, and nothing else", (t) => {
  const { board, clock } = start("school", true);
  clock.advance(400);
  t.deepEqual(doors(board), { telnet: false, joined: true, console: true });
});

test("a network that goes away is asked for again until it is back", (t) => {
  const { board, clock } = start("school", false);
  clock.advance(400);
  board.radio.drop();
  clock.advance(50_000);
  t.true(board.radio.tries >= 4);
  t.false(board.radio.joined);
  board.radio.reachable = true;
  clock.advance(16_000);
  t.true(board.radio.joined);
});

test("a board on a cable leaves its radio alone", (t) => {
  const { board, clock } = start("", false);
  clock.advance(400);
  t.is(board.radio.asked, "");
});

test("a board that does not know its school keeps its console for whoever will tell it", (t) => {
  const clock = createVirtualClock();
  const flash = createFlash();
  const { image, loader } = loadProgram("information");
  install(flash, image, {}, loader);
  const board = createBoard({ name: "t", chip: "ESP32_CYD", clock, flash, network: null });
  board.powerOn();
  clock.advance(1000);
  t.true(board.console?.open);
  t.true(board.screen.inscriptions.some(({ text }) => text.includes("config: missing")));
});
