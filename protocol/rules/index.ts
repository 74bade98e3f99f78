/** The money rules: one implementation for the gateway that decides, the cloud that audits and the simulators that check. Pure. */
export { apply } from "./apply.js";
export { audit } from "./audit.js";
export { MATRIX } from "./check.js";
export { classList, mealNow, mealsOn, orderWindow, pupilMeals } from "./class-list.js";
export type { ClassList, ListedPupil, OrderWindow, PupilMeal } from "./class-list.js";
export { decide, recordFact } from "./decide.js";
export { decideDirective } from "./decide-directive.js";
export { decodeSchool, encodeSchool, STATE_SHAPE } from "./encode.js";
export { browseRefusal, holderByList, holderOf, payeeOf, rosterOf } from "./holder.js";
export type { FoundPayee, Holder, NobodyFound } from "./holder.js";
export { checkInvariants } from "./invariant.js";
export { menuOn } from "./menu.js";
export { RETENTION_DAYS, tariffOn } from "./moment.js";
export { accountOfPayer } from "./presented.js";
export { cashExpected } from "./operations/shift.js";
export { salvagedEvents } from "./operations/salvage.js";
export { findSale } from "./operations/void.js";
export type { Context, Decision, Fact, FactKind, NotePayee, Payer, RefusedPupil, Request, RequestKind, WantedLine } from "./request.js";
export { createSchool, debtLimitOf, isBlocked, mealDebtLimitOf, mealKey, menuKey, spentOn, tariffKey, versionOn } from "./school.js";
export type {
  Account,
  Card,
  Collection,
  Dish,
  Flagged,
  Meal,
  Named,
  Order,
  Policy,
  Sale,
  School,
  Served,
  Shift,
  Staff,
  Tariff,
  Terminal,
} from "./school.js";
export { RULES_VERSION } from "./version.js";
