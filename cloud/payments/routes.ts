/** Where providers call us. They get an empty answer whatever becomes of it, so that a stranger learns nothing and a provider does not call for ever. */
import type { FastifyInstance } from "fastify";
import { noted } from "../api/note.js";
import { readCallback } from "./acquirer.js";
import type { Payments } from "./payments.js";

export interface PaymentDoor {
  readonly payments: Payments;
  /** Secret of the acquirer's checksums; null: callbacks are not taken, the order is asked about every few seconds all the same. */
  readonly callbackKey: string | null;
}

const CALLBACK_NOTE = noted({
  ...{
    tag: "payments",
    summary: "The acquirer says that an order has changed; it is asked then, and only its answer counts",
    security: "checksum",
  },
  query: { orderNumber: "our number of the order", mdOrder: "the bank's", operation: "what has happened", status: "1 when it succeeded" },
  answers: { 200: { what: "heard" }, 403: { what: "the checksum is not ours" } },
});

export function servePayments(app: FastifyInstance, { payments, callbackKey }: PaymentDoor): void {
  app.get<{ Querystring: { [name: string]: unknown } }>("/payments/callback", CALLBACK_NOTE, async (request, reply) => {
    const number = callbackKey === null ? null : readCallback(request.query, callbackKey);
    if (number === null) return reply.code(403).send();
    await payments.check(number);
    return reply.code(200).send();
  });
}
