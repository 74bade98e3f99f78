/** A class list is a promise to charge whoever is confirmed on it: kept before it is told. */
import type { Context } from "@trapeza/protocol";
import { replyIn } from "./desk.js";
import type { Desk, Speech } from "./desk.js";
import type { Decision } from "./journal/journal.js";
import { classAnswer } from "./questions.js";
import type { ListAsk } from "./questions.js";
import type { Session } from "./sessions.js";

/** The answer to a ClassList, and whom it admits as a row that is durable before it leaves. */
export function decideList(desk: Desk, session: Session, counter: number, ask: ListAsk, context: Context): Decision<Speech> {
  const { result, admitted } = classAnswer(desk.school, ask, context);
  const admission = admitted && desk.admissions.admit({ ...admitted, terminal: session.terminal, uid: ask.uid }, admitted.ids);
  return { events: [], conclude: () => replyIn(session, counter, result), ...(admission ? { admission } : {}) };
}
