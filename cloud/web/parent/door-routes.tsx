/** The door's routes: logging in and out, registering, and the ways back in. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { parsePhone } from "../../people/phone.js";
import { SESSION_MS } from "../../people/portal-session.js";
import type { Opened } from "../../people/portal-session.js";
import { EMPTY, typedIn } from "../form.js";
import { sendPage } from "../layout.js";
import { CodePage, ConfirmEmailPage, NewPasswordPage, RegisterPage, RestorePage } from "./door-pages.js";
import { LoginPage } from "./login.js";
import { INVITED, KEEP, SESSION, guardianOf } from "./pages.js";
import type { Pages } from "./pages.js";
import { isEmail, passwordTrouble, readRegistration } from "./typed.js";
import { parentWords } from "./words.js";

const MS_A_SECOND = 1000;
const DEVICE_SECONDS = 2 * 365 * 24 * 3600;
const CHALLENGE_SECONDS = 900;
const CHALLENGE = "challenge";
const DEVICE = "device";

export function serveDoor(pages: Pages): void {
  serveLogin(pages);
  serveRegistration(pages);
  serveRestore(pages);
  serveEmail(pages);
}

/** What a browser tells of itself at a login. */
export function loginFrom({ readers }: Pages, request: FastifyRequest, remember: boolean) {
  return { device: readers.kept(request, DEVICE), remember, agent: request.headers["user-agent"] ?? "" };
}

/** A new token at every login: one that somebody has planted before opens nothing. */
export function letIn({ readers }: Pages, reply: FastifyReply, opened: Opened, remember: boolean): void {
  readers.keep(reply, SESSION, opened.token, remember ? SESSION_MS / MS_A_SECOND : 0);
  if (remember) readers.keep(reply, KEEP, "1", SESSION_MS / MS_A_SECOND);
  else readers.drop(reply, KEEP);
  readers.keep(reply, DEVICE, opened.device, DEVICE_SECONDS);
  readers.renew(reply);
}

/** Where whoever has just come in goes: home, or back to the invitation that brought them here. */
export function firstPage({ readers }: Pages, request: FastifyRequest): string {
  const token = readers.kept(request, INVITED) ?? "";
  return /^[A-Za-z0-9_-]{24}$/.test(token) ? "/join/" + token : "/";
}

function serveLogin(pages: Pages): void {
  const { app, portal, readers, identity } = pages;
  app.get("/login", async (request, reply) => {
    if (await guardianOf(pages, request)) return reply.redirect("/", 303);
    return sendPage(reply, readers.of(request, reply), <LoginPage form={EMPTY} identity={identity?.name ?? null} />);
  });
  app.post("/login", async (request, reply) => {
    const reader = readers.of(request, reply);
    const words = parentWords(reader.language).login;
    const { phone: typed = "", password = "", remember: ticked = "" } = typedIn(request.body);
    const remember = ticked === "1";
    const again = (status: number, field: "phone" | "password", text: string) =>
      sendPage(
        reply.code(status),
        reader,
        <LoginPage form={{ values: { phone: typed, remember: ticked }, troubles: { [field]: text } }} identity={identity?.name ?? null} />,
      );
    const phone = parsePhone(typed);
    if (phone === null) return again(400, "phone", words.badPhone);
    const opened = await portal.logIn(phone, password, loginFrom(pages, request, remember));
    if (opened.kind === "wait") return again(429, "password", words.wait);
    if (opened.kind === "wrong") return again(401, "password", words.wrong);
    letIn(pages, reply, opened, remember);
    return reply.redirect(firstPage(pages, request), 303);
  });
  app.post("/logout", async (request, reply) => {
    await portal.logOut(readers.kept(request, SESSION));
    readers.drop(reply, SESSION);
    readers.drop(reply, KEEP);
    readers.renew(reply);
    return reply.redirect("/login", 303);
  });
}

