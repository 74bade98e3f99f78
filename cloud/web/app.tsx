/** The cloud's HTTP, without listening: gateways' routes, parents' pages, and the headers that hold for all. */
import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import fastify from "fastify";
import type { FastifyInstance, RouteOptions } from "fastify";
import type { Cloud } from "../cloud.js";
import type { Office } from "../office/office.js";
import { createAnnouncementPost } from "../announcements/announcement-post.js";
import { serveDescription, servePartners } from "../api/routes.js";
import type { PartnerDoor } from "../api/routes.js";
import { createAnswerPost } from "../letters/answer-post.js";
import { createStatementPost } from "../statements/statement-post.js";
import { createReceiptPost } from "../payments/receipt.js";
import { createNoticePost } from "../notices/post.js";
import type { PushCarrier } from "../notices/post.js";
import { createWebPush } from "../notices/web-push.js";
import { serveNetwork } from "../payments/network.js";
import { servePayments } from "../payments/routes.js";
import type { PaymentSettings } from "../payments/settings.js";
import { createAccountDesk } from "../people/account.js";
import { createIdentityDesk } from "../people/identity.js";
import type { IdentitySettings } from "../people/identity.js";
import { createLinkDesk } from "../people/linking.js";
import { createPinboard } from "../people/messenger.js";
import type { Messenger, Pinboard } from "../people/messenger.js";
import { createPortal } from "../people/portal-session.js";
import { createProofDesk } from "../proofs/proof-desk.js";
import { serveAssets } from "./assets.js";
import { serveAudit } from "./audit/audit-routes.js";
import { serveCardDesk } from "./card-desk-routes.js";
import { finishBeforeClosing } from "./closing.js";
import { typedIn } from "./form.js";
import { serveGateways } from "./gateway-routes.js";
import { guardPages } from "./headers.js";
import { sendPage } from "./layout.js";
import { NotFoundPage, OldFormPage } from "./not-found.js";
import { servePortraits } from "./portrait-routes.js";
import { serveOffice } from "./office/serve.js";
import { IDENTITY_BACK } from "./parent/identity-routes.js";
import { serveParents } from "./parent/routes.js";
import { createReaders, ownPath } from "./reader.js";
import type { Readers } from "./reader.js";

export interface AppOptions {
  readonly cloud: Cloud;
  /** Needs PostgreSQL; absent in a simulation. */
  readonly office?: Office;
  readonly secureCookies: boolean;
  /** Whose callbacks are taken and to whose page forms may lead; nobody's when it is left out. */
  readonly acquirer?: PaymentSettings["acquirer"];
  /** Who is told of what is posted; needs PostgreSQL, as the office. */
  readonly partners?: PartnerDoor;
  /** As in {@link PaymentSettings}. */
  readonly networkPassword?: string | null;
  /** Where readers find the portal, "https://meals.example": it stands in letters. Never taken from a request, which anybody can write. */
  readonly url?: () => string;
  /** Who else may vouch for guardians; nobody when it is left out. */
  readonly identity?: IdentitySettings | null;
  /** Where the operator's terms of contract stand, if anywhere. */
  readonly offerUrl?: string | null;
  /** Carries codes and letters; without one they are pinned on a page for whoever tries the system out. */
  readonly messenger?: Messenger;
  /** Carries pushes to browsers; their makers' own services when it is left out. */
  readonly push?: PushCarrier;
  /** Is given what has to be done every few seconds: telling guardians what waits for them. Nobody is told when it is left out. */
  readonly everyTick?: (work: () => Promise<void>) => void;
  /** Hears of every route: whoever checks that all of them are closed to strangers walks over these. */
  readonly onRoute?: (route: RouteOptions) => void;
  /** Told of what went wrong while answering; the one who asked hears only that it did. */
  readonly onError: (error: Error) => void;
}

const FORM_LIMIT = 16384;
const SERVER_ERROR = 500;

export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { cloud, office, secureCookies, onError, acquirer = null, networkPassword = null } = options;
  const app = fastify({ bodyLimit: FORM_LIMIT, forceCloseConnections: true });
  const closing = finishBeforeClosing(app);
  if (options.onRoute) app.addHook("onRoute", options.onRoute);
  serveDescription(app);
  const readers = createReaders(secureCookies);
  await app.register(cookie);
  await app.register(formbody);
  await guardPages(app, {
    ...{ readers, secure: secureCookies, leadsTo: acquirer === null ? [] : [new URL(acquirer.url).origin] },
    refuse: (request, reply) => sendPage(reply.code(403), readers.of(request, reply), <OldFormPage />),
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? SERVER_ERROR;
    if (status >= SERVER_ERROR) onError(error);
    return reply
      .code(status)
      .type("text/plain; charset=utf-8")
      .send(status >= SERVER_ERROR ? "something went wrong here\n" : error.message + "\n");
  });
  app.setNotFoundHandler((request, reply) => sendPage(reply.code(404), readers.of(request, reply), <NotFoundPage />));
  serveAssets(app);
  serveLanguage(app, readers);
  serveGateways(app, cloud, closing);
  serveNetwork(app, cloud.payments, networkPassword);
  servePayments(app, { payments: cloud.payments, callbackKey: acquirer?.callbackKey ?? null });
  if (options.partners) servePartners(app, options.partners);
  const desks = peopleDesks(options);
  serveParents({ app, cloud, readers, office: office ?? null, offerUrl: options.offerUrl ?? null, ...desks });
  serveAudit({ app, cloud, readers, proofs: desks.proofs });
  if (office) await serveOffice({ app, office, readers });
  if (office) serveCardDesk(app, office);
  if (office) servePortraits(app, office);
  return app;
}

/** Who may come in, and how people prove who they are. */
function peopleDesks({ cloud, everyTick, onError, url = () => "http://localhost", ...options }: AppOptions) {
  const { store, library, now, house, payments } = cloud;
  const pinboard = options.messenger ? null : createPinboard(now);
  const messenger = options.messenger ?? (pinboard as Pinboard);
  const push = options.push ?? createWebPush({ secret: cloud.secretFor("push"), house });
  const settings = options.identity ?? null;
  const returnUrl = () => url() + IDENTITY_BACK;
  const links = createLinkDesk({ store, library, now });
  const statements = createStatementPost({ store, library, messenger, now, url, onError });
  everyTick?.(statements.tick);
  everyTick?.(createNoticePost({ store, library, messenger, push, now, url, onError }).tick);
  everyTick?.(createAnswerPost({ store, messenger, push, now, url, onError }).tick);
  everyTick?.(createAnnouncementPost({ store, messenger, push, now, url, onError }).tick);
  everyTick?.(createReceiptPost({ store, library, messenger, now, onError }).tick);
  return {
    proofs: createProofDesk(cloud),
    ...{
      links,
      statements,
      pinboard,
      push,
      url,
      accounts: createAccountDesk({ ...{ store: store.people, links, messenger, now, url, onError }, onErase: payments.forget }),
    },
    identity: settings && createIdentityDesk({ settings, secret: cloud.secretFor("identity"), returnUrl, now, onError }),
    portal: createPortal({ store: store.people, now, secret: cloud.secretFor("device") }),
  };
}

function serveLanguage(app: FastifyInstance, readers: Readers): void {
  app.post("/language", async (request, reply) => {
    const { language, here = "/" } = typedIn(request.body);
    readers.chooseLanguage(reply, language === "en" ? "en" : "ru");
    return reply.redirect(ownPath(here), 303);
  });
}
