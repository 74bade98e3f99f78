/**
 * One school morning at each terminal, told on two hosts: the simulated board, and a real Espruino when ESPRUINO_BIN names one. Both boot the same image
 * from flash and speak to the same gateway over TCP; papers, screens and purses must come out the same.
 */
import test from "ava";
import { openInterpreter, whyNoInterpreter, type InterpreterBoard } from "../interpreter.js";
import { openLoopback } from "../loopback.js";
import { morning, saver, type Outcome } from "../morning.js";

const why = whyNoInterpreter();
let simulated: Outcome | null = null;

test.serial("on the simulated board: a note is credited, a lunch is sold, a class has its breakfast", async (t) => {
  t.timeout(180_000);
  const loopback = await openLoopback();
  t.teardown(() => loopback.close());
  const outcome = await morning(loopback);
  const pupil = saver(loopback.school);
  // The same pupil buys pizza and juice and has breakfast with the class: one from each purse.
  t.is(outcome.main, pupil.mainKopecks - 4961);
  t.is(outcome.additional, pupil.additionalKopecks + 10_000 - 4770);
  t.true(outcome.served > 20);
  // Two taps of the pupil's card, one of the teacher's, each with a new ticket on it.
  const teacher = loopback.school.staff.find((one) => one.class?.grade === 1);
  t.deepEqual(outcome.tickets, [`${pupil.uid} 1/3`, `${teacher?.uid} 1/2`].sort());
  t.deepEqual(loopback.complaints, []);
  simulated = outcome;
});

const onEspruino = why === "" ? test.serial : test.serial.skip;

onEspruino(`on a real Espruino it comes out the same${why === "" ? "" : ` (${why})`}`, async (t) => {
  t.timeout(300_000);
  const boards: InterpreterBoard[] = [];
  const loopback = await openLoopback((options) => {
    boards.push(openInterpreter(process.env.ESPRUINO_BIN as string, options));
    return boards[boards.length - 1];
  });
  t.teardown(async () => {
    for (const board of boards) board.close();
    await loopback.close();
  });
  const outcome = await morning(loopback);
  t.deepEqual(outcome, simulated);
  for (const board of boards) {
    const { peak, standIns, total, errorFlags } = await board.memory();
    t.log(`${board.name}: ${peak} of ${total} variables at most, ${standIns} of them the stand-ins'`);
    // Running out of memory or of stack is not an exception: it is told only here and on the console.
    t.notRegex(errorFlags, /(^|\+)(MEMORY|CALLBACK|FIFO_FULL)/);
    t.is(board.boots, 1);
  }
  t.deepEqual(loopback.complaints, []);
});
