/**
 * The office's HTTP: its door, and one way in for all its pages. Who is not logged in is led to the door; who may not is refused before the page is asked;
 * a school out of reach does not exist.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { VNode } from "preact";
import QRCode from "qrcode";
import type { Office } from "../../office/office.js";
import { may, reaches } from "../../office/roles.js";
import { OFFICE_SESSION_MS } from "../../office/staff.js";
import type { Visitor } from "../../office/staff.js";
import { toBase32, totpAddress } from "../../office/totp.js";
import { EMPTY, allIn, typedIn } from "../form.js";
import { piece, sendPage } from "../layout.js";
import type { Reader, Readers } from "../reader.js";
import { OfficeFactor, OfficeLogin } from "./door.js";
import { parseMultipart } from "./multipart.js";
import type { FilePart } from "./multipart.js";
import { OFFICE_ROUTES } from "./office-routes.js";
import type { Answer, OfficeRoute, Visit } from "./route.js";
import { OfficeSheet } from "./sheet.js";
import { en } from "./words.en.js";
import { ru } from "./words.ru.js";

const COOKIE = "office";
const MS_A_SECOND = 1000;
const FILE_LIMIT = 10_000_000;
const LONGEST_PARAMETER = 500;

export interface OfficeServing {
  readonly app: FastifyInstance;
  readonly office: Office;
  readonly readers: Readers;
}

export async function serveOffice({ app, office, readers }: OfficeServing): Promise<void> {
  // In a room of its own: only here are files taken, and only from whoever is logged in.
  await app.register(async (room) => {
    room.addContentTypeParser(
      "multipart/form-data",
      { parseAs: "buffer", bodyLimit: FILE_LIMIT },
      async (request: FastifyRequest, body: Buffer) => parseMultipart(body, request.headers["content-type"] ?? ""),
    );
    serveDoor({ app: room, office, readers });
    for (const route of OFFICE_ROUTES) serveRoute({ app: room, office, readers }, route);
  });
}

const wordsFor = (reader: Reader) => (reader.language === "ru" ? ru : en);

function serveDoor({ app, office, readers }: OfficeServing): void {
  const { staff } = office;
  const enter = (reply: FastifyReply, token: string, to: string) => {
    readers.keep(reply, COOKIE, token, OFFICE_SESSION_MS / MS_A_SECOND);
    readers.renew(reply);
    return reply.redirect(to, 303);
  };
  const draw = (request: FastifyRequest, reply: FastifyReply, page: (reader: Reader) => VNode) => {
    const reader = readers.of(request, reply);
    return sendPage(reply, reader, page(reader));
  };
  app.get("/office/login", async (request, reply) =>
    draw(request, reply, (reader) => <OfficeLogin words={wordsFor(reader)} form={EMPTY} />),
  );
  app.post("/office/login", async (request, reply) => {
    const typed = typedIn(request.body);
    const login = (typed.login ?? "").trim().toLowerCase();
    const opened = await staff.logIn(login, typed.password ?? "", request.ip);
    if (opened.kind === "in") return enter(reply, opened.token, "/office/factor");
    const wait = opened.kind === "wait";
    return draw(request, reply.code(wait ? 429 : 401), (reader) => {
      const { door } = wordsFor(reader);
      return <OfficeLogin words={wordsFor(reader)} form={{ values: { login }, troubles: { password: wait ? door.wait : door.wrong } }} />;
    });
  });
  app.get("/office/factor", async (request, reply) => {
    const visitor = await staff.whoIs(readers.kept(request, COOKIE));
    if (!visitor || visitor.proven) return reply.redirect(visitor ? "/office" : "/office/login", 303);
    const enrol = await enrolOf(visitor);
    return draw(request, reply, (reader) => <OfficeFactor words={wordsFor(reader)} form={EMPTY} enrol={enrol} />);
  });
  app.post("/office/factor", async (request, reply) => {
    const token = readers.kept(request, COOKIE);
    const visitor = await staff.whoIs(token);
    if (!visitor || token === undefined) return reply.redirect("/office/login", 303);
    const opened = await staff.prove(token, typedIn(request.body).code ?? "");
    if (opened.kind === "in") return enter(reply, opened.token, "/office");
    const wait = opened.kind === "wait";
    const enrol = await enrolOf(visitor);
    return draw(request, reply.code(wait ? 429 : 401), (reader) => {
      const { door } = wordsFor(reader);
      return (
        <OfficeFactor words={wordsFor(reader)} form={{ values: {}, troubles: { code: wait ? door.wait : door.wrongCode } }} enrol={enrol} />
      );
    });
  });
  app.post("/office/logout", async (request, reply) => {
    await staff.logOut(readers.kept(request, COOKIE));
    readers.drop(reply, COOKIE);
    return reply.redirect("/office/login", 303);
  });
}

async function enrolOf({ secret, actor }: Visitor): Promise<{ svg: string; key: string } | null> {
  if (!secret) return null;
  const svg = await QRCode.toString(totpAddress(secret, "Trapeza", actor.login), { type: "svg", margin: 0 });
  return { svg, key: toBase32(secret).replace(/(.{4})(?=.)/g, "$1 ") };
}

function serveRoute({ app, office, readers }: OfficeServing, route: OfficeRoute): void {
  const visitors = new WeakMap<FastifyRequest, Visitor>();
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.most,
    // Before the body is read: nobody who is a stranger makes us take a file.
    async onRequest(request, reply) {
      const visitor = await office.staff.whoIs(readers.kept(request, COOKIE));
      if (!visitor?.proven) return reply.redirect(visitor ? "/office/factor" : "/office/login", 303);
      visitors.set(request, visitor);
    },
    async handler(request, reply) {
      const { actor } = visitors.get(request) as Visitor;
      const reader = readers.of(request, reply);
      const watched = watching(office);
      const visit = visitOf(watched.office, actor, reader, request);
      const { refused, missing } = visit.words;
      if (!may(actor.role, route.permission)) return sendPage(reply.code(403), reader, <Refusal {...{ visit, ...refused }} />);
      const answered = async () => ((await isWithinReach(route, visit)) ? route.answer(visit) : null);
      const answer = await (route.method === "POST" ? office.inTurn(answered) : answered());
      return answer
        ? sendAnswer(reply, readers, { reader, seen: visit.param("seen"), hasChanged: watched.hasChanged() }, answer)
        : sendPage(reply.code(404), reader, <Refusal {...{ visit, ...missing }} />);
    },
  });
}

/** Whether anything that leaves a line in the trail was done: a page's sentence without it is a refusal, whatever it says. */
function watching(office: Office): { readonly office: Office; readonly hasChanged: () => boolean } {
  let hasChanged = false;
  const change: Office["change"] = async (what, work) => {
    let isSomething = false;
    const value = await office.change(what, async (transaction) => {
      const done = await work(transaction);
      isSomething = done.before !== null || done.after !== null;
      return done;
    });
    hasChanged ||= isSomething;
    return value;
  };
  return { office: { ...office, change }, hasChanged: () => hasChanged };
}

