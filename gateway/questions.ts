/** What a terminal asks without changing anything: who is this, whose number is this, who is in this class. */
import { classList, holderByList, holderOf, mealNow, mealsOn, orderWindow, payeeOf, REASONS, rosterOf } from "@trapeza/protocol";
import type { AccountNumber, BusinessDate, CardUid, Context, Holder, Kopecks, ListedPupil, Payer } from "@trapeza/protocol";
import type { Reason, Result, School, Up } from "@trapeza/protocol";
import type { Handles } from "./handles.js";
import { refusal, shown } from "./replies.js";

/** Most pupils of one class list and one confirmation; a message holds no more. */
const MOST_PUPILS = 64;
/** Most of a menu that a terminal holds. */
const MOST_DISHES = 120;
const MOST_MEALS = 8;
const MOST_CLASSES = 120;

type HolderResult = Extract<Result, { readonly kind: "Holder" }>;

/** Who holds a card, with a handle for the sale that may follow; `total` in kopecks is what is going to be sold, if the terminal knows. */
export function tapAnswer(school: School, handles: Handles, uid: CardUid, total: Kopecks | null, context: Context): Result {
  const found = holderOf(school, uid, total, context);
  if (found.kind === "refused") return refusal(found.reason);
  const answer = holderAnswer(found, handles.give(context.terminal, { by: "card", uid }, context.atMs));
  return school.terminals.get(context.terminal)?.terminalKind === "payment" ? discreet(answer, found.shortName) : answer;
}

/** The same for whoever was found by class list and photo. */
export function identifyAnswer(school: School, handles: Handles, id: number, total: Kopecks, context: Context): Result {
  const found = holderByList(school, id, total, context);
  if (found.kind === "refused") return refusal(found.reason);
  const payer: Payer = { by: "list", account: id };
  return holderAnswer(found, handles.give(context.terminal, payer, context.atMs));
}

function holderAnswer(found: Holder, handle: number): HolderResult {
  return {
    kind: "Holder",
    handle,
    holder: found.holder,
    name: shown(found.holder === "pupil" ? shortName(found.name) : found.name, 64),
    className: shown(found.className, 16),
    cardNumber: shown(found.cardNumber, 24),
    account: found.number ?? ("" as AccountNumber),
    main: found.main,
    additional: found.additional,
    verdict: found.verdict === null ? 0 : REASONS[found.verdict],
    ticketKey: null,
    suspect: false,
    banned: found.banned.slice(0, MOST_DISHES),
    box: found.box.slice(),
  };
}

/** A kiosk stands in the hall: what it has no use for is not sent to it. */
function discreet(answer: HolderResult, shortName: string): Result {
  const none = 0 as Kopecks;
  return { ...answer, name: shown(shortName, 64), className: shown("", 0), cardNumber: shown("", 0), main: none, additional: none };
}

/** The payee behind a typed number: a short name, never a balance. */
export function payeeAnswer(school: School, number: AccountNumber): Result {
  const found = payeeOf(school, number);
  if (found.kind === "refused") return refusal(found.reason);
  const verdict = found.verdict === null ? 0 : REASONS[found.verdict];
  return { kind: "Payee", name: shown(found.shortName, 64), account: found.number, verdict };
}

export interface ClassAnswer {
  readonly result: Result;
  /** Who may be served on this list, for the confirmation that follows. */
  readonly admitted: { readonly class: number; readonly meal: number; readonly date: number; readonly ids: readonly number[] } | null;
}

export type ListAsk = Pick<Extract<Up, { kind: "ClassList" }>, "uid" | "ahead" | "meal" | "class">;

/** The class of the teacher whose card was shown, or any class for a supervisor, who is told the classes first; for the meal and day asked for. */
export function classAnswer(school: School, ask: ListAsk, context: Context): ClassAnswer {
  const found = holderOf(school, ask.uid, null, context);
  if (found.kind === "refused") return no(found.reason);
  const classId = classFor(school, ask.uid, ask.class);
  if (classId === null && ask.class === 0 && found.holder === "supervisor") return { result: classesAnswer(school), admitted: null };
  if (classId === null) return no("wrong_holder");
  const date = (context.date + ask.ahead) as BusinessDate;
  const meal = school.meals.get(ask.meal === 0 ? (mealNow(school, context) ?? 0) : ask.meal);
  const listed = meal && classList(school, classId, meal.id, date, context);
  if (!meal || !listed) return no("meal_closed");
  const pupils = shownPupils(listed.pupils).map((pupil) => ({
    id: pupil.account,
    name: shown(nameInClass(pupil.name, listed.pupils), 48),
    mark: pupil.mark,
    reason: pupil.reason === null ? 0 : REASONS[pupil.reason],
  }));
  const meals = mealsOn(school, date, context).slice(0, MOST_MEALS);
  const result: Result = {
    kind: "Class",
    class: classId,
    className: shown(listed.className, 16),
    meal: listed.meal,
    mealName: shown(listed.mealName, 40),
    date,
    teacherCard: shown(found.cardNumber, 24),
    pupils,
    meals: meals.map(({ id, name }) => ({ meal: id, name: shown(name, 40) })),
    orders: orderWindow(school, meal, date, context),
  };
  // Nobody eats tomorrow's lunch today.
  if (ask.ahead > 0) return { result, admitted: null };
  const ids = pupils.filter((pupil) => pupil.mark === "plain" || pupil.mark === "ordered").map((pupil) => pupil.id);
  return { result, admitted: { class: classId, meal: listed.meal, date, ids } };
}

/** Surname and given name of a child: no terminal keeps more of it than it needs. */
function shortName(full: string): string {
  return full.split(" ").slice(0, 2).join(" ");
}

/** The patronymic only where two of a class would be the same without it. */
export function nameInClass(name: string, pupils: readonly { readonly name: string }[]): string {
  return pupils.filter((other) => shortName(other.name) === shortName(name)).length > 1 ? name : shortName(name);
}

/** Whoever stands in for a teacher says first for which. */
function classesAnswer(school: School): Result {
  const classes = rosterOf(school, 0).slice(0, MOST_CLASSES);
  return { kind: "Classes", classes: classes.map(({ id, name }) => ({ id, name: shown(name, 16) })) };
}

/** The class that a card may see: its teacher's own, or the asked one when a supervisor stands in for somebody. `null`: none. */
export function classFor(school: School, uid: CardUid, asked: number): number | null {
  const card = school.cards.get(uid);
  if (!card || card.staff === null) return null;
  const own = school.staff.get(card.staff)?.class ?? null;
  if (asked === 0 || asked === own) return own;
  return card.holder === "supervisor" && school.classes.has(asked) ? asked : null;
}

/** A larger class is served in two goes: who has eaten makes room for who has not. */
function shownPupils(pupils: readonly ListedPupil[]): readonly ListedPupil[] {
  if (pupils.length <= MOST_PUPILS) return pupils;
  const waiting = pupils.filter((pupil) => pupil.mark !== "served");
  return waiting.concat(pupils.filter((pupil) => pupil.mark === "served")).slice(0, MOST_PUPILS);
}

function no(reason: Reason): ClassAnswer {
  return { result: refusal(reason), admitted: null };
}
