/** Who is behind a card or a number, as far as a terminal may know. */
import type { CardHolder } from "../journal/directive.js";
import type { Reason } from "../wire/reason.js";
import type { AccountNumber, CardUid, Kopecks } from "../wire/units.js";

export interface Holder {
  readonly kind: "holder";
  readonly uid: CardUid;
  readonly holder: CardHolder;
  readonly cardNumber: string;
  /** Full name of the pupil or employee. */
  readonly name: string;
  readonly className: string;
  /** `null` for a card without purses. */
  readonly account: number | null;
  readonly number: AccountNumber | null;
  readonly main: Kopecks;
  readonly additional: Kopecks;
  /** Why a sale of the asked total would be refused; `null` when it would not, or nothing was asked. */
  readonly verdict: Reason | null;
}

/** The payee at the kiosk: never a balance here, the number may have been typed by a stranger. */
export interface FoundPayee {
  readonly kind: "payee";
  readonly account: number;
  readonly number: AccountNumber;
  /** "Имя Ф." */
  readonly shortName: string;
}

export interface NobodyFound {
  readonly kind: "refused";
  readonly reason: Reason;
}
