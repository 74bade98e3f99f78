/** For tests: what this process asks PostgreSQL while something goes on, heard from the driver. */
import pg from "pg";

export async function questionsOf(work: () => Promise<unknown>): Promise<string[]> {
  const questions = new Set<string>();
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...asked: unknown[]) {
    const [question] = asked;
    questions.add(typeof question === "string" ? question : (question as { text: string }).text);
    return (query as (...asked: unknown[]) => unknown).apply(this, asked);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return [...questions];
}
