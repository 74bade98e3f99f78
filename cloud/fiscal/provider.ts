/**
 * A provider of online cash registers, by the interface of ATOL Online (version 4), which others share: a token, `sell` and `sell_refund`, then `report`. A
 * receipt asked for twice under one name is one receipt.
 */
import * as v from "valibot";
import { ru } from "./words.ru.js";
import type { FiscalDocument, FiscalReceipt, Operation } from "./receipt.js";

export interface FiscalProvider {
  /** Rejects when there is no answer. */
  readonly ask: (receipt: FiscalReceipt) => Promise<{ readonly kind: "taken"; readonly id: string } | Refused>;
  readonly look: (id: string) => Promise<{ readonly kind: "waiting" } | Made | Refused>;
}

export interface Made {
  readonly kind: "done";
  readonly document: FiscalDocument;
  /** Kopecks that stand on it. */
  readonly total: number;
}

export interface Refused {
  readonly kind: "refused";
  readonly why: string;
  /** Nothing will ever be made under this name; otherwise it may have been taken by an earlier question whose answer was lost. */
  readonly isForGood: boolean;
}

export interface FiscalSettings {
  /** Where the interface begins, "https://online.example/possystem/v4". */
  readonly url: string;
  readonly group: string;
  readonly login: string;
  readonly password: string;
  /** Whose register it is: taxpayer's number, tax system, where it is paid, and an address for receipts that nobody else gets. */
  readonly inn: string;
  readonly tax: string;
  readonly place: string;
  readonly email: string;
  readonly operations: readonly Operation[];
}

const PATIENCE_MS = 10000;
/** "There is a document with this external_id already": it comes with that document's name. */
const EXISTS = 33;
/** The request itself is wrong: nothing was taken. Others, as a limit or maintenance, say nothing of what an earlier request has left there. */
const REJECTED = 32;
const UNAUTHORIZED = 401;
const MINUTES_AT_MOSCOW = 180;

const trouble = v.nullish(v.object({ code: v.number(), text: v.string() }));
const opened = v.object({ token: v.optional(v.string()), error: trouble });
const taken = v.object({ uuid: v.nullish(v.string()), error: trouble });
const whole = v.pipe(v.number(), v.integer());
const reported = v.object({
  status: v.string(),
  error: trouble,
  payload: v.nullish(
    v.object({
      total: v.number(),
      fn_number: v.string(),
      fiscal_document_number: whole,
      fiscal_document_attribute: whole,
      receipt_datetime: v.string(),
      ofd_receipt_url: v.nullish(v.string()),
    }),
  ),
});

/** `house`: our name, so that receipts of two houses at one provider are never taken for one another. */
export function createFiscalProvider(settings: FiscalSettings, house: string): FiscalProvider {
  const { url, group, login, password } = settings;
  let token: string | null = null;
  const speak = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<unknown> => {
    const sent = body === null ? {} : { method: "POST", body: JSON.stringify(body) };
    const answer = await fetch(url + path, {
      ...{ ...sent, headers: { "content-type": "application/json", ...headers } },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.status === UNAUTHORIZED) token = null;
    if (answer.status >= 500 || answer.status === UNAUTHORIZED) throw new Error("the provider of receipts answered " + answer.status);
    return answer.json();
  };
  const asked = async (path: string, body: unknown): Promise<unknown> => {
    if (token === null) {
      const said = v.parse(opened, await speak("/getToken", { login, pass: password }));
      if (said.token === undefined) throw new Error("the provider of receipts lets us not in: " + (said.error?.text ?? ""));
      token = said.token;
    }
    return speak("/" + group + path, body, { token });
  };
  return {
    async ask(receipt) {
      const path = receipt.sum > 0 ? "/sell" : "/sell_refund";
      const said = v.parse(taken, await asked(path, bodyOf(receipt, settings, house)));
      const isThere = !said.error || said.error.code === EXISTS;
      if (isThere && said.uuid) return { kind: "taken", id: said.uuid };
      return { kind: "refused", why: said.error?.text ?? "it names no document", isForGood: said.error?.code === REJECTED };
    },
    async look(id) {
      const { status, error, payload } = v.parse(reported, await asked("/report/" + encodeURIComponent(id), null));
      if (status === "fail") return { kind: "refused", why: error?.text ?? "", isForGood: true };
      if (status !== "done" || !payload) return { kind: "waiting" };
      const { fn_number: drive, fiscal_document_number: number, fiscal_document_attribute: sign, receipt_datetime: moment } = payload;
      const link = payload.ofd_receipt_url ?? "";
      const document = { drive, number, sign, moment, url: link.startsWith("https://") ? link : null };
      return { kind: "done", document, total: kopecksOf(payload.total) };
    },
  };
}

/** Unique for ever. A name refused for good stays so at the provider, so renewals have names of their own. */
function nameOf({ school, transaction, renewals }: FiscalReceipt, house: string): string {
  return house + "/" + school + "/" + transaction + (renewals === 0 ? "" : "/" + renewals);
}

function bodyOf(receipt: FiscalReceipt, settings: FiscalSettings, house: string): unknown {
  const { sum, atMs, payer, operation } = receipt;
  const total = formatRoubles(Math.abs(sum));
  const isPhone = payer !== null && /^[0-9]+$/.test(payer);
  const client = payer === null ? { email: settings.email } : isPhone ? { phone: "+" + payer } : { email: payer };
  // What is put on an account is an advance; what is sold for cash is paid in full.
  const kind = operation === "till" ? ["full_payment", "commodity"] : ["advance", "payment"];
  return {
    external_id: nameOf(receipt, house),
    timestamp: formatMoment(atMs),
    receipt: {
      client,
      company: { email: settings.email, sno: settings.tax, inn: settings.inn, payment_address: settings.place },
      items: [
        {
          ...{ name: ru.item, price: total, quantity: 1, sum: total },
          ...{ payment_method: kind[0], payment_object: kind[1], vat: { type: "none" } },
        },
      ],
      payments: [{ type: operation === "remote" ? 1 : 0, sum: total }],
      total,
    },
  };
}

/** The interface counts in roubles, with the kopecks behind the point. */
function formatRoubles(kopecks: number): number {
  return kopecks / 100;
}

function kopecksOf(roubles: number): number {
  return Math.round(roubles * 100);
}

/** "28.11.2026 09:15:00", at Moscow. */
function formatMoment(atMs: number): string {
  const [date, clock] = new Date(atMs + MINUTES_AT_MOSCOW * 60_000).toISOString().slice(0, 19).split("T");
  return date.split("-").reverse().join(".") + " " + clock;
}
