/**
 * A provider of online cash registers with the interface of ATOL Online, version 4. It makes a receipt some looks after it was asked for one, and on
 * request it is away, busy, makes nothing, makes something else or loses its answers. What it has refused it refuses for ever under that name.
 */
import { randomUUID } from "node:crypto";
import fastify from "fastify";

export interface Registers {
  /** Where the interface begins. */
  readonly url: string;
  /** What was asked for, by the name that it was asked for under; each once. */
  readonly receipts: ReadonlyMap<string, RegisterReceipt>;
  away: boolean;
  /** Why the next receipts cannot be made; nothing: they are. */
  trouble: string | null;
  /** Why it looks at no request now, as in maintenance; nothing: it does. */
  busy: string | null;
  /** Why what it takes comes to nothing in the end; nothing: it is made. */
  fails: string | null;
  /** Whose answers are lost on their way, after what was asked is done: the end of a path, "/sell". */
  loses: string | null;
  /** What the register adds to each sum, kopecks. */
  adds: number;
  /** Tokens given out so far are good no more. */
  readonly forgetTokens: () => void;
  readonly close: () => Promise<void>;
}

export interface RegisterReceipt {
  readonly id: string;
  readonly isRefund: boolean;
  readonly body: { readonly receipt: { readonly total: number; readonly client: object; readonly payments: readonly { type: number }[] } };
  looks: number;
}

const EXISTS = { code: 33, text: "external_id is known" };
const LOOKS_UNTIL_MADE = 2;

export async function openRegisters(account: { readonly login: string; readonly password: string }): Promise<Registers> {
  const app = fastify({ forceCloseConnections: true });
  const receipts = new Map<string, RegisterReceipt>();
  const refused = new Map<string, string>();
  const tokens = new Set<string>();
  const registers: Registers = {
    ...{ url: "", receipts, away: false, trouble: null, busy: null, fails: null, loses: null, adds: 0 },
    forgetTokens: () => tokens.clear(),
    close: () => app.close(),
  };
  app.addHook("onRequest", async (request, reply) => {
    if (registers.away) return reply.code(502).send();
    if (!request.url.endsWith("/getToken") && !tokens.has(String(request.headers.token))) return reply.code(401).send({});
  });
  app.addHook("onSend", async (request, reply, payload) => {
    if (registers.loses !== null && request.url.endsWith(registers.loses)) reply.code(504);
    return payload;
  });
  app.post("/possystem/v4/getToken", async (request) => {
    const { login, pass } = request.body as { login: string; pass: string };
    if (login !== account.login || pass !== account.password) return { error: { code: 12, text: "wrong login" } };
    const token = randomUUID();
    tokens.add(token);
    return { token, error: null };
  });
  const take = (isRefund: boolean) => async (request: { body: unknown }) => {
    const body = request.body as RegisterReceipt["body"] & { external_id: string };
    if (registers.busy !== null) return { uuid: null, status: "fail", error: { code: 50, text: registers.busy } };
    const known = receipts.get(body.external_id);
    if (known) return { uuid: known.id, status: "fail", error: EXISTS };
    const text = refused.get(body.external_id) ?? registers.trouble;
    if (text !== null) {
      refused.set(body.external_id, text);
      return { uuid: null, status: "fail", error: { code: 32, text } };
    }
    const id = randomUUID();
    receipts.set(body.external_id, { id, isRefund, body, looks: 0 });
    return { uuid: id, status: "wait", error: null };
  };
  app.post("/possystem/v4/:group/sell", take(false));
  app.post("/possystem/v4/:group/sell_refund", take(true));
  app.get<{ Params: { id: string } }>("/possystem/v4/:group/report/:id", async (request) => {
    const found = [...receipts.values()].find(({ id }) => id === request.params.id);
    if (!found) return { status: "fail", error: { code: 34, text: "no such document" } };
    if (++found.looks < LOOKS_UNTIL_MADE) return { status: "wait", error: null };
    if (registers.fails !== null) return { uuid: found.id, status: "fail", error: { code: 1, text: registers.fails } };
    return { uuid: found.id, status: "done", error: null, payload: madeOf(found, registers.adds) };
  });
  return Object.assign(registers, { url: (await app.listen({ host: "127.0.0.1", port: 0 })) + "/possystem/v4" });
}

function formatTotal(roubles: number, adds: number): number {
  return Math.round(roubles * 100 + adds) / 100;
}

function madeOf({ id, body }: RegisterReceipt, adds: number): object {
  return {
    total: formatTotal(body.receipt.total, adds),
    fn_number: "9999078900001234",
    fiscal_document_number: 133,
    fiscal_document_attribute: 3449555941,
    receipt_datetime: "18.01.2018 12:00:00",
    ofd_receipt_url: "https://ofd.example/" + id,
  };
}
