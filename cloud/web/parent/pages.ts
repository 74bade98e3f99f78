/** What every route of the parents' pages needs, and who is asking. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Cloud } from "../../cloud.js";
import type { Office } from "../../office/office.js";
import type { PushCarrier } from "../../notices/post.js";
import type { AccountDesk } from "../../people/account.js";
import type { IdentityDesk } from "../../people/identity.js";
import type { LinkDesk } from "../../people/linking.js";
import type { Pinboard } from "../../people/messenger.js";
import type { Portal } from "../../people/portal-session.js";
import type { Right, Sight } from "../../people/shares.js";
import type { GuardianRow } from "../../people/store.js";
import type { ProofDesk } from "../../proofs/proof-desk.js";
import type { StatementPost } from "../../statements/statement-post.js";
import type { Readers } from "../reader.js";

export interface Pages {
  readonly app: FastifyInstance;
  readonly cloud: Cloud;
  readonly portal: Portal;
  readonly readers: Readers;
  readonly accounts: AccountDesk;
  readonly links: LinkDesk;
  /** Who else may vouch for a reader; nobody unless it is set up. */
  readonly identity: IdentityDesk | null;
  readonly statements: StatementPost;
  readonly push: PushCarrier;
  readonly proofs: ProofDesk;
  /** Whom families ask for a card; null in a simulation. */
  readonly office: Office | null;
  /** The operator's terms of contract, if they stand somewhere. */
  readonly offerUrl: string | null;
  /** Where readers find the portal. */
  readonly url: () => string;
  /** Where messages are pinned instead of sent; null where they are sent. */
  readonly pinboard: Pinboard | null;
}

/** The cookie that keeps somebody logged in. */
export const SESSION = "session";

/** Whoever was invited and is not logged in yet; holds the invitation's token. */
export const INVITED = "invited";

/** Says that the login is remembered here; it opens nothing. */
export const KEEP = "keep";

/** Lets the browser's worker keep this page for when there is no net; not on a device that is to forget its reader. */
export function keepable({ readers }: Pages, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return readers.kept(request, KEEP) === "1" ? reply.header("x-keep", "1") : reply;
}

export function guardianOf({ portal, readers }: Pages, request: FastifyRequest): Promise<GuardianRow | null> {
  return portal.whoIs(readers.kept(request, SESSION));
}

type Answer = (request: FastifyRequest, reply: FastifyReply, guardian: GuardianRow) => Promise<unknown>;

/** Runs `answer` for whoever is logged in; everybody else is shown the door. */
export function forGuardian(pages: Pages, answer: Answer): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    return guardian ? answer(request, reply, guardian) : reply.redirect("/login", 303);
  };
}

/** What a page about a child asks for: one of these rights, or that the child is the reader's own. */
export type Needs = readonly (Right | "own")[];

/** The child that the address names; null to whoever has none of the rights that are needed: then it does not exist. */
export async function childOf({ cloud }: Pages, request: FastifyRequest, guardian: GuardianRow, needs: Needs): Promise<Sight | null> {
  const { school, account } = request.params as { school?: string; account?: string };
  const sights = await cloud.store.people.sights(guardian.phone);
  const found = sights.find((one) => String(one.school) === school && String(one.account) === account);
  return found && needs.some((need) => (need === "own" ? found.isOwn : found.rights.includes(need))) ? found : null;
}
