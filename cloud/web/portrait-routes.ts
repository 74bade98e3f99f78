/** The gateways' door for faces: which portraits a school's tills may show, under the cloud's signature, and each of them. */
import type { FastifyInstance } from "fastify";
import { directivesOrigin, encode, facesBytes, portraitAnswerSchema, portraitListSchema, portraitsToSign, toHex } from "@trapeza/protocol";
import { BINARY } from "../api/note.js";
import { sha256 } from "../crypto.js";
import { tillPortrait, tillPortraits } from "../office/cards/till-portraits.js";
import type { Office } from "../office/office.js";
import { PORTRAIT_NOTE, PORTRAITS_NOTE } from "./gateway-notes.js";
import { admitLiving } from "./gateway-routes.js";

export function servePortraits(app: FastifyInstance, office: Office): void {
  const { cloud } = office;
  app.get<{ Params: { id: string }; Querystring: { seen?: string } }>("/gateways/:id/portraits", PORTRAITS_NOTE, async (request, reply) => {
    const gateway = await admitLiving(cloud, request, reply);
    if (!gateway) return reply;
    const portraits = await tillPortraits(office, gateway.school);
    if (toHex(sha256(facesBytes(portraits))) === request.query.seen) return reply.code(204).send();
    const list = encode(portraitListSchema, portraits);
    const signature = cloud.signer.directives.sign(portraitsToSign(directivesOrigin(cloud.house, gateway.school), list));
    return reply.type(BINARY).send(Buffer.from(encode(portraitAnswerSchema, { list, signature })));
  });

  app.get<{ Params: { id: string; number: string } }>("/gateways/:id/portraits/:number", PORTRAIT_NOTE, async (request, reply) => {
    const gateway = await admitLiving(cloud, request, reply);
    if (!gateway) return reply;
    const portrait = await tillPortrait(office, gateway.school, request.params.number);
    return portrait ? reply.type(BINARY).send(Buffer.from(portrait)) : reply.code(404).send();
  });
}
