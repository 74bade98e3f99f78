/** The office without pages: people at work, their changes, and what schools are told of them. */
import type { BusinessDate, Directive } from "@trapeza/protocol";
import type { Cloud } from "../cloud.js";
import { createTurns } from "../turns.js";
import { localMoment } from "../web/date-text.js";
import { CARD_DAYS } from "./cards/application.js";
import { createOutbox, putDirectives } from "./outbox.js";
import { createStaffDesk } from "./staff.js";
import type { StaffDesk } from "./staff.js";
import { openOfficeDatabase } from "./store/open.js";
import type { OfficeDatabase, OfficeTransaction } from "./store/open.js";
import { toldSchool } from "./told.js";
import type { Told } from "./told.js";
import { writeTrail } from "./trail.js";
import type { Change } from "./trail.js";

/** What a change comes to, for the trail and for the school; `value` is for whoever asked. */
export interface Done<T> {
  /** Both `null`: nothing was changed. */
  readonly before: unknown;
  readonly after: unknown;
  readonly directives?: readonly Directive[];
  /** The school that is told, when it is another one than the change concerns. */
  readonly hears?: number;
  readonly value: T;
}

export interface Office {
  readonly cloud: Cloud;
  readonly database: OfficeDatabase;
  readonly staff: StaffDesk;
  readonly now: () => number;
  /** Where the pages are for everybody, "https://meals.example"; it is printed on cards. "" while that is not known. */
  readonly site: () => string;
  /** Working days in which the operator makes a card. */
  readonly cardDays: number;
  /** The day it is where the school is. */
  readonly today: (school: number) => Promise<BusinessDate>;
  /** What waited to be told is told first: nobody decides on a school that is older than the last decision. */
  readonly told: (school: number) => Promise<Told>;
  /**
   * Runs what decides on what it has read, and changes it, alone: two lists carried out at once would give two children one account. One line for the whole
   * office, because an application of the operator's concerns many schools.
   */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /**
   * The only way to change anything: rows, trail and directives are one transaction. The school is told afterwards; when that fails, or the process dies
   * before it, the next start tells it.
   */
  readonly change: <T>(
    change: Pick<Change, "login" | "school" | "what" | "subject">,
    work: (transaction: OfficeTransaction) => Promise<Done<T>>,
  ) => Promise<T>;
  /** Tells what a hand beside this process has decided (`school set`): it has no log of its own to write into. */
  readonly tick: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface OfficeOptions {
  readonly cloud: Cloud;
  readonly url: string;
  readonly seed: Uint8Array;
  readonly site?: () => string;
  readonly cardDays?: number;
  readonly onError: (error: Error) => void;
}

/** Tells schools first what an earlier run has left untold. */
export async function openOffice({ cloud, url, seed, site = () => "", cardDays = CARD_DAYS, onError }: OfficeOptions): Promise<Office> {
  const database = openOfficeDatabase({ url, onError });
  const { now } = cloud;
  const outbox = createOutbox(database, cloud);
  await outbox.tellAll();
  const turns = createTurns<"office">();
  return {
    ...{ cloud, database, now, site, cardDays, staff: createStaffDesk({ database, now, seed }) },
    async today(school) {
      const { state } = await cloud.library.book(school);
      return localMoment(now(), state.policy.zoneMinutes).date;
    },
    async told(school) {
      await outbox.tell(school);
      return toldSchool(cloud, school);
    },
    inTurn: (work) => turns("office", work),
    async change(change, work) {
      const { value, directives, hears } = await database.transaction().execute(async (transaction) => {
        const done = await work(transaction);
        // What changed nothing leaves no line: somebody else was quicker, or there was nothing to change.
        if (done.before !== null || done.after !== null) {
          await writeTrail(transaction, now(), { ...change, before: done.before, after: done.after });
        }
        const hearer = done.hears ?? change.school;
        if (done.directives && hearer !== null) await putDirectives(transaction, hearer, done.directives);
        return { ...done, hears: hearer };
      });
      // It is done and will be told; whoever did it need not hear that the telling has to wait.
      if (hears !== null && directives && directives.length > 0) await outbox.tell(hears).catch(onError);
      return value;
    },
    tick: outbox.tellAll,
    close: () => database.destroy(),
  };
}
