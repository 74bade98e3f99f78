/** The routes of a guardian's notices. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { CHANNELS, NOTICE_KINDS } from "../../notices/notice.js";
import type { NoticeWishes } from "../../notices/store.js";
import { isPoint } from "../../notices/web-push.js";
import type { GuardianRow } from "../../people/store.js";
import { EMPTY, typedIn } from "../form.js";
import type { Filled } from "../form.js";
import { sendPage } from "../layout.js";
import { NoticesPage, tickOf } from "./notices.js";
import { forGuardian } from "./pages.js";
import type { Pages } from "./pages.js";
import { parseAmount } from "./typed.js";
import { parentWords } from "./words.js";

/** Base64url as long as an uncompressed P-256 point and as of sixteen bytes, as browsers give them. */
const P256DH = /^[A-Za-z0-9_-]{87}=?$/;
const AUTH = /^[A-Za-z0-9_-]{22}(==)?$/;
const LONGEST_ENDPOINT = 1000;

export function serveNotices(pages: Pages): void {
  const { app, cloud, readers, push } = pages;
  const store = cloud.store.notices;
  app.get(
    "/notices",
    forGuardian(pages, async (request, reply, guardian) =>
      show(pages, request, reply, guardian, { wishes: await store.wishes(guardian.phone), form: EMPTY }),
    ),
  );
  app.post(
    "/notices",
    forGuardian(pages, async (request, reply, guardian) => {
      const say = parentWords(readers.of(request, reply).language).notices;
      const typed = typedIn(request.body);
      const lowKopecks = parseAmount(typed.low ?? "");
      const [mail, wanted] = CHANNELS.map((channel) => NOTICE_KINDS.filter((kind) => typed[tickOf(kind, channel)] === "1"));
      const wishes = { mail, push: wanted, lowKopecks: lowKopecks ?? 0, quietNights: typed.quiet === "1" };
      if (lowKopecks === null) {
        const form = { values: { low: typed.low ?? "" }, troubles: { low: say.badLow } };
        return show(pages, request, reply.code(400), guardian, { wishes, form });
      }
      await store.setWishes(guardian.phone, wishes);
      readers.say(reply, say.saved, true);
      return reply.redirect("/notices", 303);
    }),
  );
  app.post(
    "/notices/device",
    forGuardian(pages, async (request, reply, guardian) => {
      const say = parentWords(readers.of(request, reply).language).notices;
      const { endpoint = "", p256dh = "", auth = "" } = typedIn(request.body);
      const isGood =
        endpoint.length <= LONGEST_ENDPOINT && push.accepts(endpoint) && P256DH.test(p256dh) && isPoint(p256dh) && AUTH.test(auth);
      if (isGood) await store.addAddress(guardian.phone, { endpoint, p256dh, auth });
      readers.say(reply, isGood ? say.added : say.notAdded, isGood);
      return reply.redirect("/notices", 303);
    }),
  );
  app.post(
    "/notices/off",
    forGuardian(pages, async (request, reply, guardian) => {
      await store.dropAddresses(guardian.phone);
      readers.say(reply, parentWords(readers.of(request, reply).language).notices.off, true);
      return reply.redirect("/notices", 303);
    }),
  );
}

async function show(
  { cloud, readers, push }: Pages,
  request: FastifyRequest,
  reply: FastifyReply,
  guardian: GuardianRow,
  asked: { readonly wishes: NoticeWishes; readonly form: Filled },
): Promise<unknown> {
  const { notices, people } = cloud.store;
  const [contact, addresses] = await Promise.all([people.contact(guardian.phone), notices.addresses(guardian.phone)]);
  const props = { guardian: guardian.name, ...asked, devices: addresses.length, pushKey: push.publicKey };
  return sendPage(reply, readers.of(request, reply), <NoticesPage {...props} hasMail={contact?.isConfirmed ?? false} />);
}
