/** The auditor's pages and the two questions that a program may ask: a signed checkpoint, and how one grew into another. Open to everybody. */
import { JSON_TYPE, TEXT, noted } from "../../api/note.js";
import type { FastifyInstance, FastifyReply } from "fastify";
import { toBase64 } from "@trapeza/protocol";
import type { Cloud } from "../../cloud.js";
import { createAllowance } from "../../people/allowance.js";
import type { ProofDesk } from "../../proofs/proof-desk.js";
import { sendPage } from "../layout.js";
import type { Readers } from "../reader.js";
import { SchoolPage, SchoolsPage } from "./audit-pages.js";
import type { JournalSeen } from "./audit-pages.js";

const WHOLE = /^[0-9]{1,9}$/;
const HOUR_MS = 3600 * 1000;
/** A proof about a journal that nobody has asked about reads all of its hashes: an address gets so many in an hour. */
const MOST_PROOFS = 120;
const CHECKPOINTS_SHOWN = 20;

export interface Audit {
  readonly app: FastifyInstance;
  readonly cloud: Cloud;
  readonly readers: Readers;
  readonly proofs: ProofDesk;
}

export function serveAudit(audit: Audit): void {
  servePages(audit);
  serveQuestions(audit);
}

function servePages({ app, cloud, readers, proofs }: Audit): void {
  const { store } = cloud;
  app.get("/audit", async (request, reply) => {
    const schools = await Promise.all(
      (await store.schools()).map(async ({ id, label }) => ({ id, label, entries: (await store.gateways(id)).at(-1)?.size ?? 0 })),
    );
    return sendPage(reply, readers.of(request, reply), <SchoolsPage schools={schools} />);
  });
  app.get<{ Params: { school: string } }>("/audit/:school", async (request, reply) => {
    const school = (await store.schools()).find(({ id }) => String(id) === request.params.school);
    if (!school) return reply.callNotFound();
    const journals: JournalSeen[] = [];
    for (const { epoch, size } of (await store.gateways(school.id)).reverse()) {
      const keys = await proofs.keysOf(school.id, epoch);
      const [newest, ...before] = await store.checkpoints(school.id, epoch, size, CHECKPOINTS_SHOWN);
      const note = newest ? await proofs.checkpointOf(school.id, epoch, newest.size) : null;
      if (keys) journals.push({ path: "/audit/" + school.id + "/" + epoch, epoch, ...keys, note, before });
    }
    return sendPage(reply, readers.of(request, reply), <SchoolPage label={school.label} journals={journals} />);
  });
}

const NO_SUCH = { 404: { what: "no such checkpoint", type: TEXT } };
const CHECKPOINT_NOTE = noted({
  ...{ tag: "auditors", summary: "A checkpoint of a school's journal, signed by its gateway and cosigned", security: "none" },
  query: { size: "of the tree; the newest when it is left out" },
  answers: { 200: { what: "a signed note (C2SP tlog-checkpoint)", type: TEXT }, ...NO_SUCH },
});
const CONSISTENCY_NOTE = noted({
  ...{ tag: "auditors", summary: "Proof that the journal has only grown", security: "none" },
  query: { from: "size of a checkpoint that is known" },
  answers: {
    200: { what: "the newest checkpoint and the path", type: JSON_TYPE },
    429: { what: "ask again in an hour", type: TEXT },
    ...NO_SUCH,
  },
});

type Asked = { Params: { school: string; epoch: string }; Querystring: { size?: string; from?: string } };

function serveQuestions({ app, cloud, proofs }: Audit): void {
  const allowed = createAllowance(MOST_PROOFS, HOUR_MS, cloud.now);
  const journalIn = async ({ school, epoch }: Asked["Params"]) => {
    const isNamed = WHOLE.test(school) && WHOLE.test(epoch) && (await cloud.store.schools()).some(({ id }) => id === Number(school));
    return isNamed ? ([Number(school), Number(epoch)] as const) : null;
  };
  app.get<Asked>("/audit/:school/:epoch/checkpoint", CHECKPOINT_NOTE, async (request, reply) => {
    const journal = await journalIn(request.params);
    const { size = "" } = request.query;
    const newest = journal && (await cloud.store.lastCheckpoint(...journal));
    const wanted = size === "" ? newest?.size : WHOLE.test(size) ? Number(size) : undefined;
    const note = journal && wanted !== undefined ? await proofs.checkpointOf(...journal, wanted) : null;
    return note === null ? refuse(reply, 404) : reply.type("text/plain; charset=utf-8").header("cache-control", "no-store").send(note);
  });
  app.get<Asked>("/audit/:school/:epoch/consistency", CONSISTENCY_NOTE, async (request, reply) => {
    const journal = await journalIn(request.params);
    const { from = "" } = request.query;
    if (!journal || (from !== "" && !WHOLE.test(from))) return refuse(reply, 404);
    if (!allowed.take(request.ip)) return refuse(reply, 429);
    const growth = await proofs.growthOf(...journal, from === "" ? null : Number(from));
    if (growth === null) return refuse(reply, 404);
    const { checkpoint, consistency } = growth;
    return reply
      .type("application/json; charset=utf-8")
      .header("cache-control", "no-store")
      .send(JSON.stringify({ checkpoint, consistency: consistency && { ...consistency, path: consistency.path.map(toBase64) } }));
  });
}

function refuse(reply: FastifyReply, status: 404 | 429): FastifyReply {
  return reply
    .code(status)
    .type("text/plain; charset=utf-8")
    .send(status === 404 ? "no such checkpoint\n" : "ask again in an hour\n");
}
