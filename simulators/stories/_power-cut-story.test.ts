/**
 * The power goes at every single thing that a kiosk does while it takes two notes: before, in the middle of and after each write into flash, before and
 * after each word to acceptor, printer and gateway; with a validator that falls too and with one that stays on. Then again while it recovers.
 */
import test, { type ExecutionContext } from "ava";
import { FIFTY, HUNDRED } from "./_cash.test.js";
import { cutsOf, tell, visitsTo, WORDS, WRITES, type Cut, type Outcome, type Tally } from "./_power-cut.test.js";

const NOTES = [HUNDRED, FIFTY];

interface Recovering {
  readonly first: Cut;
  readonly recovery: Tally;
}

interface Trial {
  cuts: number;
  readonly wrong: string[];
}

/** Declares the three tests for a validator that is fed on its own, or with the terminal; of an ID003 line the first one. */
export function tellCuts(ownSupply: boolean, line: "ccnet" | "id003" = "ccnet"): void {
  const how = `${line}, ${ownSupply ? "the validator stays on" : "the validator falls too"}`;
  const visit = visitsTo(ownSupply, line);
  /** What each first cut leaves to do for the start after it; filled by the first test, used by the later ones. */
  const recovering: Recovering[] = [];

  async function attempt(trial: Trial, first: Cut | null, second: Cut | null): Promise<Outcome> {
    const outcome = await visit(NOTES, first, second);
    if (outcome.cut) trial.cuts++;
    if (outcome.complaints.length > 0) trial.wrong.push(`${tell(first)}, ${tell(second)}: ${outcome.complaints.join("; ")}`);
    return outcome;
  }

  /** At the first place, the second, and so on, until a life has no such place. */
  async function sweep(kind: Cut["kind"], tryAt: (cut: Cut) => Promise<Outcome>): Promise<void> {
    for (let at = 1; ; at++) {
      for (const where of kind === "write" ? WRITES : WORDS) if (!(await tryAt({ kind, at, where })).cut) return;
    }
  }

  function conclude(t: ExecutionContext, { cuts, wrong }: Trial, least: number): void {
    t.log(`${cuts} ways to cut`);
    t.deepEqual(wrong, []);
    t.true(cuts >= least, `${cuts}`);
  }

  test.serial(`two notes and a receipt, the power gone at every write and every word, ${how}: inserted is credited`, async (t) => {
    t.timeout(400_000);
    const trial: Trial = { cuts: 0, wrong: [] };
    await attempt(trial, null, null);
    for (const kind of ["write", "word"] as const) {
      await sweep(kind, async (first) => {
        const outcome = await attempt(trial, first, null);
        if (outcome.cut) recovering.push({ first, recovery: outcome.recovery });
        return outcome;
      });
    }
    conclude(t, trial, 3 * 8 + 2 * 80);
  });
  if (line === "id003") return;

  test.serial(`the power gone at a write, and again at every write of the recovery, ${how}: inserted is credited`, async (t) => {
    t.timeout(400_000);
    const trial: Trial = { cuts: 0, wrong: [] };
    for (const { first } of recovering.filter((one) => one.first.kind === "write"))
      await sweep("write", (second) => attempt(trial, first, second));
    conclude(t, trial, 250);
  });

  test.serial(`the power gone at every word, and once more at some place of the recovery, ${how}: inserted is credited`, async (t) => {
    t.timeout(400_000);
    const trial: Trial = { cuts: 0, wrong: [] };
    const words = recovering.filter(({ first }) => first.kind === "word");
    // One place for every second cut, a step further every time: together they walk through the whole of a recovery.
    for (let i = 0; i < words.length; i += 2) {
      const { first, recovery } = words[i];
      const places = cutsOf(recovery);
      await attempt(trial, first, places[((i / 2) * 7) % places.length]);
    }
    conclude(t, trial, 50);
  });
}
