/** The status page: works without scripts, asks again by itself, says first whether anything is wrong. */
import { UPDATE_STATES } from "@trapeza/protocol";
import { programList, programSentence, waveForm } from "./program-list.js";
import { alarmsOf, type Alarm, type GatewayStatus, type TerminalStatus } from "./status.js";
import type { WaveRefusal } from "../releases/waves.js";
import { subjectOf } from "./subject.js";
import { words as english } from "./words.en.js";
import { words as russian } from "./words.ru.js";

const wordsOf = ({ language }: GatewayStatus): typeof russian => (language === "ru" ? russian : english);
const MS_A_MINUTE = 60_000;
const MS_A_DAY = 86_400_000;

export function statusPage(status: GatewayStatus): string {
  const words = wordsOf(status);
  const { journal, language } = status;
  const moment = momentOf(status);
  const alarms = alarmsOf(status).map((alarm) => `<li>${safe(alarmWords(status, alarm, moment))}</li>`);
  const unsent = journal.unsentSinceMs === null ? words.allSent : words.unsent(journal.unsent, moment(journal.unsentSinceMs));
  const facts = [
    words.day(status.date === "" ? "" : dayWords(Date.parse(status.date), language)),
    ...[words.events(journal.size, journal.cosigned), unsent, words.directives(status.directives)],
    ...lastDirectives(status, moment),
  ];
  const head = alarms.length === 0 ? `<p class="well">${words.well}</p>` : `<p class="wrong">${words.look(alarms.length)}</p>`;
  const body = [
    `<h1>${words.title(status.school)}</h1>${head}`,
    alarms.length > 0 ? `<ul role="alert">${alarms.join("")}</ul>` : "",
    status.waitingFor?.length ? `<form method="post" action="/recovered" class="after"><button>${words.waitNoLonger}</button></form>` : "",
    ...facts.map((fact) => `<p>${safe(fact)}</p>`),
    terminalTable(status, moment),
    cashBoxes(status),
    programList(words, status.programs ?? [], moment, safe),
  ];
  return page(status, '<meta http-equiv="refresh" content="5">', body.join(""));
}

/** `problem`: why the last try failed. */
export function loginPage(status: GatewayStatus, problem: "wrong" | "too_many" | null): string {
  const words = wordsOf(status);
  const complaint = problem === null ? "" : `<p role="alert" class="wrong">${problem === "wrong" ? words.wrong : words.tooMany}</p>`;
  const form = [
    `<form method="post" action="/login"><label>${words.password}`,
    `<input type="password" name="password" autocomplete="current-password" required autofocus></label>`,
    `<button>${words.enter}</button></form>`,
  ];
  return page(status, "", `<h1>${words.title(status.school)}</h1>${complaint}${form.join("")}`);
}

/** Asks how a program is to be given out; stands still, for it is being filled in. `null` when there is no such program to give out. */
export function wavePage(status: GatewayStatus, program: string | null, isWrong: boolean): string | null {
  const one = status.programs?.find((known) => known.program === program && known.ready !== null);
  return one ? page(status, "", waveForm(status, wordsOf(status), one, isWrong, safe)) : null;
}

/** How releases get on, a line a program, for who has no browser; and why an order was not done. */
export function programLines(status: GatewayStatus): string[] {
  const moment = momentOf(status);
  const known = (status.programs ?? []).filter(({ ready, wave }) => ready !== null || wave);
  return known.map((one) => programSentence(wordsOf(status), one, moment));
}

export function refusalLine(status: GatewayStatus, reason: WaveRefusal): string {
  return wordsOf(status).refused[reason];
}

/** Why what a person ordered was not done. */
export function refusalPage(status: GatewayStatus, reason: WaveRefusal): string {
  return page(status, "", `<h1>${refusalLine(status, reason)}</h1><p><a href="/">${wordsOf(status).toStatus}</a></p>`);
}

function page(status: GatewayStatus, head: string, body: string): string {
  return [
    `<!doctype html><html lang="${status.language}"><head><meta charset="utf-8">${head}`,
    `<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">`,
    `<title>${wordsOf(status).title(status.school)}</title><style>${STYLE}</style></head><body>${body}</body></html>`,
  ].join("");
}

