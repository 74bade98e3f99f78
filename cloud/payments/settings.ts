/** The settings of payments, from the environment: who takes them, on what terms. Nothing set: nobody does. */
import { kopecks } from "@trapeza/protocol";
import { createAcquirer } from "./acquirer.js";
import type { Order, Way } from "./order.js";
import type { Provider } from "./provider.js";
import { USUAL_POLICY } from "./quote.js";
import type { PaymentPolicy } from "./quote.js";

export interface PaymentSettings {
  /** The acquirer's REST interface; null: no payments by card or SBP. */
  readonly acquirer: { readonly url: string; readonly user: string; readonly password: string; readonly callbackKey: string } | null;
  readonly ways: readonly Way[];
  /** What a network of terminals says of itself at `/payments/network`; null: no network is answered. */
  readonly networkPassword: string | null;
  readonly policy: PaymentPolicy;
}

export const NO_PAYMENTS: PaymentSettings = { acquirer: null, ways: [], networkPassword: null, policy: USUAL_POLICY };

type Environment = { readonly [name: string]: string | undefined };
type Wrong = (setting: string, value: string | undefined, allowed: string) => Error;

const SHORTEST_PASSWORD = 16;
const FEWEST_SIGNS = 8;
const CREDIT_ON = ["authorisation", "settlement"] as const;

/** Throws what `wrong` makes of the first setting that is not allowed. */
export function readPaymentSettings(environment: Environment, wrong: Wrong): PaymentSettings {
  const { TRAPEZA_ACQUIRER_URL: url } = environment;
  const networkPassword = environment.TRAPEZA_NETWORK_PASSWORD ?? null;
  if (networkPassword !== null && (networkPassword.length < SHORTEST_PASSWORD || new Set(networkPassword).size < FEWEST_SIGNS))
    throw wrong(
      "TRAPEZA_NETWORK_PASSWORD",
      "…",
      `a password of ${SHORTEST_PASSWORD} characters or more, ${FEWEST_SIGNS} of them different`,
    );
  if (url === undefined) return { ...NO_PAYMENTS, networkPassword };
  if (!URL.canParse(url)) throw wrong("TRAPEZA_ACQUIRER_URL", url, "the address of the acquirer's REST interface");
  const needed = (name: string, allowed: string) => {
    const value = environment[name];
    if (!value) throw wrong(name, value, allowed);
    return value;
  };
  const ways = (environment.TRAPEZA_PAY_BY ?? "card").split(",");
  if (!ways.every((way) => way === "card" || way === "sbp")) throw wrong("TRAPEZA_PAY_BY", ways.join(","), "card, sbp or card,sbp");
  const creditOn = CREDIT_ON.find((one) => one === (environment.TRAPEZA_CREDIT_ON ?? "authorisation"));
  if (!creditOn) throw wrong("TRAPEZA_CREDIT_ON", environment.TRAPEZA_CREDIT_ON, "authorisation or settlement");
  const fee = environment.TRAPEZA_PAYMENT_FEE ?? "0";
  if (!/^[0-9]{1,4}$/.test(fee)) throw wrong("TRAPEZA_PAYMENT_FEE", fee, "hundredths of a per cent, from 0 to 9999");
  const rule = { basisPoints: Number(fee), atLeast: kopecks(0) };
  return {
    acquirer: {
      url,
      user: needed("TRAPEZA_ACQUIRER_USER", "the name that the acquirer gave you"),
      password: needed("TRAPEZA_ACQUIRER_PASSWORD", "the password that the acquirer gave you"),
      callbackKey: needed("TRAPEZA_ACQUIRER_CALLBACK_KEY", "the secret of the acquirer's checksums"),
    },
    ways: ways as Way[],
    networkPassword,
    policy: { ...USUAL_POLICY, creditOn, fees: { card: rule, sbp: rule } },
  };
}

const TIMEOUT_MS = 10000;

export interface ProviderSurroundings {
  readonly describe: (order: Order) => string;
  readonly clientOf: (payer: string) => string;
  /** Asked when the first order is registered, which is after the listening began. */
  readonly publicUrl: () => string;
}

export function providersFor({ acquirer, ways }: PaymentSettings, around: ProviderSurroundings): Provider[] {
  if (acquirer === null) return [];
  const { url, user, password } = acquirer;
  return ways.map((way) => createAcquirer({ way, url, user, password, ...around, timeoutMs: TIMEOUT_MS }));
}
