/** When people are asleep where the school is. */
import { localMoment } from "../web/date-text.js";

const [NIGHT, MORNING] = [22, 7];
const HOURS_A_DAY = 24;
const [MINUTE_MS, HOUR_MS] = [60_000, 3600_000];

/** `zoneMinutes` east of UTC. */
export function isNight(nowMs: number, zoneMinutes: number): boolean {
  const hour = hourOf(nowMs, zoneMinutes);
  return hour >= NIGHT || hour < MORNING;
}

/** The same moment by day; by night, seven in the morning. */
export function morningAfter(nowMs: number, zoneMinutes: number): number {
  if (!isNight(nowMs, zoneMinutes)) return nowMs;
  const hours = (MORNING - hourOf(nowMs, zoneMinutes) + HOURS_A_DAY) % HOURS_A_DAY;
  const hourBegan = nowMs - ((nowMs + zoneMinutes * MINUTE_MS) % HOUR_MS);
  return hourBegan + hours * HOUR_MS;
}

const hourOf = (nowMs: number, zoneMinutes: number) => Number(localMoment(nowMs, zoneMinutes).clock.slice(0, 2));
