/** Sentences at the wall: meals confirmed, undone, ordered. */
import type { CardUid } from "../../wire/units.js";
import { classList } from "../class-list.js";
import * as play from "./school.js";
import type { Rehearsal } from "./school.js";
import { answered, askAt, dateAfter, idOf, idsIn, MEAL, mealOf, NAME, NAMES, recordAt, sentence } from "./words.js";
import type { Step } from "./words.js";

function classRequest(rehearsal: Rehearsal, [meal, admitted, names, days, place, by]: (string | undefined)[]) {
  const ids = idsIn(names);
  const uid: CardUid = play.cardUidOf(by ?? "Tamara");
  const asked = { class: 51, meal: mealOf(meal), date: dateAfter(rehearsal, days), ids, uid };
  return { asked, admitted: admitted ? ids : [], place: (place ?? "wall") as keyof typeof play.PLACES };
}

const WHERE = "(?: (?:on day|in days) ([+-]\\d+))?(?: at (wall 2))?(?: by " + NAME + ")?";

export const CLASSROOM: Step[] = [
  [
    sentence(MEAL, " for (admitted )?", NAMES, WHERE),
    (rehearsal, words) => {
      const { asked, admitted, place } = classRequest(rehearsal, words);
      return answered(askAt(rehearsal, place, { kind: "MealConfirm", ...asked, admitted }));
    },
  ],
  [
    sentence(MEAL, " for ", NAMES, " with ", NAMES, " admitted"),
    (rehearsal, [meal, names, admitted]) => {
      const { asked } = classRequest(rehearsal, [meal, undefined, names]);
      return answered(askAt(rehearsal, "wall", { kind: "MealConfirm", ...asked, admitted: idsIn(admitted) }));
    },
  ],
  [
    sentence("(paper|offline) list of ", MEAL, " for ", NAMES, "(?: on day ([+-]\\d+))?"),
    (rehearsal, [basis, meal, names, days]) => {
      const asked = { class: 51, meal: mealOf(meal), date: dateAfter(rehearsal, days), ids: idsIn(names), uid: play.cardUidOf("Tamara") };
      return recordAt(rehearsal, "wall", { kind: "MealEaten", ...asked, basis: basis === "paper" ? "paper" : "offline" });
    },
  ],
  [
    sentence("undo ", MEAL, " for ", NAMES, WHERE),
    (rehearsal, [meal, names, days, place, by]) => {
      const request = classRequest(rehearsal, [meal, undefined, names, days, place, by]);
      return answered(askAt(rehearsal, request.place, { kind: "MealUndo", ...request.asked }));
    },
  ],
  [
    sentence("(order|cancel) ", MEAL, " for ", NAMES, WHERE),
    (rehearsal, [what, meal, names, days, place, by]) => {
      const request = classRequest(rehearsal, [meal, undefined, names, days, place, by]);
      return answered(askAt(rehearsal, request.place, { kind: "PreOrder", ...request.asked, cancel: what === "cancel" }));
    },
  ],
  [
    sentence("the class list for ", MEAL, "(?: on day ([+-]\\d+))? shows ", NAME),
    (rehearsal, [meal, days, name]) => {
      const list = classList(rehearsal.school, 51, mealOf(meal), dateAfter(rehearsal, days), play.contextOf(rehearsal));
      const pupil = list?.pupils.find((one) => one.account === idOf(name));
      return pupil ? [pupil.mark, pupil.reason ?? "no reason"] : ["nobody"];
    },
  ],
];
