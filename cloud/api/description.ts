/** The API in OpenAPI 3.1, made of the notes beside the routes that are there: what is not served cannot be described. Pure. */
import { formatCall } from "./webhooks.js";
import { JSON_TYPE } from "./note.js";
import type { ApiAnswer, ApiNote } from "./note.js";
import { callSchema } from "./schema.js";

export interface Route {
  readonly method: string;
  readonly url: string;
  readonly note: ApiNote;
}

/** An example is what the code itself makes. */
const EXAMPLE = JSON.parse(
  formatCall([
    {
      ...{ school: 24, number: 7, transaction: "1/4711", kind: "BuffetSold", businessDate: 20787, atMs: 1796034000000 },
      postings: [
        { account: "holder/7/additional", amount: 3450 },
        { account: "caterer/1/buffet", amount: -3450 },
      ],
    },
  ]),
) as unknown;

const SECURITY = {
  signature: { type: "apiKey", in: "header", name: "trapeza-signature", description: "Ed25519 over the request, by the gateway's key" },
  bearer: { type: "http", scheme: "bearer" },
  basic: { type: "http", scheme: "basic" },
  checksum: { type: "apiKey", in: "query", name: "checksum", description: "HMAC-SHA256 over the other fields" },
  session: { type: "apiKey", in: "cookie", name: "session" },
} as const;

export function describeApi(routes: readonly Route[], version: string): object {
  const paths: { [path: string]: { [method: string]: object } } = {};
  for (const { method, url, note } of [...routes].sort((one, other) => (one.url < other.url ? -1 : 1))) {
    const path = url.replace(/:([a-z]+)/g, "{$1}");
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(url, note) };
  }
  const webhook = {
    post: {
      summary:
        "What was posted in the school's ledger, in its order; numbers have no gaps, and one that is known already is to be passed over",
      parameters: ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => parameter("header", name, "Standard Webhooks")),
      requestBody: { required: true, content: { [JSON_TYPE]: { schema: callSchema, example: EXAMPLE } } },
      responses: { "2XX": { description: "taken; anything else is sent again, later each time" } },
    },
  };
  return {
    openapi: "3.1.0",
    info: { title: "Trapeza", version, description: "Doors for machines: gateways, card desks, payment providers, auditors and partners." },
    paths,
    webhooks: { "ledger.posted": webhook },
    components: { securitySchemes: SECURITY },
  };
}

function operationOf(url: string, { tag, summary, security, query = {}, body, answers }: ApiNote): object {
  const inPath = [...url.matchAll(/:([a-z]+)/g)].map(([, name]) => ({ ...parameter("path", name, ""), required: true }));
  const inQuery = Object.entries(query).map(([name, what]) => parameter("query", name, what));
  return {
    ...{ tags: [tag], summary },
    ...(security !== "none" && { security: [{ [security]: [] }] }),
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body && {
      requestBody: { required: true, description: body.what, content: { [body.type]: body.schema ? { schema: body.schema } : {} } },
    }),
    responses: Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, responseOf(answer as ApiAnswer)])),
  };
}

function parameter(where: string, name: string, description: string): object {
  return { in: where, name, ...(description !== "" && { description }), schema: { type: "string" } };
}

function responseOf({ what, type, schema }: ApiAnswer): object {
  return { description: what, ...(type !== undefined && { content: { [type]: schema ? { schema } : {} } }) };
}
