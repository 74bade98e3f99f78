/**
 * `require("net")` of the board. Connecting blocks the whole interpreter, as on the ESP32: until it is decided nothing else runs. A refusal
 * known at once is thrown; TCP of this machine decides later, then the socket closes with an error.
 */
import { byteString, strictBytes } from "./board-bytes.js";
import type { Address, Connection, ConnectionEvents, Network } from "./board-network.js";
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

/** One connection as the firmware sees it, and as the network does. */
interface Line {
  readonly socket: Record<string, unknown>;
  readonly events: ConnectionEvents;
  /** Bytes towards the network; until the connection stands they wait in the interpreter's variables. */
  put(bytes: Uint8Array): void;
  closed: boolean;
  /** Set as soon as the network has given one. */
  connection: Connection | null;
}

function createLine(session: Session, traffic: WireTraffic, callback: unknown, unblock: () => void): Line {
  const socket: Record<string, unknown> = {};
  const emitter = createEmitter(session);
  emitter.dress(socket);
  let early: Uint8Array[] | null = [];
  const line: Line = {
    socket,
    closed: false,
    connection: null,
    put(bytes) {
      if (early) return void early.push(bytes);
      traffic("out", bytes);
      // Whoever listens may be the one who pulls the plug: then nothing has left.
      if (session.alive) line.connection?.write(bytes);
    },
    events: {
      open() {
        traffic("open", NOTHING);
        const waiting = early ?? [];
        early = null;
        for (const bytes of waiting) line.put(bytes);
        unblock();
        if (typeof callback === "function") session.call(callback as Handler, [socket]);
        emitter.emit("connect", [socket]);
      },
      data(bytes) {
        traffic("in", bytes);
        for (let at = 0; at < bytes.length; at += CHUNK_BYTES) emitter.emit("data", [byteString(bytes.subarray(at, at + CHUNK_BYTES))]);
      },
      drain: () => emitter.emit("drain", []),
      close(problem) {
        unblock();
        if (line.closed) return;
        line.closed = true;
        traffic("close", NOTHING);
        if (problem) emitter.emit("error", [{ code: -1, message: problem }]);
        emitter.emit("end", []);
        emitter.emit("close", [problem !== null]);
      },
    },
  };
  socket.write = session.api((data: unknown) => {
    if (line.closed) throw new Error("This socket is closed");
    line.put(strictBytes(String(data), "socket.write"));
    return false;
  });
  socket.end = session.api((data: unknown) => {
    if (line.closed) return;
    if (data !== undefined) line.put(strictBytes(String(data), "socket.end"));
    line.connection?.end();
  });
  return line;
}

/** The module's object for one life of the board. */
export function createSocketModule(session: Session, network: Network | null, traffic: WireTraffic): SocketModule {
  const lines = new Set<Line>();

  function connect(options: unknown, callback: unknown): Record<string, unknown> {
    const { host, port } = options as Address;
    const unblock = session.block();
    const line = createLine(session, traffic, callback, unblock);
    try {
      if (!network) throw new Error("no network");
      line.connection = network.connect({ host, port }, line.events);
    } catch {
      // The chip would stand still before it throws; here it throws and then stands still, which other devices cannot tell apart.
      session.clock.after(UNREACHABLE_MS, unblock);
      throw new Error("Unable to create socket");
    }
    for (const old of lines) if (old.closed) lines.delete(old);
    lines.add(line);
    return line.socket;
  }

  return {
    module: { connect: session.api(connect) },
    vanish() {
      for (const line of lines) if (!line.closed) line.connection?.vanish();
      lines.clear();
    },
  };
}
