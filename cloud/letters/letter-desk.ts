/** Letters as they lie on the office's table. */
import type { Office } from "../office/office.js";
import { may, reaches } from "../office/roles.js";
import type { Actor } from "../office/roles.js";
import type { Letter } from "./letter.js";
import { letterOf } from "./store-postgres.js";

const MOST_SHOWN = 200;

/** Whether a letter is this person's to read. Those to the operator are no business of a school's own people. */
export function isFor(actor: Actor, letter: Pick<Letter, "school" | "recipient">): boolean {
  return may(actor.role, "letters.read") && reaches(actor, letter.school) && (letter.recipient === "school" || actor.school === null);
}

/** Unanswered ones first, the most urgent of them on top; then the newest answers. */
export async function lettersFor({ database }: Office, actor: Actor, school: number): Promise<Letter[]> {
  const rows = await database
    .selectFrom("letters")
    .selectAll()
    .where("school", "=", school)
    .orderBy((e) => e("answer", "is not", null))
    .orderBy((e) => e.case().when("answer", "is", null).then(e.ref("dueOn")).else(0).end())
    .orderBy("id", "desc")
    .limit(MOST_SHOWN)
    .execute();
  return rows.map(letterOf).filter((letter) => isFor(actor, letter));
}

export async function letterFor({ database }: Office, actor: Actor, school: number, id: number): Promise<Letter | null> {
  const row = await database.selectFrom("letters").selectAll().where("id", "=", id).where("school", "=", school).executeTakeFirst();
  const letter = row ? letterOf(row) : null;
  return letter && isFor(actor, letter) ? letter : null;
}

/** `false`: somebody has answered already. */
export function answerLetter(office: Office, actor: Actor, { id, school }: Letter, text: string): Promise<boolean> {
  const change = { login: actor.login, school, what: "letter.answer", subject: String(id) };
  return office.change(change, async (transaction) => {
    const done = await transaction
      .updateTable("letters")
      .set({ answer: text, answeredMs: office.now(), answeredBy: actor.login })
      .where("id", "=", id)
      .where("answer", "is", null)
      .executeTakeFirst();
    const isFirst = done.numUpdatedRows === 1n;
    return { before: null, after: isFirst ? { answer: text } : null, value: isFirst };
  });
}
