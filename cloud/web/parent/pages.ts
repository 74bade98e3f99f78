/** What every route of the parents' pages needs, and who is asking. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Cloud } from "../../cloud.js";
import type { Portal } from "../../people/portal-session.js";
import type { GuardianRow } from "../../store/store.js";
import type { Readers } from "../reader.js";

export interface Pages {
  readonly app: FastifyInstance;
  readonly cloud: Cloud;
  readonly portal: Portal;
  readonly readers: Readers;
}

/** The cookie that keeps somebody logged in. */
export const SESSION = "session";

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
