/** What is said of a route that machines use, beside the route itself; the description of the API is made of these. */
import type { Schema } from "./schema.js";

export interface ApiAnswer {
  readonly what: string;
  /** The media type of its body; no body when it is left out. */
  readonly type?: string;
  /** Of a JSON body. */
  readonly schema?: Schema;
}

export interface ApiNote {
  readonly tag: "gateways" | "card desks" | "payments" | "auditors" | "pages" | "partners" | "api";
  readonly summary: string;
  /** Who may ask: a gateway's signature over the request, a key in `Authorization`, a checksum, or nobody in particular. */
  readonly security: "signature" | "bearer" | "basic" | "checksum" | "session" | "none";
  /** Fields of the query, with what they mean. */
  readonly query?: { readonly [name: string]: string };
  readonly body?: { readonly type: string; readonly schema?: Schema; readonly what: string };
  readonly answers: { readonly [status: number]: ApiAnswer };
}

declare module "fastify" {
  interface FastifyContextConfig {
    api?: ApiNote;
  }
}

/** For a route's `config`. */
export function noted(api: ApiNote): { readonly config: { readonly api: ApiNote } } {
  return { config: { api } };
}

/** A binary body of the gateways' protocol. */
export const BINARY = "application/octet-stream";
export const JSON_TYPE = "application/json";
export const TEXT = "text/plain; charset=utf-8";
