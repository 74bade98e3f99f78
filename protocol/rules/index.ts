/** The money rules: one implementation for the gateway that decides, the cloud that audits and the simulators that check. Pure. */
import type { Directive } from "../journal/directive.js";
import type { Event, EventBody } from "../journal/event.js";
import type { Decoded } from "../wire/schema.js";
import type { BusinessDate, CardUid, Kopecks, AccountNumber } from "../wire/units.js";
import type { Context, Decision, Fact, Request } from "./request.js";
import type { School } from "./school.js";
import type { ClassList } from "./class-list.js";
import type { FoundPayee, Holder, NobodyFound } from "./holder.js";
import type { Dish } from "./school.js";
export type { ClassList, ListedPupil } from "./class-list.js";
export type { FoundPayee, Holder, NobodyFound } from "./holder.js";
export type { Context, Decision, Fact, FactKind, NotePayee, Payer, RefusedPupil, Request, RequestKind, WantedLine } from "./request.js";
export { createSchool, debtLimitOf, isBlocked, spentOn, versionOn } from "./school.js";
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

export declare function apply(school: School, event: Event): void;
export declare function decide(school: School, request: Request, context: Context): Decision;
export declare function recordFact(school: School, fact: Fact, context: Context): EventBody[];
export declare function decideDirective(school: School, number: number, directive: Directive, context: Context): EventBody[];
export declare function audit(school: School, event: Event): string[];
export declare function checkInvariants(school: School): string[];
export declare function encodeSchool(school: School): Uint8Array;
export declare function decodeSchool(bytes: Uint8Array): Decoded<School>;
/** `null` when there is no such class or meal. */
export declare function classList(school: School, classId: number, meal: number, date: BusinessDate, context: Context): ClassList | null;
/** The meal that a class list is for now: the one being served, or the next one today, or `null`. */
export declare function mealNow(school: School, context: Context): number | null;
export declare function holderOf(school: School, uid: CardUid, total: Kopecks | null, context: Context): Holder | NobodyFound;
export declare function payeeOf(school: School, number: AccountNumber): FoundPayee | NobodyFound;
/** Dishes on sale on a business date, by group and code. */
export declare function menuOn(school: School, date: BusinessDate): Dish[];