async function isWithinReach({ path }: OfficeRoute, { office, actor, school }: Visit): Promise<boolean> {
  if (!path.includes("/:school")) return true;
  return reaches(actor, school) && (await office.cloud.store.schools()).some(({ id }) => id === school);
}

function sendAnswer(
  reply: FastifyReply,
  readers: Readers,
  { reader, seen, hasChanged }: { readonly reader: Reader; readonly seen: string; readonly hasChanged: boolean },
  answer: Answer,
): FastifyReply {
  switch (answer.kind) {
    case "page":
      return sendPage(reply.code(answer.status), reader, answer.node);
    case "go":
      if (answer.saying !== undefined) readers.say(reply, answer.saying, answer.done ?? hasChanged);
      return reply.redirect(answer.to, 303);
    case "piece": {
      const { node, version } = answer;
      return reply.header("cache-control", "no-store").send({ version, html: seen === version ? null : piece(reader, node) });
    }
    case "file":
      return reply
        .type(answer.type)
        .header("cache-control", "no-store")
        .header("content-disposition", "attachment; filename*=UTF-8''" + encodeURIComponent(answer.name))
        .send(Buffer.from(answer.bytes));
  }
}

function visitOf(office: Office, actor: Visitor["actor"], reader: Reader, request: FastifyRequest): Visit {
  const params = request.params as Record<string, string | undefined>;
  const query = request.query as Record<string, string | string[] | undefined>;
  const body = request.body as Record<string, unknown> | null | undefined;
  const isFile = (value: unknown): value is FilePart => typeof value === "object" && value !== null && "bytes" in value;
  const files = (name: string) => [body?.[name]].flat().filter((value): value is FilePart => isFile(value) && value.bytes.length > 0);
  return {
    ...{ office, actor, reader, words: wordsFor(reader), typed: typedIn(body) },
    school: /^[0-9]{1,9}$/.test(params.school ?? "") ? Number(params.school) : 0,
    param: (name) => [params[name] ?? query[name] ?? ""].flat()[0].slice(0, LONGEST_PARAMETER),
    all: (name) => allIn(body, name),
    file: (name) => files(name).at(0) ?? null,
    files,
  };
}

function Refusal({ visit, title, text }: { visit: Visit; title: string; text: string }) {
  return (
    <OfficeSheet visit={visit} title={title}>
      <p>{text}</p>
    </OfficeSheet>
  );
}
