/** What a terminal is told without asking, when it differs from what it was told last: policy, menu, the date, how far the cloud has got. */
import type { Down } from "@trapeza/protocol";
import type { Desk, Speech } from "./desk.js";
import type { Decision } from "./journal/journal.js";
import { menuMessage, policyMessage } from "./menu.js";
import { releaseNews } from "./releases/offer.js";
import type { Session } from "./sessions.js";

/** Nothing, or one decision without events: what is announced rests on this batch and may not leave before it is durable. */
export function announcementsFor(desk: Desk, session: Session): Decision<Speech>[] {
  const messages = newsFor(desk, session);
  return messages.length === 0 ? [] : [{ events: [], conclude: () => ({ session, handshake: null, messages, stored: null }) }];
}

/** Marks what it returns as told: a lost frame is made up for by the next Welcome. */
export function newsFor(desk: Desk, session: Session): Down[] {
  const { school, journal, clock, rows } = desk;
  const { told, hello } = session;
  const news: Down[] = [];
  if (told.policy !== school.policyVersion) {
    told.policy = school.policyVersion;
    news.push(policyMessage(school));
  }
  if (hello.terminalKind === "settlement" && told.menu !== school.menuVersion) {
    told.menu = school.menuVersion;
    news.push(menuMessage(school, school.date));
  }
  if (told.date !== school.date) {
    told.date = school.date;
    told.atMs = clock.nowMs();
    news.push({ kind: "Time", atMs: told.atMs, date: school.date });
  }
  const cosignedSize = journal.cosigned?.size ?? 0;
  if (told.cosigned !== cosignedSize) {
    told.cosigned = cosignedSize;
    const row = rows.get(session.terminal);
    const safe = row ? journal.safeUpTo(row.terminal, row.incarnation) : 0;
    if (safe > told.safe) news.push({ kind: "Safe", n: safe });
    told.safe = Math.max(told.safe, safe);
  }
  return [...news, ...releaseNews(hello, told, desk.wanted?.(session.terminal, hello) ?? null)];
}
