/** For tests: the office of one school on a real PostgreSQL, with a person in each role, and a gateway that hears what the office has to tell. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Directive, Kopecks } from "@trapeza/protocol";
import {
  CASHIER_CARD,
  DIRECTIVES,
  HOUSE,
  KIOSK,
  NOW_MS,
  PUPIL,
  PUPIL_CARD,
  SCHOOL,
  TEACHER_CARD,
  TILL,
  TODAY,
  WALL,
  createTestGateway,
  gatewayKey,
} from "../../_gateway.test.js";
import type { TestGateway } from "../../_gateway.test.js";
import { createCloud } from "../../cloud.js";
import type { Cloud, CloudOptions } from "../../cloud.js";
import { drawFace } from "../../office/cards/_face.test.js";
import { openOffice } from "../../office/office.js";
import type { Office } from "../../office/office.js";
import { ROLES } from "../../office/roles.js";
import type { Actor, Role } from "../../office/roles.js";
import { codeOf, stepAt } from "../../office/totp.js";
import { startPostgres } from "../../store/cluster.js";
import { openPostgres } from "../../store/postgres.js";
import { openBrowser, plain } from "../_browser.test.js";
import type { Browser, Fields, Visit } from "../_browser.test.js";
import { createApp } from "../app.js";
import { directiveIn } from "../../underway.js";

export const PASSWORD = "каша манная и компот";
export const SECRET = Buffer.from("12345678901234567890");
const SEED = new Uint8Array(32).fill(1);
/** The caterer's and the cashier's numbers in the school of the tests. */
const OWN: Partial<Record<Role, number>> = { caterer: 1, cashier: 2 };
/** Roles of the operator's own people; everybody else works in one school. */
const EVERYWHERE: readonly Role[] = ["operator", "technician", "auditor", "accountant"];

/** A file in the field "file", or the one that is named. */
export interface Sent {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly field?: string;
}

export interface TestOffice {
  readonly cloud: Cloud;
  readonly office: Office;
  readonly gateway: TestGateway;
  readonly app: Awaited<ReturnType<typeof createApp>>;
  readonly url: string;
  readonly clock: { ms: number };
  readonly errors: Error[];
  /** What the gateway has not heard yet reaches it, and its journal reaches the cloud. Returns what it heard. */
  readonly deliver: () => Promise<Directive[]>;
  /** A browser in which this role is at work. */
  readonly as: (role: Role) => Promise<Browser>;
  readonly get: (role: Role, url: string) => Promise<Visit>;
  readonly post: (role: Role, url: string, fields?: Fields) => Promise<Visit>;
  /** `fields`: typed beside the file. */
  readonly upload: (
    role: Role,
    url: string,
    file: Sent | readonly Sent[],
    fields?: Record<string, string>,
  ) => Promise<{ status: number; location: string; text: string }>;
  readonly close: () => Promise<void>;
}

