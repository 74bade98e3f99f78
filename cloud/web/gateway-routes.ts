/** The gateways' two doors: entries in, directives out. Bodies are binary, requests signed. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { MAX_SYNC_BYTES, MAX_WAIT_SECONDS, decodeWhole, directivesAnswer, encode, eventsAnswer, eventsUpload } from "@trapeza/protocol";
import type { Cloud } from "../cloud.js";
import { admitRequest } from "../request.js";
import type { GatewayRow } from "../store/store.js";

const BINARY = "application/octet-stream";
const MS_A_SECOND = 1000;

export function serveGateways(app: FastifyInstance, cloud: Cloud): void {
  app.addContentTypeParser(BINARY, { parseAs: "buffer", bodyLimit: MAX_SYNC_BYTES }, (_, body, done) => done(null, body));

  app.post<{ Params: { id: string } }>("/gateways/:id/events", { bodyLimit: MAX_SYNC_BYTES }, async (request, reply) => {
    const gateway = await admit(cloud, request, reply);
    if (!gateway) return reply;
    const upload = decodeWhole(eventsUpload, bodyOf(request));
    if (!upload.ok) return refuse(reply, 400, "malformed at " + upload.malformed.offset + ": " + upload.malformed.what);
    const answer = await cloud.intake.receive(gateway, upload.value);
    return reply
      .code(answer.kind === "Stored" ? 200 : 409)
      .type(BINARY)
      .send(Buffer.from(encode(eventsAnswer, answer)));
  });

  app.get<{ Params: { id: string }; Querystring: { from?: string; wait?: string } }>("/gateways/:id/directives", async (request, reply) => {
    const gateway = await admit(cloud, request, reply);
    if (!gateway) return reply;
    const from = wholeNumber(request.query.from ?? "0");
    const wait = wholeNumber(request.query.wait ?? "0");
    if (from === null || wait === null || wait > MAX_WAIT_SECONDS)
      return refuse(reply, 400, "from and wait are whole numbers, wait at most " + MAX_WAIT_SECONDS);
    // A school that has nothing to send still asks: that is how the pages know that it is there.
    const book = await cloud.library.book(gateway.school);
    book.heardMs = Math.max(book.heardMs, cloud.now());
    await patience(request, wait, (signal) => cloud.directives.arrival(gateway.school, from, signal));
    return reply.type(BINARY).send(Buffer.from(encode(directivesAnswer, await cloud.directives.page(gateway.school, from))));
  });
}

/** Waits for what `until` waits for, `seconds` at most, and not for a caller who has hung up. */
async function patience(request: FastifyRequest, seconds: number, until: (signal: AbortSignal) => Promise<void>): Promise<void> {
  if (seconds === 0) return;
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), seconds * MS_A_SECOND);
  const hungUp = () => giveUp.abort();
  request.raw.socket.once("close", hungUp);
  await until(giveUp.signal);
  request.raw.socket.removeListener("close", hungUp);
  clearTimeout(timer);
}

async function admit(cloud: Cloud, request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply): Promise<GatewayRow | null> {
  const admission = await admitRequest(cloud.store, {
    method: request.method,
    authority: request.headers.host ?? "",
    pathAndQuery: request.url,
    headers: request.headers,
    body: bodyOf(request),
    gateway: request.params.id,
  });
  if (admission.kind === "admitted") return admission.gateway;
  refuse(reply, admission.status, admission.what);
  return null;
}

function bodyOf(request: FastifyRequest): Uint8Array {
  return Buffer.isBuffer(request.body) ? new Uint8Array(request.body) : new Uint8Array(0);
}

function refuse(reply: FastifyReply, status: number, what: string): FastifyReply {
  return reply
    .code(status)
    .type("text/plain; charset=utf-8")
    .send(what + "\n");
}

function wholeNumber(text: string): number | null {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
}
