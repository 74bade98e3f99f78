import test from "ava";
import { readdirSync, readFileSync } from "node:fs";
import { encodeSchool } from "./encode.js";
import { parseScenarios, playScenario } from "./rehearsal/scenario.js";
import { replay } from "./rehearsal/school.js";

const folder = new URL("../../rules/scenarios/", import.meta.url);

for (const file of readdirSync(folder).sort()) {
  const scenarios = parseScenarios(readFileSync(new URL(file, folder), "utf8"));
  test(file + " tells at least one scenario", (t) => t.true(scenarios.length > 0));
  for (const scenario of scenarios) {
    test(file.replace(".txt", "") + ": " + scenario.title, (t) => {
      const { failures, rehearsal } = playScenario(scenario);
      t.deepEqual(failures, []);
      t.deepEqual(encodeSchool(replay(rehearsal.journal)), encodeSchool(rehearsal.school), "a replay of the journal gives the same school");
    });
  }
}
