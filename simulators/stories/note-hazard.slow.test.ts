/** The fourteen hazards of a bill validator's line, one story each, with the kiosk's real image on one end and the twin's bytes on the other. */
import test from "ava";
import { ccnet } from "@trapeza/protocol";
import { RUSSIAN_BILLS, type CcnetTwin } from "../devices/ccnet.js";
import { countOf, feedUntil, feedWhole, FIFTY, HUNDRED, leave, openDesk, restart, settled, stepUp, type Desk } from "./_cash.test.js";

const STACKED = 0x81;
const says = (frame: Uint8Array, code: number): boolean => frame[3] === code;
const stackedFrame = (billType: number): Uint8Array => ccnet.encodeFrame(ccnet.encodeStatus({ kind: "stacked", billType }));

/** Flips a bit in the first `times` frames that begin with `code`. */
function damage(times: number, code: number): (frame: Uint8Array) => readonly Uint8Array[] {
  let left = times;
  return (frame) => {
    if (!says(frame, code) || left-- <= 0) return [frame];
    const bad = Uint8Array.from(frame);
    bad[4] ^= 0x10;
    return [bad];
  };
}

/** Swallows the first `times` frames that begin with `code`. */
function swallow(times: number, code: number): (frame: Uint8Array) => readonly Uint8Array[] {
  let left = times;
  return (frame) => (says(frame, code) && left-- > 0 ? [] : [frame]);
}

async function wholeVisit(desk: Desk, kopecks: number, shows: string): Promise<void> {
  await stepUp(desk);
  await feedWhole(desk, kopecks, shows);
  await leave(desk);
}

test("H1: the answer that a note is stacked arrives damaged, is asked for again, and the note is credited once", async (t) => {
  const desk = await openDesk();
  desk.terminal.acceptorWire.toHost = damage(2, STACKED);
  await desk.world.play(wholeVisit(desk, HUNDRED, "100,00"));
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, unproven: 0 });
});

test("H1: a validator that says it only once, and is not heard, leaves a claim in suspense and no money", async (t) => {
  const desk = await openDesk({ stackedIsSaid: "once" });
  desk.terminal.acceptorWire.toHost = swallow(1, STACKED);
  await desk.world.play(
    stepUp(desk)
      .then(() => feedUntil(desk, HUNDRED, "stacking"))
      .then(() => desk.hand.until(() => desk.hand.papers() > 0, 20_000)),
  );
  t.true(
    desk.hand.paper().some((line) => line.includes("приёмник не подтвердил")),
    desk.hand.paper().join("\n"),
  );
  await settled(t, desk, { inCassette: HUNDRED, credited: 0, held: 0, unproven: HUNDRED });
});

test("H2: our acknowledgement is lost five times over, the validator repeats itself, and the note is credited once", async (t) => {
  const desk = await openDesk();
  const { acceptorWire } = desk.terminal;
  let told = 0;
  let lost = 0;
  acceptorWire.toHost = (frame) => {
    if (says(frame, STACKED)) told++;
    return [frame];
  };
  // Those for what it said before 0x81 are not the ones that matter.
  acceptorWire.toDevice = (frame) => (says(frame, ccnet.ACK) && told > 0 && lost++ < 5 ? [] : [frame]);
  await desk.world.play(wholeVisit(desk, HUNDRED, "100,00"));
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, unproven: 0 });
  t.true(told > 5, `told ${told} times`);
});

for (const bytes of [0, 20, 4096]) {
  const where = bytes === 0 ? "before" : bytes === 20 ? "in the middle of" : "right after";
  test(`H3, H4: the terminal falls ${where} writing the credit, and the validator, which stayed on, says it again`, async (t) => {
    const desk = await openDesk({ ownSupply: true });
    await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking")));
    const said: string[] = [];
    const deafen = desk.terminal.listen(({ line, direction, bytes: frame }) => {
      if (line === "ccnet" && direction === "in" && says(frame, STACKED)) said.push("stacked");
      if (line === "ccnet" && direction === "out" && says(frame, ccnet.ACK) && said.length > 0) said.push("acknowledged");
    });
    desk.terminal.board.flash.tearAfter(1, bytes);
    await desk.world.run(5000);
    deafen();
    t.false(desk.terminal.board.powered);
    // Here what is in the port's shift register dies with the board; a real one may still get out what it was given.
    t.deepEqual(said, ["stacked"]);
    desk.terminal.board.powerOn();
    await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, held: 0, unproven: 0 });
  });
}

