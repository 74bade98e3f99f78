import test from "ava";
import type { BusinessDate } from "@trapeza/protocol";
import { fromHex, toHex } from "@trapeza/protocol";
import { KIOSK_SAYS, SHARED } from "./day/words.js";
import { handAt } from "./hand.js";
import { personalise } from "./personalise.js";
import { loadProgram } from "./program.js";
import { createRandom } from "./random.js";
import { directivesFor, inventSchool, KIOSK } from "./school/school.js";
import type { Terminal } from "./terminal.js";
import { wholeProgram } from "./whole-program.js";
import { createWorld } from "./world.js";

const DATE = 20_697 as BusinessDate;

/** A pupil's parent feeds a hundred roubles; what the journal, the screen and the paper say of it. */
async function visit(roomsStay: boolean) {
  const school = inventSchool(createRandom(24));
  const world = await createWorld({
    ...{ seed: 5, startMs: DATE * 86_400_000 + 14_400_000, schoolNumber: school.number, roomsStay },
    directives: directivesFor(school, (DATE - 40) as BusinessDate),
    terminals: [{ id: KIOSK, kind: "payment" }],
  });
  const kiosk = world.terminals.get(KIOSK) as Terminal;
  const hand = handAt(kiosk, world.clock);
  const { uid } = school.pupils[0];
  const card = personalise({ uid: fromHex(uid) as Uint8Array, kind: "pupil", label: uid }, world.cardKeys);
  const screens: string[] = [];
  const look = (): void => void screens.push(hand.read().join("|"));
  await world.play(
    (async () => {
      await hand.until(KIOSK_SAYS.typeNumber);
      look();
      await hand.tap(card);
      await hand.until(SHARED.main);
      look();
      await hand.press(SHARED.main);
      await hand.until(KIOSK_SAYS.insert);
      await hand.wait(2000);
      await hand.feed(10_000);
      await hand.until("100,00", 30_000);
      look();
      await hand.press(SHARED.done);
      await hand.until(() => hand.papers() > 0, 30_000);
    })(),
  );
  const root = toHex(world.journal.checkpointAt(world.journal.size).root);
  return { root, screens, paper: hand.paper(), atMs: world.clock.now(), complaints: world.complaints };
}

test("a program with its rooms built in does to the millisecond what it does with its doors", async (t) => {
  const doors = await visit(false);
  t.deepEqual(await visit(true), doors);
  t.deepEqual(doors.complaints, []);
});

test("every image can have its rooms built in; any other text is refused", (t) => {
  for (const kind of ["payment", "payment-id003", "settlement", "information"] as const) {
    const { image } = loadProgram(kind);
    t.false(wholeProgram(image).includes("globalThis.eval("), kind);
  }
  t.throws(() => wholeProgram("print(1)"), { message: /no rooms/ });
});
