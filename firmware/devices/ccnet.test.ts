import test from "ava";
import { ccnet } from "@trapeza/protocol/chip";
import { createBenchClock, createBenchPort, type BenchClock, type BenchPort } from "../bench.js";
import { freshAcceptor, type Acceptor, type AcceptorEvents } from "../acceptor.js";
import { CCNET } from "./ccnet.js";

const BILLS: ccnet.Bill[] = [
  { billType: 2, valueKopecks: 1000, currency: "RUS" },
  { billType: 4, valueKopecks: 10000, currency: "RUS" },
  { billType: 7, valueKopecks: 500000, currency: "RUS" },
  { billType: 12, valueKopecks: 20000, currency: "RUS" },
  { billType: 13, valueKopecks: 200000, currency: "RUS" },
];

interface Unit {
  readonly clock: BenchClock;
  readonly port: BenchPort;
  acceptor: Acceptor;
  start(): void;
  /** What the terminal was told and what the unit was told, in order. */
  readonly story: string[];
  status: ccnet.Status;
  bills: readonly ccnet.Bill[];
  mode: "ok" | "silent" | "broken" | "refuses_table" | "refuses_stack";
}

/** A validator that answers each poll with its status; `story` keeps what matters of both sides. */
function createUnit(intentIsOpen = false): Unit {
  const clock = createBenchClock();
  const story: string[] = [];
  const reply = (status: ccnet.Status): Uint8Array => ccnet.encodeFrame(ccnet.encodeStatus(status));
  const port = createBenchPort(clock, (written) => {
    const frame = ccnet.scan(ccnet.createScanner(), written)[0];
    if (frame?.kind !== "frame" || unit.mode === "silent") return null;
    const command = frame.payload[0];
    if (command === ccnet.POLL) {
      const status = unit.status;
      const answer = reply(status);
      if (unit.mode === "broken") answer[3] ^= 0x40;
      return answer;
    }
    if (command === ccnet.ACK) {
      if (unit.status.kind === "stacked") story.push("ack");
      return null;
    }
    if (command === ccnet.NAK) {
      story.push("nak");
      unit.mode = "ok";
      return reply(unit.status);
    }
    if (command === ccnet.GET_BILL_TABLE) {
      return unit.mode === "refuses_table" ? reply({ kind: "illegal" }) : ccnet.encodeFrame(ccnet.encodeBillTable(unit.bills));
    }
    const words: { [code: number]: string } = { 0x30: "RESET", 0x34: "ENABLE", 0x35: "STACK", 0x36: "RETURN", 0x38: "HOLD" };
    story.push(words[command] + (command === 0x34 ? " " + frame.payload.slice(1, 4).join(".") : ""));
    if (command === ccnet.ENABLE_BILL_TYPES)
      unit.status = { kind: frame.payload.slice(1, 4).some((byte) => byte > 0) ? "idling" : "disabled" };
    if (command === ccnet.RESET) unit.status = { kind: "initialize" };
    if (command === ccnet.STACK && unit.mode === "refuses_stack") return reply({ kind: "illegal" });
    return reply({ kind: "ack" });
  });
  const events: AcceptorEvents = {
    onOffered: (value) => story.push(`offered ${value}`),
    onStacked: (value, ours, sinceStart) => story.push(`${ours ? "stacked" : "another's"} ${value}${sinceStart ? "" : " from before"}`),
    onReturned: () => story.push("returned"),
    onUnresolved: () => story.push("unresolved"),
    onOddity: (what) => story.push(what),
    onHealth: (health) => story.push(health),
  };
  const unit: Unit = {
    ...{ clock, port, story, status: { kind: "disabled" }, mode: "ok", bills: BILLS },
    acceptor: freshAcceptor(port, clock, events, intentIsOpen),
    start: () => void (unit.acceptor = CCNET.start(port, clock, events, intentIsOpen)),
  };
  return unit;
}

/** Up and running, notes wanted; the story begins anew. */
function ready(): Unit {
  const unit = createUnit();
  unit.start();
  unit.acceptor.wanted = true;
  unit.clock.advance(3000);
  unit.story.length = 0;
  return unit;
}

function goOn(unit: Unit, ...statuses: ccnet.Status[]): void {
  for (const status of statuses) {
    unit.status = status;
    unit.clock.advance(500);
  }
}

test("the table is read before notes are taken, and only notes of 10, 50, 100, 500 and 1000 roubles are let in", (t) => {
  const unit = createUnit();
  unit.start();
  unit.acceptor.wanted = true;
  unit.clock.advance(3000);
  t.deepEqual(unit.story, ["ok", "ENABLE 0.0.20"]);
});

test("a note: offered, then stacked once the terminal says so, told before it is acknowledged", (t) => {
  const unit = ready();
  goOn(unit, { kind: "accepting" }, { kind: "escrow", billType: 4 });
  t.deepEqual(unit.story, ["offered 10000"]);
  CCNET.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" }, { kind: "stacked", billType: 4 }, { kind: "idling" });
  t.deepEqual(unit.story.slice(0, 4), ["offered 10000", "STACK", "stacked 10000", "ack"]);
});

