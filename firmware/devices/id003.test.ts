import test from "ava";
import { id003 } from "@trapeza/protocol/chip";
import { freshAcceptor, type Acceptor, type AcceptorEvents } from "../acceptor.js";
import { createBenchClock, createBenchPort, type BenchClock, type BenchPort } from "../bench.js";
import { ID003 } from "./id003.js";

const BILLS: id003.Bill[] = [
  { billType: 0x62, valueKopecks: 1000, country: 0x52 },
  { billType: 0x64, valueKopecks: 10000, country: 0x52 },
  { billType: 0x66, valueKopecks: 500000, country: 0x52 },
  { billType: 0x68, valueKopecks: 10000, country: 0x01 },
];

interface Unit {
  readonly clock: BenchClock;
  readonly port: BenchPort;
  /** What the terminal was told and what the unit was told, in order. */
  readonly story: string[];
  acceptor: Acceptor;
  status: id003.Status;
  bills: readonly id003.Bill[];
  silent: boolean;
}

/** An acceptor that answers each question with its status; `story` keeps what matters of both sides. */
function startUnit(intentIsOpen = false, status: id003.Status = { kind: "disabled" }): Unit {
  const clock = createBenchClock();
  const story: string[] = [];
  const words: { [code: number]: string } = { 0x40: "RESET", 0x41: "STACK", 0x43: "RETURN", 0x44: "HOLD" };
  const port = createBenchPort(clock, (written) => {
    const frame = id003.scan(id003.createScanner(), written)[0];
    if (frame?.kind !== "frame" || unit.silent) return null;
    const [code, detail] = frame.payload;
    if (code === id003.STATUS_REQUEST) return id003.encodeFrame(id003.encodeStatus(unit.status));
    if (code === id003.GET_CURRENCY) return id003.encodeFrame(id003.encodeCurrency(unit.bills));
    if (code === id003.ACK) story.push("ack");
    if (code === id003.ACK) return null;
    story.push(words[code] ?? (code === id003.SET_ENABLE ? `MASK ${(~detail & 255).toString(2)}` : `INHIBIT ${detail}`));
    if (code === id003.SET_INHIBIT) unit.status = { kind: detail === 0 ? "idling" : "disabled" };
    if (code === id003.RESET) unit.status = { kind: "initialize" };
    return words[code] ? id003.command(id003.ACK) : id003.encodeFrame(frame.payload);
  });
  const events: AcceptorEvents = {
    onOffered: (value) => story.push(`offered ${value}`),
    onStacked: (value, _ours, sinceStart) => story.push(`stacked ${value}${sinceStart ? "" : " from before"}`),
    onReturned: () => story.push("returned"),
    onUnresolved: () => story.push("unresolved"),
    onOddity: (what) => story.push(what),
    onHealth: (health) => story.push(health),
  };
  const unit: Unit = { clock, port, story, status, bills: BILLS, silent: false, acceptor: freshAcceptor(port, clock, events, false) };
  unit.acceptor = ID003.start(port, clock, events, intentIsOpen);
  return unit;
}

function ready(): Unit {
  const unit = startUnit();
  unit.acceptor.wanted = true;
  unit.clock.advance(3000);
  unit.story.length = 0;
  return unit;
}

function goOn(unit: Unit, ...statuses: id003.Status[]): void {
  for (const status of statuses) {
    unit.status = status;
    unit.clock.advance(500);
  }
}

const HUNDRED: id003.Status = { kind: "escrow", billType: 0x64 };

test("the codes' values are asked first; only notes up to 1000 of one country are let in", (t) => {
  const unit = startUnit();
  unit.acceptor.wanted = true;
  unit.clock.advance(3000);
  t.deepEqual(unit.story, ["ok", "MASK 1010", "INHIBIT 0"]);
});

