/** The cloud's settings, from the environment. A wrong one stops the start with its name, its value and what is allowed. */
import type { IdentitySettings } from "./people/identity.js";
import { isHere } from "./people/mail.js";
import type { MailOptions } from "./people/mail.js";
import type { SmsOptions } from "./people/sms.js";
import { readPaymentSettings } from "./payments/settings.js";
import type { PaymentSettings } from "./payments/settings.js";
import { readFiscalSettings } from "./fiscal/settings.js";
import type { FiscalSettings } from "./fiscal/provider.js";

export interface CloudConfig {
  /** Folder for the cloud's key and, unless `databaseUrl` is given, its database. */
  readonly dataDir: string;
  /** Your own PostgreSQL; null: one of ours in `dataDir`. */
  readonly databaseUrl: string | null;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The operator's name as a domain: it stands in every log's name and cannot change later. */
  readonly house: string;
  /** Where readers find the portal, without a slash at the end; nothing: where it listens. */
  readonly publicUrl?: string | null;
  /** The operator's bridge for short messages and letters; nothing: they are pinned on a page of this machine. */
  readonly messagesUrl?: string | null;
  /** Who carries short messages instead of that bridge; nobody when it is left out. */
  readonly sms?: SmsOptions | null;
  /** Who carries letters instead of that bridge; nobody when it is left out. */
  readonly mail?: MailOptions | null;
  /** Who else may vouch for guardians; nobody when it is left out. */
  readonly identity?: IdentitySettings | null;
  /** Where the operator's terms of contract stand; nothing: nowhere. */
  readonly offerUrl?: string | null;
  /** Cookies travel over HTTPS only. Off where the cloud listens on this machine alone. */
  readonly secureCookies: boolean;
  /** Working days in which the operator makes a card; nothing: 30, as the regulation has it. */
  readonly cardDays?: number;
  /** Who takes payments; nobody when it is left out. */
  readonly payments?: PaymentSettings;
  /** Who makes receipts of a cash register; nobody when it is left out. */
  readonly fiscal?: FiscalSettings | null;
}

export class WrongSetting extends Error {
  constructor(setting: string, value: string | undefined, allowed: string) {
    super(setting + (value === undefined ? " is not set" : " is " + JSON.stringify(value)) + "; it must be " + allowed);
  }
}

type Environment = { readonly [name: string]: string | undefined };

/** Throws {@link WrongSetting} at the first setting that is not allowed. */
export function readCloudConfig(environment: Environment): CloudConfig {
  const host = environment.TRAPEZA_CLOUD_HOST ?? "127.0.0.1";
  const isLocal = host === "127.0.0.1" || host === "::1" || host === "localhost";
  const wrong = (setting: string, value: string | undefined, allowed: string) => new WrongSetting(setting, value, allowed);
  const [sms, mail] = [carrier(environment), mailServer(environment)];
  return {
    dataDir: required(environment, "TRAPEZA_CLOUD_DATA", "a folder that this user may write to"),
    databaseUrl: databaseUrl(environment),
    host,
    port: port(environment),
    house: house(environment),
    publicUrl: webAddress(environment, "TRAPEZA_PUBLIC_URL", isLocal),
    messagesUrl: webAddress(environment, "TRAPEZA_MESSAGES_URL", isLocal || (sms !== null && mail !== null)),
    ...{ sms, mail },
    identity: identity(environment),
    offerUrl: webAddress(environment, "TRAPEZA_OFFER_URL", true),
    secureCookies: !isLocal,
    cardDays: cardDays(environment),
    payments: readPaymentSettings(environment, wrong),
    fiscal: readFiscalSettings(environment, wrong),
  };
}

function required(environment: Environment, name: string, allowed: string): string {
  const value = environment[name];
  if (!value) throw new WrongSetting(name, value, allowed);
  return value;
}

function databaseUrl(environment: Environment): string | null {
  const value = environment.DATABASE_URL;
  if (value === undefined) return null;
  if (!/^postgres(ql)?:\/\/.+/.test(value))
    throw new WrongSetting("DATABASE_URL", value.replace(/\/\/[^/@]*@/, "//…@"), "postgres://user:password@host:port/database");
  return value;
}