test("the same 0x81 again and again is one note; a second note needs a second journey", (t) => {
  const unit = ready();
  goOn(unit, { kind: "escrow", billType: 4 });
  CCNET.stack(unit.acceptor);
  goOn(unit, { kind: "stacked", billType: 4 }, { kind: "stacked", billType: 4 }, { kind: "stacked", billType: 4 });
  t.is(unit.story.filter((line) => line.startsWith("stacked")).length, 1);
  goOn(unit, { kind: "idling" }, { kind: "escrow", billType: 4 });
  CCNET.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" }, { kind: "stacked", billType: 4 });
  t.is(unit.story.filter((line) => line.startsWith("stacked")).length, 2);
});

test("two answers glued together are both heard, in order", (t) => {
  const unit = ready();
  goOn(unit, { kind: "escrow", billType: 2 });
  CCNET.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" });
  const [first, second] = [ccnet.encodeStatus({ kind: "stacked", billType: 2 }), ccnet.encodeStatus({ kind: "idling" })].map(
    ccnet.encodeFrame,
  );
  unit.port.say(new Uint8Array([...first, ...second]));
  t.deepEqual(
    unit.story.filter((line) => line.startsWith("stacked") || line === "unresolved"),
    ["stacked 1000"],
  );
});

test("a damaged answer is asked for again and nothing is lost", (t) => {
  const unit = ready();
  goOn(unit, { kind: "escrow", billType: 4 });
  CCNET.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" });
  unit.mode = "broken";
  goOn(unit, { kind: "stacked", billType: 4 });
  t.true(unit.story.includes("nak"));
  t.true(unit.story.includes("stacked 10000"));
});

test("at rest after STACK without 0x81, the note is unresolved: neither money nor nothing", (t) => {
  const unit = ready();
  goOn(unit, { kind: "escrow", billType: 4 });
  CCNET.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" }, { kind: "idling" });
  t.deepEqual(unit.story, ["offered 10000", "STACK", "unresolved"]);
});

test("a jam with a note inside is reported at once and unresolved after ten seconds; a late 0x81 is still told", (t) => {
  const unit = ready();
  goOn(unit, { kind: "escrow", billType: 4 });
  CCNET.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" }, { kind: "cassette_jammed" });
  t.is(unit.story.at(-1), "jammed");
  unit.clock.advance(11_000);
  t.true(unit.story.includes("unresolved"));
  goOn(unit, { kind: "stacking" }, { kind: "stacked", billType: 4 });
  t.true(unit.story.includes("stacked 10000"));
});

test("nobody decides: the wait is prolonged once and the note goes back before the validator gives up", (t) => {
  const unit = ready();
  unit.status = { kind: "escrow", billType: 4 };
  unit.clock.advance(9000);
  t.true(unit.story.includes("HOLD"));
  t.true(unit.story.includes("RETURN"));
  goOn(unit, { kind: "returned", billType: 4 });
  t.is(unit.story.at(-1), "returned");
  CCNET.stack(unit.acceptor);
  unit.clock.advance(1000);
  t.false(unit.story.includes("STACK"), "an approval that comes too late does nothing");
});

test("a note offered while none are wanted goes back", (t) => {
  const unit = ready();
  unit.acceptor.wanted = false;
  goOn(unit, { kind: "escrow", billType: 4 });
  t.true(unit.story.length > 0 && unit.story.every((line) => line === "RETURN"));
});

test("STACK refused while the note is already on its way changes nothing", (t) => {
  const unit = ready();
  goOn(unit, { kind: "escrow", billType: 4 });
  CCNET.stack(unit.acceptor);
  unit.mode = "refuses_stack";
  goOn(unit, { kind: "stacking" }, { kind: "stacked", billType: 4 });
  t.true(unit.story.includes("stacked 10000"));
  t.false(unit.story.includes("unresolved"));
});

const starts: [string, boolean, ccnet.Status[], string[]][] = [
  [
    "power came back with a note past the point of no return",
    true,
    [{ kind: "power_up_bill_in_stacker" }, { kind: "initialize" }, { kind: "stacked", billType: 4 }],
    ["RESET", "stacked 10000 from before"],
  ],
  [
    "power came back with a note in the head",
    true,
    [{ kind: "power_up_bill_in_validator" }, { kind: "disabled" }],
    ["returned", "RESET", "ok"],
  ],
  [
    "power came back with nothing inside, an intent being open",
    true,
    [{ kind: "power_up" }, { kind: "disabled" }],
    ["RESET", "unresolved", "ok"],
  ],
  ["power came back with nothing inside and no intent", false, [{ kind: "power_up" }, { kind: "disabled" }], ["RESET", "ok"]],
  ["only the terminal had fallen: the validator says 0x81 again", true, [{ kind: "stacked", billType: 2 }], ["stacked 0 from before"]],
];

