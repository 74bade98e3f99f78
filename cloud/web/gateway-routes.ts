/**
 * The gateways' doors: entries in, directives out, and what is said when one takes another's place. Bodies are binary; requests are signed, but for an
 * enrolment, which its code vouches for. A closed epoch's key opens one door only: what is left over is handed in there.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  MAX_SYNC_BYTES,
  MAX_WAIT_SECONDS,
  decodeWhole,
  directivesAnswer,
  encode,
  enrolmentAnswer,
  enrolmentRequest,
  epochAnswer,
  eventsAnswer,
  eventsUpload,
  salvageAnswer,
} from "@trapeza/protocol";
import type { Schema } from "@trapeza/protocol";
import { BINARY } from "../api/note.js";
import type { Cloud } from "../cloud.js";
import type { Admission } from "../request.js";
import type { GatewayIdentity } from "../store/store.js";
import { DIRECTIVES_NOTE, ENROLMENT_NOTE, EPOCH_NOTE, EVENTS_NOTE, SALVAGE_NOTE } from "./gateway-notes.js";

type Admitted = Extract<Admission, { kind: "admitted" }>;

const MS_A_SECOND = 1000;

/** `closing`: nobody is kept waiting any longer. */
export function serveGateways(app: FastifyInstance, cloud: Cloud, closing: AbortSignal): void {
  app.addContentTypeParser(BINARY, { parseAs: "buffer", bodyLimit: MAX_SYNC_BYTES }, (_, body, done) => done(null, body));

  app.post<{ Params: { id: string } }>("/gateways/:id/events", { bodyLimit: MAX_SYNC_BYTES, ...EVENTS_NOTE }, async (request, reply) => {
    const admitted = await admit(cloud, request, reply);
    if (!admitted) return reply;
    const upload = decodeWhole(eventsUpload, bodyOf(request));
    if (!upload.ok) return refuse(reply, 400, "malformed at " + upload.malformed.offset + ": " + upload.malformed.what);
    const answer = await cloud.intake.receive(admitted.gateway, upload.value, admitted.living);
    return say(reply, answer.kind === "Stored" ? 200 : 409, eventsAnswer, answer);
  });

  app.get<{ Params: { id: string }; Querystring: { from?: string; wait?: string } }>(
    "/gateways/:id/directives",
    DIRECTIVES_NOTE,
    async (request, reply) => {
      const gateway = await admitLiving(cloud, request, reply);
      if (!gateway) return reply;
      const from = wholeNumber(request.query.from ?? "0");
      const wait = wholeNumber(request.query.wait ?? "0");
      if (from === null || wait === null || wait > MAX_WAIT_SECONDS)
        return refuse(reply, 400, "from and wait are whole numbers, wait at most " + MAX_WAIT_SECONDS);
      // A school that has nothing to send still asks: that is how the pages know that it is there.
      const book = await cloud.library.book(gateway.school);
      book.heardMs = Math.max(book.heardMs, cloud.now());
      await cloud.handover.tell(gateway.school);
      await patience(request, wait, closing, (signal) => cloud.directives.arrival(gateway.school, from, signal));
      return say(reply, 200, directivesAnswer, await cloud.directives.page(gateway.school, from));
    },
  );

  serveReplacement(app, cloud);
}

function serveReplacement(app: FastifyInstance, cloud: Cloud): void {
  app.post<{ Querystring: { first?: string } }>("/enrolments", { bodyLimit: MAX_SYNC_BYTES, ...ENROLMENT_NOTE }, async (request, reply) => {
    const asked = decodeWhole(enrolmentRequest, bodyOf(request));
    if (!asked.ok) return refuse(reply, 400, "malformed at " + asked.malformed.offset + ": " + asked.malformed.what);
    const answer = await cloud.enrolment.enrol(asked.value, request.query.first === "1");
    return say(reply, answer.kind === "Enrolled" ? 200 : 403, enrolmentAnswer, answer);
  });

  app.get<{ Params: { id: string; epoch: string }; Querystring: { from?: string } }>(
    "/gateways/:id/epochs/:epoch",
    EPOCH_NOTE,
    async (request, reply) => {
      const gateway = await admitLiving(cloud, request, reply);
      if (!gateway) return reply;
      const epoch = wholeNumber(request.params.epoch);
      const from = wholeNumber(request.query.from ?? "0");
      if (epoch === null || from === null) return refuse(reply, 400, "epoch and from are whole numbers");
      const page = await cloud.handover.page(gateway, epoch, from);
      return page ? say(reply, 200, epochAnswer, page) : refuse(reply, 404, "there is no closed epoch " + epoch);
    },
  );

  app.post<{ Params: { id: string } }>("/gateways/:id/salvage", { bodyLimit: MAX_SYNC_BYTES, ...SALVAGE_NOTE }, async (request, reply) => {
    const admitted = await admit(cloud, request, reply);
    if (!admitted) return reply;
    const upload = decodeWhole(eventsUpload, bodyOf(request));
    if (!upload.ok) return refuse(reply, 400, "malformed at " + upload.malformed.offset + ": " + upload.malformed.what);
    const answer = await cloud.handover.salvage(admitted.gateway, upload.value);
    return say(reply, answer.kind === "Kept" ? 200 : 409, salvageAnswer, answer);
  });
}

function say<T>(reply: FastifyReply, status: number, schema: Schema<T>, answer: T): FastifyReply {
  return reply
    .code(status)
    .type(BINARY)
    .send(Buffer.from(encode(schema, answer)));
}

/** As {@link admit}, for what only the school's living gateway may ask. */
export async function admitLiving(cloud: Cloud, request: GatewayRequest, reply: FastifyReply): Promise<GatewayIdentity | null> {
  const admitted = await admit(cloud, request, reply);
  if (!admitted) return null;
  const { gateway, living } = admitted;
  if (living === gateway.epoch) return gateway;
  refuse(reply, 409, "epoch_closed: epoch " + living + " lives");
  return null;
}

type GatewayRequest = FastifyRequest<{ Params: { id: string } }>;

/** Waits for what `until` waits for, `seconds` at most, and not for a caller who has hung up. */
async function patience(
  request: FastifyRequest,
  seconds: number,
  closing: AbortSignal,
  until: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  if (seconds === 0) return;
  const hungUp = new AbortController();
  const timer = setTimeout(() => hungUp.abort(), seconds * MS_A_SECOND);
  const hangUp = () => hungUp.abort();
  request.raw.socket.once("close", hangUp);
  await until(AbortSignal.any([hungUp.signal, closing]));
  request.raw.socket.removeListener("close", hangUp);
  clearTimeout(timer);
}

async function admit(cloud: Cloud, request: GatewayRequest, reply: FastifyReply): Promise<Admitted | null> {
  const admission = await cloud.admit({
    method: request.method,
    authority: request.headers.host ?? "",
    pathAndQuery: request.url,
    headers: request.headers,
    body: bodyOf(request),
    gateway: request.params.id,
  });
  if (admission.kind === "admitted") return admission;
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
