/** Who is behind a card or a number, as far as a terminal may know. */
import type { CardHolder } from "../journal/directive.js";
import type { Reason } from "../wire/reason.js";
import { kopecks } from "../wire/units.js";
import type { AccountNumber, CardUid, Kopecks } from "../wire/units.js";
import { refusalOf } from "./check.js";
import { bannedOn, purseChecks } from "./operations/sale.js";
import { accountOf, cardChecks, cardOf, payeeChecks, shiftOf, spenderChecks, staffOf, terminalChecks, terminalOf } from "./presented.js";
import type { Context } from "./request.js";
import type { Account, School } from "./school.js";

export interface Holder {
  readonly kind: "holder";
  readonly uid: CardUid;
  readonly holder: CardHolder;
  readonly cardNumber: string;
  /** Full name of the pupil or employee. */
  readonly name: string;
  /** "Имя Ф." of a holder with purses; an employee's own name otherwise. */
  readonly shortName: string;
  readonly className: string;
  /** `null` for a card without purses. */
  readonly account: number | null;
  readonly number: AccountNumber | null;
  readonly main: Kopecks;
  readonly additional: Kopecks;
  /** Why a sale of the asked total would be refused, at a kiosk why money would not be credited here; `null` when it would, or nothing was asked. */
  readonly verdict: Reason | null;
  /** Dishes of today that are sold to this person only with a reason. */
  readonly banned: readonly number[];
  /** At a kiosk, for a collector: what is in the box. */
  readonly box: readonly { readonly note: Kopecks; readonly count: number }[];
}

/** The payee at the kiosk: never a balance here, the number may have been typed by a stranger. */
export interface FoundPayee {
  readonly kind: "payee";
  readonly account: number;
  readonly number: AccountNumber;
  /** "Имя Ф." */
  readonly shortName: string;
  /** `account_moved`: taken, and credited at the other school. */
  readonly verdict: Reason | null;
}

export interface NobodyFound {
  readonly kind: "refused";
  readonly reason: Reason;
}

/** The card shown at `context.terminal`; `total` in kopecks when a till asks whether that much could be sold. */
export function holderOf(school: School, uid: CardUid, total: Kopecks | null, context: Context): Holder | NobodyFound {
  const terminal = terminalOf(school, context);
  const card = cardOf(school, uid);
  const checks = { ...terminalChecks(school, context, null), ...cardChecks(card, context, () => true) };
  const account = accountOf(school, card?.account ?? null);
  const atKiosk = terminal !== null && terminal.terminalKind === "payment";
  const atTill = terminal !== null && terminal.terminalKind === "settlement";
  // Money may come in on anybody's card; whoever wants to open the box, or anything else for which there is no face, needs a good one.
  const asked = account === null ? "Tap" : atKiosk ? "TapAtKiosk" : atTill ? "TapAtTill" : "Tap";
  const reason = refusalOf<"TapAtKiosk" | "TapAtTill" | "Tap">(asked, checks, context.found);
  if (reason !== null || card === null) return { kind: "refused", reason: reason ?? "unknown_card" };
  const className = account && account.class !== null ? (school.classes.get(account.class)?.name ?? "") : "";
  return {
    kind: "holder",
    uid,
    holder: card.holder,
    cardNumber: card.number,
    name: account?.name ?? staffOf(school, card)?.name ?? "",
    shortName: account?.shortName ?? staffOf(school, card)?.name ?? "",
    className,
    account: account?.id ?? null,
    number: account?.number ?? null,
    main: account?.main ?? kopecks(0),
    additional: account?.additional ?? kopecks(0),
    verdict: atKiosk ? payeeVerdict(account) : total === null ? null : verdictOn(school, account?.id ?? null, total, context),
    // What a child must not eat is between its parents and the till.
    banned: account && atTill ? bannedOn(school, account, context.date) : [],
    box: atKiosk && card.holder === "collector" ? terminal.notes : [],
  };
}

/** Why money for this account is not credited here; `null` for a card without purses too, which nobody can pay to. */
function payeeVerdict(account: Account | null): Reason | null {
  return account === null ? null : refusalOf("FindAccount", payeeChecks(account));
}

/** A forgotten card: who was found by class list and photo, at a till with an open shift. The card's own state does not matter, the account's does. */
export function holderByList(school: School, id: number, total: Kopecks, context: Context): Holder | NobodyFound {
  const account = accountOf(school, id);
  const refusal = browseRefusal(school, context) ?? (account === null || account.holder !== "pupil" ? "unknown_account" : null);
  if (refusal !== null || account === null) return { kind: "refused", reason: refusal ?? "unknown_account" };
  return {
    kind: "holder",
    uid: "" as CardUid,
    holder: "pupil",
    cardNumber: "",
    name: account.name,
    shortName: account.shortName,
    className: account.class === null ? "" : (school.classes.get(account.class)?.name ?? ""),
    account: account.id,
    number: account.number,
    main: account.main,
    additional: account.additional,
    verdict: verdictOn(school, account.id, total, context),
    banned: bannedOn(school, account, context.date),
    box: [],
  };
}

/** Names are for a cashier at work: at an open till, or not at all. */
export function browseRefusal(school: School, context: Context): Reason | null {
  const checks = { ...terminalChecks(school, context, "settlement"), shift_closed: () => shiftOf(school, context) === null };
  return refusalOf("Browse", checks, context.found);
}

/** Classes with pupils (`classId` 0), or the pupils of one class, by name. */
export function rosterOf(school: School, classId: number): { readonly id: number; readonly name: string }[] {
  const here = [...school.accounts.values()].filter(
    (one) => one.holder === "pupil" && one.class !== null && one.status !== "closed" && one.status !== "moved",
  );
  const found =
    classId > 0
      ? here.filter((one) => one.class === classId).map(({ id, name }) => ({ id, name }))
      : [...school.classes.values()].filter((one) => here.some((pupil) => pupil.class === one.id));
  return found.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, "ru", { numeric: true }) || a.id - b.id);
}

function verdictOn(school: School, id: number | null, total: number, context: Context): Reason | null {
  const account = accountOf(school, id);
  return refusalOf("TapVerdict", {
    shift_closed: () => shiftOf(school, context) === null,
    ...spenderChecks(account),
    ...purseChecks(school, account, total, context),
  });
}

/** The account behind a typed number, for the kiosk's "Имя Ф.". */
export function payeeOf(school: School, number: AccountNumber): FoundPayee | NobodyFound {
  const account = accountOf(school, school.accountByNumber.get(number) ?? null);
  const reason = refusalOf("FindAccount", payeeChecks(account));
  if (account === null || (reason !== null && reason !== "account_moved")) return { kind: "refused", reason: reason ?? "unknown_account" };
  return { kind: "payee", account: account.id, number: account.number, shortName: account.shortName, verdict: reason };
}