for (const [title, intentIsOpen, statuses, story] of starts) {
  test(`at the start: ${title}`, (t) => {
    const unit = createUnit(intentIsOpen);
    unit.status = statuses[0];
    unit.start();
    for (const status of statuses) {
      unit.status = status;
      unit.clock.advance(1500);
    }
    t.deepEqual(
      unit.story.filter((line) => line !== "ack" && !line.startsWith("ENABLE")),
      story,
    );
  });
}

test("a silent unit is reported after five seconds, and a note that was on its way is unresolved ten seconds later", (t) => {
  const unit = ready();
  goOn(unit, { kind: "escrow", billType: 4 });
  CCNET.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" });
  unit.mode = "silent";
  unit.clock.advance(7000);
  t.is(unit.story.at(-1), "silent");
  unit.clock.advance(12_000);
  t.is(unit.story.at(-1), "unresolved");
});

test("a table that is refused does not lead to notes without a value", (t) => {
  const unit = createUnit();
  unit.mode = "refuses_table";
  unit.start();
  unit.acceptor.wanted = true;
  unit.clock.advance(5000);
  t.false(unit.story.some((line) => line.startsWith("ENABLE") && line !== "ENABLE 0.0.0"));
});

for (const [status, health] of [
  ["cassette_full", "full"],
  ["cassette_out", "removed"],
  ["validator_jammed", "jammed"],
] as const) {
  test(`${status} is reported as "${health}", and its end as well`, (t) => {
    const unit = ready();
    goOn(unit, { kind: status });
    t.is(unit.story.at(-1), health);
    goOn(unit, { kind: "disabled" });
    t.true(unit.story.includes("ok"));
  });
}

test("two 0x81 of different types glued together are two notes, and only one of them is the person's", (t) => {
  for (const types of [
    [2, 4],
    [4, 2],
  ]) {
    const unit = ready();
    goOn(unit, { kind: "escrow", billType: 4 });
    CCNET.stack(unit.acceptor);
    goOn(unit, { kind: "stacking" });
    unit.status = { kind: "idling" };
    unit.port.say(new Uint8Array(types.flatMap((billType) => [...ccnet.encodeFrame(ccnet.encodeStatus({ kind: "stacked", billType }))])));
    unit.clock.advance(1000);
    t.deepEqual(unit.story.filter((line) => /stacked|another|unresolved/.test(line)).sort(), ["another's 1000", "stacked 10000"]);
  }
});

test("only the terminal fell and the validator stands enabled: the table is read all the same and notes go in", (t) => {
  const unit = createUnit();
  unit.status = { kind: "idling" };
  unit.mode = "refuses_table";
  unit.start();
  unit.acceptor.wanted = true;
  unit.clock.advance(1000);
  t.true(unit.story.includes("ENABLE 0.0.0"));
  unit.mode = "ok";
  unit.clock.advance(3000);
  t.is(unit.story.at(-1), "ENABLE 0.0.20");
  t.is(unit.acceptor.health, "ok");
});

test("a table that says something else after a reset: no more notes, and a word to the technician", (t) => {
  const unit = ready();
  unit.bills = BILLS.map((bill) => ({ ...bill, valueKopecks: bill.valueKopecks * 10 }));
  goOn(unit, { kind: "power_up" }, { kind: "disabled" });
  unit.clock.advance(3000);
  t.true(unit.story.includes("another table of notes"));
  t.is(unit.acceptor.health, "jammed");
  t.false(unit.acceptor.enabled);
});

test("a note pulled back on a string stays counted; at the third time the machine takes no more until its cassette was out", (t) => {
  const unit = ready();
  for (let i = 0; i < 3; i++) goOn(unit, { kind: "cheated" }, { kind: "cheated" }, { kind: "idling" });
  t.deepEqual(
    unit.story.filter((line) => line.startsWith("cheated")),
    ["cheated 1", "cheated 2", "cheated 3"],
  );
  t.is(unit.acceptor.health, "jammed");
  unit.clock.advance(2000);
  t.is(unit.status.kind, "disabled");
  goOn(unit, { kind: "cassette_out" }, { kind: "disabled" });
  unit.clock.advance(2000);
  t.is(unit.acceptor.health, "ok");
});

test("on a line that says our own words back to us, they are not taken for answers", (t) => {
  const unit = createUnit();
  const { write } = unit.port;
  unit.port.write = (bytes) => {
    const echo = Uint8Array.from(bytes);
    unit.clock.after(5, () => unit.port.say(echo));
    write(bytes);
  };
  unit.start();
  unit.acceptor.wanted = true;
  goOn(unit, { kind: "power_up" }, { kind: "disabled" });
  unit.clock.advance(3000);
  t.is(unit.acceptor.health, "ok");
  t.true(unit.acceptor.enabled);
  goOn(unit, { kind: "escrow", billType: 4 });
  CCNET.stack(unit.acceptor);
  goOn(unit, { kind: "stacking" }, { kind: "stacked", billType: 4 });
  t.deepEqual(
    unit.story.filter((line) => /offered|STACK|stacked/.test(line)),
    ["offered 10000", "STACK", "stacked 10000"],
  );
});