/** Where people outside come to us there is no guessing: letters need an address to lead to, and codes somebody to carry them. */
function webAddress(environment: Environment, name: string, isLocal: boolean): string | null {
  const value = environment[name];
  if (value === undefined && isLocal) return null;
  if (value === undefined || !/^https?:\/\/[^\s/]+(\/\S*)?$/.test(value) || !URL.canParse(value)) {
    throw new WrongSetting(name, value, "an address as https://meals.example, unless the cloud listens on this machine alone");
  }
  return value.replace(/\/+$/, "");
}

function carrier(environment: Environment): SmsOptions | null {
  const { TRAPEZA_SMS_URL: url, TRAPEZA_SMS_FROM: sender = null } = environment;
  if (url === undefined) return null;
  if (!URL.canParse(url) || !isGuarded(new URL(url)))
    throw new WrongSetting("TRAPEZA_SMS_URL", url, "an address as https://sms.ru/sms/send, without https on this machine alone");
  if (environment.TRAPEZA_MESSAGES_URL === undefined && environment.TRAPEZA_SMTP_URL === undefined)
    throw new WrongSetting(
      "TRAPEZA_MESSAGES_URL",
      undefined,
      "an address that takes letters, or TRAPEZA_SMTP_URL is: TRAPEZA_SMS_URL does not",
    );
  return { url, key: required(environment, "TRAPEZA_SMS_KEY", "the key that the carrier gave you"), sender };
}

/** Whether user and password are written as an address writes them, "%" as "%25". */
function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

function mailServer(environment: Environment): MailOptions | null {
  const { TRAPEZA_SMTP_URL: url } = environment;
  if (url === undefined) return null;
  if (!/^smtps?:\/\/[^/?#]+\/?$/.test(url) || !URL.canParse(url) || !isDecodable(new URL(url)))
    throw new WrongSetting("TRAPEZA_SMTP_URL", "…", "an address as smtps://user:password@mail.example:465");
  if (environment.TRAPEZA_MESSAGES_URL === undefined && environment.TRAPEZA_SMS_URL === undefined)
    throw new WrongSetting(
      "TRAPEZA_MESSAGES_URL",
      undefined,
      "an address that takes short messages, or TRAPEZA_SMS_URL is: a mail server does not",
    );
  const from = required(environment, "TRAPEZA_SMTP_FROM", "the address that letters come from");
  if (!/^[^\s@<>,]+@[^\s@<>,]+$/.test(from)) throw new WrongSetting("TRAPEZA_SMTP_FROM", from, "an address as meals@school.example");
  return { url, from };
}

function identity(environment: Environment): IdentitySettings | null {
  const { TRAPEZA_OIDC_ISSUER: issuer } = environment;
  if (issuer === undefined) return null;
  if (!URL.canParse(issuer) || !isGuarded(new URL(issuer)))
    throw new WrongSetting("TRAPEZA_OIDC_ISSUER", issuer, "an address as https://id.example, without https on this machine alone");
  return {
    issuer,
    clientId: required(environment, "TRAPEZA_OIDC_CLIENT", "the name that the provider knows us by"),
    clientSecret: required(environment, "TRAPEZA_OIDC_SECRET", "the secret that the provider gave you"),
    name: required(environment, "TRAPEZA_OIDC_NAME", "the provider's name, as it is to stand on the button"),
  };
}

/** A key and people's telephones go there: nobody on the way may read them. */
function isGuarded({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || (protocol === "http:" && isHere(hostname));
}

function port(environment: Environment): number {
  const value = environment.TRAPEZA_CLOUD_PORT ?? "8080";
  if (!/^[0-9]{1,5}$/.test(value) || Number(value) > 65535) {
    throw new WrongSetting("TRAPEZA_CLOUD_PORT", value, "a port from 0 to 65535, where 0 takes any free one");
  }
  return Number(value);
}

/** R4.4.1 gives 30 days; an operator may promise less, as P2.1 does. */
function cardDays(environment: Environment): number {
  const value = environment.TRAPEZA_CARD_DAYS ?? "30";
  if (!/^([1-9]|[12][0-9]|30)$/.test(value)) throw new WrongSetting("TRAPEZA_CARD_DAYS", value, "working days from 1 to 30");
  return Number(value);
}

function house(environment: Environment): string {
  const value = required(environment, "TRAPEZA_HOUSE", "the operator's domain, as trapeza.example");
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(value) || value.length > 100) {
    throw new WrongSetting("TRAPEZA_HOUSE", value, "a domain in small letters, as trapeza.example");
  }
  return value;
}
