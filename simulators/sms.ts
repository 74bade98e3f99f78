/** A carrier of short messages with the HTTP interface of SMS.ru. Without money, without a key or away it is on request. */
import formbody from "@fastify/formbody";
import fastify from "fastify";

export interface Carrier {
  /** Where messages are handed in. */
  readonly url: string;
  readonly sent: { readonly to: string; readonly text: string; readonly sender: string | null }[];
  money: number;
  away: boolean;
  readonly close: () => Promise<void>;
}

const [ACCEPTED, BAD_KEY, NO_MONEY, BAD_NUMBER] = [100, 200, 201, 202];

export async function openCarrier(key: string): Promise<Carrier> {
  const app = fastify({ forceCloseConnections: true });
  await app.register(formbody);
  const carrier: Carrier = { url: "", sent: [], money: Infinity, away: false, close: () => app.close() };
  app.post("/sms/send", async (request, reply) => {
    const { api_id: given, to = "", msg = "", from = null } = request.body as { [name: string]: string | undefined };
    if (carrier.away) return reply.code(502).send();
    if (given !== key) return { status: "ERROR", status_code: BAD_KEY };
    if (carrier.money <= 0) return { status: "ERROR", status_code: NO_MONEY };
    if (!/^7[0-9]{10}$/.test(to))
      return { status: "OK", status_code: ACCEPTED, sms: { [to]: { status: "ERROR", status_code: BAD_NUMBER } } };
    carrier.money--;
    carrier.sent.push({ to, text: msg, sender: from });
    return {
      status: "OK",
      status_code: ACCEPTED,
      sms: { [to]: { status: "OK", status_code: ACCEPTED, sms_id: String(carrier.sent.length) } },
    };
  });
  return Object.assign(carrier, { url: (await app.listen({ host: "127.0.0.1", port: 0 })) + "/sms/send" });
}
