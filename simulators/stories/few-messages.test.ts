/** How little has to travel: from the card on the reader to the name on the screen, and from the confirmation to the paper. */
import test from "ava";
import { scanPacket } from "@trapeza/protocol";
import { SHARED, TILL_SAYS } from "../day/words.js";
import { TILL } from "../school/school.js";
import type { Terminal } from "../terminal.js";
import { cardOf, openStage } from "./_school-day.test.js";

interface Talk {
  /** Published messages, either way, and their bytes with everything that MQTT puts around them. */
  messages: number;
  bytes: number;
}

/** Counts what a terminal says to its gateway and hears from it, until `over` or until the returned function is called. */
function overhear(terminal: Terminal, over: () => boolean = () => false): () => Talk {
  const talk: Talk = { messages: 0, bytes: 0 };
  const deafen = terminal.listen(({ line, bytes }) => {
    const found = line === "network" ? scanPacket(bytes) : null;
    if (found?.packet?.kind !== "publish" || over()) return;
    talk.messages++;
    talk.bytes += bytes.length;
  });
  return () => {
    deafen();
    return talk;
  };
}

test("a tap is on the screen after two messages, and a sale on paper after two more", async (t) => {
  const { world, till, school } = await openStage();
  const terminal = world.terminals.get(TILL) as Terminal;
  const pupil = school.pupils.find((one) => one.additionalKopecks > 20_000 && one.mainKopecks > 0);
  const cashier = school.staff.find((one) => one.role === "cashier");
  if (!pupil || !cashier) throw new Error("nobody is hungry");
  await world.play(
    (async () => {
      await till.tap(cardOf(cashier));
      await till.until(TILL_SAYS.empty);
      await till.press(TILL_SAYS.code);
      await till.type("1112212231");
      await till.press(SHARED.done);
    })(),
  );
  const tap = overhear(terminal, () => till.read().includes(SHARED.confirm));
  await world.play(till.tap(cardOf(pupil)).then(() => till.until(SHARED.confirm)));
  const shown = tap();
  const sale = overhear(terminal);
  let paper: Talk | null = null;
  const deafen = terminal.listen(({ line, direction, bytes }) => {
    // The first words of a receipt; questions to the printer begin with 0x10.
    if (line === "escpos" && direction === "out" && bytes[0] !== 0x10) paper ??= { ...sale() };
  });
  await world.play(till.press(SHARED.confirm).then(() => till.until(() => till.papers() > 0, 30_000)));
  deafen();
  const printed = paper ?? { messages: Number.NaN, bytes: 0 };
  t.log(`tap: ${shown.messages} messages, ${shown.bytes} bytes; sale: ${printed.messages} messages, ${printed.bytes} bytes`);
  t.true(shown.messages >= 2 && shown.messages <= 3, JSON.stringify(shown));
  t.is(printed.messages, 2);
  t.true(shown.bytes + printed.bytes <= 400, `${shown.bytes} and ${printed.bytes}`);
});
