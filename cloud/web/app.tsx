/** The cloud's HTTP, without listening: gateways' routes, parents' pages, and the headers that hold for all. */
import cookie from "@fastify/cookie";
import formbody from "@fastify/formbody";
import fastify from "fastify";
import type { FastifyInstance } from "fastify";
import type { Cloud } from "../cloud.js";
import { createPortal } from "../people/portal-session.js";
import { serveAssets } from "./assets.js";
import { serveGateways } from "./gateway-routes.js";
import { page } from "./layout.js";
import { NotFoundPage } from "./not-found.js";
import { serveParents, wordsOf } from "./parent-routes.js";

export interface AppOptions {
  readonly cloud: Cloud;
  readonly secureCookies: boolean;
  /** Told of what went wrong while answering; the one who asked hears only that it did. */
  readonly onError: (error: Error) => void;
}

const FORM_LIMIT = 16384;
const SERVER_ERROR = 500;
const SELF_ONLY = ["style-src", "script-src", "font-src", "img-src", "connect-src", "form-action"].map((what) => what + " 'self'");
const HEADERS = {
  "content-security-policy": ["default-src 'none'", ...SELF_ONLY, "base-uri 'none'", "frame-ancestors 'none'"].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
};

export async function createApp({ cloud, secureCookies, onError }: AppOptions): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: FORM_LIMIT, forceCloseConnections: true });
  await app.register(cookie);
  await app.register(formbody);
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    // A form posted from somebody else's page: browsers say where it came from. Gateways send no Origin.
    const { origin, host } = request.headers;
    if (request.method === "POST" && origin !== undefined && hostOf(origin) !== host)
      return reply.code(403).send("posted from another site\n");
  });
  app.setErrorHandler((error: Error & { statusCode?: number }, _, reply) => {
    const status = error.statusCode ?? SERVER_ERROR;
    if (status >= SERVER_ERROR) onError(error);
    return reply
      .code(status)
      .type("text/plain; charset=utf-8")
      .send(status >= SERVER_ERROR ? "something went wrong here\n" : error.message + "\n");
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .type("text/html; charset=utf-8")
      .send(page(<NotFoundPage words={wordsOf(request)} />)),
  );
  serveAssets(app);
  serveGateways(app, cloud);
  serveParents({ app, cloud, portal: createPortal(cloud.store, cloud.now), secureCookies });
  return app;
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
