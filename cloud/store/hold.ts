/**
 * The lock of the only cloud on a database. It lives in a connection of its own, so that a killed process lets go of it by dying; and when the connection dies
 * instead (a server was lost, its follower promoted), it is taken again, where writes are taken now.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { RoamingClient } from "./place.js";

/** Any two processes on the same database agree on this number and on nothing else: "trapeza" on a telephone's keys. */
const LOCK = 8727392;
const AGAIN_MS = 500;

/** Another cloud works on this database: two would each fold half of the journals. */
export class AlreadyRunning extends Error {}

export interface Hold {
  readonly release: () => Promise<void>;
}

/** Throws {@link AlreadyRunning} when somebody has it. `onLost`: somebody took it while we were without; this cloud must end. */
export async function takeHold(url: string, onError: (error: Error) => void, onLost: (error: Error) => void): Promise<Hold> {
  let released = false;
  let client = await lock(url, onError);
  const watch = () => void client.once("end", () => void (released ? undefined : again()));
  const again = async () => {
    while (!released) {
      try {
        client = await lock(url, onError);
        // Released while we were asking: nobody else would let go of this one.
        if (released) return void (await client.end());
        return watch();
      } catch (error) {
        if (error instanceof AlreadyRunning) return onLost(error);
        await sleep(AGAIN_MS, undefined, { ref: false });
      }
    }
  };
  watch();
  return {
    release: async () => {
      released = true;
      await client.end().catch(onError);
    },
  };
}

async function lock(url: string, onError: (error: Error) => void): Promise<RoamingClient> {
  const client = new RoamingClient({ connectionString: url });
  client.on("error", onError);
  await client.connect();
  const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [LOCK]);
  if (rows[0].held) return client;
  await client.end();
  throw new AlreadyRunning("another cloud is running on this database");
}
