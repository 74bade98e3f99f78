/** The routes of a guardian's own page, and of adding and removing children. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { parseDate } from "@trapeza/protocol";
import { RIGHTS } from "../../people/shares.js";
import type { GuardianRow } from "../../people/store.js";
import { EMPTY, typedIn } from "../form.js";
import type { Filled } from "../form.js";
import { sendPage } from "../layout.js";
import { childCard } from "./child-card.js";
import { LinkPage } from "./link.js";
import { KEEP, SESSION, childOf, forGuardian } from "./pages.js";
import type { Pages } from "./pages.js";
import { ProfilePage } from "./profile.js";
import { isEmail, parseAmount, passwordTrouble } from "./typed.js";
import { parentWords } from "./words.js";

const NO_CONTACT = { email: null, isConfirmed: false, language: "ru" } as const;

export function serveProfile(pages: Pages): void {
  const { app, accounts, readers } = pages;
  const store = pages.cloud.store.people;
  app.get(
    "/profile",
    forGuardian(pages, (request, reply, guardian) => showProfile(pages, request, reply, guardian)),
  );
  app.post(
    "/profile/email",
    forGuardian(pages, async (request, reply, guardian) => {
      const { language } = readers.of(request, reply);
      const { account } = parentWords(language);
      const email = (typedIn(request.body).email ?? "").trim();
      const wrong = { values: { email }, troubles: { email: account.trouble.email } };
      if (!isEmail(email)) return showProfile(pages, request, reply.code(400), guardian, { action: "/profile/email", form: wrong });
      await store.setContact(guardian.phone, { email, isConfirmed: false, language });
      await accounts.askEmail(guardian.phone, email, language);
      readers.say(reply, account.profile.emailSent, true);
      return reply.redirect("/profile", 303);
    }),
  );
  app.post(
    "/profile/password",
    forGuardian(pages, async (request, reply, guardian) => {
      const words = parentWords(readers.of(request, reply).language);
      const { oldPassword = "", newPassword = "" } = typedIn(request.body);
      const again = (field: string, text: string) =>
        showProfile(pages, request, reply.code(400), guardian, {
          action: "/profile/password",
          form: { values: {}, troubles: { [field]: text } },
        });
      const bad = passwordTrouble(newPassword, words);
      if (bad !== null) return again("newPassword", bad);
      const isBound = (await store.identitySince(guardian.phone)) !== null;
      if (!(await accounts.changePassword(guardian, oldPassword, newPassword)))
        return again("oldPassword", words.account.profile.wrongPassword);
      await pages.portal.endOthers(guardian.phone, readers.kept(request, SESSION));
      const { passwordDone, identityGone } = words.account.profile;
      readers.say(reply, isBound && pages.identity ? passwordDone + " " + identityGone(pages.identity.name) : passwordDone, true);
      return reply.redirect("/profile", 303);
    }),
  );
  app.post(
    "/profile/erase",
    forGuardian(pages, async (request, reply, guardian) => {
      const say = parentWords(readers.of(request, reply).language).account.profile;
      if (!(await accounts.erase(guardian, typedIn(request.body).erasePassword ?? ""))) {
        const form = { values: {}, troubles: { erasePassword: say.wrongPassword } };
        return showProfile(pages, request, reply.code(400), guardian, { action: "/profile/erase", form });
      }
      readers.drop(reply, SESSION);
      readers.drop(reply, KEEP);
      readers.say(reply, say.erased, true);
      return reply.redirect("/login", 303);
    }),
  );
  app.post(
    "/profile/unbind",
    forGuardian(pages, async (request, reply, guardian) => {
      await pages.cloud.payments.bindings.end(guardian.phone, typedIn(request.body).binding ?? "");
      readers.say(reply, parentWords(readers.of(request, reply).language).account.profile.unbound, true);
      return reply.redirect("/profile", 303);
    }),
  );
  serveSessions(pages);
  serveLinks(pages);
}

export async function showProfile(
  { cloud, portal, readers, identity: desk }: Pages,
  request: FastifyRequest,
  reply: FastifyReply,
  guardian: GuardianRow,
  posted?: { action: string; form: Filled },
): Promise<unknown> {
  const { people } = cloud.store;
  const links = await people.sights(guardian.phone);
  const cards = await Promise.all(links.map((link) => childCard(cloud, link)));
  const zoneMinutes = links.length > 0 ? (await cloud.library.book(links[0].school)).state.policy.zoneMinutes : 0;
  const sessions = await portal.sessions(guardian.phone, readers.kept(request, SESSION));
  const contact = (await people.contact(guardian.phone)) ?? NO_CONTACT;
  const bindings = await cloud.payments.bindings.of(guardian.phone);
  const identity = desk && { name: desk.name, sinceMs: await people.identitySince(guardian.phone) };
  const props = { guardian: guardian.name, phone: guardian.phone, contact, cards, sessions, bindings, identity, zoneMinutes, posted };
  return sendPage(reply, readers.of(request, reply), <ProfilePage {...props} />);
}

function serveSessions(pages: Pages): void {
  const { app, portal, readers } = pages;
  const ended = (request: FastifyRequest, reply: FastifyReply) => {
    readers.say(reply, parentWords(readers.of(request, reply).language).account.profile.ended, true);
    return reply.redirect("/profile", 303);
  };
  app.post(
    "/profile/sessions/:id/end",
    forGuardian(pages, async (request, reply, guardian) => {
      await portal.end(guardian.phone, (request.params as { id: string }).id);
      return ended(request, reply);
    }),
  );
  app.post(
    "/profile/sessions/end",
    forGuardian(pages, async (request, reply, guardian) => {
      await portal.endOthers(guardian.phone, readers.kept(request, SESSION));
      return ended(request, reply);
    }),
  );
}

function serveLinks(pages: Pages): void {
  const { app, cloud, links, readers } = pages;
  app.get(
    "/link",
    forGuardian(pages, async (request, reply, guardian) =>
      sendPage(reply, readers.of(request, reply), <LinkPage guardian={guardian.name} byPayment={EMPTY} byCode={EMPTY} />),
    ),
  );
  app.post(
    "/link/code",
    forGuardian(pages, async (request, reply, guardian) => {
      const reader = readers.of(request, reply);
      const say = parentWords(reader.language).account.link;
      const values = typedIn(request.body);
      const child = await links.byCode(guardian.phone, (values.number ?? "").replace(/\s/g, ""), values.code ?? "");
      if (child === null) {
        const form = { values: { number: values.number ?? "" }, troubles: { code: say.wrong } };
        return sendPage(reply.code(400), reader, <LinkPage guardian={guardian.name} byPayment={EMPTY} byCode={form} />);
      }
      const isTheirs = await cloud.store.people.link(guardian.phone, child);
      readers.say(reply, isTheirs ? say.done : say.ended, isTheirs);
      return reply.redirect("/", 303);
    }),
  );
  app.post(
    "/link/payment",
    forGuardian(pages, async (request, reply, guardian) => {
      const reader = readers.of(request, reply);
      const say = parentWords(reader.language).account.link;
      const values = typedIn(request.body);
      const again = (field: string, text: string) =>
        sendPage(
          reply.code(400),
          reader,
          <LinkPage guardian={guardian.name} byPayment={{ values, troubles: { [field]: text } }} byCode={EMPTY} />,
        );
      const date = parseDate(values.date ?? "");
      const amount = parseAmount(values.amount ?? "");
      if (date === null) return again("date", say.badDate);
      if (amount === null) return again("amount", say.badAmount);
      const child = await links.byPayment(guardian.phone, (values.paidNumber ?? "").replace(/\s/g, ""), date, amount);
      if (child === null) return again("amount", say.wrong);
      const isTheirs = await cloud.store.people.link(guardian.phone, child);
      readers.say(reply, isTheirs ? say.done : say.ended, isTheirs);
      return reply.redirect("/", 303);
    }),
  );
  app.post(
    "/children/:school/:account/unlink",
    forGuardian(pages, async (request, reply, guardian) => {
      const child = await childOf(pages, request, guardian, RIGHTS);
      if (!child) return reply.callNotFound();
      await cloud.store.statements.endMonthly(guardian.phone, child);
      await (child.isOwn ? cloud.store.people.unlink(guardian.phone, child) : cloud.store.people.dropShare(guardian.phone, child));
      readers.say(reply, parentWords(readers.of(request, reply).language).account.profile.unlinked, true);
      return reply.redirect("/profile", 303);
    }),
  );
}
