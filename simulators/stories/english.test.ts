/** A school that speaks English: kiosk and till say and print no Russian word but names. */
import test, { type ExecutionContext } from "ava";
import { PAYMENT, say, SETTLEMENT, SHARED, type Word } from "@trapeza/firmware";
import { createRandom } from "../random.js";
import { directivesFor, inventSchool } from "../school/school.js";
import type { Hand } from "../hand.js";
import { cardOf, FRIDAY, openStage } from "./_school-day.test.js";

const english = (word: Word): string => say({ language: "en" }, word);
/** Initials are two letters. */
const RUSSIAN = /[А-ЯЁа-яё]{3,}/g;

const school = inventSchool(createRandom(24));
const directives = directivesFor(school, FRIDAY);
/** Of people, classes, dishes and the school itself: they stay as they are written. */
const NAMES = new Set(JSON.stringify(directives).match(RUSSIAN));

/** Patronymics and surnames may be shortened, never translated. */
function russianWords(lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.match(RUSSIAN) ?? []).filter((word) => ![...NAMES].some((name) => name.startsWith(word)));
}

function allEnglish(t: ExecutionContext, lines: readonly string[]): void {
  t.true(lines.some((line) => /[A-Za-z]{3}/.test(line)));
  t.deepEqual(russianWords(lines), [], lines.join(" | "));
}

test("a top-up, a sale and a refusal in English, on every screen and every paper; a child reads nothing of a debt", async (t) => {
  const policy = directives.find((one) => one.kind === "SetSchool");
  if (policy?.kind !== "SetSchool") return t.fail();
  const { world, kiosk, till } = await openStage(1, [{ ...policy, language: "en", receiptsFrom: 0 }]);
  const saver = school.pupils.find((one) => one.additionalKopecks > 20_000 && one.mainKopecks > 0)!;
  const poor = school.pupils.find((one) => one.additionalKopecks === 0 && one.mainKopecks <= 0)!;
  const until = async (hand: Hand, word: Word): Promise<void> => {
    await hand.until(english(word), 30_000);
    allEnglish(t, hand.read());
  };
  const paperOf = async (hand: Hand, act: () => Promise<void>): Promise<void> => {
    const before = hand.papers();
    await act();
    await hand.until(() => hand.papers() > before, 30_000);
    await hand.wait(400);
    allEnglish(t, hand.paper());
  };
  const topUp = async (): Promise<void> => {
    await until(kiosk, PAYMENT.tapCard);
    await kiosk.tap(cardOf(saver));
    await until(kiosk, PAYMENT.choosePurse);
    await kiosk.press(english(SHARED.additional));
    await until(kiosk, PAYMENT.insert);
    await kiosk.wait(1500);
    if (!(await kiosk.feed(10_000))) throw new Error("the slot did not take the note");
    await kiosk.until("100,00", 20_000);
    await paperOf(kiosk, () => kiosk.press(english(SHARED.done)));
  };
  const order = async (): Promise<void> => {
    await till.press(english(SETTLEMENT.code));
    await till.type("11");
    await till.press(english(SHARED.done));
    allEnglish(t, till.read());
  };
  const sell = async (): Promise<void> => {
    await until(till, SETTLEMENT.tapCashier);
    await till.tap(cardOf(school.staff.find((one) => one.role === "cashier")!));
    await until(till, SETTLEMENT.empty);
    await order();
    await till.tap(cardOf(saver));
    await until(till, SHARED.confirm);
    await paperOf(till, () => till.press(english(SHARED.confirm)));
    await till.press(english(SHARED.done));
    await order();
    await till.tap(cardOf(poor));
    await until(till, SHARED.askTeacher);
    t.false(till.read().some((line) => /debt/i.test(line)));
  };
  await world.play(topUp().then(sell));
  t.deepEqual(world.complaints, []);
});
