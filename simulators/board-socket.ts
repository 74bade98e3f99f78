/**
 * `require("net")` of the board. Connecting blocks the whole interpreter, as on the ESP32: until it is decided nothing else runs. A refusal
 * known at once is thrown; TCP of this machine decides later, then the socket closes with an error.
 */
import { byteString, strictBytes } from "./board-bytes.js";
import type { Connection, Network } from "./board-network.js";
import { createEmitter, type Handler, type Session } from "./board-session.js";

/** Most that one `data` event carries (chunk size of Espruino's network layer). */
const CHUNK_BYTES = 536;
/** How long the interpreter stands still when nobody answers. */
const UNREACHABLE_MS = 3000;

export type WireTraffic = (direction: "out" | "in" | "open" | "close", bytes: Uint8Array) => void;

export interface SocketModule {
  readonly module: Record<string, unknown>;
  /** The power went: every connection ends without a word. */
  vanish(): void;
}

const NOTHING = new Uint8Array(0);

export function createSocketModule(session: Session, network: Network | null, traffic: WireTraffic): SocketModule {
  const open = new Set<Connection>();

  function connect(options: unknown, callback: unknown): Record<string, unknown> {
    const { host, port } = options as { host: string; port: number };
    const socket: Record<string, unknown> = {};
    const emitter = createEmitter(session);
    emitter.dress(socket);
    let connection: Connection | null = null;
    let closed = false;
    // What is written before the connection stands waits in the interpreter's variables.
    let early: Uint8Array[] | null = [];
    const put = (bytes: Uint8Array): void => {
      if (early) {
        early.push(bytes);
        return;
      }
      traffic("out", bytes);
      connection?.write(bytes);
    };
    const unblock = session.block();
    const finish = (problem: string | null): void => {
      unblock();
      if (closed) return;
      closed = true;
      if (connection) open.delete(connection);
      traffic("close", NOTHING);
      if (problem) emitter.emit("error", [{ code: -1, message: problem }]);
      emitter.emit("end", []);
      emitter.emit("close", [problem !== null]);
    };
    try {
      if (!network) throw new Error("no network");
      connection = network.connect(
        { host, port },
        {
          open() {
            traffic("open", NOTHING);
            const waiting = early ?? [];
            early = null;
            for (const bytes of waiting) put(bytes);
            unblock();
            if (typeof callback === "function") session.call(callback as Handler, [socket]);
            emitter.emit("connect", [socket]);
          },
          data(bytes) {
            traffic("in", bytes);
            for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
              emitter.emit("data", [byteString(bytes.subarray(at, at + CHUNK_BYTES))]);
            }
          },
          drain: () => emitter.emit("drain", []),
          close: finish,
        },
      );
    } catch {
      // The chip would stand still before it throws; here it throws and then stands still, which other devices cannot tell apart.
      session.clock.after(UNREACHABLE_MS, unblock);
      throw new Error("Unable to create socket");
    }
    open.add(connection);
    const live = connection;
    socket.write = session.api((data: unknown) => {
      if (closed) throw new Error("This socket is closed");
      put(strictBytes(String(data), "socket.write"));
      return false;
    });
    socket.end = session.api((data: unknown) => {
      if (closed) return;
      if (data !== undefined) put(strictBytes(String(data), "socket.end"));
      live.end();
    });
    return socket;
  }

  return {
    module: { connect: session.api(connect) },
    vanish() {
      for (const connection of open) connection.vanish();
      open.clear();
    },
  };
}