function alarmWords(status: GatewayStatus, alarm: Alarm, moment: (ms: number) => string): string {
  const words = wordsOf(status);
  const where = ({ terminal, kind, place }: TerminalStatus): string => words.where(terminal, words.kinds[kind], place);
  switch (alarm.kind) {
    case "disk":
      return diskWords(words, alarm.trouble, moment);
    case "claim":
      return words.claim(alarm.claim.terminal, alarm.claim.size, status.journal.size, alarm.waits);
    case "journal":
      return alarm.trouble.kind === "damaged" ? words.damaged(alarm.trouble.what) : words.otherState(alarm.trouble.size);
    case "replaced":
      return words.replaced(alarm.handedIn);
    case "recovering":
      return words.recovering(alarm.terminals);
    case "link":
      return words.link(alarm.what);
    case "cards":
      return words.cards(alarm.cards.refusedKey, alarm.cards.twoPlaces);
    case "unsent":
      return words.unsent(alarm.count, moment(alarm.sinceMs));
    case "deaf":
      return words.deaf(moment(alarm.sinceMs));
    case "day":
      return words.behind(dayWords(Date.parse(alarm.date), status.language));
    case "wave":
      return programSentence(words, alarm.program, moment);
    case "away":
      return words.away(where(alarm.terminal));
    case "cashBox":
      return words.cashBox(where(alarm.terminal));
    case "device":
      return words.device(where(alarm.terminal), words.devices[alarm.device], words.states[alarm.state] ?? alarm.state);
  }
}

function diskWords(words: typeof russian, trouble: Extract<Alarm, { kind: "disk" }>["trouble"], moment: (ms: number) => string): string {
  const since = moment(trouble.sinceMs);
  const terminals = trouble.kind === "outrun" ? (/^terminals? ([\d, ]+)$/.exec(trouble.by)?.[1] ?? null) : null;
  return trouble.kind === "outrun" ? words.outrun(trouble.size, terminals, since) : words.disk[trouble.kind](since, trouble.freeMb);
}

function lastDirectives(status: GatewayStatus, moment: (ms: number) => string): string[] {
  const words = wordsOf(status);
  const said = (status.lastDirectives ?? []).map(({ kind, outcome, atMs }) =>
    words.answered(moment(atMs), words.subjects[subjectOf(kind)], words.outcomes[outcome]),
  );
  const times = new Map<string, number>();
  for (const one of said.reverse()) times.set(one, (times.get(one) ?? 0) + 1);
  const lines = [...times].map(([one, count]) => (count === 1 ? one : `${one} × ${count}`));
  return lines.length === 0 ? [] : [words.lastDirectives(lines.join("; "))];
}

function terminalTable(status: GatewayStatus, moment: (ms: number) => string): string {
  const words = wordsOf(status);
  const rows = status.terminals.map((one) => {
    const { terminal, place, connected, seenMs, health } = one;
    const heard = seenMs === null ? words.never : moment(seenMs);
    const unsent = health ? String(health.unsent) : "";
    const cells = [
      String(terminal),
      place,
      connected ? words.connected : words.absent,
      heard,
      deviceWords(status, one),
      unsent,
      programWords(status, one),
    ];
    return `<tr${connected ? "" : ' class="away"'}>${cells.map((cell, i) => `<td data-what="${words.columns[i]}">${safe(cell)}</td>`).join("")}</tr>`;
  });
  const head = words.columns.map((column) => `<th scope="col">${column}</th>`).join("");
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** What it runs, and why it will not have another. */
function programWords(status: GatewayStatus, { firmware, health }: TerminalStatus): string {
  const why = wordsOf(status).updates[UPDATE_STATES[health?.update ?? 0] ?? "none"];
  return why === "" ? firmware : `${firmware} (${why})`;
}

/** What does not work, by name; one word when everything does. */
function deviceWords(status: GatewayStatus, { health }: TerminalStatus): string {
  const words = wordsOf(status);
  if (!health) return words.unknown;
  const broken = (["paper", "reader", "acceptor"] as const).filter((device) => health[device] !== "ok" && health[device] !== "none");
  if (broken.length === 0) return words.states.ok ?? "";
  return broken.map((device) => `${words.devices[device]}: ${words.states[health[device]] ?? health[device]}`).join("; ");
}

function cashBoxes(status: GatewayStatus): string {
  const words = wordsOf(status);
  const lines = status.terminals.flatMap(({ terminal, place, cashBox }) =>
    cashBox ? [words.box(terminal, place, cashBox.notes, cashBox.capacity, formatSum(cashBox.kopecks, status.language))] : [],
  );
  return lines.length === 0 ? "" : `<h2>${words.boxes}</h2>${lines.map((line) => `<p>${safe(line)}</p>`).join("")}`;
}

function formatSum(kopecks: number, language: "ru" | "en"): string {
  const locale = language === "ru" ? "ru-RU" : "en-GB";
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(kopecks / 100);
}

/** "сб, 21 ноября" of milliseconds on the school's own clock. */
function dayWords(localMs: number, language: "ru" | "en"): string {
  const locale = language === "ru" ? "ru-RU" : "en-GB";
  const part = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, { ...options, timeZone: "UTC" }).format(localMs);
  return `${part({ weekday: "short" })}, ${part({ day: "numeric", month: "long" })}`;
}