/** `payments`: who takes them, and on what terms; nobody, when it is left out. */
export async function createTestOffice(payments?: CloudOptions["payments"]): Promise<TestOffice> {
  const folder = await mkdtemp(join(tmpdir(), "trapeza-office-"));
  const cluster = await startPostgres(folder);
  const errors: Error[] = [];
  const onError = (error: Error) => void errors.push(error);
  const store = await openPostgres({ url: cluster.url, onError });
  const clock = { ms: NOW_MS };
  const now = () => clock.ms;
  const random = (bytes: number) => new Uint8Array(randomBytes(bytes));
  const cloud = await createCloud({ store, seed: SEED, house: HOUSE, now, random, payments });
  await cloud.registerSchool({ id: SCHOOL, label: "24" });
  await cloud.registerSchool({ id: SCHOOL + 1, label: "25" });
  const gateway = createTestGateway(await cloud.registerGateway({ id: "g24", school: SCHOOL, key: gatewayKey(1) }));
  gateway.openDay(TODAY);
  const office = await openOffice({ cloud, url: store.url, seed: SEED, site: () => new URL("https://еда.рф").href, onError });
  const app = await createApp({ cloud, office, secureCookies: false, onError });
  let heard = 0;
  const deliver = async () => {
    const rows = await store.directives(SCHOOL, heard, 100_000);
    const directives = rows.map(({ bytes }) => directiveIn(bytes) as Directive);
    gateway.direct(...directives);
    heard += rows.length;
    const stored = (await store.gateways(SCHOOL))[0].size;
    if (gateway.entries.length > stored) await cloud.intake.receive(gateway.row, gateway.upload(stored));
    return directives;
  };
  await cloud.enqueueDirectives(SCHOOL, DIRECTIVES);
  await deliver();
  await office.change({ login: "system", school: null, what: "staff.put", subject: "staff of the test" }, async (transaction) => {
    for (const role of ROLES) await office.staff.put(transaction, { ...actorOf(role), password: PASSWORD, secret: SECRET });
    return { before: null, after: ROLES, value: null };
  });
  const browsers = new Map<Role, Promise<Browser>>();
  const as = (role: Role) => {
    const found = browsers.get(role) ?? logIn(app, role, now);
    browsers.set(role, found);
    return found;
  };
  return {
    ...{ cloud, office, gateway, app, clock, errors, deliver, as, url: cluster.url },
    get: async (role, url) => (await as(role)).open(url),
    post: async (role, url, fields = {}) => (await as(role)).post(url, fields),
    async upload(role, url, file, fields = {}) {
      const browser = await as(role);
      const token = /name="form" value="([^"]*)"/.exec((await browser.open("/office")).html)?.[1] ?? "";
      const { payload, type } = multipartOf({ ...fields, form: token }, [file].flat());
      const cookie = [...browser.cookies].map(([name, value]) => name + "=" + value).join("; ");
      const answer = await app.inject({ method: "POST", url, payload, headers: { "content-type": type, cookie } });
      return { status: answer.statusCode, location: String(answer.headers.location ?? ""), text: plain(answer.body) };
    },
    async close() {
      await app.close();
      await office.close();
      await store.close();
      await cluster.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A note in the kiosk, a breakfast, and a shift of two sales: something for every report to tell. */
export async function liveADay({ gateway, cloud }: TestOffice): Promise<void> {
  const sum = (amount: number) => amount as Kopecks;
  const payee = { kind: "card", uid: PUPIL_CARD } as const;
  gateway.fact(KIOSK, { kind: "NoteStacked", payee, purse: "additional", note: sum(10000), visit: 1, happenedMs: null });
  gateway.fact(KIOSK, { kind: "NoteStacked", payee: { kind: "none" }, purse: "main", note: sum(5000), visit: 2, happenedMs: null });
  gateway.ask(WALL, { kind: "MealConfirm", uid: TEACHER_CARD, class: 3, meal: 1, date: TODAY, ids: [PUPIL], admitted: [] });
  gateway.ask(TILL, { kind: "ShiftOpen", uid: CASHIER_CARD, declared: sum(5000) });
  const { menuVersion } = gateway.school;
  const sale = { kind: "Sale", payer: { by: "card", uid: PUPIL_CARD }, override: null, menuVersion } as const;
  gateway.ask(TILL, { ...sale, lines: [{ dish: 11, quantity: 1 }], total: sum(3450) });
  gateway.ask(TILL, { kind: "CashSale", lines: [{ dish: 12, quantity: 1 }], total: sum(1320), menuVersion });
  gateway.ask(TILL, { kind: "ShiftClose", uid: CASHIER_CARD, declared: sum(6300) });
  gateway.fact(KIOSK, { kind: "TerminalFault", what: "Купюроприёмник: замятие" });
  gateway.fact(KIOSK, { kind: "Collection", uid: CASHIER_CARD, witness: null, seal: "А-17" });
  const stored = (await cloud.store.gateways(SCHOOL))[0].size;
  await cloud.intake.receive(gateway.row, gateway.upload(stored));
}

/** A photograph that has been found right, without which nothing goes to the operator. */
export async function photograph({ upload, post }: TestOffice, account: number): Promise<void> {
  const at = "/office/" + SCHOOL + "/photos";
  await upload("operator", at + "/pupil/" + account, { name: "a.jpg", bytes: await drawFace("#1d5c63"), field: "photo" });
  await post("teacher", at + "/judge", { class: "3" });
}

export function actorOf(role: Role): Actor {
  const school = EVERYWHERE.includes(role) ? null : SCHOOL;
  return { login: role, name: "Проба " + role, role, school, class: role === "teacher" ? 3 : null, own: OWN[role] ?? null };
}

async function logIn(app: TestOffice["app"], role: Role, now: () => number): Promise<Browser> {
  const browser = openBrowser(app);
  await browser.open("/office/login");
  await browser.submit("/office/login", { login: role, password: PASSWORD });
  const visit = await browser.post("/office/factor", { code: codeOf(SECRET, stepAt(now())) });
  if (visit.location !== "/office") throw new Error(role + " did not get in: " + visit.status);
  await browser.open("/office");
  return browser;
}

function multipartOf(fields: Record<string, string>, files: readonly Sent[]) {
  const boundary = "----trapeza";
  const head = (name: string, more = "") => "--" + boundary + '\r\ncontent-disposition: form-data; name="' + name + '"' + more + "\r\n";
  const parts = Object.entries(fields).map(([name, value]) => Buffer.from(head(name) + "\r\n" + value + "\r\n"));
  const bodies = files.flatMap(({ name, bytes, field = "file" }) => [
    Buffer.from(head(field, '; filename="' + name + '"') + "content-type: application/octet-stream\r\n\r\n"),
    Buffer.from(bytes),
    Buffer.from("\r\n"),
  ]);
  const payload = Buffer.concat([...parts, ...bodies, Buffer.from("--" + boundary + "--\r\n")]);
  return { payload, type: "multipart/form-data; boundary=" + boundary };
}
