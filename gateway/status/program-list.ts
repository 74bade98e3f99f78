/** The page's part about the terminals' programs: how a release gets on, in a sentence, and what a person may do about it. */
import { isThrough, USUAL_PLAN } from "../releases/wave.js";
import type { Wave } from "../releases/wave.js";
import type { Deed, ProgramStatus } from "../releases/waves.js";
import type { GatewayStatus } from "./status.js";
import type { words as russian } from "./words.ru.js";

type Words = typeof russian;
/** Unix ms as the school's people say it. */
type Moment = (ms: number) => string;

/** Sentences without markup, for those programs of which there is something to say. */
export function programSentence(words: Words, { program, ready, wave }: ProgramStatus, moment: Moment): string {
  const name = words.programs[program];
  const said = wave ? [words.wave(name, wave.version, waveSentence(words, wave, moment))] : [];
  if (ready !== null) said.push(words.ready(name, ready));
  return said.join(" ");
}

function waveSentence(words: Words, wave: Wave, moment: Moment): string {
  const { state, plan, step, stepMs, chosen, trouble, before } = wave;
  const running = chosen.filter((one) => one.state === "runs").length;
  if (state === "stopped") {
    const why = trouble ? words.troubled(trouble.terminal, trouble.what === "silent" ? words.silent : words.updates[trouble.what]) : "";
    return words.stopped(why, before !== null);
  }
  if (state === "paused") return words.paused(running, chosen.length);
  if (isThrough(wave)) return words.through(running);
  const next = step < plan.percents.length - 1 ? moment(stepMs + plan.restMs) : "";
  const where = step < 0 ? words.firstStep(plan.first ?? 0) : words.step(step + 1, plan.percents.length, plan.percents[step] ?? 100);
  return words.underWay(where, running, chosen.length, next);
}

/** What may be done now; to begin asks for more and has a page of its own. */
function deedsFor({ wave }: ProgramStatus): Deed[] {
  if (!wave) return [];
  if (wave.state === "stopped") return wave.trouble ? ["back"] : [];
  const last = wave.step === wave.plan.percents.length - 1;
  return wave.state === "paused"
    ? ["resume", "back"]
    : [...(isThrough(wave) ? [] : (["pause"] as const)), ...(last ? [] : (["next"] as const)), "back"];
}

export function programList(words: Words, programs: readonly ProgramStatus[], moment: Moment, safe: (text: string) => string): string {
  const known = programs.filter(({ ready, wave }) => ready !== null || wave);
  if (known.length === 0) return "";
  const items = known.map((one) => {
    const hidden = `<input type="hidden" name="program" value="${one.program}">`;
    const label = (deed: Deed): string => (deed === "back" && one.wave?.state === "stopped" ? words.looked : words.deeds[deed]);
    const deeds = deedsFor(one).map((deed) => `<button name="deed" value="${deed}">${label(deed)}</button>`);
    const form = deeds.length > 0 ? `<form class="row" method="post" action="/waves">${hidden}${deeds.join("")}</form>` : "";
    const begin = one.ready === null ? "" : `<p><a href="/wave?program=${one.program}">${words.deeds.start}</a></p>`;
    return `<li>${safe(programSentence(words, one, moment))}${form}${begin}</li>`;
  });
  return `<h2>${words.programList}</h2><ul class="plain">${items.join("")}</ul>`;
}

/** The form that begins a wave. `isWrong`: the one before made no sense. */
export function waveForm(
  status: GatewayStatus,
  words: Words,
  one: ProgramStatus,
  isWrong: boolean,
  safe: (text: string) => string,
): string {
  const kind = one.program === "payment-id003" ? "payment" : one.program;
  const options = status.terminals
    .filter((terminal) => terminal.kind === kind)
    .map(({ terminal, place }) => `<option value="${terminal}">${safe(words.where(terminal, words.kinds[kind], place))}</option>`);
  const minutes = (ms: number): number => ms / 60_000;
  const field = (name: string, label: string, value: string | number): string =>
    `<label>${label}<input name="${name}" value="${value}" inputmode="numeric"></label>`;
  return [
    `<h1>${safe(words.giveOut(words.programs[one.program], one.ready ?? ""))}</h1>`,
    isWrong ? `<p role="alert" class="wrong">${words.badPlan}</p>` : "",
    `<form method="post" action="/waves"><input type="hidden" name="program" value="${one.program}">`,
    `<label>${words.firstField}<select name="first"><option value="">${words.nobodyFirst}</option>${options.join("")}</select></label>`,
    field("percents", words.percentsField, USUAL_PLAN.percents.join(" ")),
    field("rest", words.restField, minutes(USUAL_PLAN.restMs)),
    field("silent", words.silentField, minutes(USUAL_PLAN.silentMs)),
    `<button name="deed" value="start">${words.begin}</button></form><p><a href="/">${words.nothingBegun}</a></p>`,
  ].join("");
}
