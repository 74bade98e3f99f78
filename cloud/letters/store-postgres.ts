/** The same in PostgreSQL. */
import type { BusinessDate } from "@trapeza/protocol";
import type { Generated, Kysely, Selectable } from "kysely";
import type { Letter, LetterKind, LetterStore, Recipient } from "./letter.js";

export interface LetterTables {
  letters: {
    id: Generated<number>;
    phone: string | null;
    school: number;
    account: number;
    kind: LetterKind;
    recipient: Recipient;
    text: string;
    writtenMs: number;
    dueOn: BusinessDate;
    answer: Generated<string | null>;
    answeredMs: Generated<number | null>;
    answeredBy: Generated<string | null>;
    answerTold: Generated<boolean>;
  };
}

export function letterPart(database: Kysely<LetterTables>): LetterStore {
  return {
    async add({ phone, school, account, kind, recipient, text, writtenMs, dueOn }) {
      await database.insertInto("letters").values({ phone, school, account, kind, recipient, text, writtenMs, dueOn }).execute();
    },
    async untold(limit) {
      const waiting = database.selectFrom("letters").selectAll().where("answer", "is not", null).where("answerTold", "=", false);
      return (await waiting.orderBy("id").limit(limit).execute()).map(letterOf);
    },
    async told(id) {
      await database.updateTable("letters").set({ answerTold: true }).where("id", "=", id).execute();
    },
    async of(phone) {
      return (await database.selectFrom("letters").selectAll().where("phone", "=", phone).orderBy("id", "desc").execute()).map(letterOf);
    },
  };
}

/** `phone` is empty when the guardian's account was erased since. */
export function letterOf({
  answer,
  answeredMs,
  answeredBy: _,
  answerTold: __,
  phone,
  ...row
}: Selectable<LetterTables["letters"]>): Letter {
  return { ...row, phone: phone ?? "", answer: answer === null ? null : { text: answer, atMs: answeredMs ?? 0 } };
}
