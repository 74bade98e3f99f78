/** The kiosk with its second line: an ID003 validator, which waits with everything until "vend valid" is acknowledged. */
import test from "ava";
import { id003 } from "@trapeza/protocol";
import { RUSSIAN_CODES, type Id003Twin } from "../devices/id003.js";
import { countOf, feedUntil, feedWhole, FIFTY, HUNDRED, leave, openDesk, restart, settled, stepUp, type Desk } from "./_cash.test.js";

const says = (frame: Uint8Array, code: number): boolean => frame[2] === code;
const VEND_VALID = 0x15;

async function visit(desk: Desk): Promise<void> {
  await stepUp(desk);
  await feedWhole(desk, HUNDRED, "100,00");
  await feedWhole(desk, FIFTY, "150,00");
  await leave(desk);
}

test("two notes, a receipt, everything credited; a note of 5000 comes back", async (t) => {
  const desk = await openDesk({}, "id003");
  await desk.world.play(
    stepUp(desk)
      .then(() => feedUntil(desk, 500_000, "rejecting"))
      .then(() => feedWhole(desk, HUNDRED, "100,00"))
      .then(() => feedWhole(desk, FIFTY, "150,00"))
      .then(() => leave(desk)),
  );
  await settled(t, desk, { inCassette: HUNDRED + FIFTY, credited: HUNDRED + FIFTY, held: 0, unproven: 0 });
  t.deepEqual(desk.acceptor.truth().returned, [500_000]);
});

test("on a line without the parity bit neither side understands a byte, and cash is refused", async (t) => {
  const desk = await openDesk({}, "id003");
  Object.assign(desk.acceptor, { parity: undefined });
  await desk.world.run(10_000);
  t.true(desk.hand.read().includes("приёмник неисправен"), desk.hand.read().join(" | "));
});

test("our acknowledgement of vend valid is lost: the validator waits, says it again, and the note is credited once", async (t) => {
  const desk = await openDesk({}, "id003");
  let lost = 0;
  desk.terminal.acceptorWire.toDevice = (frame) => (says(frame, id003.ACK) && lost++ < 4 ? [] : [frame]);
  await desk.world.play(visit(desk));
  t.true(lost >= 4);
  await settled(t, desk, { inCassette: HUNDRED + FIFTY, credited: HUNDRED + FIFTY, held: 0, unproven: 0 });
});

test("no acknowledgement gets through at all: the unit is reset and goes on, and the note is credited once", async (t) => {
  for (const recovers of [true, false]) {
    const desk = await openDesk({ recovers }, "id003");
    await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking")));
    desk.terminal.acceptorWire.toDevice = (frame) => (says(frame, id003.ACK) ? [] : [frame]);
    await desk.world.run(8000);
    desk.terminal.acceptorWire.toDevice = (frame) => [frame];
    await desk.world.play(leave(desk));
    await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, held: 0, unproven: 0 });
    t.true(desk.hand.read().includes("Приложите карту"), desk.hand.read().join(" | "));
  }
});

for (const bytes of [0, 20, 4096]) {
  const where = bytes === 0 ? "before" : bytes === 20 ? "in the middle of" : "right after";
  for (const ownSupply of [true, false]) {
    test(`vend valid, and the power goes ${where} writing the credit, ${ownSupply ? "the validator stays on" : "the validator falls too"}`, async (t) => {
      const desk = await openDesk({ ownSupply }, "id003");
      await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking")));
      desk.terminal.board.flash.tearAfter(1, bytes);
      await desk.world.run(5000);
      t.false(desk.terminal.board.powered);
      desk.terminal.board.powerOn();
      await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, held: 0, unproven: 0 });
    });
  }
}

test("vend valid un-acknowledged, the power goes, and the unit has forgotten it: a claim in suspense, no money", async (t) => {
  const desk = await openDesk({ recovers: false }, "id003");
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking")));
  desk.terminal.acceptorWire.toHost = (frame) => (says(frame, VEND_VALID) ? [] : [frame]);
  await desk.world.run(4000);
  desk.terminal.acceptorWire.toHost = (frame) => [frame];
  await restart(desk);
  await settled(t, desk, { inCassette: HUNDRED, credited: 0, held: 0, unproven: HUNDRED });
});

test("the power goes with the note in escrow: it comes back, and nothing is credited", async (t) => {
  const desk = await openDesk({}, "id003");
  desk.terminal.acceptorWire.toDevice = (frame) => (says(frame, id003.STACK_1) ? [] : [frame]);
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "escrow", 900)));
  await restart(desk);
  desk.terminal.acceptorWire.toDevice = (frame) => [frame];
  await settled(t, desk, { inCassette: 0, credited: 0, unproven: 0 });
  t.deepEqual(desk.acceptor.truth().returned, [HUNDRED]);
});

test("the power goes past the point of no return: the note is credited after the restart", async (t) => {
  const desk = await openDesk({}, "id003");
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking", 800)));
  await restart(desk);
  await settled(t, desk, { inCassette: HUNDRED, credited: HUNDRED, unproven: 0 });
});

test("nobody decides for ten seconds: the unit gives the note back and a late STACK credits nothing", async (t) => {
  const desk = await openDesk({}, "id003");
  await desk.world.play(stepUp(desk));
  const deaf = [id003.STACK_1, id003.HOLD, id003.RETURN];
  desk.terminal.acceptorWire.toDevice = (frame) => (deaf.some((code) => says(frame, code)) ? [] : [frame]);
  await desk.world.play(feedUntil(desk, HUNDRED, "escrow", 11_500));
  desk.terminal.acceptorWire.toDevice = (frame) => [frame];
  await settled(t, desk, { inCassette: 0, credited: 0, held: 0, unproven: 0 });
  t.deepEqual(desk.acceptor.truth().returned, [HUNDRED]);
});

test("a jam on the way: a claim, no cash until it is freed, and what lay in the cassette is held for nobody", async (t) => {
  const desk = await openDesk({}, "id003");
  await desk.world.play(stepUp(desk).then(() => feedUntil(desk, HUNDRED, "stacking", 800)));
  desk.acceptor.jam("cassette");
  await desk.world.run(25_000);
  t.true(desk.hand.read().includes("приёмник неисправен"), desk.hand.read().join(" | "));
  t.is(countOf(desk).credited, 0);
  desk.acceptor.clearJam();
  await settled(t, desk, { inCassette: HUNDRED, credited: 0, held: HUNDRED, unproven: HUNDRED });
});

test("the escrow codes are worth something else after a reset: no more cash", async (t) => {
  const desk = await openDesk({ ownSupply: true }, "id003");
  (desk.acceptor as Id003Twin).revalue(RUSSIAN_CODES.map((bill) => ({ ...bill, valueKopecks: bill.valueKopecks * 10 })));
  desk.acceptor.blink();
  await desk.world.run(20_000);
  t.true(desk.hand.read().includes("приёмник неисправен"), desk.hand.read().join(" | "));
});

test("on a line that says our own words back, where 'status?' reads as 'idling', cash is refused", async (t) => {
  const desk = await openDesk({}, "id003");
  desk.terminal.acceptorWire.echo = true;
  await restart(desk);
  await desk.world.run(20_000);
  t.true(desk.hand.read().includes("приёмник неисправен"), desk.hand.read().join(" | "));
});