test("H5: all power goes while the note is past the point of no return, and it is credited after the restart", async (t) => {
  const desk = await openDesk();
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking", 800)));
  await restart(desk);
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, unproven: 0 });
  t.true(desk.hand.paper().some((line) => line.includes("Восстановлено")));
});

test("H5: the same with a validator that has forgotten by then: a claim in suspense, no money", async (t) => {
  const desk = await openDesk({ recoversAfterPowerCut: false });
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking", 1450)));
  await desk.world.play(desk.hand.until(() => desk.acceptor.truth().cassette.length > 0));
  await restart(desk);
  await settled(t, desk, { inCassette: HUNDRED, credited: 0, unproven: HUNDRED });
});

test("H6: the validator tells again after its restart what was credited before it, and nobody is credited twice", async (t) => {
  const desk = await openDesk();
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking")));
  desk.terminal.acceptorWire.toDevice = swallow(1000, ccnet.ACK);
  await desk.world.play(desk.hand.until("100,00"));
  await restart(desk);
  desk.terminal.acceptorWire.toDevice = (frame) => [frame];
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, held: 0, unproven: 0 });
});

test("H6: only the validator blinks before it has heard our acknowledgement, and what it tells again is not another note", async (t) => {
  const desk = await openDesk({ ownSupply: true });
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking")));
  desk.terminal.acceptorWire.toDevice = swallow(1000, ccnet.ACK);
  await desk.world.play(desk.hand.until("100,00"));
  desk.acceptor.blink();
  desk.terminal.acceptorWire.toDevice = (frame) => [frame];
  await desk.world.run(10_000);
  await desk.world.play(leave(desk));
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, held: 0, unproven: 0 });
});

test("only the terminal falls and comes back to a validator that stands ready: cash is taken as before", async (t) => {
  const desk = await openDesk({ ownSupply: true });
  await desk.world.play(stepUp(desk));
  await restart(desk);
  await desk.world.run(20_000);
  await desk.world.play(wholeVisit(desk, HUNDRED, "100,00"));
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, held: 0, unproven: 0 });
});

test("H7: all power goes with the note in escrow, the note comes back, and nothing is credited", async (t) => {
  const desk = await openDesk();
  desk.terminal.acceptorWire.toDevice = swallow(1000, ccnet.STACK);
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "escrow", 900)));
  await restart(desk);
  await settled(t, desk, { inCassette: 0, credited: 0, unproven: 0 });
  t.deepEqual(desk.acceptor.truth().returned, [HUNDRED]);
  t.is(desk.hand.papers(), 0);
});

test("H8: the answer to STACK is lost, the repeated STACK is illegal, and the note is credited once", async (t) => {
  const desk = await openDesk();
  await desk.world.play(stepUp(desk));
  let stacks = 0;
  desk.terminal.acceptorWire.toDevice = (frame) => {
    if (says(frame, ccnet.STACK)) stacks++;
    return [frame];
  };
  desk.terminal.acceptorWire.toHost = (frame) => (stacks === 1 && says(frame, ccnet.ACK) ? [] : [frame]);
  await desk.world.play(feedWhole(desk, HUNDRED, "100,00").then(() => leave(desk)));
  t.true(stacks > 1);
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, unproven: 0 });
});

for (const [where, inCassette] of [
  ["validator", 0],
  ["cassette", HUNDRED],
] as const) {
  test(`H9: the note jams in the ${where} on its way: a claim, and no cash until a technician has freed it`, async (t) => {
    const desk = await openDesk();
    await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking", where === "cassette" ? 800 : 100)));
    desk.acceptor.jam(where);
    await desk.world.play(desk.hand.until(() => desk.hand.papers() > 0, 30_000));
    t.true(desk.hand.paper().some((line) => line.includes("приёмник не подтвердил")));
    await desk.world.run(20_000);
    t.true(desk.hand.read().includes("приёмник неисправен"), desk.hand.read().join(" | "));
    t.is(countOf(desk).credited, 0);
    desk.acceptor.clearJam();
    await settled(t, desk, { inCassette, credited: 0, held: inCassette, unproven: HUNDRED });
    t.true(desk.hand.read().includes("Приложите карту"), desk.hand.read().join(" | "));
  });
}

