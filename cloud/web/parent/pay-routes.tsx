/** Routes of topping up. Putting a payment together is all questions (GET); only the last button does something. */
import { JSON_TYPE, noted } from "../../api/note.js";
import { pieceSchema } from "../../api/schema.js";
import { randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { kopecks } from "@trapeza/protocol";
import type { AccountNumber } from "@trapeza/protocol";
import { fiscalPart } from "../../fiscal/store-postgres.js";
import { createAllowance } from "../../people/allowance.js";
import type { Order, OrderLine, Way } from "../../payments/order.js";
import { parsePhone } from "../../people/phone.js";
import type { GuardianRow } from "../../people/store.js";
import { EMPTY, allIn, typedIn } from "../form.js";
import type { Typed } from "../form.js";
import { piece, sendPage } from "../layout.js";
import { readBasket, withPreset } from "./basket.js";
import type { Payee } from "./basket.js";
import { guardianOf } from "./pages.js";
import type { Pages } from "./pages.js";
import { NumberPage, OrderPage, OrderState, PayPage, ReviewPage } from "./pay.js";
import { isEmail } from "./typed.js";
import { parentWords } from "./words.js";

const LIVE_NOTE = noted({
  ...{ tag: "pages", summary: "A piece of a page, if it has changed since `seen`", security: "none" },
  query: { seen: "the version that the page shows" },
  answers: {
    200: { what: "the piece in HTML, or null", type: JSON_TYPE, schema: pieceSchema },
    404: { what: "nothing that this reader may see" },
  },
});

const KEY_BYTES = 18;
const MOST_LINES = 40;
const HOUR_MS = 3600 * 1000;
/** Numbers that one address may look up in an hour: enough for a class, too few to list a school. */
const MOST_NUMBERS = 40;

export function servePay(pages: Pages): void {
  const { app, cloud, readers } = pages;
  app.get("/pay", async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    if (!guardian) return reply.redirect("/pay/number", 303);
    return putTogether(pages, request, reply, { guardian, action: "/pay", number: null, payees: await ownPayees(pages, guardian) });
  });
  const lookUps = createAllowance(MOST_NUMBERS, HOUR_MS, cloud.now);
  app.get("/pay/number", async (request, reply) => {
    const guardian = await guardianOf(pages, request);
    const typed = typedIn(request.query);
    const number = (typed.number ?? "").replace(/\s/g, "");
    const { pay } = parentWords(readers.of(request, reply).language);
    const show = (status: number, trouble: string | null) => {
      const form = trouble === null ? EMPTY : { values: { number }, troubles: { number: trouble } };
      return sendPage(reply.code(status), readers.of(request, reply), <NumberPage guardian={guardian?.name ?? null} form={form} />);
    };
    if (number === "") return show(200, null);
    if (!lookUps.take(request.ip)) return show(429, pay.tooMany);
    const found = cloud.payments.findPayee(number as AccountNumber);
    if (found === null) return show(404, pay.unknown);
    const payees = [{ school: found.school, account: found.account, name: found.shortName }];
    return putTogether(pages, request, reply, { guardian, action: "/pay/number", number, payees });
  });
  app.post("/pay", (request, reply) => begin(pages, request, reply));
  serveOrders(pages);
}

interface Payer {
  readonly guardian: GuardianRow | null;
  readonly action: string;
  readonly number: string | null;
  readonly payees: readonly Payee[];
}

async function ownPayees({ cloud }: Pages, guardian: GuardianRow): Promise<Payee[]> {
  const payees: Payee[] = [];
  for (const { school, account, rights } of await cloud.store.people.sights(guardian.phone)) {
    const known = rights.includes("pay") && (await cloud.library.book(school)).state.accounts.get(account);
    if (known) payees.push({ school, account, name: rights.includes("see") ? known.name : known.shortName });
  }
  return payees;
}

/** The basket with what has been typed, or the review when it is ready. */
async function putTogether(pages: Pages, request: FastifyRequest, reply: FastifyReply, payer: Payer): Promise<unknown> {
  const { cloud, readers } = pages;
  const { payments } = cloud;
  const reader = readers.of(request, reply);
  const { pay } = parentWords(reader.language);
  const { add = "", review = "", ...typed } = typedIn(request.query);
  const values = withPreset(typed, add);
  const basket = readBasket(payer.payees, values);
  const show = (trouble: string | null) => {
    const troubles = Object.fromEntries(basket.wrong.map((field) => [field, pay.badAmount]));
    const props = { ...payer, guardian: payer.guardian?.name ?? null, trouble, open: payments.ways.length > 0 };
    return sendPage(reply, reader, <PayPage {...props} form={{ values, troubles }} />);
  };
  if (review !== "1" || basket.wrong.length > 0 || payments.ways.length === 0) return show(null);
  if (basket.lines.length === 0) return show(pay.nothing);
  const sum = basket.lines.reduce<number>((total, line) => total + line.sum, 0);
  const quotes = payments.ways.map((way) => ({ way, quote: payments.quote(sum, way) }));
  const offers = quotes.flatMap(({ way, quote }) => (quote.ok ? [{ way, quote }] : []));
  if (offers.length === 0) return show(quotes[0].quote.ok ? null : pay.trouble[quotes[0].quote.trouble]);
  const contact = payer.guardian && (await cloud.store.people.contact(payer.guardian.phone));
  const names = new Map(payer.payees.map((payee) => [payee.school + "/" + payee.account, payee.name]));
  const props = {
    lines: basket.lines.map((line) => ({ ...line, name: names.get(line.school + "/" + line.account) ?? "" })),
    ...{ guardian: payer.guardian?.name ?? null, offers, email: contact?.email ?? "" },
    bindings: payer.guardian ? await payments.bindings.of(payer.guardian.phone) : [],
    canBind: payer.guardian === null ? [] : payments.bindings.ways,
    paymentKey: randomBytes(KEY_BYTES).toString("base64url"),
    back: payer.action + "?" + new URLSearchParams(keptIn(values, payer)).toString(),
  };
  return sendPage(reply, reader, <ReviewPage {...props} />);
}

