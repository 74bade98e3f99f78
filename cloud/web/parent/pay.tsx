/** Topping up: sums for every child, the fee and the total before anything is paid, and then the payment as it goes its way. */
import type { Purse } from "@trapeza/protocol";
import type { FiscalReceipt } from "../../fiscal/receipt.js";
import type { Order, OrderLine, Way } from "../../payments/order.js";
import type { Binding } from "../../payments/store.js";
import type { Quote } from "../../payments/quote.js";
import { localMoment } from "../date-text.js";
import { EMPTY, Field, Form } from "../form.js";
import type { Filled } from "../form.js";
import { Sheet } from "../layout.js";
import { moneyText } from "../money-text.js";
import { Live, Money, Note } from "../parts.js";
import { Qr } from "../qr.js";
import { useReader } from "../reader-context.js";
import { PRESETS, PURSE_FIELDS, amountText, fieldOf } from "./basket.js";
import type { Payee } from "./basket.js";
import { FiscalReceipts } from "./fiscal-receipts.js";
import { ParentSheet } from "./sheet.js";
import { parentWords } from "./words.js";

const useWords = () => parentWords(useReader().language);

/** A page for whoever pays: with the parent's sections, or a passer-by's sheet. */
function PaySheet({ title, guardian, children }: { title: string; guardian: string | null; children: preact.ComponentChildren }) {
  if (guardian === null) return <Sheet title={title}>{children}</Sheet>;
  return (
    <ParentSheet title={title} guardian={guardian}>
      {children}
    </ParentSheet>
  );
}

export interface PayProps {
  readonly guardian: string | null;
  /** Where the form leads; a passer-by's also carries the number. */
  readonly action: string;
  readonly number: string | null;
  readonly payees: readonly Payee[];
  readonly form: Filled;
  readonly trouble: string | null;
  readonly open: boolean;
}

export function PayPage({ guardian, action, number, payees, form, trouble, open }: PayProps) {
  const { pay } = useWords();
  return (
    <PaySheet title={pay.title} guardian={guardian}>
      <h1>{pay.title}</h1>
      {!open && <Note tone="warning">{pay.noWays}</Note>}
      {payees.length > 1 && <p class="lead">{pay.lead}</p>}
      {trouble && <Note tone="warning">{trouble}</Note>}
      <form method="get" action={action} class="basket">
        {number !== null && <input type="hidden" name="number" value={number} />}
        {payees.map((payee) => (
          <fieldset class="payee">
            <legend>{payee.name}</legend>
            {PURSE_FIELDS.map((purse) => (
              <Sum payee={payee} purse={purse} form={form} />
            ))}
          </fieldset>
        ))}
        {payees.length > 0 && (
          <p class="actions">
            <button class="main" name="review" value="1">
              {pay.next}
            </button>
          </p>
        )}
      </form>
      {guardian !== null && (
        <p>
          <a href="/pay/number">{pay.byNumber}</a>
        </p>
      )}
    </PaySheet>
  );
}

function Sum({ payee, purse, form }: { payee: Payee; purse: Purse; form: Filled }) {
  const { pay } = useWords();
  const name = fieldOf(payee, purse);
  return (
    <div class="sum">
      <Field {...{ form, name, label: pay[purse], optional: true, most: 12, unit: "₽" }} inputmode="decimal" autocomplete="off" />
      <p class="add">
        {PRESETS.map((amount) => (
          <button name="add" value={name + ":" + amount}>
            {pay.preset(amountText(amount))}
            <span class="unseen">{pay.presetFor(pay[purse], payee.name)}</span>
          </button>
        ))}
      </p>
    </div>
  );
}

export function NumberPage({ guardian, form }: { guardian: string | null; form: Filled }) {
  const { pay, account } = useWords();
  return (
    <PaySheet title={pay.byNumber} guardian={guardian}>
      <h1>{pay.byNumber}</h1>
      <p class="lead">{pay.byNumberLead}</p>
      <form method="get" action="/pay/number" class="door">
        <Field {...{ form, name: "number", label: pay.number, hint: account.restore.numberHint, most: 20 }} inputmode="numeric" />
        <button class="main">{pay.next}</button>
      </form>
    </PaySheet>
  );
}

export interface ReviewProps {
  readonly guardian: string | null;
  readonly lines: readonly (OrderLine & { readonly name: string })[];
  readonly offers: readonly { readonly way: Way; readonly quote: Extract<Quote, { ok: true }> }[];
  /** This payment's own name: pressed twice, it is one payment. */
  readonly paymentKey: string;
  readonly email: string;
  readonly back: string;
  /** The payer's bound accounts, and ways by which he may bind one. */
  readonly bindings: readonly Binding[];
  readonly canBind: readonly Way[];
}