test("H9: the cassette is pulled out while a note is on its way into it: a claim, and no cash without a cassette", async (t) => {
  const desk = await openDesk();
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking", 200)));
  desk.acceptor.removeCassette();
  await desk.world.run(30_000);
  t.true(desk.hand.read().includes("кассета вынута"), desk.hand.read().join(" | "));
  desk.acceptor.returnCassette();
  await settled(t, desk, { credited: 0 });
});

test("H10: nobody decides for ten seconds, the validator gives the note back by itself, and a late STACK credits nothing", async (t) => {
  const desk = await openDesk();
  await desk.world.play(stepUp(desk));
  // The terminal decides at once; here its words do not reach the validator.
  desk.terminal.acceptorWire.toDevice = (frame) =>
    [ccnet.STACK, ccnet.HOLD, ccnet.RETURN].some((code) => says(frame, code)) ? [] : [frame];
  await desk.world.play(feedUntil(desk, HUNDRED, "escrow", 11_500));
  desk.terminal.acceptorWire.toDevice = (frame) => [frame];
  await desk.world.play(desk.hand.until("Возьмите купюру"));
  await settled(t, desk, { inCassette: 0, credited: 0, held: 0, unproven: 0 });
  t.deepEqual(desk.acceptor.truth().returned, [HUNDRED]);
});

test("H11: the validator numbers its notes anew after a reset: the note on its way keeps its value, and no more cash is taken", async (t) => {
  const desk = await openDesk({ ownSupply: true });
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking", 800)));
  const twin = desk.acceptor as CcnetTwin;
  twin.renumber(RUSSIAN_BILLS.map((bill) => ({ ...bill, billType: bill.billType === 4 ? 6 : bill.billType === 6 ? 4 : bill.billType })));
  desk.acceptor.blink();
  await desk.world.play(desk.hand.until("100,00", 20_000).then(() => leave(desk)));
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, held: 0, unproven: 0 });
  t.true(desk.hand.read().includes("приёмник неисправен"), desk.hand.read().join(" | "));
  await restart(desk);
  await desk.world.run(30_000);
  desk.acceptor.blink();
  await desk.world.run(30_000);
  t.true(desk.hand.read().includes("Приложите карту"), desk.hand.read().join(" | "));
});

test("H12: two notes are told in one breath: the person's is credited, the other one lies in suspense, whichever comes first", async (t) => {
  for (const first of [true, false]) {
    const desk = await openDesk();
    await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking")));
    let told = false;
    desk.terminal.acceptorWire.toHost = (frame) => {
      if (!says(frame, STACKED) || told) return [frame];
      told = true;
      // Busy until both have arrived, so that they come out of the port as one piece.
      desk.terminal.board.standStill?.(60);
      return first ? [stackedFrame(3), frame] : [frame, stackedFrame(3)];
    };
    await desk.world.play(desk.hand.until("100,00").then(() => leave(desk)));
    await desk.world.run(60_000);
    const { credited, held, unproven } = countOf(desk);
    t.deepEqual({ credited, held, unproven }, { credited: HUNDRED, held: FIFTY, unproven: 0 });
  }
});

test("H13: a note is pulled at on a string after it was counted: it stays credited, and at the third time cash is stopped", async (t) => {
  const desk = await openDesk();
  await desk.world.play(stepUp(desk).then(() => feedWhole(desk, HUNDRED, "100,00")));
  for (let i = 0; i < 3; i++) {
    desk.acceptor.cheat();
    await desk.world.run(2000);
  }
  await desk.world.play(leave(desk));
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED });
  t.true(desk.hand.read().includes("приёмник неисправен"), desk.hand.read().join(" | "));
  desk.acceptor.removeCassette();
  await desk.world.run(3000);
  desk.acceptor.returnCassette();
  await desk.world.run(10_000);
  t.true(desk.hand.read().includes("Приложите карту"), desk.hand.read().join(" | "));
});

test("H14: a line that says our own words back to us is not taken for answers, and the note is credited once", async (t) => {
  const desk = await openDesk();
  desk.terminal.acceptorWire.echo = true;
  await restart(desk);
  await desk.world.run(20_000);
  await desk.world.play(wholeVisit(desk, HUNDRED, "100,00"));
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, held: 0, unproven: 0 });
});
