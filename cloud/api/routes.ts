/** Where partners ask for what they have missed, and where the API describes itself. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { describeApi } from "./description.js";
import type { Route } from "./description.js";
import { JSON_TYPE, noted } from "./note.js";
import { callSchema } from "./schema.js";
import { formatSecret } from "./signature.js";
import type { Partner, PartnerStore } from "./store.js";
import { formatCall } from "./webhooks.js";

export interface PartnerDoor {
  readonly store: PartnerStore;
  readonly secretOf: (partner: Pick<Partner, "id" | "salt">) => Uint8Array;
}

export const DESCRIPTION_PATH = "/api/openapi.json";
const VERSION = "1";
const MOST = 1000;

/** Call it before any route is there: it hears of each, and describes those that are noted. */
export function serveDescription(app: FastifyInstance): void {
  const routes: Route[] = [];
  app.addHook("onRoute", ({ method, url, config }) => {
    const note = config?.api;
    for (const one of [method].flat()) if (note && one !== "HEAD") routes.push({ method: one, url, note });
  });
  const note = noted({
    ...{ tag: "api", summary: "This description", security: "none" },
    answers: { 200: { what: "OpenAPI 3.1", type: JSON_TYPE } },
  });
  app.get(DESCRIPTION_PATH, note, (_, reply) => reply.type(JSON_TYPE).send(JSON.stringify(describeApi(routes, VERSION), null, 2) + "\n"));
}

export function servePartners(app: FastifyInstance, { store, secretOf }: PartnerDoor): void {
  const note = noted({
    ...{ tag: "partners", summary: "Transactions that a partner has missed, in their order", security: "bearer" },
    query: { after: "the last number that is known; 0 from the partner's first day" },
    answers: {
      200: { what: "at most " + MOST + " of them; none when nothing was posted since", type: JSON_TYPE, schema: callSchema },
      400: { what: "`after` is no number" },
      401: { what: "the key is not this partner's" },
    },
  });
  app.get<{ Params: { id: string }; Querystring: { after?: unknown } }>("/partners/:id/transactions", note, async (request, reply) => {
    const partner = (await store.partners()).find(({ id }) => id === request.params.id);
    // A name that is not there costs the same comparison.
    const isAllowed = isKey(request, formatSecret(secretOf(partner ?? { id: request.params.id, salt: "" })));
    if (!partner || !isAllowed) return reply.code(401).send();
    const { after = "0" } = request.query;
    if (typeof after !== "string" || !/^[0-9]{1,15}$/.test(after)) return reply.code(400).send();
    return reply.type(JSON_TYPE).send(formatCall(await store.toldIn(partner.school, Math.max(Number(after), partner.since), MOST)));
  });
}

function isKey({ headers }: FastifyRequest, wanted: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(headers.authorization ?? ""), hash("Bearer " + wanted));
}
