/**
 * The check/pay interface by which networks of payment terminals in Russia ask whether an account may be paid to, and say that it has been. XML in UTF-8.
 *
 * A network says `pay` again and again until it is answered, with the same txn_id: the same txn_id is the same order.
 */
import { timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { isAccountNumber, kopecks } from "@trapeza/protocol";
import { noted } from "../api/note.js";
import type { Payments } from "./payments.js";

/** Result numbers of the interface: what a terminal does next hangs on them. */
const RESULTS = { done: 0, later: 1, account_format: 4, unknown_account: 5, too_small: 241, too_large: 242, other: 300 } as const;

interface Answer {
  readonly result: number;
  readonly txn: string;
  readonly order?: number;
  readonly sum?: string;
  /** Whose account it is, as far as a stranger may know. */
  readonly name?: string;
}

const NETWORK_NOTE = noted({
  ...{ tag: "payments", summary: "A network of payment terminals asks about an account, or has taken money for it", security: "basic" },
  query: {
    command: "check or pay",
    txn_id: "the network's number of the payment",
    account: "the account's number",
    sum: "roubles, as 100.00",
  },
  answers: { 200: { what: "the result, by its number", type: "text/xml; charset=utf-8" }, 401: { what: "another password" } },
});

/** `password`: of HTTP Basic, user `network`; null closes the door. */
export function serveNetwork(app: FastifyInstance, payments: Payments, password: string | null): void {
  app.get<{ Querystring: { [name: string]: unknown } }>("/payments/network", NETWORK_NOTE, async (request, reply) => {
    if (password === null || !isAllowed(request, password)) return reply.code(401).header("www-authenticate", "Basic").send();
    const answer = await answerTo(payments, request.query).catch((): Answer => ({
      result: RESULTS.later,
      txn: textOf(request.query.txn_id),
    }));
    return reply.type("text/xml; charset=utf-8").send(formatAnswer(answer));
  });
}

async function answerTo(payments: Payments, { command, txn_id: id, account, sum }: { [name: string]: unknown }): Promise<Answer> {
  const txn = textOf(id);
  const amount = parseRoubles(textOf(sum));
  if (!/^[0-9]{1,20}$/.test(txn) || amount === null || (command !== "check" && command !== "pay")) return { result: RESULTS.other, txn };
  const number = textOf(account);
  if (!isAccountNumber(number)) return { result: RESULTS.account_format, txn };
  const payee = payments.findPayee(number);
  if (payee === null) return { result: RESULTS.unknown_account, txn };
  const quoted = payments.quote(amount, "network");
  if (!quoted.ok) return { result: quoted.trouble === "too_large" ? RESULTS.too_large : RESULTS.too_small, txn };
  if (command === "check") return { result: RESULTS.done, txn, name: payee.shortName };
  const line = { school: payee.school, account: payee.account, purse: "main" as const, sum: kopecks(amount) };
  const order = await payments.receive({ key: "network/" + txn, way: "network", lines: [line], fee: kopecks(0), settled: false });
  // The same txn_id for something else is the network's mistake; what came first stands.
  const [first] = order.lines;
  if (first.account !== line.account || first.school !== line.school || first.sum !== line.sum) return { result: RESULTS.other, txn };
  return { result: RESULTS.done, txn, order: order.number, sum: textOf(sum) };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** "10.45" as kopecks; null for anything else. */
function parseRoubles(text: string): number | null {
  const parts = /^([0-9]{1,9})(?:\.([0-9]{1,2}))?$/.exec(text);
  return parts && Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0"));
}

function isAllowed({ headers }: FastifyRequest, password: string): boolean {
  const wanted = Buffer.from("Basic " + Buffer.from("network:" + password).toString("base64"));
  const given = Buffer.from(headers.authorization ?? "");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function formatAnswer({ result, txn, order, sum, name }: Answer): string {
  const tag = (what: string, value: string | number | undefined) =>
    value === undefined ? "" : `<${what}>${escapeXml(String(value))}</${what}>`;
  const fields = name === undefined ? "" : `<fields><field1 name="name">${escapeXml(name)}</field1></fields>`;
  const body = tag("osmp_txn_id", txn) + tag("prv_txn", order) + tag("sum", sum) + tag("result", result) + fields;
  return '<?xml version="1.0" encoding="UTF-8"?>\n<response>' + body + "</response>\n";
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => "&#" + sign.charCodeAt(0) + ";");
}
