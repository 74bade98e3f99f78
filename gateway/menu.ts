/** What every terminal is told unasked: the dishes on sale, and whose machine it is. */
import { menuOn } from "@trapeza/protocol";
import type { BusinessDate, Down, School } from "@trapeza/protocol";
import { shown } from "./replies.js";

const MAX_GROUPS = 16;
const MAX_DISHES = 120;

/** Dishes of a business date, prices in kopecks. A terminal's memory holds {@link MAX_DISHES}; what is beyond them is not offered there. */
export function menuMessage(school: School, date: BusinessDate): Down {
  const dishes = menuOn(school, date).slice(0, MAX_DISHES);
  const last = dishes.reduce((highest, dish) => Math.max(highest, dish.group), -1);
  const groups = Array.from({ length: Math.min(last + 1, MAX_GROUPS) }, (_, id) => shown(school.groups.get(id)?.name ?? "", 24));
  return {
    kind: "Menu",
    version: school.menuVersion,
    groups,
    dishes: dishes.map((dish) => ({ code: dish.code, name: shown(dish.name, 64), price: dish.price, group: dish.group })),
  };
}

export function policyMessage(school: School): Down {
  const { policy } = school;
  // The paper names one caterer; a school with several names each on its own dishes' receipts, which is not this message's matter.
  const first = Math.min(...school.caterers.keys());
  const caterer = school.caterers.get(first)?.name ?? "";
  return {
    kind: "Policy",
    version: school.policyVersion,
    school: shown(policy.name, 64),
    schoolNumber: policy.number,
    operator: shown(policy.operator, 96),
    caterer: shown(caterer, 96),
    language: policy.language,
    claimPhone: shown(policy.claimPhone, 32),
    activationFee: school.activationFee,
    reissueFee: school.reissueFee,
    twoPersons: policy.twoPersons,
  };
}
