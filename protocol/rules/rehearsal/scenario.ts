/**
 * Reads and plays scenarios: plain text that a bursar can check. A line says what is done, after the arrow stands the answer. README.md explains the
 * sentences; each of them is one entry of the table in the files beside this one.
 */
import { createRehearsal } from "./school.js";
import type { Rehearsal } from "./school.js";
import { CLASSROOM } from "./classroom.js";
import { KIOSK, TILL } from "./counter.js";
import { GIVENS, OFFICE } from "./office.js";
import { QUESTIONS, SURROUNDINGS } from "./question.js";

/** Tried in this order; "given …" first, because it is the most particular. */
const STEPS = [...GIVENS, ...SURROUNDINGS, ...CLASSROOM, ...TILL, ...KIOSK, ...OFFICE, ...QUESTIONS];

export interface Scenario {
  readonly title: string;
  readonly steps: readonly { readonly line: number; readonly text: string }[];
}

/** Scenarios of one file; lines before the first title and those that begin with # are remarks. */
export function parseScenarios(text: string): Scenario[] {
  const scenarios: { title: string; steps: { line: number; text: string }[] }[] = [];
  text.split("\n").forEach((raw, at) => {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) return;
    if (line.startsWith("scenario:")) scenarios.push({ title: line.slice(9).trim(), steps: [] });
    else scenarios[scenarios.length - 1]?.steps.push({ line: at + 1, text: line });
  });
  return scenarios;
}

/** What went otherwise than written, with the line; nothing when the scenario holds. The school it was played in, for further questions. */
export function playScenario(scenario: Scenario): { readonly failures: string[]; readonly rehearsal: Rehearsal } {
  const rehearsal = createRehearsal();
  const failures: string[] = [];
  for (const step of scenario.steps) {
    const [said, wanted] = step.text.split(" -> ");
    const answer = playStep(rehearsal, said.trim());
    for (const complaint of rehearsal.complaints.splice(0)) failures.push("line " + step.line + ": " + step.text + " — " + complaint);
    if (answer === null) {
      failures.push("line " + step.line + ": nobody understands “" + said + "”");
      continue;
    }
    const parts = (wanted ?? "done").split(", ");
    const missing = parts.filter((part) => !answer.includes(part.trim()));
    if (missing.length > 0) failures.push("line " + step.line + ": " + step.text + " — the answer was: " + answer.join(", "));
  }
  return { failures, rehearsal };
}

function playStep(rehearsal: Rehearsal, text: string): string[] | null {
  for (const [pattern, play] of STEPS) {
    const match = pattern.exec(text);
    if (match) return play(rehearsal, match.slice(1));
  }
  return null;
}
