/**
 * Who cooks what. An organised meal is cooked by the caterers whom its tariffs name, today's or later ones; what has no tariff yet is planned by the
 * operator.
 */
import { versionOn } from "@trapeza/protocol";
import type { BusinessDate, School } from "@trapeza/protocol";
import type { Actor } from "../roles.js";

/** A caterer's own number; `null` for whoever may write for all of them. */
export const cookOf = ({ role, own }: Actor): number | null => (role === "caterer" ? (own ?? -1) : null);

/** Whether this caterer cooks the meal. */
export function cooks(school: School, cook: number | null, meal: number, today: BusinessDate): boolean {
  if (cook === null) return true;
  return [...school.tariffs.values()].some((versions) => {
    const current = versionOn(versions, today);
    return versions.some((one) => one.meal === meal && one.caterer === cook && (one === current || one.from > today));
  });
}
