/** The business date: opened by an event, never falls, and jumps more than a day offline only on a supervisor's card. */
import type { EventOf } from "../../journal/event.js";
import { refusalOf } from "../check.js";
import { RETENTION_DAYS } from "../moment.js";
import { cardChecks, cardOf, staffOf } from "../presented.js";
import type { Context, Decision, Request } from "../request.js";
import type { School } from "../school.js";

type OpenDayRequest = Extract<Request, { kind: "OpenDay" }>;

export function decideOpenDay(school: School, request: OpenDayRequest, context: Context): Decision {
  const card = cardOf(school, request.uid);
  const staff = staffOf(school, card);
  const malformed = () => request.date < school.date;
  const jump = school.date > 0 && request.date > school.date + 1 && !request.online;
  const cards = cardChecks(card, context, (shown) => staff !== null && shown.holder === "supervisor");
  const reason = jump
    ? refusalOf("OpenDayBySupervisor", { malformed, ...cards }, context.found)
    : refusalOf("OpenDay", { malformed }, context.found);
  if (reason !== null) return { kind: "refused", reason, bodies: [] };
  if (request.date === school.date) return { kind: "accepted", bodies: [], refused: [] };
  return { kind: "accepted", bodies: [{ kind: "DayOpened", date: request.date, staff: staff?.id ?? null }], refused: [] };
}

/** A new day also forgets what no retry can mean any more, so a state does not grow with the years. */
export function applyDayOpened(school: School, body: EventOf<"DayOpened">): void {
  school.date = body.date;
  school.menuVersion++;
  const oldest = body.date - RETENTION_DAYS;
  school.sales.deleteBefore(oldest);
  school.served.deleteBefore(oldest);
  for (const [key, order] of school.orders) if (order.date < oldest) school.orders.delete(key);
  for (const [key, menu] of school.mealMenus) if (menu.date < oldest) school.mealMenus.delete(key);
  const kept = school.flagged.filter((flagged) => flagged.date >= oldest);
  school.flagged.splice(0, school.flagged.length, ...kept);
}