test("a note: offered, stacked once the terminal says so, told before it is acknowledged, and once however often it is said", (t) => {
  const unit = ready();
  goOn(unit, { kind: "accepting" }, HUNDRED);
  t.deepEqual(unit.story, ["offered 10000"]);
  ID003.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" }, { kind: "vend_valid" }, { kind: "vend_valid" }, { kind: "stacked" }, { kind: "idling" });
  t.deepEqual(
    unit.story.filter((line) => line !== "ack"),
    ["offered 10000", "STACK", "stacked 10000"],
  );
  t.true(unit.story.indexOf("ack") > unit.story.indexOf("stacked 10000"));
});

test("a unit that is deaf to our acknowledgement is reset after five seconds, and what it says again is no second note", (t) => {
  const unit = ready();
  goOn(unit, HUNDRED);
  ID003.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" });
  unit.status = { kind: "vend_valid" };
  unit.clock.advance(6000);
  t.true(unit.story.includes("RESET"));
  goOn(unit, { kind: "power_up_bill_in_stacker" }, { kind: "initialize" }, { kind: "vend_valid" }, { kind: "disabled" });
  t.is(unit.story.filter((line) => line.startsWith("stacked")).length, 1);
});

test("nobody decides: the wait is prolonged and the note goes back before the unit gives up", (t) => {
  const unit = ready();
  unit.status = HUNDRED;
  unit.clock.advance(9000);
  t.true(unit.story.includes("HOLD"));
  t.true(unit.story.includes("RETURN"));
  goOn(unit, { kind: "returning" }, { kind: "idling" });
  t.is(unit.story.at(-1), "returned");
});

test("at rest after STACK without vend valid, or jammed for ten seconds: unresolved; a late vend valid is still told", (t) => {
  for (const status of [{ kind: "idling" }, { kind: "stacker_jammed" }] as const) {
    const unit = ready();
    goOn(unit, HUNDRED);
    ID003.stack(unit.acceptor);
    goOn(unit, { kind: "stacking" }, status);
    unit.clock.advance(11_000);
    t.true(unit.story.includes("unresolved"));
    goOn(unit, { kind: "vend_valid" });
    t.true(unit.story.includes("stacked 10000"));
  }
});

const starts: [string, id003.Status[], string[]][] = [
  ["only the terminal had fallen", [{ kind: "vend_valid" }], ["stacked 0 from before"]],
  [
    "a note past the point of no return",
    [{ kind: "power_up_bill_in_stacker" }, { kind: "vend_valid" }],
    ["RESET", "stacked 0 from before"],
  ],
  ["a note in the head", [{ kind: "power_up_bill_in_acceptor" }, { kind: "disabled" }], ["returned", "RESET"]],
  ["nothing inside", [{ kind: "power_up" }, { kind: "disabled" }], ["RESET", "unresolved"]],
];

for (const [title, statuses, story] of starts) {
  test(`at the start, an intent being open: ${title}`, (t) => {
    const unit = startUnit(true, statuses[0]);
    goOn(unit, ...statuses);
    t.deepEqual(
      unit.story.filter((line) => /RESET|stacked|returned|unresolved/.test(line)),
      story,
    );
  });
}

for (const [status, health] of [
  ["stacker_full", "full"],
  ["stacker_open", "removed"],
  ["acceptor_jammed", "jammed"],
  ["paused", "jammed"],
] as const) {
  test(`${status} is reported as "${health}", and its end as well`, (t) => {
    const unit = ready();
    goOn(unit, { kind: status });
    t.is(unit.story.at(-1), health);
    goOn(unit, { kind: "disabled" });
    t.true(unit.story.includes("ok"));
  });
}

test("a silent unit is reported after five seconds, and a note on its way is unresolved ten seconds later", (t) => {
  const unit = ready();
  goOn(unit, HUNDRED);
  ID003.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" });
  unit.silent = true;
  unit.clock.advance(7000);
  t.is(unit.story.at(-1), "silent");
  unit.clock.advance(12_000);
  t.is(unit.story.at(-1), "unresolved");
});
