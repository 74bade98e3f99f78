/**
 * What the office has decided and a school must hear: written in the transaction of the decision, told afterwards, once.
 *
 * A batch is first marked with the number that the next directive will have. A crash behind that mark leaves open whether the batch was told; since it is
 * told whole or not at all, its first directive is looked for among those told since.
 */
import { decodeEntry, decodeWhole, directiveSchema, encode, equalBytes } from "@trapeza/protocol";
import type { Directive } from "@trapeza/protocol";
import type { Cloud } from "../cloud.js";
import { createTurns } from "../turns.js";
import type { OfficeDatabase, OfficeTransaction } from "./store/open.js";

const ROWS_A_BATCH = 1000;

export interface Outbox {
  /** Tells the school everything that waits; resolves when nothing does. */
  readonly tell: (school: number) => Promise<void>;
  /** The same for all schools: what a crash has left behind. */
  readonly tellAll: () => Promise<void>;
}

export async function putDirectives(transaction: OfficeTransaction, school: number, directives: readonly Directive[]): Promise<void> {
  for (let at = 0; at < directives.length; at += ROWS_A_BATCH) {
    const rows = directives
      .slice(at, at + ROWS_A_BATCH)
      .map((directive) => ({ school, directive: encode(directiveSchema, directive), since: null }));
    await transaction.insertInto("officeOutbox").values(rows).execute();
  }
}

export function createOutbox(database: OfficeDatabase, cloud: Cloud): Outbox {
  const turns = createTurns<number>();
  const tell = (school: number) => turns(school, () => tellAlone(database, cloud, school));
  return {
    tell,
    async tellAll() {
      const schools = await database.selectFrom("officeOutbox").select("school").distinct().execute();
      for (const { school } of schools) await tell(school);
    },
  };
}

interface Waiting {
  readonly id: number;
  readonly directive: Uint8Array;
  readonly since: number | null;
}

async function tellAlone(database: OfficeDatabase, cloud: Cloud, school: number): Promise<void> {
  for (;;) {
    const rows: Waiting[] = await database
      .selectFrom("officeOutbox")
      .select(["id", "directive", "since"])
      .where("school", "=", school)
      .orderBy("id")
      .limit(ROWS_A_BATCH)
      .execute();
    if (rows.length === 0) return;
    const begun = rows.filter(({ since }) => since !== null);
    const batch = begun.length > 0 ? begun : rows;
    const ids = batch.map(({ id }) => id);
    if (begun.length === 0) {
      const since = await cloud.store.directiveCount(school);
      await database.updateTable("officeOutbox").set({ since }).where("id", "in", ids).execute();
    }
    if (begun.length === 0 || !(await wasTold(cloud, school, batch[0]))) {
      await cloud.enqueueDirectives(
        school,
        batch.map(({ directive }) => decoded(directive)),
      );
    }
    await database.deleteFrom("officeOutbox").where("id", "in", ids).execute();
  }
}

async function wasTold(cloud: Cloud, school: number, { directive, since }: Waiting): Promise<boolean> {
  for (let from = since ?? 0; ;) {
    const rows = await cloud.store.directives(school, from, ROWS_A_BATCH);
    if (rows.some(({ bytes }) => isEntryOf(bytes, directive))) return true;
    if (rows.length < ROWS_A_BATCH) return false;
    from += rows.length;
  }
}

function isEntryOf(entry: Uint8Array, directive: Uint8Array): boolean {
  const opened = decodeEntry(entry);
  return opened.ok && equalBytes(opened.value.event, directive);
}

function decoded(bytes: Uint8Array): Directive {
  const read = decodeWhole(directiveSchema, bytes);
  if (!read.ok) throw new Error("a directive in the office's outbox is damaged");
  return read.value;
}
