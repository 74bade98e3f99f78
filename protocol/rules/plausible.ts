/**
 * How large a figure may be. Money is counted in whole numbers that are exact up to 2^53 and are written with a sign up to 2^52; what is far beyond a
 * school's life is refused before it is added to anything, so no sum of what is accepted ever leaves that range.
 */
import type { Directive } from "../journal/directive.js";
import type { Change } from "../journal/event.js";

/** Most of anything in one request or directive: ten thousand million roubles, in kopecks. */
export const LARGEST_FIGURE = 1e12;
/** Most in a purse, either way. */
const LARGEST_BALANCE = 1e15;
const DAY_MINUTES = 1440;

/** Whether every number in a directive, ids and dates too, is one that a school could mean. */
export function isPlausible(directive: Directive): boolean {
  if (directive.kind === "SetSchool" && Math.abs(directive.zoneMinutes) > DAY_MINUTES) return false;
  return figuresAreSmall(directive);
}

/** Whether the purse after a change can still be written and counted on. */
export function isBearable(change: Change): boolean {
  return Math.abs(change.main) <= LARGEST_BALANCE && change.additional <= LARGEST_BALANCE;
}

function figuresAreSmall(value: unknown): boolean {
  if (typeof value === "number") return Math.abs(value) <= LARGEST_FIGURE;
  return typeof value !== "object" || value === null || Object.values(value).every(figuresAreSmall);
}
