/**
 * Where the database is. A connection string may name several servers, as libpq's does: `postgres://user:password@one:5432,two:5432/base`. One of them takes
 * writes, the others follow it; every new connection looks for the one that does, so that nobody has to be told when a follower was promoted.
 */
import pg from "pg";

/** Scheme, login, servers, and the rest. */
const PARTS = /^(postgres(?:ql)?:\/\/)(?:([^@/]*)@)?([^/?]*)(.*)$/;
/** A server that does not even answer a greeting is not waited for longer. */
const GREETING_MS = 5000;

/** One connection string a server, in the order in which they are named. */
export function addressesOf(url: string): string[] {
  const [, scheme, login, servers, rest] = PARTS.exec(url) ?? [];
  if (servers === undefined) return [url];
  return servers.split(",").map((server) => scheme + (login === undefined ? "" : login + "@") + server + rest);
}

/** The same servers under another login. */
export function withLogin(url: string, user: string, password: string): string {
  const [, scheme, , servers, rest] = PARTS.exec(url) ?? [];
  return scheme + encodeURIComponent(user) + ":" + encodeURIComponent(password) + "@" + servers + rest;
}

/** A client that connects to the server which takes writes now. */
export class RoamingClient extends pg.Client {
  private readonly addresses: readonly string[];

  constructor(config: pg.ClientConfig = {}) {
    const addresses = addressesOf(config.connectionString ?? "");
    super({ ...config, connectionString: addresses[0], keepAlive: true });
    this.addresses = addresses;
    // The next question fails and says why. Without a listener a server that goes between two questions of a transaction would end our process.
    this.on("error", () => undefined);
  }

  override connect(): Promise<pg.Client>;
  override connect(callback: (error: Error | null) => void): void;
  override connect(callback?: (error: Error | null) => void): Promise<pg.Client> | void {
    if (this.addresses.length === 1) return callback ? super.connect(callback as never) : super.connect();
    const connected = writableOf(this.addresses).then(({ host, port }) => {
      Object.assign(this, { host, port });
      return super.connect();
    });
    if (!callback) return connected;
    void connected.then(() => callback(null), callback);
  }
}

/** Every pool of the house on this database. Whole numbers, bytes and so on as `types` says. */
export function openPool(url: string, onError: (error: Error) => void, options: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ ...options, connectionString: url, Client: RoamingClient });
  pool.on("error", onError);
  return pool;
}

/** Throws what the last server said when none takes writes. */
async function writableOf(addresses: readonly string[]): Promise<{ host: string; port: number }> {
  let trouble = new Error("no server of the database takes writes");
  for (const connectionString of addresses) {
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: GREETING_MS, query_timeout: GREETING_MS });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query<{ follows: boolean }>("select pg_is_in_recovery() as follows");
      if (!rows[0].follows) return { host: client.host, port: client.port };
    } catch (error) {
      trouble = error as Error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  throw trouble;
}
