/**
 * Network and broker in one, small enough to run on virtual time: it admits terminals, carries `t/<terminal>/u` to the gateway's core and `t/<terminal>/d`
 * back, and knows nothing else. The product's own broker (aedes over TCP) has the same duties; here every byte arrives at an instant that the seed decides.
 */
import { concat, encodePacket, parseTopic, scanPacket, topicFor } from "@trapeza/protocol";
import type { Packet } from "@trapeza/protocol";
import type { Connection, ConnectionEvents, Network } from "./board-network.js";
import type { Clock } from "./clock.js";

export interface BrokerHooks {
  /** Whether this terminal may connect with this password; asked before an older connection of the same terminal is closed. */
  admit(terminal: number, password: Uint8Array): boolean;
  /** A frame from a terminal. */
  frame(terminal: number, payload: Uint8Array): void;
  gone(terminal: number): void;
}

export interface Broker extends Network {
  /** Hands a frame to a terminal; lost when it is not connected, as with quality of service 0. */
  send(terminal: number, payload: Uint8Array): void;
  /** The gateway's process has died: every connection breaks, nobody answers until {@link Broker.open}. */
  close(): void;
  open(): void;
}

/** The server's end of one connection. */
interface Line {
  readonly say: (packet: Packet) => void;
  readonly hear: (bytes: Uint8Array) => void;
  readonly hangUp: () => void;
}

/** `latencyMs` each way, on `clock`. Hosts and ports do not matter: there is one gateway. */
export function createBroker(clock: Clock, hooks: BrokerHooks, latencyMs = 2): Broker {
  const connected = new Map<number, Line>();
  const lines = new Set<Line>();
  let listening = true;
  return {
    send: (terminal, payload) => connected.get(terminal)?.say({ kind: "publish", topic: topicFor(terminal, "down"), payload }),
    open: () => void (listening = true),
    close() {
      listening = false;
      for (const line of [...lines]) line.hangUp();
    },
    connect(_address, events) {
      if (!listening) throw new Error("connection refused");
      const line = createLine(clock, latencyMs, events, (packet, self) => handle(packet, self));
      lines.add(line.server);
      clock.after(latencyMs, () => events.open());
      return line.board;
    },
  };

  function handle(packet: Packet | "closed", line: Line): boolean {
    const terminal = [...connected].find(([, other]) => other === line)?.[0] ?? null;
    if (packet === "closed") {
      lines.delete(line);
      if (terminal !== null) {
        connected.delete(terminal);
        hooks.gone(terminal);
      }
      return true;
    }
    if (packet.kind === "connect") return terminal === null && admit(packet, line);
    if (terminal === null) return false;
    if (packet.kind === "subscribe") {
      line.say({ kind: "suback", id: packet.id, code: packet.topic === topicFor(terminal, "down") ? 0 : 0x80 });
      return true;
    }
    if (packet.kind === "pingreq") {
      line.say({ kind: "pingresp" });
      return true;
    }
    if (packet.kind !== "publish" || packet.topic !== topicFor(terminal, "up")) return false;
    hooks.frame(terminal, packet.payload);
    return true;
  }

  function admit(packet: Extract<Packet, { kind: "connect" }>, line: Line): boolean {
    const terminal = parseTopic(`t/${packet.clientId}/u`)?.terminal ?? null;
    if (terminal === null || packet.user !== packet.clientId || !hooks.admit(terminal, packet.password)) {
      line.say({ kind: "connack", code: 5 });
      return false;
    }
    connected.get(terminal)?.hangUp();
    connected.set(terminal, line);
    line.say({ kind: "connack", code: 0 });
    return true;
  }
}

/** One TCP connection: bytes in order, each `latencyMs` under way, none after either end has closed. */
function createLine(
  clock: Clock,
  latencyMs: number,
  events: ConnectionEvents,
  handle: (packet: Packet | "closed", line: Line) => boolean,
): { server: Line; board: Connection } {
  let closed = false;
  let waiting: Uint8Array = new Uint8Array(0);
  const later = (task: () => void): void => void clock.after(latencyMs, () => closed || task());
  const close = (tellBoard: boolean): void => {
    if (closed) return;
    closed = true;
    handle("closed", server);
    if (tellBoard) clock.after(latencyMs, () => events.close(null));
  };
  const server: Line = {
    say: (packet) => later(() => events.data(encodePacket(packet))),
    hangUp: () => close(true),
    hear(bytes) {
      waiting = concat([waiting, bytes]);
      for (let found = scanPacket(waiting); found; found = scanPacket(waiting)) {
        waiting = waiting.slice(found.length);
        if (!found.packet || !handle(found.packet, server)) {
          // What was said last (a refusal) still arrives.
          clock.after(latencyMs, () => close(true));
          return;
        }
      }
    },
  };
  const board: Connection = {
    write(bytes) {
      const sent = new Uint8Array(bytes);
      later(() => server.hear(sent));
      later(() => events.drain());
    },
    end: () => later(() => close(true)),
    // Nobody says goodbye; a broker notices by its keep-alive, here after half a minute.
    vanish: () => void clock.after(30_000, () => close(false)),
  };
  return { server, board };
}
