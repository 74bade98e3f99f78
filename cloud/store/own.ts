/** For a hand beside the cloud: its database, running or not. One of our own that does not run is started for as long as the work takes. */
import { join } from "node:path";
import { startPostgres } from "./cluster.js";

export async function withDatabase<T>(
  place: { dataDir: string; databaseUrl: string | null },
  work: (url: string) => Promise<T>,
): Promise<T> {
  if (place.databaseUrl !== null) return work(place.databaseUrl);
  const cluster = await startPostgres(join(place.dataDir, "postgres"));
  try {
    return await work(cluster.url);
  } finally {
    if (!cluster.adopted) await cluster.stop();
  }
}
