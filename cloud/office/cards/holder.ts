/** Whom a card is for: a pupil by account, or one of the school's staff by number. */
import type { School } from "@trapeza/protocol";

export interface Holder {
  readonly holder: "pupil" | "staff";
  /** The account's or the employee's. */
  readonly number: number;
}

/** As it stands on lists and cards. */
export interface HolderText {
  readonly name: string;
  /** The card's number: a pupil's is that of the account. "" while an employee has no card yet. */
  readonly card: string;
  /** "" for staff. */
  readonly class: string;
  readonly classId: number | null;
}

export const subjectOf = ({ holder, number }: Holder): string => (holder === "pupil" ? "account " : "employee ") + number;

/** `null`: nobody of this school. Papers outlive their people: whoever has left is found with the name that is still known. */
export function textOf(school: School, { holder, number }: Holder): HolderText | null {
  if (holder === "staff") {
    const found = school.staff.get(number);
    const card = [...school.cards.values()].find((one) => one.staff === number && one.state !== "returned")?.number ?? "";
    return found ? { name: found.name, card, class: "", classId: null } : null;
  }
  const found = school.accounts.get(number);
  if (found?.holder !== "pupil") return null;
  return { name: found.name, card: found.number, class: school.classes.get(found.class ?? -1)?.name ?? "", classId: found.class };
}

/** The same; `null` for whoever has left, too. */
export function holderIn(school: School, holder: Holder): HolderText | null {
  const status = holder.holder === "staff" ? "open" : school.accounts.get(holder.number)?.status;
  return status === "open" || status === "arriving" ? textOf(school, holder) : null;
}

/** Everybody of a class by name, or the staff when `classId` is null. */
export function holdersOf(school: School, classId: number | null): Holder[] {
  const order = new Intl.Collator("ru");
  const all: Holder[] =
    classId === null
      ? [...school.staff.keys()].map((number) => ({ holder: "staff", number }))
      : [...school.accounts.values()].flatMap((one) => (one.class === classId ? [{ holder: "pupil", number: one.id } as const] : []));
  const named = all.flatMap((one) => {
    const text = holderIn(school, one);
    return text ? [{ one, name: text.name }] : [];
  });
  return named.sort((a, b) => order.compare(a.name, b.name)).map(({ one }) => one);
}