/** Of a query, what belongs to the basket. */
function keptIn(values: Typed, { number }: Payer): [string, string][] {
  const sums = Object.entries(values).filter(([field, text]) => /^(main|additional)-/.test(field) && text !== "");
  return number === null ? sums : [["number", number], ...sums];
}

async function begin(pages: Pages, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const { cloud, readers, url } = pages;
  const { pay } = parentWords(readers.of(request, reply).language);
  const guardian = await guardianOf(pages, request);
  const { key = "", way: chosen = "", email = "", remember = "" } = typedIn(request.body);
  const [way, binding = null] = chosen.split(/\/(.*)/s);
  const lines = allIn(request.body, "line").map(readLine);
  const back = guardian ? "/pay" : "/pay/number";
  if (!/^[A-Za-z0-9_-]{24}$/.test(key) || lines.length === 0 || lines.length > MOST_LINES || lines.includes(null))
    return reply.redirect(back, 303);
  const receiptTo = isEmail(email.trim()) ? email.trim() : parsePhone(email);
  if (email.trim() !== "" && receiptTo === null) {
    readers.say(reply, pay.trouble.receipt, false);
    return reply.redirect(back, 303);
  }
  const begun = await cloud.payments.begin({
    ...{ key, way: way as Way, payer: guardian?.phone ?? null, lines: lines as OrderLine[] },
    ...{ remember: remember === "1" && guardian !== null && cloud.payments.bindings.ways.includes(way as Way), binding },
    ...{ email: receiptTo, returnUrl: url() + "/pay/orders/" + key },
  });
  if (!begun.ok) {
    readers.say(reply, pay.trouble[begun.trouble], false);
    return reply.redirect(back, 303);
  }
  return reply.redirect("/pay/orders/" + key + "?go=1", 303);
}

/** "24.7.main.100000"; anybody may pay for anybody, so what is here is checked only for being a line. */
function readLine(text: string): OrderLine | null {
  const found = /^([0-9]{1,9})\.([0-9]{1,9})\.(main|additional)\.([0-9]{1,9})$/.exec(text);
  if (!found) return null;
  const [, school, account, purse, sum] = found;
  return { school: Number(school), account: Number(account), purse: purse as OrderLine["purse"], sum: kopecks(Number(sum)) };
}

/** Whoever has the order's key sees it: it is random, and only the payer's browser and the bank's way back have it. */
function serveOrders(pages: Pages): void {
  const { app, cloud, readers } = pages;
  type Asked = { Params: { key: string }; Querystring: { go?: string; seen?: string } };
  const propsOf = async (request: FastifyRequest, order: Order) => {
    const guardian = await guardianOf(pages, request);
    const own = guardian ? await ownPayees(pages, guardian) : [];
    const { state } = await cloud.library.book(order.lines[0].school);
    const lines = order.lines.map((line) => {
      const mine = own.find(({ school, account }) => school === line.school && account === line.account);
      const known = cloud.library
        .opened()
        .find(({ id }) => id === line.school)
        ?.state.accounts.get(line.account);
      return { ...line, name: mine?.name ?? known?.shortName ?? "" };
    });
    const books = order.lines.map(({ school }) => school);
    const receipts = pages.office ? await fiscalPart(pages.office.database).ofOrder(order.number, books) : [];
    return { guardian: guardian?.name ?? null, order, lines, zoneMinutes: state.policy.zoneMinutes, receipts };
  };
  app.get<Asked>("/pay/orders/:key", async (request, reply) => {
    const found = await cloud.store.payments.orderByKey(request.params.key);
    const order = found && (await cloud.payments.check(found.number));
    if (!order) return reply.callNotFound();
    const { payAt, state } = order;
    // Not a redirect: a form may lead to our own pages only, and browsers count where its answer leads on.
    if (request.query.go === "1" && state === "registered" && payAt?.kind === "page") void reply.header("refresh", "0; url=" + payAt.url);
    return sendPage(reply, readers.of(request, reply), <OrderPage {...await propsOf(request as FastifyRequest, order)} />);
  });
  app.get<Asked>("/live/pay/orders/:key", LIVE_NOTE, async (request, reply) => {
    const order = await cloud.store.payments.orderByKey(request.params.key);
    if (!order) return reply.code(404).send({ html: null });
    const version = String(order.version);
    if (request.query.seen === version) return { version, html: null };
    return { version, html: piece(readers.of(request, reply), <OrderState {...await propsOf(request as FastifyRequest, order)} />) };
  });
}