export function ReviewPage({ guardian, lines, offers, paymentKey, email, back, bindings, canBind }: ReviewProps) {
  const { pay } = useWords();
  const say = pay.review;
  const isBound = (way: Way) => bindings.some((bound) => bound.way === way);
  const isOneSum = new Set(offers.map(({ quote }) => quote.total)).size === 1;
  const quoteOf = (way: Way) => offers.find((offer) => offer.way === way)?.quote;
  const payment = { paymentKey, lines };
  return (
    <PaySheet title={say.title} guardian={guardian}>
      <h1>{say.title}</h1>
      <Lines lines={lines} />
      {isOneSum && <Price quote={offers[0].quote} />}
      {bindings.map(({ id, way, bank }) => {
        const quote = quoteOf(way);
        // What is quickest stands first, in a form without fields: no key in another field takes money by itself.
        return quote && <OneTap {...{ ...payment, quote, bank, email, isOneSum }} value={way + "/" + id} />;
      })}
      <Form action="/pay">
        <PaymentFields {...payment} />
        <div class="door">
          <Field
            {...{ form: EMPTY, name: "email", label: say.email, hint: say.emailHint, inputmode: "email", optional: true, value: email }}
          />
        </div>
        {offers.map(({ way, quote }) => (
          <div class="way">
            <h2>{say.ways[way]}</h2>
            {!isOneSum && <Price quote={quote} />}
            {canBind.includes(way) && !isBound(way) && (
              <p class="choice">
                <label>
                  <input type="checkbox" name="remember" value="1" /> {say.remember}
                </label>
              </p>
            )}
            <p class="actions">
              <button class={bindings.length > 0 ? undefined : "main"} name="way" value={way}>
                {say.pay(moneyText(quote.total))}
              </button>
            </p>
          </div>
        ))}
      </Form>
      <p>
        <a href={back}>{say.change}</a>
      </p>
    </PaySheet>
  );
}

type Payment = Pick<ReviewProps, "paymentKey" | "lines">;

function PaymentFields({ paymentKey, lines }: Payment) {
  return (
    <>
      <input type="hidden" name="key" value={paymentKey} />
      {lines.map(({ school, account, purse, sum }) => (
        <input type="hidden" name="line" value={[school, account, purse, sum].join(".")} />
      ))}
    </>
  );
}

interface OneTapProps extends Payment {
  readonly quote: Extract<Quote, { ok: true }>;
  readonly bank: string;
  /** Where the receipt goes, as it stands in the profile. */
  readonly email: string;
  readonly isOneSum: boolean;
  readonly value: string;
}

function OneTap({ quote, bank, email, isOneSum, value, ...payment }: OneTapProps) {
  const say = useWords().pay.review;
  return (
    <Form action="/pay" class="way">
      <PaymentFields {...payment} />
      <input type="hidden" name="email" value={email} />
      {!isOneSum && <Price quote={quote} />}
      <p class="actions">
        <button class="main" name="way" value={value}>
          {say.oneTap(moneyText(quote.total), bank)}
        </button>
      </p>
    </Form>
  );
}

function Price({ quote }: { quote: Extract<Quote, { ok: true }> }) {
  const say = useWords().pay.review;
  return (
    <dl class="price">
      <dt>{say.sum}</dt>
      <dd>
        <Money amount={quote.sum} />
      </dd>
      <dt>{say.fee}</dt>
      <dd>
        <Money amount={quote.fee} />
      </dd>
      <dt class="total">{say.total}</dt>
      <dd class="total">
        <Money amount={quote.total} />
      </dd>
    </dl>
  );
}

function Lines({ lines }: { lines: readonly (OrderLine & { readonly name: string })[] }) {
  const { pay } = useWords();
  return (
    <ul class="lines">
      {lines.map(({ name, purse, sum }) => (
        <li>
          <span>
            {name}
            <span class="say">{pay[purse]}</span>
          </span>
          <Money amount={sum} />
        </li>
      ))}
    </ul>
  );
}

export interface OrderProps {
  readonly guardian: string | null;
  readonly order: Order;
  readonly lines: readonly (OrderLine & { readonly name: string })[];
  readonly zoneMinutes: number;
  /** Of the cash register, where it makes any. */
  readonly receipts: readonly FiscalReceipt[];
}

export function OrderPage(props: OrderProps) {
  const { guardian, order } = props;
  const { pay } = useWords();
  return (
    <PaySheet title={pay.order.title(order.number)} guardian={guardian}>
      <h1>{pay.order.title(order.number)}</h1>
      <Live source={"/live/pay/orders/" + order.key} version={String(order.version)}>
        <OrderState {...props} />
      </Live>
    </PaySheet>
  );
}

const TONES = { created: "calm", registered: "calm", authorised: "good", credited: "good" } as const;

export function OrderState({ order, lines, zoneMinutes, guardian, receipts }: OrderProps) {
  const { pay } = useWords();
  const say = pay.order;
  const { state, payAt } = order;
  const isOpen = state === "registered";
  return (
    <>
      <Note tone={TONES[state as keyof typeof TONES] ?? "warning"}>{say.states[state]}</Note>
      <Lines lines={lines} />
      <Price quote={{ ok: true, sum: (order.total - order.fee) as typeof order.total, fee: order.fee, total: order.total }} />
      <FiscalReceipts receipts={receipts} />
      {isOpen && payAt?.kind === "page" && (
        <p class="actions">
          <a class="button main" href={payAt.url}>
            {say.toBank}
          </a>
        </p>
      )}
      {isOpen && payAt?.kind === "qr" && (
        <>
          {/^https?:\/\//.test(payAt.payload) && (
            <p class="actions">
              <a class="button main" href={payAt.payload}>
                {say.toApp}
              </a>
            </p>
          )}
          <p>{say.scan}</p>
          <Qr payload={payAt.payload} label={say.qr} />
        </>
      )}
      {isOpen && payAt === null && <p>{say.charging}</p>}
      {isOpen && payAt !== null && <p class="faint">{say.until(localMoment(order.expiresMs, zoneMinutes).clock)}</p>}
      {!isOpen && (
        <p class="actions">
          <a href={guardian === null ? "/pay/number" : "/"}>{guardian === null ? say.again : say.home}</a>
        </p>
      )}
    </>
  );
}
