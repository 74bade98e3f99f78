import test from "ava";
import { pn532 } from "@trapeza/protocol/chip";
import { createBenchClock, createBenchPort } from "../bench.js";
import * as driver from "./pn532.js";

function bench() {
  const clock = createBenchClock();
  const story: string[] = [];
  const heard: string[] = [];
  const unit = { uid: "", mode: "ok" as "ok" | "silent" | "mute_once" | "no_ack" | "twice", sak: 8, said: [] as string[], looks: 0 };
  const codes: number[] = [];
  const answer = (code: number, rest: number[]): Uint8Array => {
    const frame = pn532.encodeFrame(pn532.FROM_READER, new Uint8Array([code + 1, ...rest]));
    return new Uint8Array([...(unit.mode === "no_ack" ? [] : pn532.ACK), ...frame, ...(unit.mode === "twice" ? frame : [])]);
  };
  const port = createBenchPort(clock, (written) => {
    const frame = pn532.scan(pn532.createScanner(), written).find((found) => found.kind === "data");
    if (!frame || frame.kind !== "data" || unit.mode === "silent") return null;
    if (unit.mode === "mute_once") {
      unit.mode = "ok";
      return null;
    }
    const code = frame.data[0];
    codes.push(code);
    if (code === pn532.IN_DATA_EXCHANGE) {
      heard.push(Buffer.from(frame.data.subarray(2)).toString("hex"));
      const said = unit.said.shift();
      return said === undefined ? null : answer(code, [...Buffer.from(said, "hex")]);
    }
    if (code !== pn532.IN_LIST_PASSIVE_TARGET) return answer(code, []);
    unit.looks++;
    if (unit.uid === "") return answer(code, [0]);
    const uid = [...Buffer.from(unit.uid, "hex")];
    return answer(code, [1, 1, 0, 4, unit.sak, uid.length, ...uid]);
  });
  const reader = driver.createReader(port, clock, {
    onCard: (uid, sun) => story.push(`card ${uid}` + (sun ? ` ${Buffer.from(sun).toString("hex")}` : "")),
    onGone: () => story.push("gone"),
    onStranger: () => story.push("stranger"),
    onHealth: (health) => story.push(health),
  });
  driver.startReader(reader);
  /** Carries requests, in hex, and tells how it ended. */
  const hold = { on: false };
  const carry = (uid: string, ...requests: string[]): void =>
    driver.carry(
      reader,
      uid,
      requests.map((hex) => new Uint8Array(Buffer.from(hex, "hex"))),
      hold.on,
      (status, answers) => story.push([`done ${status}`, ...answers.map((one) => Buffer.from(one).toString("hex"))].join(" ")),
    );
  return { clock, story, unit, heard, codes, carry, hold };
}

test("a card is told once when it comes and once when it has gone", (t) => {
  const { clock, story, unit } = bench();
  clock.advance(1000);
  unit.uid = "11223344";
  clock.advance(1000);
  unit.uid = "";
  clock.advance(1000);
  t.deepEqual(story, ["ok", "card 11223344", "gone"]);
});

test("a card held askew, missed by one poll, is still the same tap", (t) => {
  const { clock, story, unit } = bench();
  unit.uid = "11223344";
  clock.advance(1000);
  unit.uid = "";
  clock.advance(120);
  unit.uid = "11223344";
  clock.advance(1000);
  t.deepEqual(story, ["ok", "card 11223344"]);
});

test("another card in its place is another tap, and a telephone is a stranger", (t) => {
  const { clock, story, unit } = bench();
  unit.uid = "11223344";
  clock.advance(500);
  unit.uid = "0499aabbccddee";
  clock.advance(500);
  unit.uid = "08a1b2c3";
  clock.advance(500);
  t.deepEqual(story, ["ok", "card 11223344", "gone", "card 0499aabbccddee", "gone", "stranger"]);
});

test("the first command after power-up may be lost", (t) => {
  const { clock, story, unit } = bench();
  unit.mode = "mute_once";
  clock.advance(2000);
  t.deepEqual(story, ["ok"]);
});

test("a reader that falls silent is reported after three tries, its card is gone, and it is woken again", (t) => {
  const { clock, story, unit } = bench();
  unit.uid = "11223344";
  clock.advance(500);
  unit.mode = "silent";
  clock.advance(2500);
  t.deepEqual(story, ["ok", "card 11223344", "gone", "silent"]);
  unit.mode = "ok";
  clock.advance(4000);
  t.deepEqual(story.slice(4), ["ok", "card 11223344"]);
});

test("an answer without the acknowledgement before it belongs to another command and is not believed", (t) => {
  const { clock, story, unit } = bench();
  clock.advance(500);
  unit.mode = "no_ack";
  unit.uid = "11223344";
  clock.advance(400);
  t.deepEqual(story, ["ok"]);
});

