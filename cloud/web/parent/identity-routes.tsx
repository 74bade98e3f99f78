/** Logging in with another's word for it. It opens an account only after that account's own password has bound it. */
import { ASKED_SECONDS } from "../../people/identity.js";
import type { IdentityDesk } from "../../people/identity.js";
import { typedIn } from "../form.js";
import { sendPage } from "../layout.js";
import { useReader } from "../reader-context.js";
import { firstPage, letIn, loginFrom } from "./door-routes.js";
import { forGuardian, guardianOf } from "./pages.js";
import type { Pages } from "./pages.js";
import { showProfile } from "./profile-routes.js";
import { ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";

/** The cookie that holds what was asked, until the reader is back. */
const ASKED = "asked";
export const IDENTITY_BACK = "/login/identity/back";

export function serveIdentity(pages: Pages, desk: IdentityDesk): void {
  serveComing(pages, desk);
  serveBinding(pages, desk);
}

function serveComing(pages: Pages, desk: IdentityDesk): void {
  const { app, cloud, portal, readers, accounts } = pages;
  app.get("/login/identity", async (request, reply) => {
    const say = parentWords(readers.of(request, reply).language).account.identity;
    const asked = await desk.ask(null);
    if (!asked) {
      readers.say(reply, say.away(desk.name), false);
      return reply.redirect("/login", 303);
    }
    readers.keep(reply, ASKED, asked.kept, ASKED_SECONDS);
    return reply.redirect(asked.url, 303);
  });
  app.get(IDENTITY_BACK, async (request, reply) => {
    const say = parentWords(readers.of(request, reply).language).account.identity;
    const kept = readers.kept(request, ASKED);
    readers.drop(reply, ASKED);
    const proved = await desk.prove(kept, request.url.slice(IDENTITY_BACK.length));
    const go = (to: string, sentence: string, isDone: boolean) => {
      readers.say(reply, sentence, isDone);
      return reply.redirect(to, 303);
    };
    if (!proved) return go("/login", say.failed(desk.name), false);
    if (proved.phone === null) {
      const phone = await cloud.store.people.identified(proved.identity);
      if (phone === null) return go("/login", say.unknown(desk.name), false);
      letIn(pages, reply, await portal.open(phone, loginFrom(pages, request, false)), false);
      return reply.redirect(firstPage(pages, request), 303);
    }
    // Whoever has asked is still the one who is logged in here; else somebody's account would be bound to what another one proved.
    if ((await guardianOf(pages, request))?.phone !== proved.phone) return go("/login", say.failed(desk.name), false);
    const isBound = await accounts.bindIdentity(proved.phone, proved.identity, desk.name);
    return go("/profile", isBound ? say.bound(desk.name) : say.taken(desk.name), isBound);
  });
}

function serveBinding(pages: Pages, desk: IdentityDesk): void {
  const { app, cloud, readers, accounts } = pages;
  app.post(
    "/profile/identity",
    forGuardian(pages, async (request, reply, guardian) => {
      const reader = readers.of(request, reply);
      const { profile, identity: say } = parentWords(reader.language).account;
      if (!(await accounts.proves(guardian, typedIn(request.body).identityPassword ?? ""))) {
        const form = { values: {}, troubles: { identityPassword: profile.wrongPassword } };
        return showProfile(pages, request, reply.code(400), guardian, { action: "/profile/identity", form });
      }
      const asked = await desk.ask(guardian.phone);
      if (!asked) {
        readers.say(reply, say.away(desk.name), false);
        return reply.redirect("/profile", 303);
      }
      readers.keep(reply, ASKED, asked.kept, ASKED_SECONDS);
      return sendPage(reply, reader, <ContinuePage guardian={guardian.name} name={desk.name} url={asked.url} />);
    }),
  );
  app.post(
    "/profile/identity/end",
    forGuardian(pages, async (request, reply, guardian) => {
      await cloud.store.people.dropIdentity(guardian.phone);
      readers.say(reply, parentWords(readers.of(request, reply).language).account.identity.ended(desk.name), true);
      return reply.redirect("/profile", 303);
    }),
  );
}

/** A link and no form: a form may lead to our own pages only, whatever the provider does next. */
function ContinuePage({ guardian, name, url }: { guardian: string; name: string; url: string }) {
  const { identity: say, profile } = parentWords(useReader().language).account;
  return (
    <ParentSheet title={profile.title} guardian={guardian}>
      <h1>{say.title(name)}</h1>
      <p class="lead">{say.continueLead(name)}</p>
      <p class="actions">
        <a class="button main" href={url}>
          {say.continue(name)}
        </a>
        <a href="/profile">{say.back}</a>
      </p>
    </ParentSheet>
  );
}
