import test from "ava";
import { Fleet, MINUTE } from "./_fleet.test.js";
import { releaseOf } from "./_release.test.js";
import { isThrough, stepWave, USUAL_PLAN, wantedBy } from "./wave.js";
import type { Watched, Wave } from "./wave.js";

const HOUR = 60 * MINUTE;

function mostChosen(fleet: Fleet, ms: number): number {
  let most = 0;
  fleet.pass(ms, () => (most = Math.max(most, fleet.wave.chosen.length)));
  return most;
}

test("twenty tills: one, then five, then all, and never more than the step allows", (t) => {
  const fleet = new Fleet();
  fleet.put(releaseOf("2.0"));
  t.deepEqual(fleet.waves.status()[2], { program: "settlement", ready: "2.0", wave: null });
  fleet.pass(HOUR);
  t.is(fleet.running("2.0"), 0, "nobody is offered what nobody has begun");
  t.is(fleet.waves.act("settlement", "start", USUAL_PLAN), null);
  t.is(mostChosen(fleet, 59 * MINUTE), 1);
  t.is(fleet.running("2.0"), 1);
  t.is(mostChosen(fleet, HOUR), 5);
  t.is(fleet.running("2.0"), 5);
  t.false(isThrough(fleet.wave));
  fleet.pass(HOUR);
  t.is(fleet.running("2.0"), 20);
  t.true(isThrough(fleet.wave));
  t.is(fleet.waves.act("settlement", "start", USUAL_PLAN), "known_release");
});

test("a till that rolls back stops the wave at five of twenty, and the four others get the release before", (t) => {
  const fleet = new Fleet();
  fleet.put(releaseOf("1.1"));
  fleet.waves.act("settlement", "start", { ...USUAL_PLAN, percents: [100] });
  fleet.pass(30 * MINUTE);
  t.is(fleet.running("1.1"), 20);
  fleet.put(releaseOf("2.0"));
  fleet.waves.act("settlement", "start", USUAL_PLAN);
  fleet.pass(HOUR + 20_000);
  t.is(fleet.running("2.0"), 1);
  const unlucky = fleet.till(fleet.wave.chosen[3].terminal);
  unlucky.fate = "rolled_back";
  fleet.pass(15 * MINUTE);
  t.is(fleet.running("2.0"), 4);
  t.is(mostChosen(fleet, 45 * MINUTE), 5);
  t.like(fleet.wave, { state: "stopped", trouble: { terminal: unlucky.id, what: "rolled_back" } });
  t.is(fleet.running("1.1"), 20);
  fleet.pass(2 * HOUR);
  t.is(fleet.running("1.1"), 20);
  t.is(fleet.waves.act("settlement", "resume", USUAL_PLAN), "stopped");
  t.is(fleet.waves.act("settlement", "back", USUAL_PLAN), null);
  t.like(fleet.wave, { state: "stopped", trouble: null });
});

test("there is no way back below a security version that has run", (t) => {
  const fleet = new Fleet(4);
  fleet.put(releaseOf("1.1"));
  fleet.waves.act("settlement", "start", { ...USUAL_PLAN, percents: [100] });
  fleet.pass(30 * MINUTE);
  fleet.put(releaseOf("2.0", { securityVersion: 2 }));
  fleet.waves.act("settlement", "start", { ...USUAL_PLAN, percents: [50, 100] });
  fleet.pass(30 * MINUTE);
  fleet.waves.act("settlement", "back", USUAL_PLAN);
  fleet.pass(HOUR);
  t.deepEqual([fleet.running("1.1"), fleet.running("2.0")], [2, 2]);
});

test("a refusal stops it; so does a till that starts the release and is not heard for half an hour", (t) => {
  for (const [fate, minutes, what] of [
    ["signature", 1, "signature"],
    ["dead", 30, "silent"],
  ] as const) {
    const fleet = new Fleet();
    fleet.put(releaseOf("2.0"));
    fleet.tills.forEach((till) => (till.fate = fate));
    fleet.waves.act("settlement", "start", USUAL_PLAN);
    fleet.pass(minutes * MINUTE);
    t.is(fleet.wave.state, "running");
    fleet.pass(3 * MINUTE);
    t.like(fleet.wave, { state: "stopped", trouble: { what } });
    t.is(fleet.wave.chosen.length, 1);
  }
});

