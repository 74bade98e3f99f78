/** A route of a few lines that asks the database what a page has asked it, in the same order, and sends the rows. */
import fastify, { type FastifyInstance } from "fastify";
import pg from "pg";

export interface Question {
  readonly text: string;
  readonly values: unknown[];
}

/** What is asked of PostgreSQL in this process while `work` goes on: heard from the driver, so that it is the same SQL whatever a page comes to ask. */
export async function questionsOf(work: () => Promise<unknown>): Promise<Question[]> {
  const questions: Question[] = [];
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...asked: unknown[]) {
    const [text, values] = asked;
    if (typeof text === "string") questions.push({ text, values: (values as unknown[] | undefined) ?? [] });
    return (query as (...asked: unknown[]) => unknown).apply(this, asked);
  } as typeof query;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = query;
  }
  return questions;
}

export interface Bare {
  readonly app: FastifyInstance;
  /** What the next guardian's answer is made of. */
  readonly ask: (questions: readonly Question[]) => void;
  readonly close: () => Promise<void>;
}

/** As many connections as the cloud has. Values stay the text that the database sends: nothing is read that nobody looks at. */
const CONNECTIONS = 10;
const asSent = { getTypeParser: () => (text: string) => text } as unknown as typeof pg.types;

export function openBare(url: string): Bare {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS, types: asSent });
  const guardians: (readonly Question[])[] = [];
  const app = fastify();
  app.get("/", async (request) => {
    const asked = guardians[Number((request.headers.cookie ?? "").split("=")[1])] ?? [];
    const rows: unknown[][] = [];
    for (const { text, values } of asked) rows.push((await pool.query(text, values)).rows);
    return rows;
  });
  return {
    app,
    ask(questions) {
      if (questions.length === 0) throw new Error("the page has asked the database nothing: there is nothing to compare it with");
      guardians.push(questions);
    },
    async close() {
      await app.close();
      await pool.end();
    },
  };
}
