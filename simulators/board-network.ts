/**
 * The wire between a board and its gateway: TCP of this machine, or one in memory that runs on the virtual clock. Either can have its cable pulled.
 */
import { createConnection } from "node:net";
import { Duplex } from "node:stream";
import type { Clock } from "./clock.js";

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What the board hears of a connection. `close` comes once and last. */
export interface ConnectionEvents {
  open(): void;
  data(bytes: Uint8Array): void;
  /** Everything written so far has left. */
  drain(): void;
  close(problem: string | null): void;
}

export interface Connection {
  write(bytes: Uint8Array): void;
  end(): void;
  /** The board lost its power: no goodbye reaches the other side until its own timeout. */
  vanish(): void;
}

export interface Network {
  /** Throws when it is known at once that nobody answers there. */
  connect(address: Address, events: ConnectionEvents): Connection;
}

/** TCP of this machine. */
export function createTcpNetwork(): Network {
  return {
    connect(address, events) {
      const socket = createConnection({ host: address.host, port: address.port });
      let problem: string | null = null;
      let gone = false;
      socket.setNoDelay(true);
      socket.on("connect", () => gone || events.open());
      socket.on("data", (bytes) => gone || events.data(bytes));
      socket.on("error", (error) => (problem = error.message));
      socket.on("close", () => gone || events.close(problem));
      return {
        write: (bytes) => void socket.write(bytes, () => gone || events.drain()),
        end: () => void socket.end(),
        vanish() {
          gone = true;
          socket.destroy();
        },
      };
    },
  };
}

export interface VirtualNetwork extends Network {
  /** `accept` gets the server's end of each connection. One listener a port; the returned function closes the port and all its connections. */
  listen(port: number, accept: (stream: Duplex) => void): () => void;
}

/** A network in memory: `latencyMs` each way on `clock`. Hosts do not matter, ports do. */
export function createVirtualNetwork(clock: Clock, latencyMs = 2): VirtualNetwork {
  const listeners = new Map<number, { accept: (stream: Duplex) => void; open: Set<Duplex> }>();
  return {
    listen(port, accept) {
      const open = new Set<Duplex>();
      listeners.set(port, { accept, open });
      return () => {
        listeners.delete(port);
        for (const stream of open) stream.destroy();
      };
    },
    connect(address, events) {
      const listener = listeners.get(address.port);
      if (!listener) throw new Error("connection refused");
      return virtualConnection(clock, latencyMs, events, listener);
    },
  };
}

function virtualConnection(
  clock: Clock,
  latencyMs: number,
  events: ConnectionEvents,
  listener: { accept: (stream: Duplex) => void; open: Set<Duplex> },
): Connection {
  let closed = false;
  const closeAtBoard = (): void => {
    if (closed) return;
    closed = true;
    listener.open.delete(server);
    events.close(null);
  };
  const toBoard = (task: () => void): void => void clock.after(latencyMs, () => closed || task());
  const server = new Duplex({
    read: () => {},
    write(chunk: Uint8Array, _encoding, done) {
      toBoard(() => events.data(new Uint8Array(chunk)));
      done();
    },
    final(done) {
      toBoard(closeAtBoard);
      done();
    },
    destroy(error, done) {
      listener.open.delete(server);
      toBoard(closeAtBoard);
      done(error);
    },
  });
  server.on("error", () => {});
  listener.open.add(server);
  const toServer = (task: () => void): void => void clock.after(latencyMs, () => server.destroyed || task());
  toServer(() => listener.accept(server));
  toBoard(() => events.open());
  return {
    write(bytes) {
      toServer(() => server.push(Buffer.from(bytes)));
      toBoard(() => events.drain());
    },
    end() {
      toServer(() => server.push(null));
      toServer(() => server.destroy());
      clock.after(latencyMs, closeAtBoard);
    },
    vanish() {
      closed = true;
      // A broker would notice by its keep-alive; a shorter wait is enough to see that it survives.
      clock.after(30_000, () => server.destroy());
    },
  };
}

export interface Cable extends Network {
  readonly plugged: boolean;
  pull(): void;
  plug(): void;
  /** Whatever is open breaks off at once, and both sides notice. */
  cut(): void;
}

/** Bytes of a pulled cable wait as in TCP's buffers; after this long the peers give the connection up. */
const GIVE_UP_MS = 30_000;

/** A network with a cable that somebody can trip over. */
export function createCable(network: Network, clock: Clock): Cable {
  let plugged = true;
  let pulledAt = 0;
  const open = new Set<{ flush(): void; drop(): void }>();

  function connect(address: Address, events: ConnectionEvents): Connection {
    if (!plugged) throw new Error("no route to host");
    let waiting: (() => void)[] = [];
    const pass = (task: () => void): void => {
      if (plugged) task();
      else waiting.push(task);
    };
    const inner = network.connect(address, {
      open: () => pass(events.open),
      data: (bytes) => pass(() => events.data(bytes)),
      drain: () => pass(events.drain),
      close: (problem) =>
        pass(() => {
          open.delete(line);
          events.close(problem);
        }),
    });
    const line = {
      flush() {
        const tasks = waiting;
        waiting = [];
        for (const task of tasks) task();
      },
      drop() {
        open.delete(line);
        inner.vanish();
        events.close("connection timed out");
      },
    };
    open.add(line);
    return {
      write: (bytes) => pass(() => inner.write(bytes)),
      end: () => pass(() => inner.end()),
      vanish() {
        open.delete(line);
        waiting = [];
        inner.vanish();
      },
    };
  }

  return {
    get plugged() {
      return plugged;
    },
    connect,
    cut() {
      for (const line of [...open]) line.drop();
    },
    pull() {
      if (plugged) pulledAt = clock.now();
      plugged = false;
    },
    plug() {
      if (plugged) return;
      plugged = true;
      const tooLate = clock.now() - pulledAt > GIVE_UP_MS;
      for (const line of [...open]) {
        if (tooLate) line.drop();
        else line.flush();
      }
    },
  };
}