/** "03:24:07" of today, "03:24:07, сб, 21 ноября" of another day, on the school's own clock. */
function momentOf({ zoneMinutes, nowMs, language }: GatewayStatus): (ms: number) => string {
  const local = (ms: number): number => ms + zoneMinutes * MS_A_MINUTE;
  const dayOf = (ms: number): number => Math.floor(local(ms) / MS_A_DAY);
  return (ms) => {
    const clock = new Date(local(ms)).toISOString().slice(11, 19);
    return dayOf(ms) === dayOf(nowMs) ? clock : `${clock}, ${dayWords(local(ms), language)}`;
  };
}

function safe(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

const STYLE = [
  ":root{--ground:#f7f5f0;--ink:#23262b;--faint:#666a70;--line:#dedad1;--warning:#9a3b12;--well:#1f6b3a}",
  "@media(prefers-color-scheme:dark){:root{--ground:#16191b;--ink:#e9e6df;--faint:#a3a6a8;--line:#33383b;--warning:#f0a67a;--well:#7fd19b}}",
  'body{font:17px/1.5 "PT Sans","Noto Sans",sans-serif;margin:2rem auto;max-width:64rem;padding:0 1rem;background:var(--ground);color:var(--ink)}',
  "h1{font-size:1.65rem;line-height:1.2}h2{font-size:1.1rem;margin:2rem 0 .25rem}p{margin:.25rem 0}",
  ".well,.wrong{font-size:1.35rem;margin:.5rem 0 1rem}.well{color:var(--well)}.wrong,.away td,[role=alert]{color:var(--warning)}",
  ".after{margin:0 0 1rem}ul{margin:0 0 1rem;padding-left:1.25rem}.wide{overflow-x:auto}table{border-collapse:collapse;margin-top:1.25rem;min-width:100%}",
  "td,th{padding:.35rem 1.25rem .35rem 0;text-align:left;vertical-align:baseline;font-variant-numeric:tabular-nums}",
  "tbody tr{border-top:1px solid var(--line)}th{font-weight:400;color:var(--faint);font-size:.9rem}",
  "a{color:inherit}.plain{list-style:none;padding:0}.plain li{padding:.5rem 0;border-top:1px solid var(--line)}",
  ".row{display:flex;flex-wrap:wrap;gap:.5rem;margin:.5rem 0}",
  "@media(max-width:40rem){table,tbody,tr,td{display:block}thead{display:none}tbody tr{padding:.5rem 0}td{padding:0}td:empty{display:none}",
  "td::before{content:attr(data-what)': ';color:var(--faint)}}",
  "label{display:block;margin:1rem 0}input,select,button{font:inherit;padding:.6rem .8rem;border:1px solid var(--faint);border-radius:.4rem}",
  "input,select{display:block;width:min(100%,20rem);margin-top:.35rem;background:transparent;color:inherit}",
  "button{background:var(--ink);color:var(--ground);border-color:var(--ink);cursor:pointer}",
].join("");
