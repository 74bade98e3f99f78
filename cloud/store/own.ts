/** For a hand beside the cloud: its database, running or not. One of our own that does not run is started for as long as the work takes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { startPostgres } from "./cluster.js";

export interface Place {
  readonly dataDir: string;
  /** `null`: a database of our own, in `dataDir`. */
  readonly databaseUrl: string | null;
}

export interface OwnDatabase {
  readonly url: string;
  /** Stops again what was started for this. */
  readonly close: () => Promise<void>;
}

/** There is none, and a hand that only came to look or to say something would have made an empty one beside the real one. */
export class NoDatabase extends Error {}

/** `mayMake`: for who brings a whole cloud or school back; everybody else gets {@link NoDatabase} where there is nothing. */
export async function openDatabase({ dataDir, databaseUrl }: Place, { mayMake = false } = {}): Promise<OwnDatabase> {
  if (databaseUrl !== null) return { url: databaseUrl, close: async () => undefined };
  const folder = join(dataDir, "postgres");
  if (!mayMake && !existsSync(join(folder, "cluster", "PG_VERSION")))
    throw new NoDatabase(
      `There is no database in ${folder}: is it elsewhere, and DATABASE_URL not set? (set -a; . /etc/trapeza/cloud.env)`,
    );
  const cluster = await startPostgres(folder);
  return { url: cluster.url, close: async () => void (cluster.adopted || (await cluster.stop())) };
}

export async function withDatabase<T>(place: Place, work: (url: string) => Promise<T>, options: { mayMake?: boolean } = {}): Promise<T> {
  const database = await openDatabase(place, options);
  try {
    return await work(database.url);
  } finally {
    await database.close();
  }
}