function serveRegistration(pages: Pages): void {
  const { app, accounts, portal, readers } = pages;
  app.get("/register", async (request, reply) => sendPage(reply, readers.of(request, reply), <RegisterPage form={EMPTY} />));
  app.post("/register", async (request, reply) => {
    const reader = readers.of(request, reply);
    const words = parentWords(reader.language);
    const values = typedIn(request.body);
    const again = (status: number, troubles: { [field: string]: string }) =>
      sendPage(reply.code(status), reader, <RegisterPage form={{ values, troubles }} />);
    const read = readRegistration(values, words, reader.words);
    if ("troubles" in read) return again(400, read.troubles);
    const token = await accounts.register({ ...read.value, language: reader.language });
    if (token === null) return again(429, { phone: words.account.register.tooMany });
    readers.keep(reply, CHALLENGE, token, CHALLENGE_SECONDS);
    return reply.redirect("/register/code", 303);
  });
  app.get("/register/code", async (request, reply) => sendPage(reply, readers.of(request, reply), <CodePage form={EMPTY} />));
  app.post("/register/code", async (request, reply) => {
    const reader = readers.of(request, reply);
    const say = parentWords(reader.language).account.code;
    const finished = await accounts.finish(readers.kept(request, CHALLENGE) ?? "", typedIn(request.body).code ?? "");
    if (finished.kind !== "in") {
      const troubles = { code: finished.kind === "wrong" ? say.wrong : say.gone };
      return sendPage(reply.code(401), reader, <CodePage form={{ values: {}, troubles }} />);
    }
    readers.drop(reply, CHALLENGE);
    letIn(pages, reply, await portal.open(finished.phone, loginFrom(pages, request, true)), true);
    readers.say(reply, say.welcome, true);
    return reply.redirect(firstPage(pages, request), 303);
  });
}

function serveRestore({ app, accounts, readers }: Pages): void {
  app.get("/restore", async (request, reply) =>
    sendPage(reply, readers.of(request, reply), <RestorePage byEmail={EMPTY} byCode={EMPTY} />),
  );
  app.post("/restore", async (request, reply) => {
    const reader = readers.of(request, reply);
    const { account } = parentWords(reader.language);
    const email = (typedIn(request.body).email ?? "").trim();
    if (!isEmail(email)) {
      const form = { values: { email }, troubles: { email: account.trouble.email } };
      return sendPage(reply.code(400), reader, <RestorePage byEmail={form} byCode={EMPTY} />);
    }
    await accounts.restoreByEmail(email);
    readers.say(reply, account.restore.sent, true);
    return reply.redirect("/login", 303);
  });
  app.post("/restore/till", async (request, reply) => {
    const reader = readers.of(request, reply);
    const words = parentWords(reader.language);
    const values = typedIn(request.body);
    const { phone: typed = "", number = "", code = "", password = "" } = values;
    const again = (troubles: { [field: string]: string }) =>
      sendPage(reply.code(400), reader, <RestorePage byEmail={EMPTY} byCode={{ values, troubles }} />);
    const phone = parsePhone(typed);
    if (phone === null) return again({ phone: words.login.badPhone });
    const bad = passwordTrouble(password, words);
    if (bad !== null) return again({ password: bad });
    if (!(await accounts.restoreByCode(phone, number.replace(/\s/g, ""), code, password)))
      return again({ code: words.account.restore.wrong });
    readers.say(reply, words.account.restore.done, true);
    return reply.redirect("/login", 303);
  });
  type Link = { Params: { token: string } };
  app.get<Link>("/restore/:token", async (request, reply) =>
    sendPage(reply, readers.of(request, reply), <NewPasswordPage action={"/restore/" + request.params.token} form={EMPTY} />),
  );
  app.post<Link>("/restore/:token", async (request, reply) => {
    const reader = readers.of(request, reply);
    const words = parentWords(reader.language);
    const { password = "" } = typedIn(request.body);
    const bad = passwordTrouble(password, words);
    const again = (text: string) =>
      sendPage(reply.code(400), reader, <NewPasswordPage action={request.url} form={{ values: {}, troubles: { password: text } }} />);
    if (bad !== null) return again(bad);
    if (!(await accounts.finishRestore(request.params.token, password))) return again(words.account.restore.gone);
    readers.say(reply, words.account.restore.done, true);
    return reply.redirect("/login", 303);
  });
}

function serveEmail({ app, accounts, readers }: Pages): void {
  type Link = { Params: { token: string } };
  app.get<Link>("/email/:token", async (request, reply) =>
    sendPage(reply, readers.of(request, reply), <ConfirmEmailPage action={"/email/" + request.params.token} />),
  );
  app.post<Link>("/email/:token", async (request, reply) => {
    const say = parentWords(readers.of(request, reply).language).account.email;
    const email = await accounts.confirmEmail(request.params.token);
    readers.say(reply, email === null ? say.gone : say.done(email), email !== null);
    return reply.redirect("/", 303);
  });
}
