import test from "ava";
import { pn532 } from "@trapeza/protocol/chip";
import { createBenchClock, createBenchPort } from "../bench.js";
import * as driver from "./pn532.js";

function bench() {
  const clock = createBenchClock();
  const story: string[] = [];
  const unit = { uid: "", mode: "ok" as "ok" | "silent" | "mute_once" | "no_ack", extra: new Uint8Array(0) };
  const answer = (code: number, rest: number[]): Uint8Array => {
    const frame = pn532.encodeFrame(pn532.FROM_READER, new Uint8Array([code + 1, ...rest]));
    return new Uint8Array([...(unit.mode === "no_ack" ? [] : pn532.ACK), ...frame]);
  };
  const port = createBenchPort(clock, (written) => {
    const frame = pn532.scan(pn532.createScanner(), written).find((found) => found.kind === "data");
    if (!frame || frame.kind !== "data" || unit.mode === "silent") return null;
    if (unit.mode === "mute_once") {
      unit.mode = "ok";
      return null;
    }
    const code = frame.data[0];
    if (code !== pn532.IN_LIST_PASSIVE_TARGET) return answer(code, []);
    if (unit.uid === "") return answer(code, [0]);
    const uid = [...Buffer.from(unit.uid, "hex")];
    return answer(code, [1, 1, 0, 4, 8, uid.length, ...uid]);
  });
  const reader = driver.createReader(port, clock, {
    onCard: (uid) => story.push(`card ${uid}`),
    onGone: () => story.push("gone"),
    onStranger: () => story.push("stranger"),
    onHealth: (health) => story.push(health),
  });
  driver.startReader(reader);
  return { clock, story, unit };
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
