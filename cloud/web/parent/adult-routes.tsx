/** The routes of second adults: inviting, choosing rights and closing access by whose child it is; joining by whoever was invited. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { adultId, createInvitationDesk } from "../../people/invitation.js";
import { RIGHTS } from "../../people/shares.js";
import type { InvitationRow, Right } from "../../people/shares.js";
import type { GuardianRow } from "../../people/store.js";
import { localMoment } from "../date-text.js";
import { allIn } from "../form.js";
import { sendPage } from "../layout.js";
import { AdultsPage, InvitedPage, JoinPage } from "./adults.js";
import type { AdultsProps } from "./adults.js";
import { childCard } from "./child-card.js";
import { pathOf } from "./child-head.js";
import type { NamedChild } from "./child-head.js";
import { INVITED, childOf, forGuardian, guardianOf } from "./pages.js";
import type { Pages } from "./pages.js";
import { parentWords } from "./words.js";

/** Long enough to register meanwhile. */
const INVITED_SECONDS = 3600;
const ID_LENGTH = 16;
const PHONE_END = 4;

const rightsIn = (body: unknown): Right[] => RIGHTS.filter((right) => allIn(body, "right").includes(right));

interface Asked {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly guardian: GuardianRow;
  readonly card: NamedChild;
}

export function serveAdults(pages: Pages): void {
  serveInviting(pages);
  serveRights(pages);
  serveJoining(pages);
}

/** Only those whose child it is: who was given rights gives none on. */
function forOwn(pages: Pages, answer: (asked: Asked) => Promise<unknown>) {
  return forGuardian(pages, async (request, reply, guardian) => {
    const sight = await childOf(pages, request, guardian, ["own"]);
    const card = sight && (await childCard(pages.cloud, sight));
    return card && card.kind !== "waiting" ? answer({ request, reply, guardian, card }) : reply.callNotFound();
  });
}

async function show(pages: Pages, { request, reply, guardian, card }: Asked, trouble: AdultsProps["trouble"]): Promise<unknown> {
  const { people } = pages.cloud.store;
  const { policy } = (await pages.cloud.library.book(card.school)).state;
  const shares = await people.sharesOf(card);
  const open = (await people.invitationsOf(card)).filter(({ expiresMs }) => expiresMs > pages.cloud.now());
  const props = {
    ...{ guardian: guardian.name, card, trouble },
    adults: shares.map(({ phone, name, rights }) => ({ id: adultId(phone), name, rights, phoneEnd: phone.slice(-PHONE_END) })),
    invitations: open.map(({ tokenHash, rights, expiresMs }) => ({
      ...{ id: tokenHash.slice(0, ID_LENGTH), rights },
      until: localMoment(expiresMs, policy.zoneMinutes),
    })),
  };
  return sendPage(trouble ? reply.code(400) : reply, pages.readers.of(request, reply), <AdultsPage {...props} />);
}

function serveInviting(pages: Pages): void {
  const { app, cloud, readers, url } = pages;
  const { people } = cloud.store;
  const desk = createInvitationDesk(people, cloud.now);
  app.get(
    "/children/:school/:account/adults",
    forOwn(pages, (asked) => show(pages, asked, null)),
  );
  app.post(
    "/children/:school/:account/adults",
    forOwn(pages, async (asked) => {
      const { request, reply, guardian, card } = asked;
      const reader = readers.of(request, reply);
      const say = parentWords(reader.language).adults;
      const action = pathOf(card) + "/adults";
      const rights = rightsIn(request.body);
      if (rights.length === 0) return show(pages, asked, { action, text: say.none });
      const token = await desk.invite(guardian.phone, card, rights);
      if (token === null) return show(pages, asked, { action, text: say.tooMany });
      // Not a redirect: the link is on no page that could be opened once more.
      return sendPage(reply, reader, <InvitedPage guardian={guardian.name} card={card} link={url() + "/join/" + token} />);
    }),
  );
  app.post(
    "/children/:school/:account/invitations/:invitation/withdraw",
    forOwn(pages, async ({ request, reply, card }) => {
      const { invitation } = request.params as { invitation: string };
      const found = (await people.invitationsOf(card)).find(({ tokenHash }) => tokenHash.slice(0, ID_LENGTH) === invitation);
      if (found) await people.dropInvitation(found.tokenHash);
      const { cancelled, invitationGone } = parentWords(readers.of(request, reply).language).adults;
      readers.say(reply, found ? cancelled : invitationGone, found !== undefined);
      return reply.redirect(pathOf(card) + "/adults", 303);
    }),
  );
}

function serveRights(pages: Pages): void {
  const { app, cloud, readers } = pages;
  const { people } = cloud.store;
  const adultOf = async ({ request, card }: Asked) =>
    (await people.sharesOf(card)).find(({ phone }) => adultId(phone) === (request.params as { adult: string }).adult) ?? null;
  const answer = ({ request, reply, card }: Asked, what: "saved" | "withdrawn" | "adultGone") => {
    readers.say(reply, parentWords(readers.of(request, reply).language).adults[what], what !== "adultGone");
    return reply.redirect(pathOf(card) + "/adults", 303);
  };
  app.post(
    "/children/:school/:account/adults/:adult",
    forOwn(pages, async (asked) => {
      const { request, reply, card } = asked;
      const adult = await adultOf(asked);
      if (adult === null) return answer(asked, "adultGone");
      const rights = rightsIn(request.body);
      const say = parentWords(readers.of(request, reply).language).adults;
      if (rights.length === 0) return show(pages, asked, { action: pathOf(card) + "/adults/" + adultId(adult.phone), text: say.none });
      await people.setRights(adult.phone, card, rights);
      return answer(asked, "saved");
    }),
  );
  app.post(
    "/children/:school/:account/adults/:adult/withdraw",
    forOwn(pages, async (asked) => {
      const adult = await adultOf(asked);
      if (adult === null) return answer(asked, "adultGone");
      await people.dropShare(adult.phone, asked.card);
      return answer(asked, "withdrawn");
    }),
  );
}

function serveJoining(pages: Pages): void {
  const { app, cloud, readers } = pages;
  const { people } = cloud.store;
  const desk = createInvitationDesk(people, cloud.now);
  const offerOf = async (found: InvitationRow | null) => {
    if (found === null) return null;
    const { state } = await cloud.library.book(found.school);
    const from = (await people.guardian(found.givenBy))?.name ?? "";
    return { from, child: state.accounts.get(found.account)?.shortName ?? "", rights: found.rights };
  };
  type Link = { Params: { token: string } };
  app.get<Link>("/join/:token", async (request, reply) => {
    const { token } = request.params;
    const guardian = await guardianOf(pages, request as FastifyRequest);
    const found = await desk.look(token);
    // Whoever has to log in or to register first comes back here by it.
    if (found !== null && guardian === null) readers.keep(reply, INVITED, token, INVITED_SECONDS);
    const props = { guardian: guardian?.name ?? null, action: "/join/" + token, offer: await offerOf(found) };
    return sendPage(reply.code(found === null ? 404 : 200), readers.of(request, reply), <JoinPage {...props} />);
  });
  app.post<Link>("/join/:token", async (request, reply) => {
    const guardian = await guardianOf(pages, request as FastifyRequest);
    if (!guardian) return reply.redirect("/login", 303);
    const { token } = request.params;
    const accepted = await desk.accept(token, guardian.phone);
    readers.drop(reply, INVITED);
    readers.say(reply, parentWords(readers.of(request, reply).language).adults.join[accepted], accepted === "done");
    return reply.redirect("/", 303);
  });
}
