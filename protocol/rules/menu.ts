/** What is on sale. */
import type { BusinessDate } from "../wire/units.js";
import { versionOn } from "./school.js";
import type { Dish, School } from "./school.js";

/** Dishes on sale on a business date at that day's price, by group and code. */
export function menuOn(school: School, date: BusinessDate): Dish[] {
  const dishes: Dish[] = [];
  for (const versions of school.dishes.values()) {
    const dish = versionOn(versions, date);
    if (dish && dish.offered) dishes.push(dish);
  }
  return dishes.sort((a, b) => a.group - b.group || a.code - b.code);
}
