/** Photographs for cards: taken one by one or many by account number, looked at by whoever knows the faces, found right or wrong, forgotten. */
import { sql } from "kysely";
import type { BusinessDate, School } from "@trapeza/protocol";
import { readZip } from "../../documents/zip.js";
import type { Office } from "../office.js";
import type { Who } from "../people/import-desk.js";
import type { OfficeTransaction } from "../store/open.js";
import { holderIn, subjectOf } from "./holder.js";
import type { Holder } from "./holder.js";
import { makePortrait } from "./portrait.js";
import type { PortraitFault } from "./portrait.js";
import { afterWorkingDays } from "./working-days.js";

/** R3.4: until the lists with photographs are ready, after the day of photographing. */
const LIST_DAYS = 5;

export interface Photograph extends Holder {
  readonly takenMs: number;
  /** Found right or wrong by somebody who knows the face; a new photograph waits again. */
  readonly state: "waiting" | "right" | "wrong";
  readonly judgedMs: number | null;
  readonly judgedBy: string | null;
  /** "" of a wrong one: it cannot be drawn, and no person has said so. */
  readonly remark: string | null;
}

export const keyOf = ({ holder, number }: Holder): string => holder + " " + number;

/** All of a school's without their pictures, by {@link keyOf}. */
export async function photographs({ database }: Office, school: number): Promise<Map<string, Photograph>> {
  const columns = ["holder", "number", "takenMs", "state", "judgedMs", "judgedBy", "remark"] as const;
  const rows = await database.selectFrom("officePhotographs").select(columns).where("school", "=", school).execute();
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** The picture; `null` when there is none. */
export async function photographOf({ database }: Office, school: number, { holder, number }: Holder): Promise<Uint8Array | null> {
  const query = database.selectFrom("officePhotographs").select("jpeg").where("school", "=", school);
  return (await query.where("holder", "=", holder).where("number", "=", number).executeTakeFirst())?.jpeg ?? null;
}

/** `null`: nobody of this school. */
export async function takePhotograph(office: Office, who: Who, holder: Holder, bytes: Uint8Array): Promise<"taken" | PortraitFault | null> {
  const { login, school } = who;
  if (holderIn((await office.told(school)).school, holder) === null) return null;
  const made = await makePortrait(bytes);
  if (!made.ok) return made.fault;
  return office.change({ login, school, what: "photos.take", subject: subjectOf(holder) }, async (transaction) => {
    const fresh = {
      ...{ jpeg: made.jpeg, takenMs: office.now(), takenBy: login },
      ...{ state: "waiting" as const, judgedMs: null, judgedBy: null, remark: null, grey: null, greyHash: null },
    };
    const insert = transaction.insertInto("officePhotographs").values({ school, holder: holder.holder, number: holder.number, ...fresh });
    await insert.onConflict((conflict) => conflict.columns(["school", "holder", "number"]).doUpdateSet(fresh)).execute();
    return { before: null, after: { bytes: made.jpeg.length }, value: "taken" as const };
  });
}

export interface PhotoFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface NotTaken {
  readonly file: string;
  /** unknown: its name is no account of this school; twice: another file had the same. */
  readonly fault: PortraitFault | "unknown" | "twice" | "archive";
}

/** Files named by account number, as they are or in archives; what does not fit is named and nothing else is held up by it. */
export async function takePhotographs(office: Office, who: Who, files: readonly PhotoFile[]): Promise<{ taken: number; not: NotTaken[] }> {
  const { school } = (await office.told(who.school)) as { school: School };
  const not: NotTaken[] = [];
  const seen = new Set<number>();
  let taken = 0;
  for (const { name, bytes } of files.flatMap((file) => unpacked(file, not))) {
    const number = [...school.accounts.values()].find((one) => one.number === numberIn(name))?.id;
    const fault =
      number === undefined
        ? "unknown"
        : seen.has(number)
          ? "twice"
          : ((await takePhotograph(office, who, { holder: "pupil", number }, bytes)) ?? "unknown");
    if (number !== undefined) seen.add(number);
    if (fault === "taken") taken++;
    else not.push({ file: name, fault });
  }
  return { taken, not };
}

const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? "";
/** "0242013137.jpg": digits, and whatever ends the name. */
const numberIn = (name: string): string | null => /^([0-9]+)\.[a-z]+$/i.exec(name)?.[1] ?? null;

/** Folders, and what archiving programs leave for themselves, are no photographs. */
function unpacked({ name, bytes }: PhotoFile, not: NotTaken[]): PhotoFile[] {
  if (!/\.zip$/i.test(name)) return [{ name: nameOf(name), bytes }];
  const inside = readZip(bytes);
  if (inside === null) not.push({ file: nameOf(name), fault: "archive" });
  return [...(inside ?? [])]
    .filter(([path]) => !path.endsWith("/") && !path.startsWith("__MACOSX/") && !nameOf(path).startsWith("."))
    .map(([path, file]) => ({ name: nameOf(path), bytes: file }));
}

/** What a person who knows the faces says of those that wait; a remark makes one wrong. Returns how many were right and wrong. */
export async function judgePhotographs(
  office: Office,
  { login, school }: Who,
  holders: readonly Holder[],
  remarks: ReadonlyMap<string, string>,
): Promise<{ right: number; wrong: number }> {
  const known = await photographs(office, school);
  const waiting = holders.filter((one) => known.get(keyOf(one))?.state === "waiting");
  const wrong = waiting.filter((one) => remarks.has(keyOf(one)));
  if (waiting.length === 0) return { right: 0, wrong: 0 };
  const judge = (transaction: OfficeTransaction, holder: Holder) => {
    const remark = remarks.get(keyOf(holder)) ?? null;
    const said = { state: remark === null ? "right" : "wrong", judgedMs: office.now(), judgedBy: login, remark } as const;
    const update = transaction.updateTable("officePhotographs").set(said).where("school", "=", school);
    // The one that was looked at: a photograph taken since then waits for another look.
    const takenMs = known.get(keyOf(holder))?.takenMs ?? 0;
    return update.where("holder", "=", holder.holder).where("number", "=", holder.number).where("takenMs", "=", takenMs).execute();
  };
  return office.change({ login, school, what: "photos.judge", subject: "photographs of " + waiting.length }, async (transaction) => {
    for (const one of waiting) await judge(transaction, one);
    const right = waiting.filter((one) => !wrong.includes(one)).map(subjectOf);
    return {
      before: null,
      after: { right, wrong: Object.fromEntries(wrong.map((one) => [subjectOf(one), remarks.get(keyOf(one))])) },
      value: { right: right.length, wrong: wrong.length },
    };
  });
}

/** Within a change: nothing of the picture is left. */
export async function forgetPhotograph(transaction: OfficeTransaction, school: number, { holder, number }: Holder): Promise<boolean> {
  const forget = transaction.deleteFrom("officePhotographs").where("school", "=", school);
  const { numDeletedRows } = await forget.where("holder", "=", holder).where("number", "=", number).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Consent taken back, or the wrong face altogether. `null`: there was none. */
export async function dropPhotograph(office: Office, { login, school }: Who, holder: Holder): Promise<true | null> {
  return office.change({ login, school, what: "photos.drop", subject: subjectOf(holder) }, async (transaction) => {
    const gone = await forgetPhotograph(transaction, school, holder);
    return { before: gone ? { photograph: true } : null, after: gone ? { photograph: false } : null, value: gone ? true : null };
  });
}

export interface PhotoDay {
  readonly on: BusinessDate;
  /** Until then the lists with photographs are ready (R3.4). */
  readonly listsBy: BusinessDate;
}

export async function photoDays({ database }: Office, school: number): Promise<PhotoDay[]> {
  const rows = await database.selectFrom("officePhotoDays").select("agreedOn").where("school", "=", school).orderBy("agreedOn").execute();
  return rows.map(({ agreedOn }) => {
    const on = agreedOn as BusinessDate;
    return { on, listsBy: afterWorkingDays(on, LIST_DAYS) };
  });
}

/** Applications by school whose holder was to stand in a list with photographs by now (R3.4), and has none. */
export async function latePhotographs(office: Office): Promise<Map<number, number>> {
  const { rows } = await sql<{ school: number; days: BusinessDate[] }>`
    select a.school, array(select d.agreed_on from office_photo_days d where d.school = a.school and d.agreed_on >= a.received_on) as days
    from office_applications a left join office_photographs p on p.school = a.school
      and p.holder = case when a.staff is null then 'pupil' else 'staff' end and p.number = coalesce(a.staff, a.account)
    where a.state = 'received' and p.school is null`.execute(office.database);
  const today = new Map<number, BusinessDate>();
  for (const school of new Set(rows.map((row) => row.school))) today.set(school, await office.today(school));
  const late = new Map<number, number>();
  for (const { school, days } of rows) {
    const isLate = days.some((on) => afterWorkingDays(on, LIST_DAYS) < (today.get(school) ?? 0));
    if (isLate) late.set(school, (late.get(school) ?? 0) + 1);
  }
  return late;
}

/** The day on which the operator comes to photograph. `null`: it is past. */
export async function agreePhotoDay(office: Office, { login, school }: Who, on: BusinessDate): Promise<true | null> {
  if (on < (await office.today(school))) return null;
  return office.change({ login, school, what: "photos.agree", subject: "day of photographing" }, async (transaction) => {
    const insert = transaction.insertInto("officePhotoDays").values({ school, agreedOn: on, agreedBy: login });
    await insert.onConflict((conflict) => conflict.doNothing()).execute();
    return { before: null, after: { on }, value: true as const };
  });
}
