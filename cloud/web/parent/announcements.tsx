/** What schools have written to this guardian: said on the first page until it is read, and kept. Opening one is reading it. */
import type { Received } from "../../announcements/announcement.js";
import { dateWords, localMoment } from "../date-text.js";
import { sendPage } from "../layout.js";
import { Note } from "../parts.js";
import { useReader } from "../reader-context.js";
import { forGuardian } from "./pages.js";
import type { Pages } from "./pages.js";
import { ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";

/** Drawn: `about` is school and children. */
interface Shown extends Pick<Received, "id" | "title" | "text" | "readMs"> {
  readonly about: string;
  readonly on: string;
}

export function serveAnnouncements(pages: Pages): void {
  const { app, cloud, readers } = pages;
  app.get(
    "/announcements",
    forGuardian(pages, async (request, reply, guardian) => {
      const reader = readers.of(request, reply);
      const received = await cloud.store.announcements.received(guardian.phone);
      const rows = await Promise.all(received.map((one) => shownOf(pages, one, reader.language)));
      return sendPage(reply, reader, <ListPage guardian={guardian.name} rows={rows} />);
    }),
  );
  app.get(
    "/announcements/:id",
    forGuardian(pages, async (request, reply, guardian) => {
      const asked = (request.params as { id?: string }).id;
      const reader = readers.of(request, reply);
      const received = await cloud.store.announcements.received(guardian.phone);
      const one = received.find(({ id }) => String(id) === asked);
      if (!one) return reply.callNotFound();
      await cloud.store.announcements.read(one.id, guardian.phone, cloud.now());
      return sendPage(reply, reader, <OnePage guardian={guardian.name} one={await shownOf(pages, one, reader.language)} />);
    }),
  );
}

async function shownOf({ cloud }: Pages, one: Received, language: "ru" | "en"): Promise<Shown> {
  const { state } = await cloud.library.book(one.school);
  const names = one.accounts.map((account) => state.accounts.get(account)?.shortName ?? "").filter(Boolean);
  const { date, clock } = localMoment(one.sentMs, state.policy.zoneMinutes);
  const { id, title, text, readMs } = one;
  return { id, title, text, readMs, about: [state.policy.name, ...names].join(" · "), on: dateWords(date, language) + ", " + clock };
}

function ListPage({ guardian, rows }: { guardian: string; rows: readonly Shown[] }) {
  const say = parentWords(useReader().language).announcements;
  return (
    <ParentSheet title={say.title} guardian={guardian}>
      <h1>{say.title}</h1>
      {rows.length === 0 && <p class="empty">{say.empty}</p>}
      {rows.map(({ id, title, readMs, about, on }) => (
        <article class="sent">
          <p class="faint">{on + " · " + about}</p>
          <p>
            <a href={"/announcements/" + id}>{title}</a> {readMs === null && <strong>{say.fresh}</strong>}
          </p>
        </article>
      ))}
    </ParentSheet>
  );
}

function OnePage({ guardian, one }: { guardian: string; one: Shown }) {
  const say = parentWords(useReader().language).announcements;
  return (
    <ParentSheet title={one.title} guardian={guardian}>
      <h1>{one.title}</h1>
      <p class="faint">{one.on + " · " + one.about}</p>
      <p class="letter">{one.text}</p>
      <p>
        <a href="/letters">{say.answer}</a> · <a href="/announcements">{say.all}</a>
      </p>
    </ParentSheet>
  );
}

/** On the first page: each unread one by its title; when there is none, where the old ones are. */
export function Unread({ received }: { received: readonly Pick<Received, "id" | "title" | "readMs">[] }) {
  const say = parentWords(useReader().language).announcements;
  if (received.length === 0) return null;
  const unread = received.filter(({ readMs }) => readMs === null);
  return (
    <>
      {unread.map(({ id, title }) => (
        <Note tone="calm">
          {say.from} <a href={"/announcements/" + id}>{title}</a>
        </Note>
      ))}
      {unread.length === 0 && (
        <p>
          <a href="/announcements">{say.title}</a>
        </p>
      )}
    </>
  );
}