test("requests go to the card one after the other, and their answers come back together", (t) => {
  const { clock, story, unit, heard, carry } = bench();
  unit.uid = "11223344";
  clock.advance(300);
  unit.said = ["00", "00aabb", "00cc"];
  carry("11223344", "61", "3004", "3005");
  clock.advance(200);
  t.deepEqual(heard, ["61", "3004", "3005"]);
  t.deepEqual(story, ["ok", "card 11223344", "done 0  aabb cc"]);
  // Afterwards the card is looked for as before.
  unit.uid = "";
  clock.advance(500);
  t.is(story.at(-1), "gone");
});

test("an answer that comes twice counts once: no step of the start is left out, and no request has the answer of the one before", (t) => {
  const { clock, story, unit, codes, carry } = bench();
  unit.mode = "twice";
  unit.uid = "11223344";
  clock.advance(1000);
  t.deepEqual(codes.slice(0, 4), [pn532.SAM_CONFIGURATION, pn532.RF_CONFIGURATION, pn532.SET_PARAMETERS, pn532.IN_LIST_PASSIVE_TARGET]);
  unit.said = ["00aa", "00bb"];
  carry("11223344", "3004", "3005");
  clock.advance(1000);
  t.deepEqual(story, ["ok", "card 11223344", "done 0 aa bb"]);
});

test("an error ends it, and says at which request; nothing is sent behind it", (t) => {
  const { clock, story, unit, heard, carry } = bench();
  unit.uid = "11223344";
  clock.advance(300);
  unit.said = ["00", "01"];
  carry("11223344", "61", "3004", "3005");
  clock.advance(200);
  t.deepEqual(heard, ["61", "3004"]);
  t.is(story.at(-1), "done 1 ");
});

test("a card that is not there, or not that one, is not asked", (t) => {
  const { clock, story, unit, carry } = bench();
  unit.uid = "11223344";
  clock.advance(300);
  carry("55667788", "61");
  t.is(story.at(-1), "done 1");
  Object.assign(unit, { uid: "", said: ["01"] });
  carry("11223344", "61");
  carry("11223344", "61");
  t.is(story.at(-1), "done 1");
  clock.advance(500);
  t.deepEqual(story.slice(-2), ["done 1", "gone"]);
});

test("a reader that falls silent in the middle ends it, is reported, and is woken again", (t) => {
  const { clock, story, unit, carry } = bench();
  unit.uid = "11223344";
  clock.advance(300);
  unit.said = ["00"];
  carry("11223344", "61", "3004", "3005");
  clock.advance(100);
  unit.mode = "silent";
  clock.advance(3000);
  t.deepEqual(story.slice(2), ["done 1 ", "gone", "silent"]);
  unit.mode = "ok";
  clock.advance(4000);
  t.deepEqual(story.slice(-2), ["ok", "card 11223344"]);
});

const PICC = "ef963ff7828658a599f3041510671e88";
const MAC = "94eed9ee65337086";
const NDEF = Buffer.from(`school.example/t?p=${PICC}&m=${MAC}`).toString("hex") + "9000";

test("a card that takes APDUs says its message before anybody is told of it, also in two pieces", (t) => {
  const { clock, story, unit, heard } = bench();
  Object.assign(unit, { uid: "04de5f1eacc040", sak: 0x20, said: ["009000", "009000", "40" + NDEF.slice(0, 20), "00" + NDEF.slice(20)] });
  clock.advance(1000);
  t.deepEqual(story, ["ok", `card 04de5f1eacc040 ${PICC}${MAC}`]);
  t.deepEqual(heard, ["00a4040007d276000085010100", "00a4000c02e104", "00b0000080", ""]);
});

test("without a message it is a card all the same: another kind, or taken away too early", (t) => {
  const other = bench();
  Object.assign(other.unit, { uid: "04de5f1eacc040", sak: 0x20, said: ["006a82", "006a82", "006a82"] });
  other.clock.advance(1000);
  t.deepEqual(other.story, ["ok", "card 04de5f1eacc040"]);
  const early = bench();
  Object.assign(early.unit, { uid: "04de5f1eacc040", sak: 0x20, said: ["009000", "01"] });
  early.clock.advance(300);
  t.deepEqual(early.story, ["ok", "card 04de5f1eacc040"]);
});

test("while more may follow the card stays selected, and is not looked for in between", (t) => {
  const { clock, unit, heard, carry, hold } = bench();
  unit.uid = "11223344";
  clock.advance(300);
  Object.assign(unit, { said: ["00", "00", "00"] });
  hold.on = true;
  carry("11223344", "61", "3004");
  clock.advance(300);
  const looks = unit.looks;
  hold.on = false;
  carry("11223344", "a004");
  clock.advance(25);
  t.deepEqual(heard, ["61", "3004", "a004"]);
  t.is(unit.looks, looks);
  clock.advance(500);
  t.true(unit.looks > looks);
});