test("a till that is switched off while it fetches has done nothing wrong: the wave waits for it, or a person sends it on", (t) => {
  const fleet = new Fleet();
  fleet.put(releaseOf("2.0"));
  fleet.tills.forEach((till) => (till.fate = "off"));
  fleet.waves.act("settlement", "start", USUAL_PLAN);
  fleet.pass(3 * HOUR);
  t.like(fleet.wave, { state: "running", step: 0 });
  const [{ terminal }] = fleet.wave.chosen;
  fleet.tills.forEach((till) => (till.fate = "good"));
  t.is(fleet.waves.act("settlement", "next", USUAL_PLAN), null);
  fleet.pass(HOUR);
  t.is(fleet.running("2.0"), 4);
  fleet.till(terminal).isOn = true;
  fleet.till(terminal).hello();
  fleet.pass(2 * HOUR);
  t.is(fleet.running("2.0"), 20);
});

test("paused nobody fetches a piece; after a restart the wave stands where it stood, and who was chosen stays chosen", (t) => {
  const fleet = new Fleet();
  fleet.put(releaseOf("2.0"));
  fleet.waves.act("settlement", "start", USUAL_PLAN);
  fleet.pass(20_000);
  const [chosen] = fleet.wave.chosen;
  t.is(fleet.waves.act("settlement", "pause", USUAL_PLAN), null);
  t.is(fleet.waves.act("settlement", "pause", USUAL_PLAN), "not_running");
  fleet.waves = fleet.open();
  fleet.pass(2 * HOUR);
  t.is(fleet.running("2.0"), 0);
  t.like(fleet.wave, { state: "paused", chosen: [{ terminal: chosen.terminal }] });
  t.is(fleet.waves.act("settlement", "resume", USUAL_PLAN), null);
  fleet.pass(10 * MINUTE);
  t.is(fleet.till(chosen.terminal).firmware, "2.0");
  t.is(fleet.running("2.0"), 1);
});

test("the technician's terminal goes before all others", (t) => {
  const fleet = new Fleet();
  fleet.put(releaseOf("2.0"));
  fleet.waves.act("settlement", "start", { ...USUAL_PLAN, first: 117 });
  fleet.pass(HOUR - MINUTE);
  t.is(fleet.running("2.0"), 1);
  t.is(fleet.till(117).firmware, "2.0");
  fleet.pass(3 * HOUR + 10 * MINUTE);
  t.is(fleet.running("2.0"), 20);
});

const WAVE: Wave = {
  ...{ program: "payment-id003", release: "aa", version: "2.0", plan: USUAL_PLAN, state: "running", step: 2, stepMs: 0 },
  ...{ chosen: [], trouble: null, before: null },
};
const kiosk = (terminal: number, line: "ccnet" | "id003" | null): Watched => {
  const runs = line && { line, firmware: "1.0" };
  return { terminal, terminalKind: "payment", runs, connected: true, heardMs: 0, update: null, fetched: null };
};

test("kiosks with the other validator, and those that have not said which they have, are left out", (t) => {
  const next = stepWave(WAVE, [kiosk(1, "ccnet"), kiosk(2, "id003"), kiosk(3, null)], 5000, 0);
  t.deepEqual(
    next.chosen.map(({ terminal }) => terminal),
    [2],
  );
  t.is(wantedBy(next, 2, "1.0"), "aa");
  t.is(wantedBy(next, 1, "1.0"), null);
  t.is(stepWave(next, [kiosk(2, "id003")], 9000, 0), next, "nothing new is the same wave");
});

test("what a terminal said of an earlier release is not held against this one, unless it keeps saying so", (t) => {
  const chosen = [{ terminal: 2, state: "offered", sinceMs: 10_000 }] as const;
  const said = (atMs: number): Watched => ({ ...kiosk(2, "id003"), heardMs: atMs, update: { state: 5, atMs } });
  t.is(stepWave({ ...WAVE, chosen }, [said(60_000)], 60_000, 0).state, "running");
  t.like(stepWave({ ...WAVE, chosen }, [said(640_000)], 640_000, 0), { state: "stopped", trouble: { what: "signature" } });
});

test("the gateway's own absence is nobody's silence", (t) => {
  const chosen = [{ terminal: 2, state: "fetched", sinceMs: 0 }] as const;
  const quiet = { ...kiosk(2, "id003"), connected: false };
  t.is(stepWave({ ...WAVE, chosen }, [quiet], 10 * HOUR, 10 * HOUR - MINUTE).state, "running");
  t.is(stepWave({ ...WAVE, chosen }, [quiet], 10 * HOUR, 9 * HOUR).state, "stopped");
});
