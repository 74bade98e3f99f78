/** Dates and times as people read them. Business dates need no zone; moments are shown in the school's. */
import { civilFromDate, dateFromCivil } from "@trapeza/protocol";
import type { BusinessDate } from "@trapeza/protocol";

const MS_A_MINUTE = 60000;
const two = (value: number) => String(value).padStart(2, "0");

/** "20.11.2026". */
export function dateDigits(date: BusinessDate): string {
  const { year, month, day } = civilFromDate(date);
  return two(day) + "." + two(month) + "." + year;
}

/** Made once: to make one takes longer than to draw a page. */
const FORMATS = { ru: formatsFor("ru-RU"), en: formatsFor("en-GB") };

function formatsFor(locale: string) {
  return {
    weekday: new Intl.DateTimeFormat(locale, { weekday: "short", timeZone: "UTC" }),
    day: new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", timeZone: "UTC" }),
  };
}

/** "пт, 20 ноября" or "Fri, 20 November". */
export function dateWords(date: BusinessDate, language: "ru" | "en"): string {
  const { year, month, day: dayOfMonth } = civilFromDate(date);
  const at = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const { weekday, day } = FORMATS[language];
  return weekday.format(at) + ", " + day.format(at);
}

/** Day and minute of a moment where the school is; `zoneMinutes` east of UTC. */
export function localMoment(atMs: number, zoneMinutes: number): { date: BusinessDate; clock: string } {
  const local = new Date(atMs + zoneMinutes * MS_A_MINUTE);
  return {
    date: dateFromCivil(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate()),
    clock: two(local.getUTCHours()) + ":" + two(local.getUTCMinutes()),
  };
}
