import test from "ava";
import { createFlash } from "../board-flash.js";
import { createVirtualNetwork } from "../board-network.js";
import { createVirtualClock } from "../clock.js";
import { createTerminal } from "../terminal.js";
import { FAULTS, faultsOf, faultsOn, setWire, wireTroubles } from "./fault.js";
import { ENGLISH } from "./words.en.js";
import { RUSSIAN } from "./words.ru.js";

/** Prints all that its ports say: "1:0233" is what came in at Serial1. */
const PROGRAM =
  "[Serial1,Serial2].forEach(function(s,i){s.on('data',function(d){print((i+1)+':'+d.split('').map(function(c)" +
  "{var h=c.charCodeAt(0).toString(16);return h.length<2?'0'+h:h}).join(''))})});" +
  "Serial2.setup(9600);setInterval(function(){Serial2.write([2,3,6,0x33,0xda,0x81])},100);";

function rig(kind: "payment" | "information" = "payment") {
  const clock = createVirtualClock();
  const config = { terminal: 1, kind, key: "00".repeat(32), host: "h", port: 1, school: 1 };
  const terminal = createTerminal({ config, clock, flash: createFlash(), network: createVirtualNetwork(clock), image: PROGRAM });
  return { clock, terminal };
}

test("each switch of the catalogue is on when it was switched on, and off afterwards; each has a name in both languages", (t) => {
  const { terminal } = rig();
  for (const { name, isSwitch } of faultsOf(terminal)) {
    t.truthy(RUSSIAN.faults.names[name], name);
    t.truthy(ENGLISH.faults.names[name], name);
    FAULTS[name].set(terminal, true);
    t.deepEqual(faultsOn(terminal), isSwitch ? [name] : [], name);
    FAULTS[name].set(terminal, false);
    t.deepEqual(faultsOn(terminal), [], name);
  }
  t.deepEqual(Object.keys(RUSSIAN.faults.names), Object.keys(ENGLISH.faults.names));
  t.deepEqual(Object.keys(RUSSIAN.faults.wires), Object.keys(ENGLISH.faults.wires));
  t.is(faultsOf(terminal).length, Object.keys(RUSSIAN.faults.names).length);
  t.false(
    faultsOf(rig("information").terminal).some(({ of }) => of === "acceptor"),
    "a wall takes no notes",
  );
});

/** What the board hears of its validator within so many milliseconds. */
function heardIn(ms: number, trouble: "lost" | "flipped" | "doubled" | "late" | null): string[] {
  const { clock, terminal } = rig();
  const heard: string[] = [];
  terminal.listen(({ line, direction, bytes }) => {
    if (line === "ccnet" && direction === "in") heard.push(Buffer.from(bytes).toString("hex"));
  });
  terminal.board.powerOn();
  setWire(terminal, "acceptor", trouble);
  clock.advance(ms);
  return heard;
}

test("a spoilt cable loses, damages, doubles or delays; a mended one is whole", (t) => {
  const powerUp = "020306104392";
  const well = heardIn(2000, null).join("");
  const answers = well.length / powerUp.length;
  t.true(answers > 15, well);
  t.is(well, powerUp.repeat(answers));
  const lost = heardIn(2000, "lost").join("").length / powerUp.length;
  t.true(lost < answers * 0.7 && lost > answers * 0.2, `${lost} of ${answers}`);
  t.notRegex(heardIn(2000, "flipped").join(""), new RegExp(`^(${powerUp})+$`));
  t.is(heardIn(2000, "doubled").join("").length % (4 * powerUp.length), 0);
  t.true(heardIn(2000, "late").join("").length < well.length);
});

test("what was done to a cable can be seen, and undone", (t) => {
  const { terminal } = rig();
  setWire(terminal, "reader", "late");
  t.deepEqual(wireTroubles(terminal), { reader: "late", printer: "", acceptor: "" });
  setWire(terminal, "reader", null);
  t.deepEqual(wireTroubles(terminal), { reader: "", printer: "", acceptor: "" });
});

test("a connection that is cut breaks off at once on both sides", (t) => {
  const clock = createVirtualClock();
  const network = createVirtualNetwork(clock);
  network.listen(1, () => undefined);
  const config = { terminal: 1, kind: "information" as const, key: "00".repeat(32), host: "h", port: 1, school: 1 };
  const terminal = createTerminal({ config, clock, flash: createFlash(), network, image: "" });
  const ends: (string | null)[] = [];
  terminal.cable.connect({ host: "h", port: 1 }, { open() {}, data() {}, drain() {}, close: (why) => ends.push(why) });
  clock.advance(100);
  t.deepEqual(ends, []);
  FAULTS["connection-cut"].set(terminal, true);
  t.deepEqual(ends, ["connection timed out"]);
});
