import test from "ava";
import type { DaysOptions, DaysResult } from "@trapeza/simulators";
import { campaign } from "./campaign.js";

/** Days of which seed 5 breaks a law; the fault "jam" strikes once a seed, or never. */
function lived(jams: number) {
  return async ({ seed, days, faults, size = "brief" }: DaysOptions): Promise<DaysResult> =>
    ({
      ...{
        seed,
        days,
        faults,
        size,
        schoolDays: 3,
        operations: 10,
        digest: "d".repeat(64),
        struck: { jam: jams },
        sometimes: { "a note is held": 2 },
      },
      violations: seed === 5 ? ["a rouble is missing"] : [],
    }) as unknown as DaysResult;
}

async function report(seed: number, jams: number): Promise<{ readonly code: number; readonly text: string }> {
  const lines: string[] = [];
  const wanted = { seed, days: 4, size: "brief", faults: ["jam"] } as const;
  const code = await campaign({ ...wanted, schoolDays: 7, live: lived(jams), print: (line) => void lines.push(line) });
  return { code, text: lines.join("\n") };
}

test("a campaign lives through seeds until the days are over, and sums up what happened", async (t) => {
  const { code, text } = await report(1, 1);
  t.is(code, 0, text);
  t.regex(text, /9 school days of 3 seeds, 30 operations/);
  t.regex(text, /3 × jam/);
  t.regex(text, /6 × a note is held/);
  t.regex(text, /No law was broken/);
});

test("a seed that breaks a law is named with the command that tells its story", async (t) => {
  const { code, text } = await report(4, 1);
  t.is(code, 1);
  t.regex(text, /npm run sim -- --seed 5 --days 4 --size brief --faults jam --story {3}# a rouble is missing/);
  t.regex(text, /1 seeds broke a law/);
});

test("a fault that never struck has proved nothing: the campaign fails", async (t) => {
  const { code, text } = await report(1, 0);
  t.is(code, 1);
  t.regex(text, /Never happened: jam\./);
});
