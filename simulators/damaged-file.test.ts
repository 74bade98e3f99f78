/** A terminal whose files were written half or have gone bad says so in one sentence on its screen, or works; it never stops in the middle of its start. */
import test from "ava";
import { latinBytes } from "@trapeza/protocol";
import { createFlash } from "./board-flash.js";
import { createVirtualNetwork } from "./board-network.js";
import { createVirtualClock } from "./clock.js";
import { loadProgram } from "./program.js";
import { createTerminal, type Terminal } from "./terminal.js";

const KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const CONFIG = { terminal: 2, kind: "settlement", key: KEY, host: "127.0.0.1", port: 1883, school: 24 } as const;

interface Booted {
  readonly terminal: Terminal;
  readonly threw: string[];
  readonly screen: string;
}

/** Boots a till with one of its files replaced; `null` takes it away. */
function bootWith(name: string, data: Uint8Array | null): Booted {
  const clock = createVirtualClock(0);
  const flash = createFlash();
  const terminal = createTerminal({ ...loadProgram("settlement"), clock, flash, network: createVirtualNetwork(clock), config: CONFIG });
  if (data) flash.writeFile(name, data);
  else flash.eraseFile(name);
  const threw: string[] = [];
  terminal.listen(({ line, bytes }) => {
    const text = Buffer.from(bytes).toString("latin1");
    if (line === "console" && text.startsWith("Uncaught")) threw.push(text);
  });
  terminal.board.powerOn();
  clock.advance(1500);
  const screen = terminal.board.screen.inscriptions.map(({ text }) => text).join(" | ");
  terminal.board.powerOff();
  return { terminal, threw, screen };
}

test("a configuration cut short, damaged or of another sort is named on the screen, and nothing throws", (t) => {
  const whole = JSON.stringify(CONFIG);
  const wrong: (Uint8Array | null)[] = [null, ...["null", "[]", "7", '"x"', "{}", "\0\0\0\0"].map(latinBytes)];
  for (let length = 0; length < whole.length; length += 9) wrong.push(latinBytes(whole.slice(0, length)));
  for (const field of Object.keys(CONFIG).filter((name) => name !== "school")) {
    for (const value of [undefined, null, -1, 70_000, "", {}, []]) wrong.push(latinBytes(JSON.stringify({ ...CONFIG, [field]: value })));
  }
  for (const data of wrong) {
    const { threw, screen } = bootWith("config", data);
    const told = data ? Buffer.from(data).toString("latin1") : "none";
    t.deepEqual(threw, [], told);
    t.true(screen.startsWith("config:"), `${told}: ${screen}`);
  }
  t.false(bootWith("config", latinBytes(whole)).screen.startsWith("config:"));
});

test("fonts and words of any length let the terminal start", (t) => {
  for (const [name, data] of Object.entries(loadProgram("settlement").files)) {
    for (const share of [0, 0.01, 0.1, 0.5, 0.9])
      t.deepEqual(bootWith(name, data.slice(0, Math.floor(data.length * share))).threw, [], name);
    t.deepEqual(bootWith(name, new Uint8Array(data.length).fill(255)).threw, [], name);
    t.deepEqual(bootWith(name, null).threw, [], name);
  }
});
