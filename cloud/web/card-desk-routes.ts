/** The card desk's door: JSON, and the desk's own key in `Authorization: Bearer`. What it does stands in the office's trail under its name. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isCardUid } from "@trapeza/protocol";
import { JSON_TYPE, noted } from "../api/note.js";
import { cameSchema, madeSchema, refusedSchema, stepSchema, workSchema } from "../api/schema.js";
import { STEPS } from "../office/cards/batch.js";
import { deskOf, madeAt, refusedAt, stepAt, workOf } from "../office/cards/desks.js";
import type { DeskWho } from "../office/cards/desks.js";
import type { Office } from "../office/office.js";

type DeskRequest = FastifyRequest<{ Params: { school: string } }>;

const DESK = { tag: "card desks", security: "bearer" } as const;
const CAME = { type: JSON_TYPE, schema: cameSchema };
const STRANGER = { 401: { what: "the key is no desk's", ...CAME }, 404: { what: "no such school or card", ...CAME } };
const WORK_NOTE = noted({
  ...{ ...DESK, summary: "What is left of the batch that a page has begun for this desk" },
  answers: { 200: { what: "the school and its cards", type: JSON_TYPE, schema: workSchema }, ...STRANGER },
});
const STEP_NOTE = noted({
  ...{ ...DESK, summary: "How far a card is; a card that lies there is written only after a 200" },
  body: { type: JSON_TYPE, schema: stepSchema, what: "which card of which batch, and its step" },
  answers: { 200: { what: "go on", ...CAME }, 400: { what: "malformed", ...CAME }, 409: { what: "stopped", ...CAME }, ...STRANGER },
});
const MADE_NOTE = noted({
  ...{ ...DESK, summary: "A card was made and read back" },
  body: { type: JSON_TYPE, schema: madeSchema, what: "which application, and the card's UID" },
  answers: {
    200: { what: "made", ...CAME },
    400: { what: "malformed", ...CAME },
    409: { what: "the school knows this UID, or needs no card for it any more", ...CAME },
    ...STRANGER,
  },
});
const REFUSED_NOTE = noted({
  ...{ ...DESK, summary: "A card could not be made" },
  body: { type: JSON_TYPE, schema: refusedSchema, what: "which application, the card's UID or nothing, and the refusal's number" },
  answers: { 200: { what: "kept", ...CAME }, 400: { what: "malformed", ...CAME }, ...STRANGER },
});

export function serveCardDesk(app: FastifyInstance, office: Office): void {
  app.get("/card-desk/:school/work", WORK_NOTE, async (request: DeskRequest, reply) => {
    const desk = await admit(office, request, reply);
    if (!desk) return reply;
    const { policy } = (await office.told(desk.school)).school;
    return reply.send({ school: policy.name || String(desk.school), batch: await workOf(office, desk) });
  });

  app.post("/card-desk/:school/step", STEP_NOTE, async (request: DeskRequest, reply) => {
    const desk = await admit(office, request, reply);
    if (!desk) return reply;
    const { batch, application, step: named, uid } = bodyOf(request);
    const step = STEPS.find((one) => one === named);
    if (typeof batch !== "number" || typeof application !== "number" || step === undefined) return refuse(reply, 400);
    if (typeof uid !== "string" || !(uid === "" || isCardUid(uid))) return refuse(reply, 400);
    const came = await office.inTurn(() => stepAt(office, desk, { batch, application }, { step, uid: uid === "" ? null : uid }));
    return reply.code(came === "go" ? 200 : 409).send({ came });
  });

  app.post("/card-desk/:school/made", MADE_NOTE, async (request: DeskRequest, reply) => {
    const desk = await admit(office, request, reply);
    if (!desk) return reply;
    const { application, uid } = bodyOf(request);
    if (typeof application !== "number" || typeof uid !== "string" || !isCardUid(uid)) return refuse(reply, 400);
    const came = await office.inTurn(() => madeAt(office, desk, application, uid));
    return came === null ? refuse(reply, 404) : reply.code(came === "made" ? 200 : 409).send({ came });
  });

  app.post("/card-desk/:school/refused", REFUSED_NOTE, async (request: DeskRequest, reply) => {
    const desk = await admit(office, request, reply);
    if (!desk) return reply;
    const { application, uid, refusal } = bodyOf(request);
    if (typeof application !== "number" || typeof uid !== "string" || typeof refusal !== "number") return refuse(reply, 400);
    if (!(uid === "" || isCardUid(uid))) return refuse(reply, 400);
    const kept = await office.inTurn(() => refusedAt(office, desk, application, { uid, refusal }));
    return kept ? reply.send({ came: "kept" }) : refuse(reply, 404);
  });
}

/** Answers a stranger; a school that is not there is a stranger's, too. */
async function admit(office: Office, request: DeskRequest, reply: FastifyReply): Promise<DeskWho | null> {
  const [, key = ""] = /^Bearer ([A-Za-z0-9_-]{1,100})$/.exec(request.headers.authorization ?? "") ?? [];
  const desk = key === "" ? null : await deskOf(office, key);
  const school = /^[0-9]{1,9}$/.test(request.params.school) ? Number(request.params.school) : 0;
  const isKnown = (await office.cloud.store.schools()).some(({ id }) => id === school);
  if (desk && isKnown) return { ...desk, school };
  refuse(reply, desk ? 404 : 401);
  return null;
}

function bodyOf({ body }: FastifyRequest): { readonly [name: string]: unknown } {
  return typeof body === "object" && body !== null ? (body as { [name: string]: unknown }) : {};
}

function refuse(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).send({ came: "refused" });
}
