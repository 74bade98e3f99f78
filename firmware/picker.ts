/** Lists that are longer than the screen: names, classes, days, groups. A page of big tiles at a time, and a key that turns it. Pure. */
import { say } from "./say.js";
import { KEY, MAIN, rowKey, tile } from "./screen.js";
import type { Screen } from "./screen.js";
import type { Common } from "./terminal.js";
import { SHARED } from "./words.js";

/** Tiles of one page: two beside each other, four below each other. */
export const CHOICES = 8;

export function pagesOf(count: number, each: number): number {
  return Math.max(1, Math.ceil(count / each));
}

/** The page behind this one; behind the last comes the first. */
export function turned(page: number, count: number, each: number): number {
  return (page + 1) % pagesOf(count, each);
}

/**
 * The row of keys under a list: "cancel" to go back, "more" to turn the page when there are several, and what is the list's own at the right: `key` "" for
 * nothing. Returns where the keys that are not the list's own end, in tens of pixels.
 */
export function footer(screen: Screen, common: Common, page: number, pages: number, key: string, label: string): void {
  const left = pages > 1 ? 12 : 7;
  rowKey(screen, 0, key === "" && pages === 1 ? 32 : 7, "cancel", say(common, SHARED.back), KEY);
  if (pages > 1) rowKey(screen, 7, key === "" ? 25 : 5, "more", page + 1 + "/" + pages + " >", KEY);
  if (key !== "") rowKey(screen, left, 32 - left, key, label, MAIN);
}

/** One page of tiles with the keys "c0", "c1" … by their place in the whole list; those in `ticked` are in the accent colour. */
export function choices(screen: Screen, page: number, labels: ReadonlyArray<string>, ticked: ReadonlyArray<number>): void {
  for (let i = page * CHOICES; i < labels.length && i < (page + 1) * CHOICES; i++)
    tile(screen, i - page * CHOICES, 2, 4, "c" + i, labels[i], "", ticked.indexOf(i) < 0 ? KEY : MAIN);
}

/** Which choice a key stands for, −1 for none. */
export function chosen(key: string): number {
  return key.charAt(0) === "c" && key !== "cancel" && key !== "confirm" ? parseInt(key.slice(1), 10) : -1;
}
