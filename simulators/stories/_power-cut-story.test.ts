/**
 * The power goes at every single thing that a kiosk does while it takes two notes: before, in the middle of and after each write into flash, before and
 * after each word to acceptor, printer and gateway; with a validator that falls too and with one that stays on. Then again while it recovers.
 */
import test, { type ExecutionContext } from "ava";
import { FIFTY, HUNDRED } from "./_cash.test.js";
import { cutsOf, tell, visitWithCuts, type Cut, type Tally } from "./_power-cut.test.js";

const NOTES = [HUNDRED, FIFTY];

interface Recovering {
  readonly first: Cut;
  readonly recovery: Tally;
}

/** What each first cut leaves to do for the start after it; filled by the first tests, used by the later ones. */
const recovering: Recovering[] = [];

async function tryAll(t: ExecutionContext, ownSupply: boolean, cuts: readonly (readonly [Cut, Cut | null])[]): Promise<void> {
  const wrong: string[] = [];
  for (const [first, second] of cuts) {
    const { complaints, recovery } = await visitWithCuts(ownSupply, NOTES, first, second);
    if (!second) recovering.push({ first, recovery });
    if (complaints.length > 0) wrong.push(`${tell(first)}, ${tell(second)}: ${complaints.join("; ")}`);
  }
  t.log(`${cuts.length} ways to cut`);
  t.deepEqual(wrong, []);
}

/** Declares the three tests for a validator that is fed on its own, or with the terminal. */
export function tellCuts(ownSupply: boolean): void {
  const how = ownSupply ? "the validator stays on" : "the validator falls too";

  test.serial(`two notes and a receipt, the power gone at every write and every word, ${how}: inserted is credited`, async (t) => {
    t.timeout(170_000);
    const { visit, complaints } = await visitWithCuts(ownSupply, NOTES, null, null);
    t.deepEqual(complaints, []);
    t.true(visit.writes >= 8 && visit.words >= 80, JSON.stringify(visit));
    await tryAll(
      t,
      ownSupply,
      cutsOf(visit).map((cut) => [cut, null]),
    );
  });

  test.serial(`the power gone at a write, and again at every write of the recovery, ${how}: inserted is credited`, async (t) => {
    t.timeout(170_000);
    const pairs = recovering
      .filter(({ first }) => first.kind === "write")
      .flatMap(({ first, recovery }) => cutsOf({ words: 0, writes: recovery.writes }).map((second) => [first, second] as const));
    t.true(pairs.length > 250);
    await tryAll(t, ownSupply, pairs);
  });

  test.serial(`the power gone at every word, and once more at some place of the recovery, ${how}: inserted is credited`, async (t) => {
    t.timeout(170_000);
    const words = recovering.filter(({ first }) => first.kind === "word");
    t.true(words.length > 100);
    // One place for every second cut, a step further every time: together they walk through the whole of a recovery.
    const pairs = words.flatMap(({ first, recovery }, i) => {
      const places = cutsOf(recovery);
      return i % 2 === 0 ? [[first, places[((i / 2) * 7) % places.length]] as const] : [];
    });
    await tryAll(t, ownSupply, pairs);
  });
}
